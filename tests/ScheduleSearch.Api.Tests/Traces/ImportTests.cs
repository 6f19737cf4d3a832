using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Api.Traces;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Traces;

/// <summary>With the real solver: recorded runs over HTTP.</summary>
public sealed class ImportTests : SolvingService
{
    [Fact]
    public async Task The_example_becomes_a_profile_that_solve_takes_and_samples_that_evaluate_takes()
    {
        var imported = await Service.PostAsync("/profiles/import", ImportExample.Request());
        imported.Status.ShouldBe(200, imported.Text);
        imported["format"]!.ToString().ShouldBe("csv");
        imported["profile"]!["times"]!["forward"]!.AsArray().Select(time => time!.GetValue<decimal>()).ShouldBe([10m, 10]);
        imported["communication"]!["median"]!.GetValue<double>().ShouldBe(1);
        imported["fidelity"]!["ownError"]!.GetValue<double>().ShouldBe(0);

        var options = new JsonObject { ["timeLimitSeconds"] = 2, ["splitBackward"] = false };
        var request = new JsonObject { ["profile"] = imported["profile"]!.DeepClone(), ["options"] = options };
        var solved = await Service.PostAsync("/schedules/solve", request, ("Prefer", "wait=30"));
        solved.Status.ShouldBe(200, solved.Text);
        var noise = new JsonObject { ["noise"] = new JsonObject { ["samples"] = imported["samples"]!.DeepClone() }, ["replays"] = 50 };
        var evaluated = await Service.PostAsync($"/schedules/{solved["id"]}/evaluate", noise);
        evaluated.Status.ShouldBe(200, evaluated.Text);
        evaluated["schedule"]!["mean"]!.GetValue<decimal>().ShouldBe(solved["makespan"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task A_step_that_is_asked_for_is_shown_beside_its_replays()
    {
        var request = ImportExample.Request();
        request["show"] = new JsonObject { ["step"] = 2 };
        var imported = await Service.PostAsync("/profiles/import", request);
        imported.Status.ShouldBe(200, imported.Text);
        var shown = imported["shown"]!;
        shown["step"]!.GetValue<int>().ShouldBe(2);
        foreach (var drawn in new[] { "recorded", "replayed", "medians" })
        {
            shown[drawn]!["makespan"]!.GetValue<decimal>().ShouldBe(92);
            shown[drawn]!["operations"]!["start"]!.AsArray().Count.ShouldBe(8);
        }

        shown["recorded"]!["recorded"]!.GetValue<bool>().ShouldBeTrue();
        shown["lost"]!["total"]!.GetValue<double>().ShouldBe(0);
        shown["lost"]!["ranks"]!.AsArray().Count.ShouldBe(2);
        (await Service.PostAsync("/profiles/import", ImportExample.Request()))["shown"].ShouldBeNull("nobody asks for it");
        request["show"]!["step"] = 3;
        (await Service.PostAsync("/profiles/import", request)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task What_is_no_run_is_refused_by_name()
    {
        await Refused("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,NaN\n" }] }""", 400, "$.files[0].content");
        await Refused("""{ "files": [{ "content": "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1\n" }] }""", 422, "$.files");
        await Refused("""{ "files": [{ "content": {} }], "more": 1 }""", 400, "$.more");
        await Refused("""{ "files": [{ "content": [{ "name": "PP:0F0", "ts": NaN }] }] }""", 400, "$");
        await Refused($$"""{ "files": [{ "content": {{new string('[', 100)}}{{new string(']', 100)}} }] }""", 400, "$");
    }

    [Fact]
    public async Task A_body_that_grows_too_large_when_it_is_unpacked_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("{ \"files\": [{ \"content\": \""u8.ToArray());
            var zeros = Encoding.ASCII.GetBytes(new string('0', 1 << 20));
            for (var megabyte = 0; megabyte < 20; megabyte++) await gzip.WriteAsync(zeros);
        }

        var content = TestService.Json(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        (await Service.SendAsync(HttpMethod.Post, "/profiles/import", content)).Status.ShouldBe(413);
    }

    private async Task Refused(string body, int status, string path)
    {
        var answer = await Service.PostAsync("/profiles/import", body);
        answer.Status.ShouldBe(status, answer.Text);
        answer.Members.ShouldContain(path);
    }
}
