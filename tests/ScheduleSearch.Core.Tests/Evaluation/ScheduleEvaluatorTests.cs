using System.Collections.Immutable;
using FsCheck.Xunit;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>Orders replayed under durations that vary.</summary>
public class ScheduleEvaluatorTests
{
    private const int Plain = 100_000, Own = 20_000;

    [Property(MaxTest = 200)]
    public void Without_noise_every_replay_takes_what_the_schedule_claims(Seed seed)
    {
        var random = new Random(seed.Item);
        var timeline = Replay.Run(RandomOrders.Next(RandomProblems.Next(random), random));
        var evaluated = Evaluate(timeline, new() { Replays = 20 });
        var claimed = ScheduleMetrics.Of(timeline).Objective;
        evaluated.Schedule.Planned.ShouldBe(claimed);
        evaluated.Schedule.Lengths.ShouldAllBe(length => length == claimed);
        var distribution = evaluated.Schedule.Distribution;
        (distribution.Mean, distribution.P50, distribution.P99, distribution.Deviation).ShouldBe((claimed, claimed, claimed, 0));
        if (timeline.Schedule.Problem.Objective == Objective.Makespan)
            PathShares(evaluated).ShouldBe(1, tolerance: 1e-9);
    }

    [Property(MaxTest = 60)]
    public void Schedules_of_every_feature_are_replayed(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.NextFeatured(random);
        var noise = new Noise { Operation = 0.2m, Stage = 0.1m, Microbatch = 0.1m, Spikes = new() { Probability = 0.2, Size = 2 } };
        foreach (var family in FamilyCatalogue.Admitted(problem))
        {
            var timeline = Replay.Run(family.ScheduleOf(problem).OnWhole());
            var claimed = ScheduleMetrics.Of(timeline).Objective;
            Evaluate(timeline, new() { Replays = 3 }).Schedule.Lengths.ShouldAllBe(length => length == claimed);
            var evaluated = Evaluate(timeline, new() { Replays = 20, Noise = noise });
            evaluated.Schedule.Lengths.ShouldAllBe(length => length > 0);
            evaluated.Slack.Operations.ShouldAllBe(slack => slack >= 0);
        }
    }

    [Theory]
    [InlineData("1f1b", Objective.Makespan)]
    [InlineData("zb-h1", Objective.Makespan)]
    [InlineData("1f1b", Objective.Span)]
    public void Quantiles_are_those_of_plain_replays_with_another_generator(string family, Objective objective)
    {
        var timeline = Uneven(family, objective);
        var noise = new Noise
        {
            Operation = new[] { 0.1m, 0.2m, 0.05m, 0 },
            Stage = 0.05m,
            Microbatch = 0.2m,
            SlowDevices = [new() { Device = 2, Factor = 1.3 }],
            Spikes = new() { Probability = 0.05, Size = 7 },
        };
        ShouldBeAlike(timeline, noise, new PlainNoise(timeline, noise, seed: 12345));
    }

    [Fact]
    public void Samples_are_drawn_by_microbatch()
    {
        var timeline = Uneven("zb-h1", Objective.Makespan);
        var random = new Random(7);
        decimal[] sizes = [.. Enumerable.Range(0, 50).Select(_ => (decimal)(0.5 + random.NextDouble()))];
        var problem = timeline.Schedule.Problem;
        ImmutableArray<ImmutableArray<decimal>> Lists(Func<int, decimal> time) =>
            [.. Enumerable.Range(0, problem.Stages).Select(stage => sizes.Select(size => size * time(stage)).ToImmutableArray())];
        var times = problem.Profile.Times;
        var noise = new Noise
        {
            Operation = 0.02m,
            Samples = new()
            {
                Forward = Lists(stage => times.Forward[stage]),
                Backward = Lists(stage => 1.5m * (times.BackwardInput[stage] + times.BackwardWeight[stage])),
            },
        };
        EvaluationCheck.Of(problem, new() { Noise = noise }).ShouldBeEmpty();
        ShouldBeAlike(timeline, noise, new PlainNoise(timeline, noise, seed: 54321));
    }

    [Property(MaxTest = 40)]
    public void The_mean_makespan_is_not_below_that_of_the_mean_durations(Seed seed)
    {
        var random = new Random(seed.Item);
        var problem = RandomProblems.Next(random);
        if (problem.Objective == Objective.Span) problem = Problem.Create(problem.Profile, Objective.Makespan, problem.SplitBackward);
        var timeline = Replay.Run(RandomOrders.Next(problem, random));
        var noise = new Noise { Operation = 0.3m, Stage = random.Next(2) * 0.2m, Microbatch = random.Next(2) * 0.2m };
        var order = Evaluate(timeline, new() { Replays = 500, Seed = random.Next(), Noise = noise }).Schedule;
        order.Distribution.Mean.ShouldBeGreaterThanOrEqualTo(order.Planned - 5 * order.Distribution.StandardError);
    }

    [Fact]
    public void All_orders_meet_the_same_durations()
    {
        var (one, other) = (Uneven("1f1b", Objective.Makespan), Uneven("zb-h1", Objective.Makespan));
        var request = new EvaluationRequest { Replays = 100, Seed = 3, Noise = new() { Operation = 0.2m, Spikes = new() { Probability = 0.1, Size = 3 } } };
        var together = ScheduleEvaluator.Run(("1f1b", one), [("zb-h1", other), ("the same", one)], request, CancellationToken.None);
        together.Others[0].Lengths.ShouldBe(Evaluate(other, request).Schedule.Lengths);
        together.Others[1].Lengths.ShouldBe(together.Schedule.Lengths);
        together.Others[1].ShareSlowerThan(together.Schedule).ShouldBe(0);
        Evaluate(one, request with { Replays = 30 }).Schedule.Lengths.ShouldBe(together.Schedule.Lengths[..30]);
        Evaluate(one, request with { Seed = 4 }).Schedule.Lengths.ShouldNotBe(together.Schedule.Lengths);
    }

    [Fact]
    public void A_slow_device_is_critical_more_often()
    {
        var timeline = Uneven("1f1b", Objective.Makespan);
        var (usual, slow) = (Of([]), Of([new() { Device = 0, Factor = 3 }]));
        ShareOf(slow).ShouldBeGreaterThan(ShareOf(usual) + 0.2);
        PathShares(slow).ShouldBe(1, tolerance: 1e-9);
        slow.LinksCritical.ShouldContain(share => share > 0);

        Evaluated Of(ImmutableArray<SlowDevice> devices) =>
            Evaluate(timeline, new() { Replays = 200, Noise = new() { Operation = 0.1m, SlowDevices = devices } });

        double ShareOf(Evaluated evaluated) =>
            Enumerable.Range(0, evaluated.Graph.Count).Where(operation => evaluated.Graph.LaneOf[operation] == 0).Sum(operation => evaluated.Shares[operation]);
    }

    [Fact]
    public void It_gives_up_when_nobody_waits() => Should.Throw<OperationCanceledException>(() => ScheduleEvaluator.Run(
        ("1f1b", Uneven("1f1b", Objective.Makespan)), [], new(), new CancellationToken(canceled: true)));

    private static void ShouldBeAlike(Timeline timeline, Noise noise, PlainNoise plain)
    {
        var own = Evaluate(timeline, new() { Replays = Own, Seed = 1, Noise = noise }).Schedule.Distribution;
        var lengths = Enumerable.Range(0, Plain).Select(_ => plain.Next()).Order().ToArray();
        var (mean, deviation) = (lengths.Average(), Math.Sqrt(lengths.Average(length => Math.Pow(length - lengths.Average(), 2))));
        own.Mean.ShouldBe(mean, tolerance: 5 * deviation * Math.Sqrt(1.0 / Own + 1.0 / Plain));
        own.Deviation.ShouldBe(deviation, tolerance: 0.05 * deviation);
        foreach (var (share, value) in new[] { (0.5, own.P50), (0.95, own.P95), (0.99, own.P99) })
        {
            // The share of a sample below a quantile has a binomial distribution.
            var error = 5 * Math.Sqrt(share * (1 - share) * (1.0 / Own + 1.0 / Plain));
            value.ShouldBeInRange(lengths[(int)((share - error) * Plain)], lengths[Math.Min(Plain - 1, (int)((share + error) * Plain))]);
        }
    }

    private static Timeline Uneven(string family, Objective objective)
    {
        var profile = Shape.Profile(devices: 4, microbatches: 6, forward: 10, backwardInput: 11, communication: 1);
        profile = profile with
        {
            Times = profile.Times with
            {
                Forward = new[] { 10m, 12, 9, 14 },
                BackwardInput = new[] { 11m, 10, 12, 13 },
                BackwardWeight = new[] { 8m, 9, 7, 10 },
            },
        };
        return Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(Problem.Create(profile, objective)));
    }

    private static Evaluated Evaluate(Timeline timeline, EvaluationRequest request) =>
        ScheduleEvaluator.Run(("order", timeline), [], request, CancellationToken.None);

    private static double PathShares(Evaluated evaluated)
    {
        var barriers = Enumerable.Range(0, evaluated.Graph.Count).Any(operation => evaluated.Graph.LaneOf[operation] == OperationGraph.NoLane);
        // What passes a barrier is no message of one link.
        if (barriers || evaluated.Graph.Problem.VocabularyBarriers > 0) return 1;
        var messages = Enumerable.Range(0, evaluated.Graph.Count)
            .Where(operation => evaluated.Graph.Operations[operation].Facts.Role == OperationRole.Message).Sum(operation => evaluated.Shares[operation]);
        return evaluated.Shares.Sum() + evaluated.LinkShares.Sum() - messages;
    }
}
