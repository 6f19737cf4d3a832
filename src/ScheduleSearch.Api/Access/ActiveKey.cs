namespace ScheduleSearch.Api.Access;

/// <summary>A key that is not revoked.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Hash">The SHA-256 of its text.</param>
/// <param name="Quotas">Its own quotas.</param>
internal sealed record ActiveKey(string Id, AccessRole Role, byte[] Hash, Quotas Quotas)
{
    /// <summary>Whether it is this process's own: see <see cref="OwnKey"/>.</summary>
    public bool IsOwn { get; init; }
}
