using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Schedules of random problems in random orders: at each step a random device does a random one of its operations that are ready.</summary>
internal static class RandomSchedules
{
    /// <summary>A random schedule, replayed.</summary>
    /// <param name="seed">The same seed draws the same schedule.</param>
    /// <param name="objective">What it is judged by; drawn too when null.</param>
    public static Timeline Draw(int seed, Objective? objective = null)
    {
        var random = new Random(seed);
        return Replay.Run(Order(DrawProblem(random, objective), random));
    }

    /// <summary>A random order. Now and then the two halves of a backward are kept together, as in schedules worth having.</summary>
    public static Schedule Order(Problem problem, Random random)
    {
        var graph = OperationGraph.Build(problem);
        var waiting = Enumerable.Range(0, graph.Count).Select(operation => graph.DependenciesOf(operation).Length).ToArray();
        var ready = Enumerable.Range(0, graph.Count).Where(operation => waiting[operation] == 0).ToList();
        var orders = Enumerable.Range(0, problem.Devices).Select(_ => new List<int>()).ToArray();
        while (ready.Count > 0)
        {
            var chosen = random.Next(3) > 0 && ready.FindIndex(operation => IsBehindItsInput(graph, orders, operation)) is >= 0 and var weight
                ? weight
                : random.Next(ready.Count);
            var done = ready[chosen];
            ready.RemoveAt(chosen);
            orders[graph.DeviceOf(done)].Add(done);
            foreach (var (dependent, _) in graph.DependentsOf(done))
            {
                if (--waiting[dependent] == 0) ready.Add(dependent);
            }
        }

        return new Schedule(graph, orders);
    }

    private static bool IsBehindItsInput(OperationGraph graph, List<int>[] orders, int operation) =>
        graph.Operations[operation].Kind == OperationKind.BackwardWeight
        && orders[graph.DeviceOf(operation)] is [.., var last] && graph.Operations[last] == graph.Operations[operation] with { Kind = OperationKind.BackwardInput };

    private static Problem DrawProblem(Random random, Objective? objective)
    {
        var devices = random.Next(1, 5);
        var (placement, chunks) = random.Next(4) switch
        {
            0 => ("linear", 1),
            1 => ("interleaved", random.Next(1, 4)),
            2 => ("v", 2),
            _ => ("explicit", random.Next(1, 4)),
        };
        var stages = Enumerable.Range(0, devices * chunks).Select(stage => stage % devices).ToArray();
        random.Shuffle(stages);
        decimal[] Times() => [.. stages.Select(_ => (decimal)random.Next(5))];
        var profile = new Profile
        {
            Pipeline = new()
            {
                Devices = devices,
                Chunks = chunks,
                Placement = placement,
                StageDevices = placement == "explicit" ? [.. stages] : null,
                Microbatches = random.Next(1, 7),
            },
            Times = new() { Forward = Times().Select(time => time + 1).ToArray(), BackwardInput = Times(), BackwardWeight = Times(), Communication = random.Next(3) },
        };
        return Problem.Create(profile, objective ?? (random.Next(2) == 0 ? Objective.Makespan : Objective.Span), splitBackward: random.Next(5) > 0);
    }
}
