namespace ScheduleSearch.Api.Access;

/// <summary>Who is shown schedules.</summary>
/// <param name="KeyId">The key whose names are shown; null while no keys are required, and schedules have names of their own.</param>
/// <param name="IsConfined">Whether only what the key asked for is shown.</param>
internal sealed record ScheduleReader(string? KeyId, bool IsConfined)
{
    /// <summary>Who runs the service, and is shown all that it stores.</summary>
    public static ScheduleReader Operator { get; } = new(KeyId: null, IsConfined: false);
}
