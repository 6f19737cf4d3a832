namespace ScheduleSearch.Core.Profiles;

/// <summary>
/// What is asked of a problem: its best schedule, which is searched; that of a family by name, which is answered as it is; or somebody's own order of it, which
/// is kept as it is.
/// </summary>
public sealed class AskedSchedule
{
    /// <summary>Asks for a schedule. Whether the problem admits the family is not checked.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="family">The name of a schedule family, with its parameter if it has one; null for the best schedule.</param>
    public AskedSchedule(Problem problem, string? family = null)
        : this(problem, family, family is null ? problem.Id : ProblemIdentity.OfFamily(problem, family))
    {
    }

    private AskedSchedule(Problem problem, string? family, string id) => (Problem, Family, Id) = (problem, family, id);

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>The name of the schedule family that is asked for in the place of a search; null for none.</summary>
    public string? Family { get; }

    /// <summary>Whether it is somebody's own order.</summary>
    public bool IsOwnOrder { get; private init; }

    /// <summary>Whether the best schedule is asked for, so that there is something to search.</summary>
    public bool IsSearched => Family is null && !IsOwnOrder;

    /// <summary>
    /// A SHA-256 in 64 lower-case hex digits: the problem's own id for its best schedule, one of its own for a family's, and for each order.
    /// </summary>
    public string Id { get; }

    /// <summary>Validates a profile and asks for what options say. Whether the problem admits the family is not checked.</summary>
    /// <exception cref="InvalidProfileException">The profile has offending members; the exception lists them all.</exception>
    public static AskedSchedule Create(Profile profile, SolveOptions options, ProblemLimits limits) =>
        new(Problem.Of(profile, options, limits), options.Family);

    /// <summary>Somebody's own order of a problem. Whether it is one is not checked.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="digest">What tells the order from others.</param>
    public static AskedSchedule OfOrder(Problem problem, string digest) =>
        new(problem, family: null, ProblemIdentity.OfOrder(problem, digest)) { IsOwnOrder = true };
}
