using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>
/// Layers with what else a profile may have: what is proved of all splits is never more than the best that some split allows, found by trying every order of
/// every split.
/// </summary>
public class FeaturedLayersTests
{
    private const int Draws = 25;

    public static TheoryData<string, bool, bool> Cases()
    {
        var cases = new TheoryData<string, bool, bool>();
        foreach (var feature in new[] { "output", "frozen", "slices", "microbatches", "overlap" })
        {
            foreach (var (isSpan, splitsBackward) in new[] { (false, false), (false, true), (true, true) }) cases.Add(feature, isSpan, splitsBackward);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_proved_of_all_splits_is_no_more_than_the_best_of_any(string feature, bool isSpan, bool splitsBackward)
    {
        var (random, met, known) = (new Random(3), 0, 0);
        var asked = new AskedWays(isSpan ? Objective.Span : Objective.Makespan, splitsBackward, FeatureCatalogue.Default);
        for (var draw = 0; draw < Draws; draw++)
        {
            var profile = With(feature, Model(random), random);
            if (random.Chance(30)) profile = profile with { Devices = [new() { Speed = 2 }, new() { Speed = 0.5m }] };
            var proved = new SplitBottleneck(profile, asked).Relaxed()?.Times.Forward[0] ?? decimal.MaxValue;
            var optima = (from first in Enumerable.Range(1, (int)profile.Layers!.Total - 1)
                          let split = ClosedLayers.On(profile, [first, (int)profile.Layers.Total - first])
                          let problem = new Problem(split, asked.Objective, splitsBackward, asked.Features)
                          where MemoryValidation.Check(problem).Count == 0
                          select OptimumOf(problem) is { } ticks ? problem.TimeScale.FromTicks(ticks) : (decimal?)null).ToList();
            // Whatever is proved holds where nothing has a schedule; and where one split takes too long to try, the best is unknown.
            if (optima.Count == 0 || optima.Contains(null)) continue;
            known++;
            proved.ShouldBeLessThanOrEqualTo(optima.Min()!.Value, $"{feature}, case {draw}");
            if (proved > optima.Min() * 0.75m) met++;
        }

        known.ShouldBeGreaterThan(Draws / 3, feature);
        met.ShouldBeGreaterThan(known / 4, feature);
    }

    [Fact]
    public void Of_several_stages_to_a_device_memory_is_counted_however_the_layers_are_dealt_out()
    {
        var (random, full, more) = (new Random(17), 0, 0);
        for (var draw = 0; draw < 300; draw++)
        {
            var devices = random.Next(1, 4);
            ModelLayer[] layers = [.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => Layer(random))];
            var total = layers.Sum(layer => layer.Activation!.Value);
            var profile = new Profile
            {
                Mode = IterationMode.Train,
                Pipeline = new() { Devices = devices, Chunks = 2, Placement = "interleaved", Microbatches = 1 },
                Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
                Layers = [.. layers],
                Devices = [.. Enumerable.Range(0, devices).Select(_ => new Core.Features.Devices.PipelineDevice
                {
                    Speed = random.Chance(50) ? 1 : 2,
                    Memory = 1 + random.Next(0, (int)(2 * total / devices) + 1),
                })],
            };
            var (costs, placement) = (new LayerCosts(profile.Layers!), Problem.PlacementOf(profile));
            var proved = new LeastLoad(profile, costs, new LayerTicks(profile, costs, placement), placement).Time();
            var ways = Enumerable.Range(0, (int)Math.Pow(devices, layers.Length)).Select(TimeOf).Where(time => time is not null).ToList();
            if (ways.Count == 0)
            {
                if (proved is null) full++;
                continue;
            }

            proved.ShouldNotBeNull($"case {draw}");
            proved!.Value.ShouldBeLessThanOrEqualTo(ways.Min()!.Value, $"case {draw}");
            var unlimited = profile with { Devices = [.. profile.Devices!.Select(device => device with { Memory = null })] };
            if (proved > new LeastLoad(unlimited, costs, new LayerTicks(unlimited, costs, placement), placement).Time()) more++;

            // What the busiest device takes, where all have room.
            decimal? TimeOf(int way)
            {
                var busiest = 0m;
                for (var device = 0; device < devices; device++)
                {
                    var own = layers.Where((_, layer) => way / (int)Math.Pow(devices, layer) % devices == device).ToList();
                    if (own.Sum(layer => layer.Activation) > profile.Devices![device].Memory) return null;
                    var work = own.Sum(layer => layer.Forward + layer.BackwardInput + layer.BackwardWeight);
                    busiest = Math.Max(busiest, work / profile.Devices[device].Speed!.Value);
                }

                return busiest;
            }
        }

        full.ShouldBeGreaterThan(10);
        more.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void The_split_of_the_smallest_messages_is_that_of_trying_every_split()
    {
        var random = new Random(23);
        for (var draw = 0; draw < 100; draw++)
        {
            var profile = With("output", Model(random) with { Pipeline = new() { Devices = 3, Microbatches = 2 }, Memory = null }, random);
            profile = profile with { Layers = [.. profile.Layers!, Layer(random)] };
            var bottleneck = new SplitBottleneck(profile, new AskedWays(Objective.Makespan, SplitBackward: true, FeatureCatalogue.Default));
            var outputs = profile.Layers!.OneByOne().Select(layer => layer.Output ?? 0).ToList();
            var most = bottleneck.LargestLoadOf([outputs.Count - 2, 1, 1]);
            var least = (from first in Enumerable.Range(1, outputs.Count - 2)
                         from second in Enumerable.Range(first + 1, outputs.Count - 1 - first)
                         where bottleneck.LargestLoadOf([first, second - first, outputs.Count - second]) <= most
                         select outputs[first - 1] + outputs[second - 1]).Min();
            var split = bottleneck.CutOfLeastMessages(most)!.Value;
            (outputs[split[0] - 1] + outputs[split[0] + split[1] - 1]).ShouldBe(least, $"case {draw}");
        }
    }

    private static Profile Model(Random random) => new()
    {
        Pipeline = new() { Devices = 2, Microbatches = random.Next(2, 4) },
        Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = random.Next(0, 2) },
        Memory = random.Chance(50) ? new() { Limit = random.Next(6, 14) } : null,
        Layers = [.. Enumerable.Range(0, random.Next(3, 6)).Select(_ => Layer(random))],
    };

    private static ModelLayer Layer(Random random) => new()
    {
        Name = "decoder",
        Forward = random.Next(1, 5),
        BackwardInput = random.Next(1, 5),
        BackwardWeight = random.Next(0, 4),
        Activation = random.Next(1, 4),
    };

    private static Profile With(string feature, Profile profile, Random random)
    {
        LayerList Each(Func<ModelLayer, ModelLayer> change) => [.. profile.Layers!.Select(change)];
        return feature switch
        {
            "output" => profile with
            {
                Times = profile.Times with { Communication = new() { Latency = random.Next(0, 2), Bandwidth = 2 } },
                Layers = Each(layer => layer with { Output = random.Next(0, 9) }),
            },
            "frozen" => profile with
            {
                Mode = random.Chance(40) ? IterationMode.Train : null,
                Layers = Each(layer => layer with { Frozen = random.Chance(60) }),
            },
            "slices" => profile with
            {
                Pipeline = profile.Pipeline with { Microbatches = random.Next(1, 3) },
                Slices = new SequenceSlices { Count = 2, Forward = [1, random.Next(1, 4)], Backward = random.Chance(50) ? [2, 1] : null },
                Layers = Each(layer => layer with { KeyValue = random.Next(0, 2) }),
            },
            "microbatches" => profile with
            {
                MicrobatchScale = new()
                {
                    Forward = [.. Factors()],
                    Backward = random.Chance(50) ? [.. Factors()] : null,
                    Activation = random.Chance(50) ? [.. Factors()] : null,
                },
            },
            _ => profile with { Overlap = new() { Gain = random.Next(1, 5) * 0.25m } },
        };

        IEnumerable<decimal> Factors() => Enumerable.Range(0, profile.Pipeline.Microbatches).Select(_ => 0.5m * random.Next(1, 5)).ToList();
    }

    /// <summary>The best of every order and, where pairs save something, of every choice of pairs; null where that takes too long.</summary>
    private static long? OptimumOf(Problem problem)
    {
        const int Nodes = 10_000;
        var isInTurn = problem.Profile.MicrobatchScale is null;
        if (problem.Profile.Overlap is null) return ExhaustiveSearch.Solve(problem, Nodes, isInTurn)?.Optimum;
        var best = ExhaustiveSearch.Solve(problem, Nodes)?.Optimum;
        foreach (var pairs in PairsOf(problem))
        {
            if (best is null) return null;
            try
            {
                best = ExhaustiveSearch.Solve(problem, OperationSelection.Of(problem, Whole(problem).Concat(pairs)), Nodes) is { } search
                    ? Math.Min(best.Value, search.Optimum)
                    : null;
            }
            catch (ArgumentException)
            {
                // Pairs that wait for each other are none.
            }
        }

        return best;
    }

    private static IEnumerable<Operation> Whole(Problem problem) => problem.SplitBackward
        ? []
        : from stage in Enumerable.Range(0, problem.Stages)
          from microbatch in Enumerable.Range(0, problem.Microbatches)
          select new Operation(OperationKind.Backward, 0, stage, microbatch);

    /// <summary>On each of two devices some forwards with backwards of microbatches before theirs: of two or three microbatches.</summary>
    private static IEnumerable<IEnumerable<Operation>> PairsOf(Problem problem)
    {
        (int Forward, int Backward)[][] ways = problem.Microbatches == 2
            ? [[], [(1, 0)]]
            : [[], [(1, 0)], [(2, 0)], [(2, 1)], [(1, 0), (2, 1)]];
        return from first in ways
               from second in ways
               select new[] { first, second }.SelectMany((pairs, stage) => pairs.SelectMany(pair => new Operation[]
               {
                   new(OperationKind.OverlappedForward, 0, stage, pair.Forward),
                   new(OperationKind.OverlappedBackward, 0, stage, pair.Backward),
               }));
    }
}
