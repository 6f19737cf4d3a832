using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>
/// A solver whose quick pass is poor (one microbatch after the other) and whose search does what the test says. It counts both, and
/// remembers what it was asked.
/// </summary>
internal sealed class StubSolver : ISolver
{
    private int _quickPasses;
    private int _searches;

    public delegate Task<Solution> Search(Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation);

    public int QuickPasses => Volatile.Read(ref _quickPasses);

    public int Searches => Volatile.Read(ref _searches);

    public List<SolveOptions> Asked { get; } = [];

    /// <summary>What a search does: at first it finds nothing better.</summary>
    public Search OnSearch { get; set; } = (_, _, known, _, _) => Task.FromResult(known);

    /// <summary>Whether the child of a search dies, by its number from 1 on.</summary>
    public Func<int, bool> Dies { get; set; } = _ => false;

    /// <summary>What a quick pass does before it finds the poor schedule.</summary>
    public Action OnQuick { get; set; } = () => { };

    /// <summary>What a quick pass finds.</summary>
    public Func<AskedSchedule, double, Func<bool>, Solution> OnQuickPass { get; set; } = (asked, _, _) => Sequential(asked.Problem);

    public static Solution Sequential(Problem problem)
    {
        var graph = OperationGraph.Build(problem);
        var orders = graph.Lanes.Select(_ => new List<int>()).ToList();
        for (var operation = 0; operation < graph.Count; operation++) orders[graph.LaneOf[operation]].Add(operation);
        return Solution.Verified(new Schedule(graph, orders), "sequential", BoundCatalogue.Best(problem));
    }

    /// <summary>A search that waits until it is stopped.</summary>
    public static async Task<Solution> UntilStoppedAsync(
        Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, TaskScheduler.Default);
        return known;
    }

    /// <summary>A search that finds what the real quick pass does.</summary>
    public static Task<Solution> BetterAsync(
        Problem problem, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation)
    {
        var better = QuickPass.Solve(problem);
        improved(better);
        return Task.FromResult(better);
    }

    public Task WarmUpAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Solution Quick(AskedSchedule asked, double targetGap, Func<bool> isOver)
    {
        Interlocked.Increment(ref _quickPasses);
        OnQuick();
        return OnQuickPass(asked, targetGap, isOver);
    }

    public async Task<Searched> SearchAsync(
        AskedSchedule asked, SolveOptions options, Solution known, Action<Solution> improved, CancellationToken cancellation)
    {
        var search = Interlocked.Increment(ref _searches);
        lock (Asked) Asked.Add(options);
        return new Searched(await OnSearch(asked.Problem, options, known, improved, cancellation), IsWhole: !Dies(search));
    }
}
