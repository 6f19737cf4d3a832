using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Http;

/// <summary>A request that is answered with a problem.</summary>
internal sealed class RequestFault : Exception
{
    public RequestFault(int status, string detail)
        : base(detail) => Status = status;

    /// <summary>A fault of one parameter or member.</summary>
    public RequestFault(int status, string member, string message)
        : base($"{member}: {message}") => (Status, Member, MemberMessage) = (status, member, message);

    public int Status { get; }

    public string? Member { get; }

    public string? MemberMessage { get; }

    /// <summary>Seconds after which it is worth trying again.</summary>
    public int? RetryAfter { get; init; }

    public static RequestFault NotFound() => new(
        StatusCodes.Status404NotFound,
        $"There is no schedule of this id; an id has {ScheduleId.Length} hex digits, of which the first are enough, {ScheduleId.LeastLength} at least.");

    public static RequestFault NoScheduleYet(StoredSchedule stored) => new(
        StatusCodes.Status409Conflict, $"There is no schedule yet; the search is {stored.Status}.")
    { RetryAfter = stored.IsUnfinished ? 1 : null };

    public static RequestFault BadParameter(string name, string message) => new(StatusCodes.Status400BadRequest, name, message);
}
