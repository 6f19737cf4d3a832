using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Random orders of random problems, replayed. Half of the orders keep most halves of a backward together, as runtimes like them.</summary>
internal static class RandomSchedules
{
    /// <summary>A random schedule.</summary>
    /// <param name="seed">The same seed draws the same schedule.</param>
    /// <param name="objective">What it is judged by; drawn too when null.</param>
    public static Timeline Draw(Seed seed, Objective? objective = null)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random, maxDevices: 4, maxMicrobatches: 8);
        problem = Problem.Create(problem.Profile, objective ?? problem.Objective, problem.SplitBackward);
        var drawn = RandomOrders.Next(problem, random);
        var percent = random.Pick(0, 80);
        return Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(device => Gathered([.. drawn.OperationsOn(device)], random, percent))]));
    }

    /// <summary>The order with some weight gradients moved up to their input gradients, which no other operation minds.</summary>
    private static List<Operation> Gathered(List<Operation> order, Random random, int percent)
    {
        foreach (var input in order.Where(operation => operation.Kind == OperationKind.BackwardInput && random.Chance(percent)).ToList())
        {
            var weight = input with { Kind = OperationKind.BackwardWeight };
            order.Remove(weight);
            order.Insert(order.IndexOf(input) + 1, weight);
        }

        return order;
    }

    /// <summary>The same schedule with its microbatches exchanged within each stage until every stage takes them in order of their numbers.</summary>
    public static Timeline InOrder(Timeline timeline)
    {
        var problem = timeline.Schedule.Problem;
        var split = new Dictionary<int, Queue<int>>();
        var counts = new Dictionary<(OperationKind Kind, int Stage), int>();
        Operation Renumbered(Operation operation)
        {
            var stage = operation.Stage;
            if (operation.Kind == OperationKind.BackwardWeight) return operation with { Microbatch = split[stage].Dequeue() };
            // Whole backwards and first halves are counted together.
            var key = (operation.Kind == OperationKind.Backward ? OperationKind.BackwardInput : operation.Kind, stage);
            var microbatch = counts.GetValueOrDefault(key);
            counts[key] = microbatch + 1;
            if (operation.Kind == OperationKind.BackwardInput)
            {
                if (!split.TryGetValue(stage, out var queue)) split[stage] = queue = new Queue<int>();
                queue.Enqueue(microbatch);
            }

            return operation with { Microbatch = microbatch };
        }

        return Replay.Run(Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(device => timeline.Schedule.OperationsOn(device).Select(Renumbered).ToList())]));
    }
}
