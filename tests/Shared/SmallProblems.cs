using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>Random problems small enough to try every order: uneven stages, tight memory, lags each way, operations of no duration.</summary>
internal static class SmallProblems
{
    /// <param name="random">Draws the numbers.</param>
    /// <param name="shortest">The shortest forward and input gradient: 0 or 1.</param>
    public static Problem Draw(Random random, int shortest = 1)
    {
        var chunks = random.Next(4) == 0 ? 2 : 1;
        var devices = chunks == 2 ? random.Next(1, 3) : random.Next(1, 4);
        var placement = chunks == 1 ? "linear" : random.Next(3) switch { 0 => "v", 1 => "interleaved", _ => "explicit" };
        // Three stages on two devices, as often as four.
        var isUneven = placement == "explicit" && devices == 2 && random.Next(2) == 0;
        var stages = isUneven ? 3 : devices * chunks;
        var most = stages switch { 1 => 5, 2 => 4, 3 => 3, _ => 2 };
        var activation = Each(stages, () => random.Next(1, 4), random);
        var profile = new Profile
        {
            Pipeline = new()
            {
                Devices = devices,
                Chunks = isUneven ? 1 : chunks,
                Placement = placement,
                Microbatches = random.Next(1, most + 1),
                StageDevices = placement == "explicit" ? [.. Enumerable.Range(0, stages).OrderBy(_ => random.Next()).Select(stage => stage % devices)] : null,
            },
            Times = new()
            {
                Forward = Each(stages, () => random.Next(shortest, 7), random),
                BackwardInput = Each(stages, () => random.Next(2 * shortest, 9) / 2, random),
                BackwardWeight = Each(stages, () => random.Next(4) == 0 ? 0 : random.Next(0, 7), random),
                Communication = Links(devices, random),
            },
            Memory = random.Next(5) == 0 ? null : new()
            {
                Activation = activation,
                // Up to the largest activation, which every limit has room for, and so often more than the stage's own.
                Retained = StageValues.Each(Enumerable.Range(0, stages).Select(_ => (decimal)random.Next(4))),
                Limit = StageValues.Each(Enumerable.Range(0, devices).Select(_ => (decimal)(3 * chunks + random.Next(8)))),
            },
        };
        // Forwards alone need some that take time.
        if (random.Next(6) == 0 && profile.Times.Forward.Numbers.Any(time => time > 0))
            profile = profile with { Frozen = new() { Stages = [.. Enumerable.Range(0, random.Next(1, stages + 1))] } };
        // A profile in which nothing takes time is refused.
        if (profile.Times.Forward.Numbers.All(time => time == 0) && profile.Times.BackwardInput.Numbers.All(time => time == 0)) return Draw(random, shortest);
        return Problem.Create(profile, random.Next(2) == 0 ? Objective.Makespan : Objective.Span, splitBackward: random.Next(4) > 0);
    }

    /// <summary>As <see cref="Draw"/>, with messages that travel one at a time, on each link or of each device.</summary>
    public static Problem DrawLinked(Random random)
    {
        var drawn = Draw(random);
        var profile = drawn.Profile with { Times = drawn.Profile.Times with { Communication = Exclusive(drawn.Devices, random) } };
        return Problem.Create(profile, drawn.Objective, drawn.SplitBackward);
    }

    /// <summary>
    /// Two pipes either way, slices, activations that are recomputed, an output layer in shards, or both; a third with messages that travel one at a time.
    /// </summary>
    public static Problem DrawFeatured(Random random)
    {
        var kind = random.Next(5);
        var (devices, microbatches) = (kind == 0 ? 2 : random.Next(1, 3), random.Next(1, kind == 0 ? 4 : 3));
        var placement = kind > 0 ? "linear" : random.Next(3) == 0 ? "explicit" : "bidirectional";
        var activation = Each(devices, () => random.Next(1, 4), random);
        var profile = new Profile
        {
            Pipeline = new()
            {
                Devices = devices,
                Placement = placement,
                Microbatches = microbatches,
                StageDevices = placement == "explicit" ? [0, 1, .. random.Next(2) == 0 ? new[] { 0, 1 } : [1, 0]] : null,
            },
            Times = new()
            {
                Forward = Each(devices, () => random.Next(1, 7), random),
                BackwardInput = Each(devices, () => random.Next(1, 5), random),
                BackwardWeight = Each(devices, () => random.Next(0, 7), random),
                Communication = random.Next(3) == 0 ? Exclusive(devices, random) : Links(devices, random),
            },
            Memory = new()
            {
                Activation = activation,
                Retained = StageValues.Each(Enumerable.Range(0, devices).Select(stage => (decimal)random.Next((int)activation[stage] + 3))),
                Limit = random.Next(4) == 0
                    ? null
                    : StageValues.Each(Enumerable.Range(0, devices).Select(_ => (decimal)(random.Next(1, 4) + random.Next(2, 7)))),
            },
            Slices = kind == 1 ? new() { Count = 2, Forward = [1, random.Next(1, 3)], KeyValue = random.Next(2) } : null,
            Recompute = kind is 2 or 3 ? new() { Kept = StageValues.Each(activation.Numbers.Select(units => units / 2)), Time = random.Next(1, 4) } : null,
        };
        if (kind > 2) profile = profile with { Vocabulary = RandomVocabulary.Next(random, devices) };
        try
        {
            return Problem.Create(profile, random.Next(2) == 0 ? Objective.Makespan : Objective.Span, splitBackward: random.Next(3) > 0);
        }
        catch (InvalidProfileException)
        {
            // Too little memory for any order.
            return DrawFeatured(random);
        }
    }

    private static Communication Exclusive(int devices, Random random) => new()
    {
        Latency = LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(1, 8)))),
        Exclusive = random.Next(2) == 0 ? Exclusivity.Link : Exclusivity.Device,
    };

    private static StageValues Each(int stages, Func<int> draw, Random random)
    {
        var (even, first) = (random.Next(2) == 0, draw());
        return StageValues.Each(Enumerable.Range(0, stages).Select(_ => (decimal)(even ? first : draw())));
    }

    private static LinkValues Links(int devices, Random random) => random.Next(3) switch
    {
        0 => 0,
        1 => random.Next(4),
        _ => LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => (decimal)random.Next(4)))),
    };
}
