using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles.Json;

public sealed class ProfileJsonTests
{
    private const string Least = """{"pipeline":{"devices":2,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""";

    [Fact]
    public void A_profile_of_the_least_members_has_the_defaults()
    {
        var profile = Read(Least, out var errors);
        errors.ShouldBeEmpty();
        profile.ShouldNotBeNull();
        profile.Pipeline.Chunks.ShouldBe(1);
        profile.Times.Unit.ShouldBe(TimeUnit.ms);
        profile.Times.Communication.Latency[0, 1].ShouldBe(0);
        profile.Memory.ShouldBeNull();
    }

    [Fact]
    public void A_member_that_is_null_is_left_out()
    {
        var profile = Read(
            """
            {
              "name": null,
              "pipeline": { "devices": 2, "chunks": null, "placement": null, "stageDevices": null, "microbatches": 4 },
              "times": { "unit": null, "forward": 1, "backwardInput": 1, "backwardWeight": 1, "communication": null },
              "memory": null, "overlap": null, "slices": null, "recompute": null
            }
            """,
            out var errors);
        errors.ShouldBeEmpty();
        Text(profile!).ShouldBe(Text(Read(Least, out _)!));
    }

    [Theory]
    [InlineData("""[]""", "$.profile")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4}}""", "$.profile.times")]
    [InlineData("""{"pipeline":null,"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline")]
    [InlineData("""{"pipeline":{"devices":"4","microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline.devices")]
    [InlineData("""{"pipeline":{"devices":4.5,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline.devices")]
    [InlineData("""{"pipeline":{"devices":99999999999,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline.devices")]
    [InlineData("""{"pipeline":{"devices":2,"devices":2,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline.devices")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4,"slices":1},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.pipeline.slices")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"forward":[1,1e999],"backwardInput":1,"backwardWeight":1}}""", "$.profile.times.forward[1]")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"forward":[1e-320,1],"backwardInput":1,"backwardWeight":1}}""", "$.profile.times.forward[0]")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"forward":"NaN","backwardInput":1,"backwardWeight":1}}""", "$.profile.times.forward")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"unit":"MS","forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.times.unit")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"unit":"0","forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.times.unit")]
    [InlineData("""{"pipeline":{"devices":2,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1,"communication":[[0,1],[1,"x"]]}}""", "$.profile.times.communication[1][1]")]
    [InlineData("""{"name":"\ud800","pipeline":{"devices":2,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile.name")]
    [InlineData("""{"\ud800":1,"pipeline":{"devices":2,"microbatches":4},"times":{"forward":1,"backwardInput":1,"backwardWeight":1}}""", "$.profile")]
    public void A_wrong_member_is_named(string json, string path)
    {
        Read(json, out var errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe([path]);
    }

    [Fact]
    public void Every_wrong_member_is_named_at_once()
    {
        Read("""{"name":1,"pipeline":{"devices":null},"times":{"forward":[1,true],"backwardWeight":{}},"x y":0}""", out var errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe(
            [
                "$.profile.name", "$.profile.pipeline.devices", "$.profile.pipeline.microbatches", "$.profile.times.forward[1]",
                "$.profile.times.backwardInput", "$.profile.times.backwardWeight", "$.profile['x y']",
            ]);
    }

    [Theory]
    [InlineData("""{"timeLimitSeconds":0}""", "$.options.timeLimitSeconds")]
    [InlineData("""{"timeLimitSeconds":-1}""", "$.options.timeLimitSeconds")]
    [InlineData("""{"targetGap":1.5}""", "$.options.targetGap")]
    [InlineData("""{"workLimit":0}""", "$.options.workLimit")]
    [InlineData("""{"seed":1.5}""", "$.options.seed")]
    [InlineData("""{"seed":2147483648}""", "$.options.seed")]
    [InlineData("""{"objective":"Makespan"}""", "$.options.objective")]
    [InlineData("""{"splitBackward":"true"}""", "$.options.splitBackward")]
    [InlineData("""{"threads":8}""", "$.options.threads")]
    public void A_wrong_option_is_named(string json, string path)
    {
        var errors = new List<ProfileError>();
        ProfileJson.ReadOptions(Parse(json), "$.options", errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe([path]);
    }

    [Fact]
    public void Options_read_back_as_they_were_written()
    {
        var options = new SolveOptions { Objective = Objective.Span, TimeLimitSeconds = 0.1, TargetGap = 0.25, SplitBackward = false, WorkLimit = 7, Seed = -3 };
        var errors = new List<ProfileError>();
        ProfileJson.ReadOptions(Written(writer => ProfileJson.Write(writer, options)), "$.options", errors).ShouldBe(options);
        var narrow = ProfileJson.ReadOptions(
            Written(writer => ProfileJson.Write(writer, options with { Formats = ["pytorch"], Placements = ["v", "wave"], Runtime = "jaxpp" })),
            "$.options",
            errors)!;
        narrow.Formats.ShouldBe(["pytorch"]);
        narrow.Placements.ShouldBe(["v", "wave"]);
        narrow.Runtime.ShouldBe("jaxpp");
        (narrow with { Formats = null, Placements = null, Runtime = null }).ShouldBe(options);
    }

    [Property(MaxTest = 200)]
    public Property A_profile_that_was_written_reads_back_as_the_same_problem() => Prop.ForAll(Profiles().ToArbitrary(), profile =>
    {
        var errors = new List<ProfileError>();
        var again = ProfileJson.ReadProfile(Written(writer => ProfileJson.Write(writer, profile)), "$.profile", errors);
        errors.ShouldBeEmpty();
        again!.Name.ShouldBe(profile.Name);
        Problem.Create(again).Id.ShouldBe(Problem.Create(profile).Id);
    });

    [Fact]
    public void Two_lists_of_devices_are_two_pipes_whichever_way_they_are_written()
    {
        var nested = Read(Least.Replace("\"microbatches\"", "\"placement\":\"explicit\",\"stageDevices\":[[0,1],[1,0]],\"microbatches\""), out _);
        var flat = Read(Least.Replace("\"microbatches\"", "\"placement\":\"explicit\",\"stageDevices\":[0,1,1,0],\"microbatches\""), out _);

        Problem.Create(nested!).Placement.Pipes.ShouldBe(2);
        Problem.Create(flat!).Id.ShouldBe(Problem.Create(nested!).Id);
    }

    [Theory]
    [InlineData("\"overlap\":{\"duration\":[[3,\"a\"]]}", "$.profile.overlap.duration[0][1]")]
    [InlineData("\"overlap\":{\"gain\":[0.5,[0.5]]}", "$.profile.overlap.gain[1]")]
    [InlineData("\"slices\":{\"count\":2,\"cut\":\"odd\"}", "$.profile.slices.cut")]
    [InlineData("\"slices\":{\"count\":2,\"forward\":[1,\"x\"]}", "$.profile.slices.forward[1]")]
    [InlineData("\"recompute\":{\"kept\":0,\"choose\":\"some\"}", "$.profile.recompute.choose")]
    [InlineData("\"recompute\":{\"levels\":[{\"time\":1}]}", "$.profile.recompute.levels[0].kept")]
    [InlineData("\"memory\":{\"weights\":{}}", "$.profile.memory.weights")]
    public void A_wrong_member_of_a_feature_is_named(string member, string path)
    {
        Read(Least[..^1] + "," + member + "}", out var errors);
        errors.Select(error => error.Path).ShouldBe([path]);
    }

    private static Gen<Profile> Profiles() =>
        from devices in Gen.Choose(1, 4)
        from chunks in Gen.Choose(1, 2)
        from microbatches in Gen.Choose(1, 9)
        from name in Gen.Elements(null, "", "a \"name\"", "\u0000\u2028é")
        from forward in Values(devices * chunks)
        from input in Values(devices * chunks)
        from weight in Values(devices * chunks)
        from matrix in Gen.ListOf(Gen.ListOf(Numbers(), devices), devices)
        from links in Gen.Elements(LinkValues.Same(0.25m), LinkValues.Each(matrix))
        from activation in Values(devices * chunks)
        from limit in Gen.Elements(null, StageValues.Same(100_000m), StageValues.Each(Enumerable.Repeat(99_999.5m, devices)))
        from weights in Gen.Elements(null, StageValues.Same(12.5m))
        from placement in Gen.Elements("interleaved", "explicit", "two pipes", chunks == 1 ? null : "v")
        from slices in Gen.Elements(
            null,
            new SequenceSlices { Count = 2, Forward = [1, 1.5m], Backward = [2, 3], Activation = [1, 1], KeyValue = 0.5m },
            new SequenceSlices { Count = 3, Sequence = 64, Hidden = 8, Cut = SequenceCut.EqualFlops, Multiple = 4 })
        from recompute in Gen.Elements(
            null, new ActivationRecompute { Kept = 0 }, new ActivationRecompute { Time = 3, Kept = 0.001m, Stages = [0] }, new ActivationRecompute { Kept = 0, Stages = [] })
        select new Profile
        {
            Name = name,
            Pipeline = new PipelineShape
            {
                Devices = devices,
                Chunks = chunks,
                Placement = placement == "two pipes" ? "explicit" : placement,
                StageDevices = placement switch
                {
                    "explicit" => [.. Enumerable.Range(0, devices * chunks).Select(stage => stage / chunks)],
                    "two pipes" => [.. Enumerable.Range(0, 2 * devices * chunks).Select(stage => stage % devices)],
                    _ => null,
                },
                Microbatches = microbatches,
            },
            Times = new OperationTimes { Unit = TimeUnit.us, Forward = forward, BackwardInput = input, BackwardWeight = weight, Communication = links },
            Memory = new ActivationMemory { Unit = MemoryUnit.GiB, Limit = limit, Activation = activation, Weights = weights },
            Slices = slices,
            Recompute = slices is null ? recompute : null,
        };

    private static Gen<StageValues> Values(int count) =>
        Gen.OneOf(Numbers().Select(StageValues.Same), Gen.ListOf(Numbers(), count).Select(numbers => StageValues.Each(numbers)));

    private static Gen<decimal> Numbers() => Gen.Choose(1, 1_000_000).Select(number => number / 1000m);

    private static Profile? Read(string json, out List<ProfileError> errors)
    {
        errors = [];
        return ProfileJson.ReadProfile(Parse(json), "$.profile", errors);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement;

    private static string Text(Profile profile) => Written(writer => ProfileJson.Write(writer, profile)).GetRawText();

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) write(writer);
        return JsonDocument.Parse(bytes.WrittenMemory).RootElement;
    }
}
