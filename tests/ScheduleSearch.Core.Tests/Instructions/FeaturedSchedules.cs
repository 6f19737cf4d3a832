using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>
/// Random schedules of two pipes with any share of the microbatches, of slices, of activations that are recomputed, and with overlapped pairs,
/// alone and together where the profile allows it.
/// </summary>
internal static class FeaturedSchedules
{
    /// <summary>A random schedule with one of the features at least.</summary>
    /// <param name="seed">The same seed draws the same schedule.</param>
    public static Timeline Draw(Seed seed)
    {
        var random = new Random(seed.Item);
        return random.Chance(50) ? TwoPipes(random, random.Pick("", "", "slices", "recompute", "overlap")) : OnePipe(random, random.Pick("slices", "recompute", "overlap"));
    }

    /// <summary>A random schedule of one pipe with a feature: slices, recompute or overlap.</summary>
    public static Timeline OnePipe(Random random, string feature)
    {
        var placement = random.Pick("linear", "interleaved", "v");
        return Of(random, Profile(random, random.Next(1, 5), placement, placement == "linear" ? 1 : 2, feature));
    }

    /// <summary>A random schedule of two pipes, with a feature or the empty name of none.</summary>
    public static Timeline TwoPipes(Random random, string feature) =>
        Of(random, Profile(random, random.Next(2, 6), "bidirectional", random.Next(1, 3), feature));

    /// <summary>A schedule of a problem with overlapped pairs wherever a forward stands before a backward, unless the two would wait for each other.</summary>
    public static Timeline WithPairs(Timeline timeline)
    {
        var schedule = timeline.Schedule;
        return Paired(schedule.Problem, [.. Enumerable.Range(0, schedule.Problem.Devices).Select(device => schedule.OperationsOn(device).ToList())], timeline);
    }

    private static Profile Profile(Random random, int devices, string placement, int chunks, string feature)
    {
        var (forward, input, weight) = (random.Next(1, 5), random.Next(1, 5), random.Next(1, 5));
        var profile = Shape.Profile(devices, random.Next(1, 7), chunks, placement, forward, input, weight, communication: random.Next(0, 3), retained: 0.5m);
        return feature switch
        {
            "slices" => profile with { Slices = new() { Count = random.Next(2, 4) } },
            "recompute" => profile with { Recompute = new() { Kept = 0.25m, Stages = random.Chance(50) ? null : [0] } },
            "overlap" => profile with
            {
                Overlap = new() { Duration = random.Next(Math.Max(forward, input + weight), forward + input + weight + 1) },
                Recompute = random.Chance(30) ? new() { Kept = 0.25m } : null,
            },
            _ => profile,
        };
    }

    private static Timeline Of(Random random, Profile profile)
    {
        var problem = Problem.Create(profile, random.Pick(Enum.GetValues<Objective>()), splitBackward: random.Chance(50));
        var selection = OperationSelection.Finest(problem, problem.Placement.Pipes == 1 ? problem.Microbatches : random.Next(0, problem.Microbatches + 1));
        var drawn = RandomOrders.Next(OperationGraph.Build(problem, selection), random);
        var orders = Enumerable.Range(0, problem.Devices).Select(device => Fused([.. drawn.OperationsOn(device)], random)).ToArray();
        var timeline = Replay.Run(Schedule.Of(problem, orders));
        return problem.HasPairTimes ? Paired(problem, orders, timeline) : timeline;
    }

    /// <summary>The order with some of the halves that stand side by side fused.</summary>
    private static List<Operation> Fused(List<Operation> order, Random random)
    {
        for (var place = order.Count - 1; place > 0; place--)
        {
            var input = order[place] with { Kind = OperationKind.BackwardInput };
            if (order[place].Kind != OperationKind.BackwardWeight || order[place - 1] != input || random.Chance(30)) continue;
            order[place - 1] = input with { Kind = OperationKind.Backward };
            order.RemoveAt(place);
        }

        return order;
    }

    private static Timeline Paired(Problem problem, List<Operation>[] orders, Timeline timeline)
    {
        foreach (var order in orders)
        {
            for (var place = 1; place < order.Count; place++)
            {
                var (forward, backward) = (order[place - 1], order[place]);
                if (forward.Kind != OperationKind.Forward || backward.Kind != OperationKind.Backward) continue;
                (order[place - 1], order[place]) = (forward with { Kind = OperationKind.OverlappedForward }, backward with { Kind = OperationKind.OverlappedBackward });
                if (Replayed(problem, orders) is { } paired) timeline = paired;
                else (order[place - 1], order[place]) = (forward, backward);
            }
        }

        return timeline;
    }

    private static Timeline? Replayed(Problem problem, List<Operation>[] orders)
    {
        try
        {
            return Replay.Run(Schedule.Of(problem, orders));
        }
        catch (Exception circle) when (circle is ArgumentException or DeadlockException)
        {
            return null;
        }
    }
}
