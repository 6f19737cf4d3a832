using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Where an answer leads, and by which URLs and forms a schedule can be had.</summary>
public sealed class LinkTests(ScheduleAccessTests.Stored stored) : IClassFixture<ScheduleAccessTests.Stored>
{
    private string Short => stored.Id[..8];

    [Fact]
    public async Task An_answer_leads_to_all_that_there_is_of_its_schedule()
    {
        var posted = await stored.Api.PostAsync("/schedules/solve", Requests.Solve(microbatches: 8, seconds: 60));
        var read = await stored.Api.GetAsync($"/schedules/{stored.Id}");
        foreach (var answer in new[] { posted, read })
        {
            answer.Response.Content.Headers.ContentLocation!.ToString().ShouldBe($"/schedules/{stored.Id}");
            var links = LinksOf(answer);
            links.Keys.ShouldBe(["events", "timeline", "instructions", "runtime"]);
            foreach (var (title, url) in links.Where(link => link.Key != "events"))
            {
                url.ShouldContain($"revision={answer["revision"]}");
                var other = await stored.Api.GetAsync(url);
                other.Status.ShouldBe(200, title);
                other.Response.Headers.CacheControl!.ToString().ShouldContain("immutable");
            }

            (await stored.Api.GetAsync(links["events"])).MediaType.ShouldBe("text/event-stream");
        }
    }

    [Fact]
    public async Task A_name_belongs_to_the_request_and_a_picture_without_one_is_called_by_its_shape()
    {
        var ours = await SolveAsync("ours <70b> & more");
        var theirs = await SolveAsync("theirs");
        theirs["id"]!.ToString().ShouldBe(ours["id"]!.ToString());
        (await TitleAsync(LinksOf(ours)["timeline"])).ShouldBe("ours &lt;70b&gt; &amp; more");
        (await TitleAsync(LinksOf(theirs)["timeline"])).ShouldBe("theirs");
        foreach (var path in new[] { "timeline.svg", "instructions?format=svg", $"timeline.svg?revision={ours["revision"]}" })
            (await TitleAsync($"/schedules/{ours["id"]}/{path}")).ShouldBe("linear, p = 2, m = 3");

        async Task<Answer> SolveAsync(string name)
        {
            var body = Requests.Solve(microbatches: 3, seconds: 60, devices: 2);
            body["profile"]!["name"] = name;
            return await stored.Api.PostAsync("/schedules/solve", body);
        }

        async Task<string> TitleAsync(string url) => (await stored.Api.GetAsync(url)).Text.Split("<title>")[1].Split("</title>")[0];
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("/instructions?format=pytorch", "/instructions?format=pytorch&revision={revision}")]
    [InlineData("/timeline.svg", "/timeline.svg?revision={revision}")]
    [InlineData("/runtime?format=pytorch&version=2.9", "/runtime?format=pytorch&version=2.9&revision={revision}")]
    [InlineData("/events", "/events")]
    public async Task The_first_digits_of_an_id_do_wherever_it_stands(string path, string location)
    {
        var whole = await stored.Api.GetAsync($"/schedules/{stored.Id}{path}");
        var brief = await stored.Api.GetAsync($"/schedules/{Short}{path}");
        brief.Status.ShouldBe(200, brief.Text);
        if (path != "/events") brief.Text.ShouldBe(whole.Text);
        var revision = (await stored.Api.GetAsync($"/schedules/{stored.Id}"))["revision"]!.ToString();
        brief.Response.Content.Headers.ContentLocation!.ToString()
            .ShouldBe($"/schedules/{stored.Id}{location.Replace("{revision}", revision, StringComparison.Ordinal)}");
    }

    [Fact]
    public async Task Digits_that_are_too_few_of_none_or_of_several_are_refused()
    {
        (await stored.Api.GetAsync($"/schedules/{stored.Id[..7]}")).Status.ShouldBe(404);
        (await stored.Api.GetAsync("/schedules/00000000/timeline.svg")).Status.ShouldBe(404);
        (await stored.Api.PostAsync("/schedules/verify", $$"""{"id":"{{Short}}"}"""))["valid"]!.GetValue<bool>().ShouldBeTrue();
        (await stored.Api.SendAsync(HttpMethod.Delete, $"/schedules/{Short}"))["id"]!.ToString().ShouldBe(stored.Id);

        await using var context = stored.Api.Services.GetRequiredService<Func<SchedulesContext>>()();
        var twin = await context.Schedules.AsNoTracking().SingleAsync(row => row.Id == stored.Id);
        typeof(ScheduleRow).GetProperty(nameof(ScheduleRow.Id))!.SetValue(twin, stored.Id[..12] + new string('0', ScheduleId.Length - 12));
        context.Add(twin);
        await context.SaveChangesAsync();
        var ambiguous = await stored.Api.GetAsync($"/schedules/{stored.Id[..12]}");
        context.Remove(twin);
        await context.SaveChangesAsync();
        (ambiguous.Status, ambiguous.Members.Single()).ShouldBe((400, "id"));
        ambiguous["detail"]!.GetValue<string>().ShouldContain("2 ids");
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html,application/xhtml+xml,image/avif,*/*;q=0.8", "application/json")]
    [InlineData("image/avif,image/svg+xml,image/*,*/*;q=0.8", "image/svg+xml")]
    [InlineData("image/*", "image/svg+xml")]
    [InlineData("application/json;q=0.5, text/csv", "text/csv")]
    [InlineData("application/json;q=0, */*;q=0.1", "image/svg+xml")]
    [InlineData("nonsense", "application/json")]
    public async Task Accept_says_in_which_form_a_schedule_is_answered(string? accept, string mediaType)
    {
        var answer = await stored.Api.GetAsync($"/schedules/{stored.Id}", accept is null ? [] : [("Accept", accept)]);
        answer.Status.ShouldBe(200, answer.Text);
        answer.MediaType.ShouldBe(mediaType);
        answer.Response.Headers.Vary.ShouldContain("Accept");
        var tag = answer.Response.Headers.ETag!.ToString();
        (await stored.Api.GetAsync($"/schedules/{stored.Id}", ("Accept", mediaType), ("If-None-Match", tag))).Status.ShouldBe(304);
        var other = mediaType == "text/csv" ? "application/json" : "text/csv";
        (await stored.Api.GetAsync($"/schedules/{stored.Id}", ("Accept", other), ("If-None-Match", tag))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_fits_no_form_is_406()
    {
        var answer = await stored.Api.GetAsync($"/schedules/{stored.Id}", ("Accept", "application/xml, text/html"));
        (answer.Status, answer.MediaType).ShouldBe((406, "application/problem+json"));
        answer["detail"]!.GetValue<string>().ShouldContain("text/csv");
    }

    [Fact]
    public async Task The_table_has_a_row_for_each_operation()
    {
        var lines = (await stored.Api.GetAsync($"/schedules/{stored.Id}", ("Accept", "text/csv"))).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var schedule = await stored.Api.GetAsync($"/schedules/{stored.Id}");
        lines[0].ShouldBe("device,lane,op,pipe,stage,microbatch,slice,start,end");
        lines[1..].ShouldBe(schedule["devices"]!.AsArray().SelectMany((device, rank) => device!.AsArray().Select(operation =>
            $"{rank},,{operation!["op"]},0,{operation["stage"]},{operation["microbatch"]},0,{operation["start"]},{operation["end"]}")));
    }

    [Fact]
    public async Task A_list_leads_from_page_to_page_and_finds_names()
    {
        var seen = 0;
        var url = "/schedules?pageSize=3&devices=2&placement=linear";
        for (var pages = 0; url.Length > 0; pages++)
        {
            pages.ShouldBeLessThan(3);
            var page = await stored.Api.GetAsync(url);
            seen += page["items"]!.AsArray().Count;
            var links = page.Response.Headers.TryGetValues("Link", out var values) ? string.Join(", ", values).Split(", ") : [];
            url = links.FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<')[1].Split('>')[0] ?? "";
        }

        seen.ShouldBe((await stored.Api.GetAsync("/schedules?devices=2"))["total"]!.GetValue<int>());
        (await stored.Api.GetAsync("/schedules?page=2&pageSize=2")).Response.Headers.GetValues("Link").Single().ShouldContain("page=1>; rel=\"prev\"");
        foreach (var (part, finds) in new[] { ("TES", true), ("st", true), ("t%25t", false), ("_est", false), ("other", false), ("%00", false) })
            ((await stored.Api.GetAsync($"/schedules?name={part}"))["total"]!.GetValue<int>() > 0).ShouldBe(finds, part);
    }

    private static Dictionary<string, string> LinksOf(Answer answer) => string.Join(", ", answer.Response.Headers.GetValues("Link")).Split(", ")
        .ToDictionary(link => link.Split("title=\"")[1].TrimEnd('"'), link => link.Split('<')[1].Split('>')[0]);
}
