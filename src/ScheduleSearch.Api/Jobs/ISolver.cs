using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Jobs;

/// <summary>What jobs ask of the solver: the two passes apart, because many quick ones may run beside few long ones.</summary>
internal interface ISolver
{
    /// <summary>A first solution, in milliseconds; sooner when its gap is good enough, or when <paramref name="isOver"/> says that its time is over.</summary>
    Solution Quick(AskedSchedule asked, double targetGap, Func<bool> isOver);

    /// <summary>The best solution that the budget allows, or the family's own; <paramref name="improved"/> is called with each better one.</summary>
    Task<Searched> SearchAsync(
        AskedSchedule asked, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation);

    /// <summary>Has the first search find all that it needs started and compiled.</summary>
    Task WarmUpAsync(CancellationToken cancellation);
}
