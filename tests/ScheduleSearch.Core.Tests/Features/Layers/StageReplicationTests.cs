using System.Text.Json;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Layers.Replicas;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Layers;

/// <summary>Stages that stand on several devices: the dynamic program is as good as trying every way.</summary>
public class StageReplicationTests
{
    private const string Stated = """
        {
          "profile": {
            "pipeline": { "devices": 4, "microbatches": 32 },
            "times": { "communication": { "bandwidth": 12 } },
            "layers": [
              { "name": "convolution", "count": 8, "forward": 3, "backwardInput": 3, "backwardWeight": 3, "output": 12 },
              { "name": "dense", "count": 3, "forward": 2, "backwardInput": 2, "backwardWeight": 2, "output": 0.5 }
            ]
          },
          "gradients": [4, 9000]
        }
        """;

    /// <summary>PipeDream's case: layers of much work and few weights are replicated, those of many weights are not.</summary>
    [Fact]
    public void Layers_of_few_weights_are_replicated()
    {
        var compared = new StageReplication(Read(Stated)).Compare();
        compared.Best.Stages.Select(stage => (stage.Count, stage.Replicas)).ShouldBe([(8, 3), (3, 1)]);
        // 11 microbatches of 72 ms on the busiest of three devices, against 4 x 2250 ms of sums or 4 stages.
        compared.Best.Time.ShouldBe(11 * 72);
        compared.DataParallel!.Time.ShouldBe(2 * 3 * 27032 / 12m / 4, 1e-6m);
        compared.Pipeline!.Time.ShouldBe(32 * 27);
        compared.Best.Stages[0].Sum.ShouldBe(2 * 2 * 32 / 12m / 3, 1e-6m);
        compared.Best.Stages[0].Messages.ShouldBe(2 * 32);
    }

    [Fact]
    public void The_dynamic_program_is_as_good_as_trying_every_way()
    {
        var (random, none) = (new Random(4), 0);
        for (var draw = 0; draw < 200; draw++)
        {
            var request = Draw(random);
            var (search, layers, devices) = (new StageReplication(request), (int)request.Profile.Layers!.Total, request.Profile.Pipeline.Devices);
            var least = Every(search, layers, devices, 0, 0).DefaultIfEmpty(decimal.MaxValue).Min();
            if (least == decimal.MaxValue)
            {
                Should.Throw<InvalidProfileException>(search.Compare).Errors.ShouldHaveSingleItem().Path.ShouldBe("$.profile.memory.total");
                none++;
                continue;
            }

            var compared = search.Compare();
            compared.Best.Time.ShouldBe(least, $"case {draw}");
            compared.Best.Stages.Sum(stage => stage.Count).ShouldBe(layers);
            compared.Best.Stages.Sum(stage => stage.Replicas).ShouldBe(devices);
            (compared.Pipeline?.Time ?? least).ShouldBeGreaterThanOrEqualTo(least);
            (compared.DataParallel?.Time ?? least).ShouldBeGreaterThanOrEqualTo(least);
        }

        none.ShouldBeInRange(5, 150);
    }

    [Theory]
    [InlineData("\"gradients\": [4, 9000]", "\"gradients\": [4]", "$.gradients")]
    [InlineData("\"gradients\": [4, 9000]", "\"gradients\": [4, -1]", "$.gradients[1]")]
    [InlineData("\"gradients\": [4, 9000]", "\"gradient\": 1", "$.gradient")]
    [InlineData("\"devices\": 4", "\"devices\": 4, \"split\": \"even\"", "$.profile.pipeline")]
    [InlineData("\"devices\": 4", "\"devices\": 2, \"chunks\": 2, \"placement\": \"v\"", "$.profile.pipeline")]
    [InlineData("\"count\": 8", "\"count\": 4000", "$.profile.layers")]
    [InlineData("\"times\"", "\"optimizer\": { \"step\": 1 }, \"times\"", "$.profile.optimizer")]
    public void What_is_wrong_is_named(string given, string instead, string path) =>
        Should.Throw<InvalidProfileException>(() => Read(Stated.Replace(given, instead, StringComparison.Ordinal))).Errors
            .Select(error => error.Path).ShouldContain(path);

    private static ReplicaRequest Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ReplicaJson.Read(document.RootElement, ProblemLimits.Default);
    }

    /// <summary>The times of all ways to deal the layers from one on out, with the devices after some.</summary>
    private static IEnumerable<decimal> Every(StageReplication search, int layers, int devices, int begin, int used) => begin == layers
        ? used == devices ? [0] : []
        : from end in Enumerable.Range(begin + 1, layers - begin)
          from replicas in Enumerable.Range(1, devices - used)
          let stage = search.StageOf(begin, end, replicas, used + replicas)
          where stage is not null
          from rest in Every(search, layers, devices, end, used + replicas)
          select Math.Max(stage.Time, rest);

    private static ReplicaRequest Draw(Random random)
    {
        var layers = random.Next(1, 6);
        return new()
        {
            Profile = new()
            {
                Pipeline = new() { Devices = random.Next(1, 5), Microbatches = random.Next(1, 9) },
                Times = new()
                {
                    Forward = 0,
                    BackwardInput = 0,
                    BackwardWeight = 0,
                    Communication = new() { Latency = random.Next(0, 2), Bandwidth = random.Next(1, 5) },
                },
                Memory = new() { Total = random.Next(4, 40) },
                Layers = [.. Enumerable.Range(0, layers).Select(_ => new ModelLayer
                {
                    Name = "layer",
                    Forward = random.Next(1, 6),
                    BackwardInput = random.Next(1, 6),
                    BackwardWeight = random.Next(0, 6),
                    Activation = random.Next(0, 3),
                    Weights = random.Next(0, 8),
                    Output = random.Next(0, 9),
                    Frozen = random.Next(4) == 0,
                })],
            },
            Gradients = [.. Enumerable.Range(0, layers).Select(_ => (decimal)random.Next(0, 60))],
        };
    }
}
