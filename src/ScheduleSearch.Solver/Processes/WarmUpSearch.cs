using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search;
using ScheduleSearch.Solver.Search.Constructions;

namespace ScheduleSearch.Solver.Processes;

/// <summary>
/// A search that nobody asked for, through all that most searches pass through: it has the runtime compile that, and loads CP-SAT, so that the first
/// second of the first search is not lost to it.
/// </summary>
internal static class WarmUpSearch
{
    /// <summary>About half a second of one core.</summary>
    public static SolveOptions Options { get; } = new() { TimeLimitSeconds = 2, WorkLimit = 1500 };

    /// <summary>Uneven stages and little memory: whatever suits small problems has something to do, and no bound in closed form is reached.</summary>
    public static Problem Problem() => Core.Profiles.Problem.Create(new Profile
    {
        Pipeline = new() { Devices = 4, Microbatches = 12 },
        Times = new()
        {
            Forward = StageValues.Each([7, 11, 5, 13]),
            BackwardInput = StageValues.Each([9, 12, 8, 10]),
            BackwardWeight = StageValues.Each([5, 6, 7, 4]),
            Communication = 1.5m,
        },
        Memory = new() { Activation = 1, Retained = 0.4m, Limit = StageValues.Each([3, 4, 3, 2]) },
    });

    /// <summary>The search as a parent would ask for it.</summary>
    public static SolveMessage Message()
    {
        using var board = new SearchBoard(QuickPass.Solve(Problem()), targetGap: 0, _ => { });
        return SolveMessage.Of(board, Options, Options.TimeLimitSeconds, workers: 1);
    }
}
