using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Solver.Search;

/// <summary>A way to find better schedules or bounds. It offers whatever it finds to the board, at once.</summary>
public interface ISearchMethod
{
    /// <summary>The name that results give it, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>The features that what it offers has been shown for. Default: none.</summary>
    FeatureSet Covers => FeatureSet.None;

    /// <summary>Whether it is worth running on a problem that it covers.</summary>
    bool Suits(Problem problem);

    /// <summary>What the method is after.</summary>
    SearchAim Aim { get; }

    /// <summary>Searches until there is nothing left to find, the budget is spent, or it is canceled (then it returns within a fraction of a second).</summary>
    void Run(SearchBoard board, SearchBudget budget, CancellationToken cancellation);
}
