using ScheduleSearch.Api.Schedules.Requests;

namespace ScheduleSearch.Api.Sweeps;

/// <summary>What a sweep takes: a request, and the members of it that vary.</summary>
/// <param name="Base">A body that solve takes; what an axis states need not be right in it.</param>
/// <param name="Axes">
/// For each member that varies, by its path within the profile (such as <c>memory.limit</c>) or from the root (<c>options.objective</c>), its values: a list of
/// any JSON, or <c>from</c>, <c>to</c> and the number of <c>steps</c>, both ends included. A value that is an object changes the members that it has, as JSON
/// Merge Patch (RFC 7396) does, so that one axis may set several; one that is null leaves the member out.
/// </param>
/// <param name="TimeLimitSeconds" example="2">The time limit of each point, in the place of <c>base.options.timeLimitSeconds</c>.</param>
/// <param name="Tokens" example="4096">Tokens of a microbatch, above 0: rows state tokens per second.</param>
/// <param name="Price" example="2.5">
/// What an hour of a device costs, 0 or more: rows state what an iteration costs, and with <c>tokens</c> what a million of them do.
/// </param>
internal sealed record SweepRequest(
    SolveRequest Base, IReadOnlyDictionary<string, AxisValues> Axes, double? TimeLimitSeconds = null, double? Tokens = null, double? Price = null);
