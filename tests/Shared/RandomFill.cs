using ScheduleSearch.Core.Features.Fill;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Random work that fills bubbles: a few items of a few pieces, some of which come after others or may be cut.</summary>
internal static class RandomFill
{
    /// <summary>The work of one to three items.</summary>
    /// <param name="random">Draws them.</param>
    /// <param name="devices">The devices.</param>
    /// <param name="any">Whether some go to any device.</param>
    /// <param name="latest">Deadlines that half of the items have are at most so late; null for none.</param>
    public static FillWork Next(Random random, int devices, int? latest = null, bool any = false)
    {
        var items = new List<FillItem>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var duration = random.Next(1, 7);
            items.Add(new FillItem
            {
                Name = $"item-{items.Count}",
                Duration = duration,
                Count = random.Next(1, 5),
                Device = any && random.Chance(60) ? null : random.Next(devices),
                After = [.. items.Where(_ => random.Chance(30)).Select(item => item.Name)],
                Splittable = random.Chance(30) ? duration / (decimal)random.Pick(1, 2, 4) : null,
                Deadline = latest is { } most && random.Chance(50) ? random.Next(1, most + 1) : null,
            });
        }

        return [.. items];
    }

    /// <summary>How many parts an item has that are never cut.</summary>
    public static int PartsOf(FillItem item) => item.Count * (item.Splittable is { } part ? (int)(item.Duration / part) : 1);

    /// <summary>All ways to have each piece of the items that go to any device on a device: as an item of its own.</summary>
    public static IEnumerable<FillWork> Dealings(FillWork fill, int devices)
    {
        IEnumerable<List<FillItem>> ways = [[]];
        var names = new Dictionary<string, List<string>>();
        foreach (var item in fill)
        {
            var pieces = item.Device is not null ? 1 : PartsOf(item);
            names[item.Name] = [.. Enumerable.Range(0, pieces).Select(piece => $"{item.Name}-{piece}")];
            for (var piece = 0; piece < pieces; piece++)
            {
                var single = item with { Name = $"{item.Name}-{piece}", After = [.. item.After.SelectMany(name => names[name])] };
                if (item.Device is null) single = single with { Count = 1, Duration = item.Splittable ?? item.Duration, Splittable = null };
                int[] places = item.Device is { } named ? [named] : [.. Enumerable.Range(0, devices)];
                ways = [.. from way in ways from device in places select way.Append(single with { Device = device }).ToList()];
            }
        }

        return ways.Select(way => FillWork.Of([.. way]));
    }
}
