using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Tests.Features.Dummy;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features;

/// <summary>A new feature is a folder and a line: its section goes wherever a profile goes without being named there.</summary>
public class DummyFeatureTests
{
    private static readonly FeatureCatalogue Features = FeatureCatalogue.Default.With(new DummyFeature());

    private static readonly Profile Plain = Shape.Profile(devices: 2, microbatches: 4);

    private static readonly Profile Used = Plain.With(new DummyTimes { Pause = 0.125m });

    [Fact]
    public void It_is_read_and_written_after_the_sections_of_the_service()
    {
        var json = Written(Used with { Recompute = new() { Kept = 0 } });
        json.ShouldEndWith(""","recompute":{"kept":0},"dummy":{"pause":0.125,"count":1}}""");

        var errors = new List<ProfileError>();
        var again = ProfileJson.ReadProfile(JsonDocument.Parse(json).RootElement, "$.profile", errors, Features);
        errors.ShouldBeEmpty();
        again!.Find<DummyTimes>()!.Pause[1].ShouldBe(0.125m);
        Written(again).ShouldBe(json);
    }

    [Fact]
    public void Its_members_are_read_and_checked_like_all_others()
    {
        var errors = new List<ProfileError>();
        var json = Written(Plain)[..^1] + ",\"dummy\":{\"count\":1.5,\"paus\":1}}";
        ProfileJson.ReadProfile(JsonDocument.Parse(json).RootElement, "$.profile", errors, Features).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe(["$.profile.dummy.pause", "$.profile.dummy.count", "$.profile.dummy.paus"]);

        Rejected(Plain.With(new DummyTimes { Pause = new[] { 1m, 2m, 3m }, Count = 0 })).ShouldBe(["$.profile.dummy.pause", "$.profile.dummy.count"]);
        Rejected(Used with { Slices = new() { Count = 2 } }).ShouldBe(["$.profile.dummy"]);
    }

    [Fact]
    public void It_changes_the_id_of_a_problem_that_uses_it_and_of_no_other()
    {
        Create(Plain).Id.ShouldBe(Problem.Create(Plain).Id);
        DummyTimes[] others = [new() { Pause = 0.25m }, new() { Pause = 0.125m, Cushion = 1 }, new() { Pause = 0.125m, Count = 2 }];
        others.Select(other => Plain.With(other)).Append(Plain).Append(Used).Select(profile => Create(profile).Id).ShouldBeUnique();
    }

    [Fact]
    public void It_stays_when_something_else_changes()
    {
        var renamed = Used with { Name = "renamed", Memory = null };
        renamed.Find<DummyTimes>().ShouldBe(Used.Find<DummyTimes>());
        renamed.ShouldNotBe(renamed.With<DummyTimes>(null));

        var more = Create(Used).WithMicrobatches(9);
        more.Profile.Find<DummyTimes>().ShouldBe(Used.Find<DummyTimes>());
        more.Id.ShouldNotBe(Create(Plain).WithMicrobatches(9).Id);
    }

    [Fact]
    public void Its_numbers_decide_the_scales_and_its_work_is_counted()
    {
        var problem = Create(Used);
        problem.TimeScale.Digits.ShouldBe(3);
        (problem.AddedWork(0), Create(Plain).AddedWork(0)).ShouldBe((125, 0));
        problem.Features.Select(feature => feature.Name).ShouldBe(["dummy"]);
        Create(Plain.With(new DummyTimes { Pause = 1, Cushion = 0.25m })).MemoryScale.Digits.ShouldBe(2);
    }

    [Fact]
    public void Its_stages_are_merged_when_the_placement_is_open()
    {
        var open = Shape.Profile(devices: 2, microbatches: 4, chunks: 2, PlacementChoice.Name).With(new DummyTimes { Pause = new[] { 1m, 2m, 3m, 4m } });
        var choice = PlacementChoice.Create(open, Objective.Makespan, splitBackward: true, features: Features);
        var linear = choice.Problems.First(problem => problem.Placement.Name == "linear");
        linear.Profile.Find<DummyTimes>()!.Pause.Numbers.ShouldBe([3, 7]);
        linear.Features.ShouldNotBeEmpty();
    }

    [Fact]
    public void Where_nobody_knows_it_it_is_refused_and_not_lost()
    {
        Should.Throw<ArgumentException>(() => Problem.Create(Used));
        Should.Throw<ArgumentException>(() => Written(Used, FeatureCatalogue.Default));
        var errors = new List<ProfileError>();
        ProfileJson.ReadProfile(JsonDocument.Parse(Written(Used)).RootElement, "$.profile", errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe(["$.profile.dummy"]);
    }

    private static Problem Create(Profile profile) => Problem.Create(profile, features: Features);

    private static IEnumerable<string> Rejected(Profile profile) =>
        Should.Throw<InvalidProfileException>(() => Create(profile)).Errors.Select(error => error.Path);

    private static string Written(Profile profile, FeatureCatalogue? features = null)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) ProfileJson.Write(writer, profile, features ?? Features);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
