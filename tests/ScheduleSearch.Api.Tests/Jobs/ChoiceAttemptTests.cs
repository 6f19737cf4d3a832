using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Core.Bounds;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Solver.Search.Constructions;
using ScheduleSearch.Solver.Solutions;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Jobs;

/// <summary>How the alternatives of a placement that is left open share what may be spent.</summary>
public sealed class ChoiceAttemptTests : IAsyncLifetime
{
    private readonly StubSolver _solver = new();
    private readonly List<string> _searched = [];
    private TestDatabase _database = null!;

    private TestService Service { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        // Many searches one after the other: on a busy machine that takes longer than a client would wait.
        Service = new TestService(_database.ConnectionString, _solver, ("Jobs:GraceSeconds", "60"));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Quick_passes_come_first_and_work_is_shared_evenly()
    {
        var quickPasses = new List<int>();
        _solver.OnSearch = (problem, _, known, _, _) => Note(problem, known, () => quickPasses.Add(_solver.QuickPasses));
        var answer = await Service.PostAsync("/schedules/solve", Body(work: 500));
        answer.Status.ShouldBe(200, answer.Text);
        _searched.ShouldBe(_searched.Distinct());
        _searched.Count.ShouldBe(5);
        quickPasses.ShouldAllBe(count => count == 5);
        _solver.Asked.ShouldAllBe(options => options.WorkLimit == 100);
        answer["status"]!.GetValue<string>().ShouldBe("feasible");

        (await Service.PostAsync("/schedules/solve", Body(work: 400)))["cached"]!.GetValue<bool>().ShouldBeTrue();
        _solver.Searches.ShouldBe(5);
        (await Service.PostAsync("/schedules/solve", Body(work: 1000)))["cached"]!.GetValue<bool>().ShouldBeFalse();
        _solver.Searches.ShouldBe(10, "a larger budget goes on");
    }

    [Fact]
    public async Task A_choice_whose_alternatives_lost_their_children_has_not_spent_its_budget()
    {
        _solver.Dies = _ => true;
        (await Service.PostAsync("/schedules/solve", Body(work: 500))).Status.ShouldBe(200);
        _solver.Dies = _ => false;
        (await Service.PostAsync("/schedules/solve", Body(work: 500)))["cached"]!.GetValue<bool>().ShouldBeFalse();
        (await Service.PostAsync("/schedules/solve", Body(work: 500)))["cached"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Seconds_that_an_alternative_leaves_are_for_the_others()
    {
        _solver.OnSearch = (problem, _, known, _, _) => Note(problem, known, () => { });
        (await Service.PostAsync("/schedules/solve", Body(seconds: 50))).Status.ShouldBe(200);
        var shares = _solver.Asked.Select(options => options.TimeLimitSeconds).ToList();
        shares[0].ShouldBe(10, 1);
        shares.ShouldBe(shares.Order());
        shares[^1].ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task What_cannot_lead_any_more_is_not_searched()
    {
        _solver.OnSearch = (problem, _, _, _, _) => Note(problem, QuickPass.Solve(problem), () => { });
        var body = Body(microbatches: 12);
        body["profile"]!["pipeline"]!["devices"] = 2;
        body["profile"]!["times"] = JsonNode.Parse("""{"forward":[8,1,1,8],"backwardInput":[8,1,1,8],"backwardWeight":1}""");
        var answer = await Service.PostAsync("/schedules/solve", body);
        var v = answer["alternatives"]!.AsArray().Single(alternative => alternative!["placement"]!.GetValue<string>() == "v")!;
        v["lowerBound"]!.GetValue<decimal>().ShouldBeGreaterThan(answer["makespan"]!.GetValue<decimal>(), "both large stages are on one device");
        _searched.ShouldNotBeEmpty();
        _searched.ShouldNotContain(v["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_cannot_lead_from_the_start_is_not_even_tried_and_the_answer_says_so()
    {
        _solver.OnQuickPass = QuickPass.Solve;
        var body = Body(microbatches: 12);
        body["profile"]!["pipeline"]!["devices"] = 2;
        body["profile"]!["times"] = JsonNode.Parse("""{"forward":[8,1,1,8],"backwardInput":[8,1,1,8],"backwardWeight":1}""");
        var answer = await Service.PostAsync("/schedules/solve", body);
        answer.Status.ShouldBe(200, answer.Text);
        var v = answer["alternatives"]!.AsArray().Single(alternative => alternative!["placement"]!.GetValue<string>() == "v")!;
        v["lowerBound"]!.GetValue<decimal>().ShouldBeGreaterThan(answer["makespan"]!.GetValue<decimal>());
        v["status"].ShouldBeNull();
        v["makespan"].ShouldBeNull();
        v["reason"]!.GetValue<string>().ShouldStartWith("Not tried: no schedule of this alternative is better");
        (await Service.GetAsync($"/schedules/{v["id"]}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Quick_passes_end_with_the_time_and_the_answer_says_what_was_not_tried()
    {
        _solver.OnQuick = () => Thread.Sleep(600);
        var answer = await Service.PostAsync("/schedules/solve", Body(seconds: 0.5));
        answer.Status.ShouldBe(200, answer.Text);
        _solver.QuickPasses.ShouldBe(1);
        var alternatives = answer["alternatives"]!.AsArray();
        alternatives.Count(alternative => alternative!["makespan"] is not null).ShouldBe(1);
        alternatives.Count(alternative => alternative!["reason"]?.GetValue<string>().StartsWith("Not tried yet", StringComparison.Ordinal) == true).ShouldBe(4);
        answer["status"]!.GetValue<string>().ShouldBe("feasible", "placements that were not tried may be better");
    }

    [Fact]
    public async Task A_gap_that_is_good_enough_ends_the_search()
    {
        (await Service.PostAsync("/schedules/solve", Body(gap: 1))).Status.ShouldBe(200);
        _solver.Searches.ShouldBe(0);
    }

    [Fact]
    public async Task Stopping_it_stops_the_alternative_that_runs()
    {
        _solver.OnSearch = StubSolver.UntilStoppedAsync;
        var accepted = await Service.PostAsync("/schedules/solve", Body(seconds: 60), ("Prefer", "respond-async"));
        accepted.Status.ShouldBe(202);
        for (var attempt = 0; attempt < 200 && _solver.Searches == 0; attempt++) await Task.Delay(50);
        var running = await Service.GetAsync($"/schedules/{accepted["id"]}");
        running["status"]!.GetValue<string>().ShouldBe("running");
        running["makespan"].ShouldNotBeNull("the best of the quick passes");
        var stopped = await Service.SendAsync(HttpMethod.Delete, $"/schedules/{accepted["id"]}");
        stopped["status"]!.GetValue<string>().ShouldBe("feasible");
        _solver.Searches.ShouldBe(1);
        (await Service.GetAsync("/schedules?status=running"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_start_goes_on_with_what_a_stop_left()
    {
        _solver.OnSearch = StubSolver.UntilStoppedAsync;
        var accepted = await Service.PostAsync("/schedules/solve", Body(seconds: 60), ("Prefer", "respond-async"));
        for (var attempt = 0; attempt < 200 && _solver.Searches == 0; attempt++) await Task.Delay(50);
        await Service.StopAsync();
        await using var next = new TestService(_database.ConnectionString, new StubSolver());
        var ended = await next.WaitWhileAsync(accepted["id"]!.GetValue<string>(), "queued", "running");
        ended["status"]!.GetValue<string>().ShouldBe("feasible");
        ended["alternatives"]!.AsArray().ShouldAllBe(alternative => alternative!["status"]!.GetValue<string>() == "feasible");
    }

    private Task<Solution> Note(Problem problem, Solution found, Action also)
    {
        _searched.Add(problem.Id);
        also();
        return Task.FromResult(found.WithBound(BoundCatalogue.Best(problem)));
    }

    private static JsonObject Body(double seconds = 5, long? work = null, double gap = 0, int microbatches = 6)
    {
        var body = Requests.Solve(microbatches, seconds, gap, work);
        body["profile"]!["pipeline"]!["chunks"] = 2;
        body["profile"]!["pipeline"]!["placement"] = "best";
        return body;
    }
}
