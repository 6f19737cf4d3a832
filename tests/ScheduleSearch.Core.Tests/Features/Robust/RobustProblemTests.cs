using System.Text.Json;
using FsCheck.Xunit;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Tests.Evaluation;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Robust;

/// <summary>Problems whose schedules are judged over scenarios.</summary>
public class RobustProblemTests
{
    private static readonly Profile Two = Shape.Profile(devices: 2, microbatches: 4, forward: 2, backwardInput: 2, communication: 1, limit: 3);

    /// <summary>Jensen's inequality, of each order and of what is proved of all.</summary>
    [Property(MaxTest = 300)]
    public void The_mean_over_the_scenarios_is_never_below_the_objective_at_the_means_nor_below_the_bound(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomNoise.Next(random, RandomProblems.Next(random), Statistic.Mean);
        var schedule = RandomOrders.Next(problem, random);
        var figures = problem.Scenarios!.Judge(Replay.Run(schedule));
        figures.Value.ShouldBe(figures.Distribution.Mean);
        figures.Ticks.ShouldBeGreaterThanOrEqualTo(BoundCatalogue.Best(problem).Ticks);

        var means = problem.AtMeans();
        var planned = ScheduleMetrics.Of(Replay.Run(OrderCodec.Decode(means, OrderCodec.Encode(schedule)))).Objective;
        figures.Ticks.ShouldBeGreaterThanOrEqualTo(problem.BoundOfMeans(means, planned));
    }

    [Property(MaxTest = 150)]
    public void Each_duration_has_the_mean_over_the_scenarios_that_the_noise_has_it_have(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomNoise.Next(random, RandomProblems.Next(random));
        var means = problem.AtMeans();
        var graph = OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem));
        var (times, there) = (problem.Scenarios!.TimesOf(graph), OperationGraph.BuildOnLanes(means, OperationSelection.Finest(means)));
        var unit = (double)means.TimeScale.FromTicks(1) / (double)problem.TimeScale.FromTicks(1);
        for (var operation = 0; operation < graph.Count; operation++)
        {
            var mean = times.DurationOf(operation).ToArray().Average();
            // Means are rounded down to as many digits as there are.
            var most = 1e-6 * mean + unit + problem.TimeScale.ToTicksAbove(0.000001m);
            (mean - there.Durations[operation] * unit).ShouldBeInRange(-1e-6 * mean - 1, most, $"{graph.Operations[operation]}");
        }
    }

    /// <summary>An implementation of its own replays the same scenarios: the longest path, node by node.</summary>
    [Property(MaxTest = 100)]
    public void An_order_takes_in_the_scenarios_what_plain_replays_of_their_durations_take(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomNoise.Next(random, RandomProblems.Next(random, maxDevices: 4, maxMicrobatches: 6));
        var timeline = Replay.Run(RandomOrders.Next(problem, random));
        var plain = new PlainReplay(timeline.Schedule);
        var times = problem.Scenarios!.TimesOf(plain.Graph);
        var lengths = Enumerable.Range(0, Scenarios.Count).Select(scenario => plain.Length(
            operation => times.DurationOf(operation)[scenario],
            edge => edge.Lag + (IsMessage(plain.Graph, edge) && times.Delays is not null ? times.DelayOf(edge.From)[scenario] : 0),
            timeline)).ToArray();
        var figures = problem.Scenarios.Judge(timeline);
        var expected = Distribution.Of(lengths);
        figures.Distribution.Mean.ShouldBe(expected.Mean, tolerance: 1e-9 * expected.Mean);
        figures.Distribution.P95.ShouldBe(expected.P95, tolerance: 1e-9 * expected.P95);

        static bool IsMessage(OperationGraph graph, Edge edge) => graph.LaneOf[edge.From] != graph.LaneOf[edge.To];
    }

    [Theory]
    [InlineData(Statistic.Mean)]
    [InlineData(Statistic.P95)]
    public void Where_nothing_varies_an_order_is_worth_what_it_is_at_the_profile_s_durations(Statistic statistic)
    {
        var problem = Under(new Noise(), statistic);
        var timeline = Replay.Run(FamilyCatalogue.Find("1f1b")!.ScheduleOf(problem));
        var figures = problem.Scenarios!.Judge(timeline);
        (figures.Ticks, figures.Value, figures.Distribution.Deviation).ShouldBe((ScheduleMetrics.Of(timeline).Objective, figures.Ticks, 0));
        BoundCatalogue.Best(problem).Name.ShouldBe(statistic == Statistic.Mean ? "mean-durations" : "none", "nothing is claimed of the p95");
    }

    [Fact]
    public void The_bound_is_that_of_the_problem_at_the_means()
    {
        var slower = Under(new Noise { SlowDevices = [new() { Device = 1, Factor = 1.5 }] }, Statistic.Mean);
        var times = Two.Times with { Forward = new[] { 2m, 3 }, BackwardInput = new[] { 2m, 3 }, BackwardWeight = new[] { 1m, 1.5m } };
        var means = Problem.Create(Two with { Times = times });
        slower.AtMeans().Id.ShouldBe(means.Id);
        Time(slower).ShouldBe(Time(means));
        var measured = Under(
            new Noise { Samples = new() { Forward = [[1, 2, 6], [2, 2, 2]], Backward = [[3, 3, 3], [6, 6, 9]] } }, Statistic.Mean).AtMeans().Profile.Times;
        measured.Forward.Numbers.ShouldBe([3m, 2]);
        (measured.BackwardInput[0], measured.BackwardWeight[0]).ShouldBe((2, 1));
        measured.BackwardInput[1].ShouldBe(4.666666m, "rounded down");

        static decimal Time(Problem problem) => problem.TimeScale.FromTicks(BoundCatalogue.Best(problem).Ticks);
    }

    [Fact]
    public void Scenarios_follow_from_the_problem_and_are_those_of_its_kin()
    {
        var noise = new Noise { Operation = 0.2m };
        double[] one = Durations(Under(noise, Statistic.Mean)), again = Durations(Under(noise, Statistic.Mean));
        again.ShouldBe(one);
        Durations(Under(noise, Statistic.Mean, Two with { Memory = Two.Memory! with { Limit = 4 } })).ShouldBe(one, "memory is none of what happens");
        Durations(Under(new Noise { Operation = 0.3m }, Statistic.Mean)).ShouldNotBe(one);

        static double[] Durations(Problem problem) =>
            problem.Scenarios!.TimesOf(OperationGraph.BuildOnLanes(problem, OperationSelection.Finest(problem))).Durations;
    }

    [Fact]
    public void An_id_covers_the_noise_and_the_statistic_and_is_what_it_was_without_them()
    {
        Noise[] noises =
        [
            new(), new() { Operation = 0.1m }, new() { Operation = new[] { 0.1m, 0.2m } }, new() { Stage = 0.1m }, new() { Microbatch = 0.1m },
            new() { SlowDevices = [new() { Device = 0, Factor = 2 }] }, new() { SlowDevices = [new() { Device = 1, Factor = 2 }] },
            new() { Spikes = new() { Probability = 0.1, Size = 1 } }, new() { Spikes = new() { Probability = 0.1, Size = 2 } },
            new() { Samples = new() { Forward = [[1], [2]] } }, new() { Samples = new() { Forward = [[2], [1]] } },
            new() { Samples = new() { BackwardInput = [[1], [2]] } },
        ];
        string[] ids = [Problem.Create(Two).Id, .. noises.SelectMany(noise => new[] { Under(noise, Statistic.Mean).Id, Under(noise, Statistic.P95).Id })];
        ids.ShouldBeUnique();
        Under(new Noise { Operation = new[] { 0.1m, 0.10m } }, Statistic.Mean).Id.ShouldBe(Under(noises[1], Statistic.Mean).Id, "in other words");
    }

    [Property(MaxTest = 100)]
    public void Noise_reads_back_as_it_was_written(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomNoise.Next(random, RandomProblems.Next(random));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ProfileJson.Write(writer, SolveOptions.Of(problem));
        var errors = new List<ProfileError>();
        using var document = JsonDocument.Parse(stream.ToArray());
        var options = ProfileJson.ReadOptions(document.RootElement, "$.options", errors).ShouldNotBeNull();
        errors.ShouldBeEmpty();
        Problem.Of(problem.Profile, options, ProblemLimits.None).Id.ShouldBe(problem.Id);
    }

    [Fact]
    public void What_noise_does_not_go_with_is_named()
    {
        Errors(new() { Operation = new[] { 0.1m } }).ShouldBe(["$.options.noise.operation"]);
        Errors(new() { SlowDevices = [new() { Device = 5, Factor = 2 }] }).ShouldBe(["$.options.noise.slowDevices[0].device"]);
        Errors(new(), Two with { Fill = [new() { Name = "encoder", Duration = 1, Device = 0 }] }).ShouldBe(["$.options.noise"]);
        Errors(new(), Two with { MicrobatchScale = new() { Forward = [1, 2, 1, 1] } }).ShouldBe(["$.options.noise"]);
        Errors(new(), Two with { Optimizer = new() { Step = 1 } }).ShouldBeEmpty();
        Errors(new() { SlowDevices = [new() { Device = 0, Factor = 2 }] }, Two with { Optimizer = new() { Step = 1 } })
            .ShouldBe(["$.options.noise.slowDevices"]);
        Errors(new(), Shape.Profile(devices: 8, microbatches: 4000)).ShouldBe(["$.options.noise"]);

        static IEnumerable<string> Errors(Noise noise, Profile? profile = null)
        {
            try
            {
                Under(noise, Statistic.Mean, profile);
                return [];
            }
            catch (InvalidProfileException exception)
            {
                return exception.Errors.Select(error => error.Path);
            }
        }
    }

    [Fact]
    public void Orders_with_more_warm_up_cover_latency_within_the_limit()
    {
        var free = Problem.Create(Shape.Profile(devices: 4, microbatches: 16, communication: 1.5m));
        WarmUps(free).ShouldBe([[12, 8, 4, 0], [9, 6, 3, 0], [15, 10, 5, 0]], "that of the next one and ceil(1.5 / 1) + 2, or one less or more");
        var tight = Problem.Create(Shape.Profile(devices: 4, microbatches: 16, communication: 1.5m, limit: 6));
        WarmUps(tight).ShouldBe([[5, 5, 4, 0], [5, 5, 3, 0], [5, 5, 5, 0]]);
        WarmUps(Problem.Create(Shape.Profile(devices: 2, microbatches: 4, chunks: 2, placement: "v"))).ShouldBeEmpty();

        static IEnumerable<int[]> WarmUps(Problem problem) => WarmUpOrders.Of(problem).Select(schedule =>
        {
            schedule.FitsMemory().ShouldBeTrue();
            Replay.Run(schedule);
            return Enumerable.Range(0, problem.Devices)
                .Select(device => schedule.OperationsOn(device).TakeWhile(operation => operation.IsForward).Count() - 1).ToArray();
        });
    }

    private static Problem Under(Noise noise, Statistic statistic, Profile? profile = null) =>
        Problem.Of(profile ?? Two, new SolveOptions { Noise = noise, Statistic = statistic }, ProblemLimits.None);
}
