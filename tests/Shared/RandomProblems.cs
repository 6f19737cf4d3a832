using System.Collections.Immutable;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>
/// Small problems of every kind: 1 to 6 devices, 1 to 12 microbatches, every placement, times that are equal, uneven or 0, latency of every
/// form, and memory that is unlimited, ample or just enough for any order at all. The same random source gives the same problems.
/// </summary>
internal static class RandomProblems
{
    /// <summary>A problem of a random profile, objective and splitBackward.</summary>
    public static Problem Next(Random random, int maxDevices = 6, int maxMicrobatches = 12) =>
        Problem.Create(NextProfile(random, maxDevices, maxMicrobatches), random.Pick(Enum.GetValues<Objective>()), splitBackward: random.Chance(75));

    /// <summary>A random profile.</summary>
    public static Profile NextProfile(Random random, int maxDevices = 6, int maxMicrobatches = 12)
    {
        var pipeline = Pipeline(random, random.Next(1, maxDevices + 1), random.Next(1, maxMicrobatches + 1));
        return new Profile { Pipeline = pipeline, Times = Times(random, pipeline), Memory = random.Chance(30) ? null : Memory(random, pipeline) };
    }

    /// <summary>
    /// A problem of any placement, with slices, or with activations that are recomputed, overlapped pairs, an output layer of its own, or several of them;
    /// and with messages that take time by their size, or travel one at a time: every combination that a profile may have, a feature at least in most.
    /// </summary>
    public static Problem NextFeatured(Random random)
    {
        var profile = NextProfile(random);
        var kind = random.Next(4);
        if (kind < 2) profile = profile with { Pipeline = kind == 0 ? TwoPipes(random, profile.Pipeline) : Wave(random, profile.Pipeline) };
        profile = profile with { Times = Times(random, profile.Pipeline), Memory = profile.Memory is null ? null : Memory(random, profile.Pipeline) };
        if (random.Chance(40)) profile = profile with { Times = profile.Times with { Communication = Messages(random, profile) } };
        if (HasOnePipe(profile.Pipeline) && random.Chance(20))
        {
            var step = Values(random, (int)profile.Pipeline.Stages, () => random.Next(4));
            profile = profile with { Optimizer = new() { Step = step, PostValidation = random.Chance(50) } };
        }

        if (random.Chance(12)) profile = profile with { Fill = RandomFill.Next(random, profile.Pipeline.Devices) };
        if (random.Chance(10)) profile = profile with { Frozen = new() { Stages = [.. Enumerable.Range(0, random.Next((int)profile.Pipeline.Stages + 1))] } };
        if (random.Chance(kind == 3 ? 60 : 30))
        {
            profile = profile with { Slices = new() { Count = random.Next(2, 4), KeyValue = random.Next(2) } };
        }
        else
        {
            if (random.Chance(35)) profile = WithRecompute(random, profile);
            if (random.Chance(35)) profile = WithOverlap(random, profile);
            else if (HasOnePipe(profile.Pipeline) && profile.Times.Communication.Bytes is null && random.Chance(25)) profile = WithScale(random, profile);
            if (HasOnePipe(profile.Pipeline) && random.Chance(35))
                profile = profile with { Vocabulary = RandomVocabulary.Next(random, profile.Pipeline.Devices) };
        }

        try
        {
            return Problem.Create(profile, random.Pick(Enum.GetValues<Objective>()), splitBackward: random.Chance(75));
        }
        catch (InvalidProfileException)
        {
            // Memory that is just enough for whole stages may be too little for keys and values beside them.
            return NextFeatured(random);
        }
    }

    /// <summary>A problem in which some operations take no time and no message does: whole ways through the stages may take none.</summary>
    public static Problem NextWithoutTime(Random random, int percentWithoutTime)
    {
        var profile = NextProfile(random, maxDevices: 4, maxMicrobatches: 6);
        StageValues Some() => StageValues.Each(
            Enumerable.Range(0, (int)profile.Pipeline.Stages).Select(_ => random.Chance(percentWithoutTime) ? 0m : random.Next(1, 4)));
        var forward = Some();
        var times = new OperationTimes { Forward = forward.Numbers.Sum() == 0 ? 1 : forward, BackwardInput = Some(), BackwardWeight = Some() };
        return Problem.Create(profile with { Times = times }, random.Pick(Enum.GetValues<Objective>()), splitBackward: random.Chance(75));
    }

    /// <summary>The same latencies, often with times by size, and most often one message at a time.</summary>
    private static Communication Messages(Random random, Profile profile)
    {
        var exclusive = random.Pick(Exclusivity.None, Exclusivity.Link, Exclusivity.Link, Exclusivity.Device);
        var communication = profile.Times.Communication with { Exclusive = exclusive };
        return random.Chance(40)
            ? communication
            : communication with
            {
                Bandwidth = Links(random, profile.Pipeline.Devices, () => random.Pick(0.5m, 1, 2, 5, random.Chance(10) ? 3 : 10)),
                Bytes = Values(random, (int)profile.Pipeline.Stages, () => random.Amount(0, 10, 1)),
            };
    }

    private static Profile WithRecompute(Random random, Profile profile)
    {
        var stages = (int)profile.Pipeline.Stages;
        var share = random.Pick(0, 0, 2, 5);
        var kept = Enumerable.Range(0, stages).Select(stage => profile.Memory?.Activation is { } activation ? activation[stage] * share / 10 : 0);
        return profile with
        {
            Recompute = new()
            {
                Kept = StageValues.Each(kept),
                Time = random.Chance(30) ? null : StageValues.Same(random.Next(1, 9)),
                Stages = random.Chance(50) ? null : [.. Enumerable.Range(0, stages).Where(stage => stage == 0 || random.Chance(50))],
            },
        };
    }

    /// <summary>Microbatches of unequal cost; where memory is just enough for one microbatch, none that holds more.</summary>
    private static Profile WithScale(Random random, Profile profile)
    {
        ImmutableArray<decimal> Factors(decimal most) =>
            [.. Enumerable.Range(0, profile.Pipeline.Microbatches).Select(_ => Math.Min(most, random.Pick(0.25m, 0.5m, 0.8m, 1m, 1.375m, 2m)))];
        return profile with
        {
            MicrobatchScale = new()
            {
                Forward = random.Chance(80) ? Factors(2) : null,
                Backward = random.Chance(50) ? Factors(2) : null,
                Activation = random.Chance(40) ? Factors(profile.Memory?.Limit is null ? 2 : 1) : null,
            },
        };
    }

    private static PipelineShape TwoPipes(Random random, PipelineShape pipeline)
    {
        var (devices, chunks) = (Math.Max(2, pipeline.Devices), random.Next(1, 3));
        var stages = Enumerable.Range(0, devices * chunks).Select(stage => stage % devices).ToArray();
        random.Shuffle(stages);
        var pipes = new PipelineShape { Devices = devices, Chunks = chunks, Placement = "bidirectional", Microbatches = pipeline.Microbatches };
        return random.Chance(30) ? pipes with { Placement = "explicit", StageDevices = [.. stages, .. stages.Reverse()] } : pipes;
    }

    private static bool HasOnePipe(PipelineShape pipeline) => PlacementCatalogue.Find(pipeline.Placement ?? "linear")!.Place(pipeline).Pipes == 1;

    private static PipelineShape Wave(Random random, PipelineShape pipeline) =>
        new() { Devices = pipeline.Devices, Chunks = 2 * random.Next(1, 3), Placement = "wave", Microbatches = pipeline.Microbatches };

    /// <summary>Times by the stage of the forward, shares of the shorter one, or times of each pair of stages.</summary>
    private static Profile WithOverlap(Random random, Profile profile)
    {
        var (times, stages) = (profile.Times, (int)profile.Pipeline.Stages);
        var backwards = Enumerable.Range(0, stages).Select(stage => times.BackwardInput[stage] + times.BackwardWeight[stage]).ToArray();
        var tenths = random.Next(0, 11);
        return profile with
        {
            Overlap = (tenths % 3) switch
            {
                // Between the longer of the two and their sum, with the longest backward of all.
                0 => new() { Duration = PairValues.Of(StageValues.Each(Enumerable.Range(0, stages).Select(stage => Duration(stage, backwards.Max(), tenths)))) },
                1 => new() { Gain = tenths / 10m },
                _ => new()
                {
                    Duration = PairValues.Each(Enumerable.Range(0, stages).Select(
                        forward => backwards.Select((backward, stage) => Duration(forward, backward, (tenths + 3 * forward + 7 * stage) % 11)))),
                },
            },
        };

        decimal Duration(int forward, decimal backward, int share) =>
            Math.Max(times.Forward[forward], backward) + share / 10m * Math.Min(times.Forward[forward], backward);
    }

    private static PipelineShape Pipeline(Random random, int devices, int microbatches)
    {
        var placement = random.Pick("linear", "interleaved", "v", "explicit");
        var chunks = placement switch { "linear" => 1, "v" => 2, _ => random.Next(1, 4) };
        // A list may go on until every device would have one stage more, and then says by itself how many there are.
        var more = placement == "explicit" ? random.Next(devices) : 0;
        var stageDevices = Enumerable.Range(0, devices * chunks + more).Select(stage => stage % devices).ToArray();
        random.Shuffle(stageDevices);
        return new PipelineShape
        {
            Devices = devices,
            Chunks = more > 0 ? 1 : chunks,
            Placement = placement,
            StageDevices = placement == "explicit" ? [.. stageDevices] : null,
            Microbatches = microbatches,
        };
    }

    private static OperationTimes Times(Random random, PipelineShape pipeline)
    {
        var digits = random.Next(0, 4);
        var stages = (int)pipeline.Stages;
        return new OperationTimes
        {
            Unit = random.Pick(Enum.GetValues<TimeUnit>()),
            Forward = Values(random, stages, () => random.Amount(1, 20, digits)),
            BackwardInput = Values(random, stages, () => random.Amount(1, 20, digits)),
            BackwardWeight = random.Chance(25) ? 0 : Values(random, stages, () => random.Chance(15) ? 0 : random.Amount(1, 20, digits)),
            Communication = Latencies(random, pipeline.Devices, () => random.Amount(0, random.Pick(2, 15), digits)),
        };
    }

    private static LinkValues Latencies(Random random, int devices, Func<decimal> latency) => random.Next(3) == 0 ? 0 : Links(random, devices, latency);

    private static LinkValues Links(Random random, int devices, Func<decimal> next) => random.Chance(50)
        ? next()
        : LinkValues.Each(Enumerable.Range(0, devices).Select(_ => Enumerable.Range(0, devices).Select(_ => next()).ToArray()));

    private static ActivationMemory Memory(Random random, PipelineShape pipeline)
    {
        var stages = (int)pipeline.Stages;
        var activation = Values(random, stages, () => random.Amount(1, 10, 1));
        var share = random.Next(0, 14);
        StageValues? retained = random.Chance(40) ? null : StageValues.Each(Enumerable.Range(0, stages).Select(stage => activation[stage] * share / 10));
        return new ActivationMemory
        {
            Unit = random.Pick(Enum.GetValues<MemoryUnit>()),
            Activation = activation,
            Retained = retained,
            Limit = random.Chance(20) ? null : Limit(random, pipeline, activation, retained ?? activation),
        };
    }

    /// <summary>Often exactly what any order needs: the activations of the device's own stages, or up to one of them that has more retained.</summary>
    private static StageValues Limit(Random random, PipelineShape pipeline, StageValues activation, StageValues retained)
    {
        var placement = PlacementCatalogue.Find(pipeline.Placement!)!.Place(pipeline);
        var least = Enumerable.Range(0, pipeline.Devices).Select(device =>
        {
            var (before, most) = (0m, 0m);
            foreach (var (_, stage) in placement.StagesOn(device).OrderBy(stage => stage.Stage))
            {
                most = Math.Max(most, before + Math.Max(activation[stage], retained[stage]));
                before += activation[stage];
            }

            return most;
        }).ToArray();
        return random.Next(3) switch
        {
            0 => StageValues.Each(least),
            1 => StageValues.Each(least.Select(amount => amount * random.Next(10, 40) / 10)),
            _ => least.Max() * random.Next(1, 5),
        };
    }

    private static StageValues Values(Random random, int stages, Func<decimal> next) =>
        random.Chance(40) ? StageValues.Same(next()) : StageValues.Each(Enumerable.Range(0, stages).Select(_ => next()));
}

/// <summary>Draws that the random tests have in common.</summary>
internal static class RandomDraws
{
    /// <summary>True in so many of a hundred cases.</summary>
    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    /// <summary>One of the choices.</summary>
    public static T Pick<T>(this Random random, params T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>A number from least to most with so many decimal digits.</summary>
    public static decimal Amount(this Random random, int least, int most, int digits)
    {
        var factor = (int)Math.Pow(10, digits);
        return (decimal)random.Next(least * factor, most * factor + 1) / factor;
    }
}
