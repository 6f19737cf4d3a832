using System.Diagnostics.CodeAnalysis;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// What a row said when it was read: a submission, how far its search is, and the best result so far. Either a <see cref="StoredProblem"/>,
/// which has a schedule of its own, or a <see cref="StoredChoice"/>, which points to problems.
/// </summary>
internal abstract class StoredSchedule
{
    private readonly string _objective;

    private protected StoredSchedule(ScheduleRow row)
    {
        _objective = row.Objective;
        Version = new RowVersion(row.Id, row.CreatedAt, row.Revision);
        (Request, Name, Devices, Status, Failure, IsPart) = (row.Request, row.Name, row.Devices, row.Status, row.Failure, row.IsPart);
        IsOwn = row.IsOwn;
        (Attempt, Deaths, Caller, Due, Trace) = (row.Attempt, row.Deaths, row.Caller, row.Due ?? row.CreatedAt, row.Trace);
        Asked = new Budget(row.AskedSeconds, row.AskedWork, row.AskedGap, row.Seed);
        Spent = new Spending(row.SpentSeconds, row.SpentWork, row.SolveSeconds);
        Result = new StoredResult(
            row.ObjectiveTicks, row.BoundTicks, row.BoundName, row.Gap, row.Method, row.Makespan, row.Span, row.LowerBound, row.Order);
    }

    /// <summary>The id of the problem or the choice.</summary>
    public string Id => Version.Id;

    /// <summary>The row as it was read: what its answers change with.</summary>
    public RowVersion Version { get; }

    /// <summary>What was submitted, as JSON: a body that solve takes.</summary>
    public string Request { get; }

    /// <summary>The name that the profile was submitted with; null when it has none, or names are kept with the keys of those who gave them.</summary>
    public string? Name { get; }

    public int Devices { get; }

    /// <summary>What names the schedule, by <see cref="ScheduleRevision"/>; null while there is none of its own.</summary>
    public string? Revision => Result.Order is { } order ? ScheduleRevision.Of(Id, order) : null;

    /// <summary>One of <see cref="ScheduleStatus"/>.</summary>
    public string Status { get; }

    /// <summary>Why the search failed; null when it did not.</summary>
    public string? Failure { get; }

    /// <summary>Whether nobody has asked for it but a choice, of which it is an alternative.</summary>
    public bool IsPart { get; }

    /// <summary>Whether it is somebody's own order, which nothing searches.</summary>
    public bool IsOwn { get; }

    /// <summary>Whether its schedule will always be the one that it has.</summary>
    public bool IsFinal => IsOwn || Status == ScheduleStatus.Optimal;

    /// <summary>The attempt that owns the row: a later one has a higher number, and the earlier one's writes no longer count.</summary>
    public int Attempt { get; }

    /// <summary>Attempts since the row was queued whose process ended before they did.</summary>
    public int Deaths { get; }

    /// <summary>Who asked for the search; null when nobody knows.</summary>
    public string? Caller { get; }

    /// <summary>The span of the request that asked for the search, as W3C's <c>traceparent</c>; null when nobody traces it.</summary>
    public string? Trace { get; }

    /// <summary>The row's place in the order of turns: the earlier, the sooner.</summary>
    public DateTime Due { get; }

    /// <summary>The budget that the search was asked for.</summary>
    public Budget Asked { get; }

    /// <summary>What has been spent, as the attempt that owns the row counts it.</summary>
    public Spending Spent { get; set; }

    /// <summary>The best result so far, as the attempt that owns the row found it.</summary>
    public StoredResult Result { get; private protected set; }

    /// <summary>The objective of the best schedule in the profile's unit; null while there is none.</summary>
    public decimal? Incumbent => _objective == ProfileJson.NameOf(Objective.Makespan) ? Result.Makespan : Result.Span;

    public bool IsUnfinished => Status is ScheduleStatus.Queued or ScheduleStatus.Running;

    /// <summary>How far the search is.</summary>
    public Progress Progress =>
        new(Version, Status, Incumbent, Result.LowerBound, Result.Gap, Result.ObjectiveTicks is not null && Result.IsOptimal, Asked, Spent) { IsPart = IsPart };

    /// <summary>Where the row waits for its next turn.</summary>
    public Lane Lane => Match(problem => problem.Result.ObjectiveTicks is null ? Lane.Quick : Lane.Search, _ => Lane.Choice);

    /// <summary>The state in which a search that ends now leaves its result.</summary>
    public string Reached => Result.IsOptimal ? ScheduleStatus.Optimal : ScheduleStatus.Feasible;

    /// <summary>Where what was submitted waits at first.</summary>
    public Lane FirstLane => Match(_ => Lane.Quick, _ => Lane.Choice);

    /// <summary>What a row holds: the one place that tells a choice from a problem.</summary>
    public static StoredSchedule Of(ScheduleRow row) => row.Placement == PlacementChoice.Name ? new StoredChoice(row) : new StoredProblem(row);

    /// <summary>What a problem's row held when it had another schedule.</summary>
    public static StoredSchedule Of(ScheduleRow row, KeptScheduleRow kept)
    {
        (row.Order, row.ObjectiveTicks, row.Method) = (kept.Order, kept.ObjectiveTicks, kept.Method);
        (row.Revision, row.CreatedAt) = (kept.RowRevision, kept.RowCreatedAt);
        return Of(row);
    }

    /// <summary>Lets each kind answer for itself.</summary>
    public abstract T Match<T>(Func<StoredProblem, T> problem, Func<StoredChoice, T> choice);

    /// <summary>What was submitted.</summary>
    /// <exception cref="InvalidDataException">The row does not hold what its id says.</exception>
    public abstract Submission ReadSubmission();

    /// <summary>The schedule of its own, replayed and verified; null when there is none.</summary>
    /// <exception cref="InvalidDataException">The row cannot be trusted.</exception>
    public abstract Solution? ReadSolution();

    /// <summary>Reads what the row holds, and logs why when it cannot be trusted.</summary>
    public bool TryRead<T>(Func<T> read, ILogger logger, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (InvalidDataException exception)
        {
            logger.LogError(exception, "The row of {Id} cannot be trusted; its search starts anew.", Id);
            value = default;
            return false;
        }
    }
}
