using FsCheck.Xunit;
using ScheduleSearch.Solver.Search;
using Shouldly;

namespace ScheduleSearch.Solver.Tests.Search;

public class PlaceQueueTests
{
    [Property]
    public void Places_come_out_by_key_and_once(Seed seed)
    {
        var random = new Random(seed.Item);
        var places = random.Next(1, 30);
        var queue = new PlaceQueue();
        queue.Grow(places);
        var expected = new Dictionary<int, long>();
        for (var step = 0; step < 200; step++)
        {
            if (random.Next(3) > 0)
            {
                var (place, key) = (random.Next(places), random.NextInt64(1_000_000_000));
                queue.Add(place, key);
                expected.TryAdd(place, key);
                continue;
            }

            queue.TryTake(out var taken).ShouldBe(expected.Count > 0);
            if (expected.Count == 0) continue;
            taken.ShouldBe(expected.MinBy(entry => entry.Value).Key);
            expected.Remove(taken);
        }

        queue.Clear();
        queue.TryTake(out _).ShouldBeFalse();
    }
}
