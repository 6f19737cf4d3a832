using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Devices;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>Layers in the place of stages: what stages they make, which splits are tried, and what is proved of all.</summary>
public class LayersTests
{
    /// <summary>Of those by which every whole number has a quotient of few digits.</summary>
    private static readonly decimal[] Speeds = [1, 1, 2, 0.5m, 1.25m, 4];

    internal const string Stated = """
        {
          "pipeline": { "devices": 2, "microbatches": 4, "split": [3, 1] },
          "times": { "unit": "ms", "communication": 0.5 },
          "memory": { "unit": "GiB", "limit": 20 },
          "layers": [
            { "name": "embedding", "forward": 1, "backwardInput": 0, "backwardWeight": 0.5, "weights": 2 },
            { "name": "decoder", "count": 3, "forward": 3, "backwardInput": 2, "backwardWeight": 1, "activation": 2, "retained": 1, "weights": 1.5 }
          ]
        }
        """;

    [Fact]
    public void A_stage_takes_and_holds_the_sums_of_its_layers()
    {
        var problem = Problem.Create(WrittenProfile.Read(Stated));
        problem.Profile.Layers.ShouldBeNull();
        problem.Profile.Times.Forward.Numbers.ShouldBe([7m, 3]);
        problem.Profile.Times.BackwardInput.Numbers.ShouldBe([4m, 2]);
        problem.Profile.Times.BackwardWeight.Numbers.ShouldBe([2.5m, 1]);
        var memory = problem.Profile.Memory!;
        memory.Activation!.Numbers.ShouldBe([4m, 2]);
        memory.Retained!.Numbers.ShouldBe([2m, 1]);
        memory.Weights!.Numbers.ShouldBe([5m, 1.5m]);
        memory.Limit![0].ShouldBe(20);
    }

    [Fact]
    public void A_profile_of_layers_reads_back_as_it_is_written()
    {
        var profile = WrittenProfile.Read(Stated);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ProfileJson.Write(writer, profile);
        var again = WrittenProfile.Read(Encoding.UTF8.GetString(buffer.ToArray()));
        again.Layers.ShouldBe(profile.Layers);
        Choice(again).Id.ShouldBe(Choice(profile).Id);
    }

    [Fact]
    public void A_split_by_numbers_is_one_alternative_and_has_the_id_of_its_stages()
    {
        var profile = WrittenProfile.Read(Stated);
        var alternative = Choice(profile).Alternatives.ShouldHaveSingleItem();
        LayersFeature.SplitOf(alternative).ShouldBe([3, 1]);
        alternative.Problem!.Id.ShouldBe(Problem.Create(profile).Id);
        Choice(profile).Id.ShouldNotBe(alternative.Problem.Id);
    }

    [Fact]
    public void An_even_split_gives_the_first_stages_what_is_left_over() =>
        LayersFeature.SplitOf(Choice(Of(layers: 11, devices: 4, StageSplit.Even)).Alternatives.ShouldHaveSingleItem()).ShouldBe([3, 3, 3, 2]);

    [Fact]
    public void Few_splits_are_all_tried()
    {
        var splits = Choice(Of(layers: 12, devices: 4)).Alternatives.Select(LayersFeature.SplitOf).ToList();
        splits.Count.ShouldBe(165);
        splits.ShouldAllBe(split => split.Sum() == 12 && split.All(count => count > 0));
        splits.Select(split => string.Join(',', split)).Distinct().Count().ShouldBe(165);
        new BoundedChoice(Choice(Of(layers: 12, devices: 4))).Untried.ShouldBeNull();
    }

    [Fact]
    public void Of_many_splits_some_are_tried_and_something_is_proved_of_all()
    {
        // 40 layers on 16 stages: the busiest has 3 layers, of 8.7 ms each, on 32 microbatches.
        var profile = Of(layers: 40, devices: 16);
        var choice = new BoundedChoice(Choice(profile with { Times = profile.Times with { Communication = 0.3m } }));
        choice.Choice.Alternatives.Count.ShouldBeInRange(2, 9);
        choice.Untried!.Value.Time.ShouldBeGreaterThanOrEqualTo(32 * 3 * 8.7m);
        choice.Alternatives.ShouldAllBe(alternative => alternative.LeastBound.Time >= choice.Untried.Value.Time);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void What_is_proved_of_all_splits_is_the_least_that_is_proved_of_each_or_less(bool isSpan, bool splitsBackward)
    {
        var (random, met) = (new Random(5), 0);
        for (var draw = 0; draw < 60; draw++)
        {
            var profile = Draw(random, chunks: draw % 3 == 2 ? 2 : 1);
            var (stages, layers) = ((int)profile.Pipeline.Stages, (int)profile.Layers!.Total);
            var asked = new AskedWays(isSpan ? Objective.Span : Objective.Makespan, splitsBackward, FeatureCatalogue.Default);
            var proved = new SplitBottleneck(profile, asked).Relaxed()!.Times.Forward[0];
            var bounds = Every(layers, stages).Select(split =>
            {
                var problem = new Problem(ClosedLayers.On(profile, [.. split]), asked.Objective, splitsBackward, asked.Features);
                return problem.TimeScale.FromTicks(ExhaustiveSearch.Solve(problem, limitOfNodes: 20_000)?.Optimum ?? BoundCatalogue.Best(problem).Ticks);
            }).ToList();
            proved.ShouldBeLessThanOrEqualTo(bounds.Min(), $"case {draw}");
            if (proved > bounds.Min() * 0.8m) met++;
        }

        met.ShouldBeGreaterThan(30);
    }

    /// <summary>Of 500 models on devices of one stage each, most of them unequal and half of them with limits.</summary>
    [Fact]
    public void The_dynamic_program_is_as_good_as_trying_every_split()
    {
        var (random, full) = (new Random(8), 0);
        for (var draw = 0; draw < 500; draw++)
        {
            var profile = Draw(random, chunks: 1, mostLayers: 12, mostDevices: 4, isUnequal: true);
            var bottleneck = new SplitBottleneck(profile, new AskedWays(Objective.Span, SplitBackward: true, FeatureCatalogue.Default));
            var costs = new LayerCosts(profile.Layers!);
            var least = Every(costs.Count, profile.Pipeline.Devices).Min(other => Busiest([.. other]));
            var cut = bottleneck.Cut();
            if (least is null) full++;
            cut?.Time.ShouldBe(least!.Value, $"case {draw}");
            (cut is { } found ? Busiest(found.Split) : null).ShouldBe(least, $"case {draw}");

            // Null where a device has no room for its layers.
            decimal? Busiest(ImmutableArray<int> counts)
            {
                var (first, busiest) = (LayerCosts.FirstOf(counts), 0m);
                for (var stage = 0; stage < counts.Length; stage++)
                {
                    var (begin, end) = (first[stage], first[stage + 1]);
                    if (profile.RoomOfDevices() is { } room && costs.Activation[end] - costs.Activation[begin] > room[stage]) return null;
                    busiest = Math.Max(busiest, profile.Pipeline.Microbatches * (costs.Work[end] - costs.Work[begin]) / profile.SpeedOf(stage));
                }

                return busiest;
            }
        }

        full.ShouldBeInRange(1, 100);
    }

    /// <summary>
    /// The stages of each split are made here, and every order of each is tried: no alternative is missing or another problem, the best of them is the best
    /// there is, and what is proved of all splits is no more.
    /// </summary>
    [Fact]
    public void On_unequal_devices_the_best_split_is_the_best_of_all_and_the_bound_is_no_higher()
    {
        var (random, solved, met) = (new Random(3), 0, 0);
        for (var draw = 0; draw < 40; draw++)
        {
            var profile = Draw(random, chunks: 1, mostLayers: 7, mostDevices: 3, isUnequal: true);
            var (stages, asked) = ((int)profile.Pipeline.Stages, new AskedWays(Objective.Makespan, SplitBackward: true, FeatureCatalogue.Default));
            var problems = Every((int)profile.Layers!.Total, stages).Select(split => StagesOf(profile, [.. split])).OfType<Problem>().ToList();
            if (problems.Count == 0)
            {
                new SplitBottleneck(profile, asked).Relaxed().ShouldBeNull($"case {draw}");
                Should.Throw<InvalidProfileException>(() => Choice(profile));
                continue;
            }

            Choice(profile).Problems.Select(problem => problem.Id).ShouldBe(problems.Select(problem => problem.Id), ignoreOrder: true, $"case {draw}");
            var optima = problems.ConvertAll(problem => problem.TimeScale.FromTicks(
                ExhaustiveSearch.Solve(problem, limitOfNodes: 5_000)?.Optimum ?? BoundCatalogue.Best(problem).Ticks));
            var proved = new SplitBottleneck(profile, asked).Relaxed()!.Times.Forward[0];
            proved.ShouldBeLessThanOrEqualTo(optima.Min(), $"case {draw}");
            solved++;
            if (proved > optima.Min() * 0.8m) met++;
        }

        solved.ShouldBeGreaterThan(25);
        met.ShouldBeGreaterThan(15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_many_splits_those_tried_suit_the_devices(int chunks)
    {
        var shape = new PipelineShape { Devices = 8, Chunks = chunks, Placement = chunks == 1 ? null : "interleaved", Microbatches = 32 };
        var profile = Of(layers: 120, devices: 8) with { Pipeline = shape };
        profile = profile with { Devices = [.. Enumerable.Range(0, 8).Select(device => new PipelineDevice { Speed = device < 4 ? 2 : 1 })] };
        var choice = new BoundedChoice(Choice(profile));
        // Ten layers on each slow device and twenty on each fast one, beside what comes before and after the work of the busiest.
        choice.Untried!.Value.Time.ShouldBeInRange(32 * 10 * 8.7m, 32 * 10 * 8.7m * 1.1m);
        choice.Alternatives.Min(alternative => alternative.LeastBound.Time).ShouldBeInRange(choice.Untried.Value.Time, choice.Untried.Value.Time * 1.1m);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1, 1")]
    [InlineData("2, 1")]
    [InlineData("3, 3, 3")]
    [InlineData("4, 1")]
    [InlineData("2, 1, 0.5")]
    [InlineData("1000, 1")]
    public void The_longest_layers_take_the_devices_some_time_however_they_are_dealt_out(string speeds)
    {
        // Two stages to a device, so that counting is all there is.
        decimal[] times = [3, 12, 6, 3, 6, 4];
        var devices = speeds.Split(", ").Select(speed => new PipelineDevice { Speed = decimal.Parse(speed, CultureInfo.InvariantCulture) }).ToArray();
        var profile = new Profile
        {
            Pipeline = new() { Devices = devices.Length, Chunks = 2, Placement = "interleaved", Microbatches = 1 },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
            Layers = [.. times.Select(time => new ModelLayer { Name = "decoder", Forward = time, BackwardInput = 0, BackwardWeight = 0 })],
            Devices = [.. devices],
        };
        var load = LeastLoadOf(profile);
        // Every way to deal them out, in any order.
        var ways = Enumerable.Range(0, (int)Math.Pow(devices.Length, times.Length)).Min(way => Enumerable.Range(0, devices.Length).Max(device =>
            times.Where((_, layer) => way / (int)Math.Pow(devices.Length, layer) % devices.Length == device).Sum() / devices[device].Speed!.Value));
        load.ShouldBeLessThanOrEqualTo(ways);
        load.ShouldBeGreaterThan(ways * 0.8m);
    }

    [Fact]
    public void With_the_best_placement_fewer_chunks_have_the_layers_of_those_that_are_one()
    {
        var shape = new PipelineShape
        {
            Devices = 2,
            Chunks = 2,
            Placement = PlacementChoice.Name,
            Microbatches = 4,
            Split = StageSplit.Of([3, 1, 0, 5]),
        };
        var splits = Choice(Of(layers: 9, devices: 2) with { Pipeline = shape }).Alternatives
            .ToLookup(alternative => alternative.Chunks, LayersFeature.SplitOf);
        splits[1].ShouldAllBe(split => split.SequenceEqual(new[] { 4, 5 }));
        splits[2].ShouldAllBe(split => split.SequenceEqual(new[] { 3, 1, 0, 5 }));
    }

    [Fact]
    public void As_few_splits_as_layers_are_tried_whatever_the_stages() =>
        Choice(Of(layers: 12, devices: 11)).Alternatives.Count.ShouldBe(11);

    /// <summary>Layers that take nothing give the dynamic program nothing to stop at, and many stages have many moves.</summary>
    [Fact]
    public void Many_stages_and_layers_have_a_bound_and_splits()
    {
        var profile = Of(layers: 4000, devices: 256) with { Pipeline = new() { Devices = 256, Microbatches = 4 } };
        profile = profile with { Layers = [.. profile.Layers!, profile.Layers![0] with { Count = 96, Forward = 0, BackwardInput = 0, BackwardWeight = 0 }] };
        var choice = new BoundedChoice(Choice(profile));
        choice.Untried!.Value.Time.ShouldBeGreaterThanOrEqualTo(4 * 16 * 8.7m);
        choice.Choice.Alternatives.Count.ShouldBeInRange(1, 8);
    }

    [Fact]
    public void With_the_best_placement_each_number_of_chunks_has_splits_of_its_own()
    {
        var shape = new PipelineShape { Devices = 2, Chunks = 2, Placement = PlacementChoice.Name, Microbatches = 4 };
        var lengths = Choice(Of(layers: 9, devices: 2) with { Pipeline = shape }).Alternatives
            .Select(alternative => (alternative.Chunks, Stages: LayersFeature.SplitOf(alternative).Length)).Distinct().ToList();
        lengths.ShouldContain((1, 2));
        lengths.ShouldContain((2, 4));
    }

    private static Profile Of(int layers, int devices, StageSplit? split = null) => new()
    {
        Pipeline = new() { Devices = devices, Microbatches = 32, Split = split },
        Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0 },
        Layers = [new ModelLayer { Name = "decoder", Count = layers, Forward = 3, BackwardInput = 3, BackwardWeight = 2.7m }],
    };

    private static Profile Draw(Random random, int chunks, int mostLayers = 6, int mostDevices = 2, bool isUnequal = false)
    {
        var devices = random.Next(1, mostDevices + 1);
        ModelLayer Layer(string name) => new()
        {
            Name = name,
            Count = 1,
            Forward = random.Next(0, 6),
            BackwardInput = random.Next(0, 6),
            BackwardWeight = random.Next(0, 4),
            Activation = isUnequal ? random.Next(0, 4) : null,
        };
        var decoders = Enumerable.Range(1, random.Next(devices * chunks, mostLayers)).Select(_ => Layer("decoder"));
        ModelLayer[] layers = [.. decoders, Layer("head") with { Forward = 2 }];
        // Frozen layers come first, where there are any.
        for (var layer = random.Next(layers.Length); layer-- > 0;) layers[layer] = layers[layer] with { BackwardInput = 0, BackwardWeight = 0 };
        var profile = new Profile
        {
            Mode = random.Chance(50) ? IterationMode.Train : null,
            Pipeline = new() { Devices = devices, Chunks = chunks, Placement = chunks == 1 ? "linear" : "v", Microbatches = random.Next(1, 4) },
            Times = new() { Forward = 0, BackwardInput = 0, BackwardWeight = 0, Communication = random.Next(0, 3) },
            Layers = LayerList.Of([.. layers]),
        };
        if (!isUnequal) return profile;
        var isLimited = random.Chance(50);
        return profile with
        {
            Devices = [.. Enumerable.Range(0, devices).Select(_ => new PipelineDevice
            {
                Speed = Speeds[random.Next(Speeds.Length)],
                Memory = isLimited ? random.Next(4, 13) : null,
            })],
        };
    }

    /// <summary>The problem of a split by numbers that are added up and divided here; null where a device has no room for its stage.</summary>
    private static Problem? StagesOf(Profile profile, ImmutableArray<int> split)
    {
        var (layers, first) = (profile.Layers!.OneByOne().ToList(), LayerCosts.FirstOf(split));
        var isLimited = profile.Devices!.Memory is not null;
        var stages = profile with
        {
            Layers = null,
            Devices = null,
            Times = profile.Times with
            {
                Forward = Sums(layer => layer.Forward, isTime: true),
                BackwardInput = Sums(layer => layer.BackwardInput, isTime: true),
                BackwardWeight = Sums(layer => layer.BackwardWeight, isTime: true),
            },
            Memory = new()
            {
                Activation = Sums(layer => layer.Activation ?? 0, isTime: false),
                Limit = isLimited ? StageValues.Each(profile.Devices!.Select(device => device.Memory!.Value)) : null,
            },
        };
        try
        {
            return Problem.Create(stages);
        }
        catch (InvalidProfileException)
        {
            return null;
        }

        StageValues Sums(Func<ModelLayer, decimal> amount, bool isTime) => StageValues.Each(split.Select((count, stage) =>
            layers.GetRange(first[stage], count).Sum(amount) / (isTime ? profile.Devices![stage].Speed!.Value : 1)));
    }

    private static decimal LeastLoadOf(Profile profile)
    {
        var (costs, placement) = (new LayerCosts(profile.Layers!), Problem.PlacementOf(profile));
        return new LeastLoad(profile, costs, new LayerTicks(profile, costs, placement), placement).Time()!.Value;
    }

    private static IEnumerable<IEnumerable<int>> Every(int layers, int stages) => stages == 1
        ? [[layers]]
        : Enumerable.Range(1, layers - stages + 1).SelectMany(first => Every(layers - first, stages - 1).Select(rest => rest.Prepend(first)));

    internal static PlacementChoice Choice(Profile profile) => PlacementChoice.Create(profile, Objective.Makespan, splitBackward: true);
}
