using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Solver.Tests.Search.Pairs;

/// <summary>Every order of a pipeline of one pipe with whole backwards, microbatches in turn, and every way to pair what stands side by side.</summary>
internal static class PairedOrders
{
    /// <summary>The least objective of all of them that do not deadlock and fit memory.</summary>
    public static long Least(Problem problem) => Product(problem, [], problem.Devices).Min(orders => Objective(problem, orders));

    private static IEnumerable<Operation[][]> Product(Problem problem, Operation[][] before, int devices)
    {
        if (devices == before.Length) return [before];
        var stages = problem.Placement.StagesOn(before.Length).Select(place => place.Stage).Order().ToArray();
        var counts = new int[stages.Length];
        return OnDevice(stages, problem.Microbatches, counts, counts, []).SelectMany(order => Product(problem, [.. before, order], devices));
    }

    /// <summary>The orders of a device that begin with some operations, of which there are so many forwards and backwards of each stage.</summary>
    private static IEnumerable<Operation[]> OnDevice(int[] stages, int microbatches, int[] forwards, int[] backwards, Operation[] order)
    {
        if (backwards[0] == microbatches) return [order];
        var (last, places) = (stages.Length - 1, Enumerable.Range(0, stages.Length));
        var canForward = places.Where(place => forwards[place] < (place == 0 ? microbatches : forwards[place - 1])).ToArray();
        var canBackward = places.Where(place => backwards[place] < (place == last ? forwards[last] : backwards[place + 1])).ToArray();
        return
        [
            .. canForward.SelectMany(place => OnDevice(stages, microbatches, More(forwards, place), backwards, [.. order, Forward(place)])),
            .. canBackward.SelectMany(place => OnDevice(stages, microbatches, forwards, More(backwards, place), [.. order, Backward(place)])),
            .. from first in canForward
               from second in canBackward
               from rest in OnDevice(
                   stages, microbatches, More(forwards, first), More(backwards, second),
                   [.. order, Forward(first).InPair(PlaceInPair.First), Backward(second).InPair(PlaceInPair.Second)])
               select rest,
        ];

        Operation Forward(int place) => Operation.Forward(stages[place], forwards[place]);
        Operation Backward(int place) => Operation.Backward(stages[place], backwards[place]);
        static int[] More(int[] counts, int place) => [.. counts.Select((count, index) => index == place ? count + 1 : count)];
    }

    private static long Objective(Problem problem, Operation[][] orders)
    {
        try
        {
            var schedule = Schedule.Of(problem, orders);
            return schedule.FitsMemory() ? ScheduleMetrics.Of(Replay.Run(schedule)).Objective : long.MaxValue;
        }
        catch (Exception circle) when (circle is DeadlockException or ArgumentException)
        {
            return long.MaxValue;
        }
    }
}
