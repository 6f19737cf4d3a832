namespace ScheduleSearch.Api.Storage;

/// <summary>On whose behalf a search is asked for.</summary>
/// <param name="Caller">A key, or an address: one caller's many searches line up after each other, and another's one does not wait for them all.</param>
/// <param name="IsWaitedFor">Whether somebody waits for the result or will soon ask for it. What nobody waits for gives way to the rest.</param>
internal readonly record struct Asking(string? Caller, bool IsWaitedFor)
{
    /// <summary>When a part of another search is due: with that one; null for a search of its own.</summary>
    public DateTime? Due { get; init; }

    /// <summary>Whether it is a part of a search that counts already.</summary>
    public bool IsPart => Due is not null;
}
