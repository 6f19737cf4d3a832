using ScheduleSearch.Core.Features.Fill;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Random work that fills bubbles: a few items of a few pieces, some of which come after others or may be cut.</summary>
internal static class RandomFill
{
    /// <summary>The work of one to three items.</summary>
    public static FillWork Next(Random random, int devices)
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
                Device = random.Next(devices),
                After = [.. items.Where(_ => random.Chance(30)).Select(item => item.Name)],
                Splittable = random.Chance(30) ? duration / (decimal)random.Pick(1, 2, 4) : null,
            });
        }

        return [.. items];
    }
}
