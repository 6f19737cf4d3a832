using System.Text.Json;
using ScheduleSearch.Core.Evaluation;
using ScheduleSearch.Core.Evaluation.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Evaluation;

/// <summary>What evaluations take, and how they name what they do not.</summary>
public class EvaluationRequestTests
{
    private static readonly Problem TwoStages = Problem.Create(Shape.Profile(devices: 2, microbatches: 2, forward: 2, backwardInput: 3, communication: 1));

    [Fact]
    public void All_members_are_read()
    {
        var request = Read("""
            {
              "replays": 7, "seed": 8, "families": false,
              "noise": {
                "operation": [0.1, 0.2], "stage": 0.3, "microbatch": 0.4, "slowDevices": [{ "device": 1, "factor": 1.5 }],
                "spikes": { "probability": 0.5, "size": 6 },
                "samples": { "forward": [[1, 2], [3, 4]], "backwardInput": [[1, 2], [3, 4]] }
              }
            }
            """);
        (request.Replays, request.Seed, request.Families).ShouldBe((7, 8, false));
        (request.Noise.Operation[1], request.Noise.Stage[1], request.Noise.Microbatch).ShouldBe((0.2m, 0.3m, 0.4m));
        request.Noise.SlowDevices.ShouldBe([new SlowDevice { Device = 1, Factor = 1.5 }]);
        request.Noise.Spikes.ShouldBe(new LinkSpikes { Probability = 0.5, Size = 6 });
        request.Noise.Samples!.Forward!.Value[1].ShouldBe([3m, 4]);
        request.Noise.Samples.BackwardInput!.Value[0].ShouldBe([1m, 2]);
        EvaluationCheck.Of(TwoStages, request).ShouldBeEmpty();
        var otherwise = Read("{}");
        (otherwise.Replays, otherwise.Seed, otherwise.Families, otherwise.Noise.Samples).ShouldBe((1000, 0, true, null));
    }

    [Theory]
    [InlineData("""{ "replays": 0 }""", "$.replays")]
    [InlineData("""{ "replays": 100001 }""", "$.replays")]
    [InlineData("""{ "noise": { "operation": -1 } }""", "$.noise.operation")]
    [InlineData("""{ "noise": { "operation": [0.1, 6] } }""", "$.noise.operation[1]")]
    [InlineData("""{ "noise": { "operations": 1 } }""", "$.noise.operations")]
    [InlineData("""{ "noise": { "spikes": { "probability": 2, "size": 1 } } }""", "$.noise.spikes.probability")]
    [InlineData("""{ "noise": { "spikes": { "probability": 1 } } }""", "$.noise.spikes.size")]
    [InlineData("""{ "noise": { "slowDevices": [{ "device": -1, "factor": 1 }] } }""", "$.noise.slowDevices[0].device")]
    [InlineData("""{ "noise": { "slowDevices": [{ "device": 1, "factor": 0 }] } }""", "$.noise.slowDevices[0].factor")]
    [InlineData("""{ "noise": { "samples": {} } }""", "$.noise.samples.forward")]
    [InlineData("""{ "noise": { "samples": { "backward": [[1], [1]], "backwardInput": [[1], [1]] } } }""", "$.noise.samples.backwardInput")]
    [InlineData("[]", "$")]
    public void A_wrong_member_is_named(string json, string path) =>
        Should.Throw<InvalidProfileException>(() => Read(json)).Errors.ShouldContain(error => error.Path == path);

    [Theory]
    [InlineData("""{ "noise": { "operation": [0.1] } }""", "$.noise.operation")]
    [InlineData("""{ "noise": { "stage": [0.1, 0.1, 0.1] } }""", "$.noise.stage")]
    [InlineData("""{ "noise": { "slowDevices": [{ "device": 2, "factor": 1 }] } }""", "$.noise.slowDevices[0].device")]
    [InlineData("""{ "noise": { "slowDevices": [{ "device": 1, "factor": 1 }, { "device": 1, "factor": 2 }] } }""", "$.noise.slowDevices[1].device")]
    [InlineData("""{ "noise": { "samples": { "forward": [[1]] } } }""", "$.noise.samples.forward")]
    [InlineData("""{ "noise": { "samples": { "forward": [[], []] } } }""", "$.noise.samples.forward[0]")]
    [InlineData("""{ "noise": { "samples": { "forward": [[1, 2], [1]] } } }""", "$.noise.samples.forward[1]")]
    [InlineData("""{ "noise": { "samples": { "forward": [[1], [2000]] } } }""", "$.noise.samples.forward[1]")]
    [InlineData("""{ "noise": { "spikes": { "probability": 1, "size": 1e12 } } }""", null)]
    public void What_does_not_go_with_the_problem_is_named(string json, string? path)
    {
        var errors = EvaluationCheck.Of(TwoStages, Read(json));
        if (path is null) errors.ShouldBeEmpty();
        else errors.ShouldContain(error => error.Path == path);
    }

    [Fact]
    public void More_replays_than_are_taken_are_refused_with_the_number_that_is()
    {
        var request = new EvaluationRequest { Replays = 1000 };
        EvaluationCheck.OfWork(request, operations: 100, most: 100_000).ShouldBeNull();
        var error = EvaluationCheck.OfWork(request, operations: 101, most: 100_000).ShouldNotBeNull();
        (error.Path, error.Kind).ShouldBe(("$.replays", ProfileErrorKind.Impossible));
        error.Message.ShouldContain("at most 990 replays");
    }

    private static EvaluationRequest Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return EvaluationJson.Read(document.RootElement);
    }
}
