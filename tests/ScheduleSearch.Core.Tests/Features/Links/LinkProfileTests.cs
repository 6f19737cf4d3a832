using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Features.Links;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Features.Links;

/// <summary>How messages are stated, what is refused, and what makes two problems one.</summary>
public class LinkProfileTests
{
    private static readonly Communication Full = new() { Latency = 1, Bandwidth = 4, Bytes = 8, Exclusive = Exclusivity.Link };

    [Theory]
    [InlineData("1")]
    [InlineData("[[0,1],[2,0]]")]
    [InlineData("""{"latency":1,"exclusive":true}""")]
    [InlineData("""{"latency":1,"bandwidth":4,"bytes":8,"exclusive":"device"}""")]
    [InlineData("""{"latency":[[0,1],[2,0]],"bandwidth":[[0,4],[5,0]],"bytes":[8,9],"exclusive":false}""")]
    public void What_is_written_is_what_was_read(string communication)
    {
        var profile = Read(communication, out var errors);
        errors.ShouldBeEmpty();
        Written(profile!).ShouldContain($"\"communication\":{communication}");
    }

    [Theory]
    [InlineData("""{}""", "0")]
    [InlineData("""{"latency":2}""", "2")]
    [InlineData("""{"latency":2,"exclusive":false}""", "2")]
    [InlineData("""{"bandwidth":4,"bytes":8}""", """{"latency":0,"bandwidth":4,"bytes":8,"exclusive":false}""")]
    [InlineData("""{"exclusive":true}""", """{"latency":0,"exclusive":true}""")]
    public void Members_may_be_left_out(string communication, string written) =>
        Written(Read(communication, out _)!).ShouldContain($"\"communication\":{written}");

    [Theory]
    [InlineData("""{"exclusive":"link"}""", "exclusive")]
    [InlineData("""{"exclusive":1}""", "exclusive")]
    [InlineData("""{"latency":"1"}""", "latency")]
    [InlineData("""{"bytes":[[1]]}""", "bytes[0]")]
    [InlineData("""{"bandwith":1}""", "bandwith")]
    public void What_is_no_value_is_named_by_its_path(string communication, string member)
    {
        Read(communication, out var errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe([$"$.profile.times.communication.{member}"]);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("true")]
    [InlineData("[1,2]")]
    public void What_is_no_communication_is_named_by_its_path(string communication)
    {
        Read(communication, out var errors).ShouldBeNull();
        errors.Select(error => error.Path).ShouldBe(["$.profile.times.communication"]);
    }

    [Fact]
    public void Each_fault_of_a_member_is_named_by_its_path()
    {
        RejectedAt(Full with { Bytes = null }).ShouldBe(["bandwidth"]);
        RejectedAt(Full with { Bandwidth = null }).ShouldBe(["bandwidth"]);
        RejectedAt(Full with { Bandwidth = 0 }).ShouldBe(["bandwidth"]);
        RejectedAt(Full with { Bandwidth = LinkValues.Each([[0, 0], [4, 0]]) }).ShouldBe(["bandwidth[0][1]"]);
        RejectedAt(Full with { Bandwidth = LinkValues.Each([[4, 4]]) }).ShouldBe(["bandwidth"]);
        RejectedAt(Full with { Latency = -1 }).ShouldBe(["latency"]);
        RejectedAt(Full with { Latency = LinkValues.Each([[0, 1]]) }).ShouldBe(["latency"]);
        RejectedAt(Full with { Bytes = new[] { 1m, 2m, 3m } }).ShouldBe(["bytes"]);
        RejectedAt(Full with { Bytes = new[] { 1m, -2m } }).ShouldBe(["bytes[1]"]);
    }

    [Fact]
    public void Latency_in_an_object_is_the_same_problem_and_each_other_member_another()
    {
        IdOf(new() { Latency = 1 }).ShouldBe(IdOf(1));
        var matrix = LinkValues.Each([[0, 1], [1, 0]]);
        IdOf(new() { Latency = matrix }).ShouldBe(IdOf(1));
        IdOf(Full with { Bandwidth = LinkValues.Each([[7, 4], [4, 9]]) }).ShouldBe(IdOf(Full));
        new Communication[]
        {
            1, Full, Full with { Latency = 2 }, Full with { Bandwidth = 8 }, Full with { Bytes = 4 }, Full with { Bytes = new[] { 8m, 4m } },
            Full with { Exclusive = Exclusivity.None }, Full with { Exclusive = Exclusivity.Device },
        }.Select(IdOf).ShouldBeUnique();
    }

    [Fact]
    public void Merged_stages_send_what_the_last_of_them_does()
    {
        var open = Linked.With(Shape.Profile(2, 4, chunks: 2, PlacementChoice.Name), Full with { Bytes = new[] { 1m, 2m, 3m, 4m } });
        var linear = PlacementChoice.Create(open, Objective.Makespan, splitBackward: true).Problems.First(problem => problem.Placement.Name == "linear");
        linear.Profile.Times.Communication.Bytes!.Numbers.ShouldBe([2, 4]);
        linear.Profile.Times.Communication.Exclusive.ShouldBe(Exclusivity.Link);
    }

    [Fact]
    public void The_feature_is_used_where_messages_are_exclusive_and_there_are_any()
    {
        Names(1).ShouldBeEmpty();
        Names(Full with { Exclusive = Exclusivity.None }).ShouldBeEmpty();
        Names(Full).ShouldBe([LinksFeature.Id]);

        static IEnumerable<string> Names(Communication communication) => Create(communication).Features.Select(feature => feature.Name);
    }

    private static Problem Create(Communication communication) => Problem.Create(Linked.With(Shape.Profile(2, 4), communication));

    private static string IdOf(Communication communication) => Create(communication).Id;

    private static IEnumerable<string> RejectedAt(Communication communication) =>
        Should.Throw<InvalidProfileException>(() => Create(communication)).Errors.Select(error => error.Path["$.profile.times.communication.".Length..]);

    private static Profile? Read(string communication, out List<ProfileError> errors)
    {
        errors = [];
        var json = Written(Shape.Profile(2, 4)).Replace("\"communication\":0", $"\"communication\":{communication}", StringComparison.Ordinal);
        return ProfileJson.ReadProfile(JsonDocument.Parse(json).RootElement, "$.profile", errors);
    }

    private static string Written(Profile profile)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) ProfileJson.Write(writer, profile);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
