using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>What verify is asked for: an order of somebody's, or one that is stored. It has a share of the room for bodies until it is disposed of.</summary>
internal sealed class VerifyQuestion(BodyRoom.Share share) : IDisposable
{
    /// <summary>The member that says whether an order is kept.</summary>
    public const string StoreName = "store";

    /// <summary>The id of what is stored; null for an order that was sent.</summary>
    public string? Id { get; init; }

    /// <summary>The order that was sent.</summary>
    public ClaimedOrder? Order { get; init; }

    /// <summary>Whether the order that was sent is to be kept; null where nothing is said of it.</summary>
    public bool? Store { get; init; }

    public void Dispose() => share.Dispose();
}
