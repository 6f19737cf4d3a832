using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Bounds;
using ScheduleSearch.Solver.Exact;
using ScheduleSearch.Solver.Exact.Periodic;
using ScheduleSearch.Solver.Exact.Windows;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Entering;
using ScheduleSearch.Solver.Search.Local;
using ScheduleSearch.Solver.Search.Pairs;
using ScheduleSearch.Solver.Search.Robust;

namespace ScheduleSearch.Solver.Portfolio;

/// <summary>Every search method there is: a new one is a new file and a line here.</summary>
public static class SearchMethodCatalogue
{
    /// <summary>The methods, in the order in which they run when a work limit makes them run one after the other.</summary>
    public static IReadOnlyList<ISearchMethod> All { get; } =
    [
        new PairSearch(),
        new EntryOrderSearch(),
        new LocalSearch(),
        new PeriodicMethod(),
        new CpSatWindows(),
        new WindowBound(),
        new CpSatMethod(),
        new CpSatShares(),
        new RobustSearch(),
    ];

    /// <summary>The methods that cover a problem and suit it.</summary>
    public static IEnumerable<ISearchMethod> For(Problem problem) => All.Where(method => method.Covers.Covers(problem) && method.Suits(problem));
}
