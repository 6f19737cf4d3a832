using FsCheck.Xunit;
using ScheduleSearch.Solver.Search;
using Shouldly;

namespace ScheduleSearch.Solver.Tests.Search;

public class LaneQueueTests
{
    [Property]
    public void Lanes_decide_by_time_and_are_put_off_only_when_asked(Seed seed)
    {
        var random = new Random(seed.Item);
        var lanes = random.Next(1, 12);
        var queue = new LaneQueue(lanes);
        queue.Clear();
        var expected = new Dictionary<int, long>();
        for (var step = 0; step < 200; step++)
        {
            if (random.Next(3) > 0)
            {
                var (lane, time) = (random.Next(lanes), random.NextInt64(20));
                queue.Bring(lane, time);
                expected[lane] = Math.Min(time, expected.GetValueOrDefault(lane, long.MaxValue));
                continue;
            }

            queue.TryPeek(out var first, out var at).ShouldBe(expected.Count > 0);
            if (expected.Count == 0) continue;
            var earliest = expected.OrderBy(entry => entry.Value).ThenBy(entry => entry.Key).First();
            (first, at).ShouldBe((earliest.Key, earliest.Value));
            if (random.Next(2) == 0)
            {
                queue.Postpone(first, long.MaxValue);
                expected.Remove(first);
                continue;
            }

            expected[first] = at + random.NextInt64(20);
            queue.Postpone(first, expected[first]);
        }
    }
}
