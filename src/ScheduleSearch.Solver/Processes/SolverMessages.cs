using System.Text.Json;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Solver.Search;

namespace ScheduleSearch.Solver.Processes;

/// <summary>A schedule on its way between two processes, with the bound that goes with it.</summary>
/// <param name="FirstPipe">The microbatches that run down the first pipe.</param>
/// <param name="Orders">Orders by operation index of the problem's finest graph with that share.</param>
/// <param name="Pairs">The forwards that overlap with the backward behind them.</param>
/// <param name="Method">What found it.</param>
/// <param name="Objective">Its objective in ticks.</param>
/// <param name="Bound">The proved bound in ticks.</param>
/// <param name="BoundName">What proves it.</param>
internal sealed record FoundMessage(int FirstPipe, int[][] Orders, int[] Pairs, string Method, long Objective, long Bound, string BoundName)
{
    public static FoundMessage Of(SearchBoard board)
    {
        var (best, schedule) = (board.Best, board.Best.Timeline.Schedule);
        var firstPipe = PipeShares.Of(schedule.Graph);
        var graph = firstPipe == board.FirstPipe ? board.Graph : GraphOf(board.Problem, firstPipe);
        var finest = new FinestOrders(graph);
        var pairs = finest.Pairs(schedule);
        var orders = board.Problem.SliceCount > 1 || pairs.Length > 0 ? finest.AsTheyAre(schedule) : finest.InTurn(schedule);
        return new(firstPipe, orders, pairs, best.Method, best.Objective, best.Bound.Ticks, best.Bound.Name);
    }

    /// <summary>Replays and verifies what was sent.</summary>
    public Solution Read(Problem problem) => Solution.Verified(ScheduleOf(problem), Method, new ProvedBound(Bound, BoundName));

    /// <summary>The schedule that was sent.</summary>
    public Schedule ScheduleOf(Problem problem) => new FinestOrders(GraphOf(problem, FirstPipe)).Paired(Orders, Pairs);

    private static OperationGraph GraphOf(Problem problem, int firstPipe) => OperationGraph.Build(problem, OperationSelection.Finest(problem, firstPipe));
}

/// <summary>What the parent asks of a child, on one line.</summary>
internal sealed record SolveMessage(
    JsonElement Profile, Objective Objective, bool SplitBackward, double Seconds, double TargetGap, long? Work, int Seed, int Workers, FoundMessage Start)
{
    /// <summary>The line that stops a search.</summary>
    public const string Stop = "stop";

    public static SolveMessage Of(SearchBoard board, SolveOptions options, double seconds, int workers) => new(
        ProfileElement(board.Problem.Profile),
        board.Problem.Objective,
        board.Problem.SplitBackward,
        seconds,
        options.TargetGap,
        options.WorkLimit,
        options.Seed,
        workers,
        FoundMessage.Of(board));

    /// <exception cref="InvalidProfileException">The parent sent a profile that does not read back.</exception>
    public Problem ReadProblem()
    {
        var errors = new List<ProfileError>();
        var profile = ProfileJson.ReadProfile(Profile, "$.profile", errors) ?? throw new InvalidProfileException(errors);
        return Problem.Create(profile, Objective, SplitBackward, ProblemLimits.None);
    }

    private static JsonElement ProfileElement(Profile profile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, profile);
        return JsonDocument.Parse(stream.ToArray()).RootElement.Clone();
    }
}

/// <summary>What a child answers, on one line: something better, a defect that it survived, or that it is done.</summary>
internal sealed record SolverReply(FoundMessage? Found = null, string? Defect = null, bool Done = false);
