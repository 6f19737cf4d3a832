using System.Diagnostics;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Faults;

/// <summary>The service as a process, on a search that nobody ends in time.</summary>
public sealed class EndedProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_service_leaves_no_child_and_goes_on_with_its_searches()
    {
        string id;
        decimal found;
        using (var service = await ServiceProcess.StartAsync(_folder))
        {
            service.Swagger.ShouldEndWith("/swagger");
            id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
            found = (await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running"))["makespan"]!.GetValue<decimal>();
            var children = service.Children();
            await service.KillAsync();
            await EndAsync(children, "kill -9 of a service");
        }

        File.Exists(Path.Combine(_folder, "data", "schedulesearch.db")).ShouldBeTrue();
        var clock = Stopwatch.StartNew();
        using var restarted = await ServiceProcess.StartAsync(_folder);
        var ready = clock.Elapsed;
        var running = await WaitForAsync(restarted, id, answer => answer["status"]!.GetValue<string>() == "running");
        running["makespan"]!.GetValue<decimal>().ShouldBeLessThanOrEqualTo(found);
        LongRun.Print(
            $"kill -9 of a service on SQLite while it searched: started anew it was ready after {ready.TotalSeconds:0.0} s and searched on from its best "
            + $"{(clock.Elapsed - ready).TotalSeconds:0.0} s later.");
    }

    [Fact]
    public async Task A_terminated_service_leaves_no_child_and_its_searches_queued_within_the_time_it_is_given()
    {
        string id;
        using (var service = await ServiceProcess.StartAsync(_folder))
        {
            id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
            await WaitForAsync(service, id, answer => answer["status"]!.GetValue<string>() == "running");
            var children = service.Children();
            // The drain is a promise to orchestrators, which kill what takes longer.
            var drained = await service.TerminateAsync();
            drained.ShouldBeLessThan(TimeSpan.FromSeconds(15));
            LongRun.Print(
                $"SIGTERM of a service on SQLite while it searched: ended after {drained.TotalSeconds:0.0} s, its search queued with the best so far.");
            await EndAsync(children, "SIGTERM of a service");
        }

        using var restarted = await ServiceProcess.StartAsync(_folder);
        var again = await restarted.GetAsync(id);
        again["status"]!.GetValue<string>().ShouldBeOneOf("queued", "running");
        again["devices"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task After_a_killed_child_another_one_goes_on_from_the_best()
    {
        using var service = await ServiceProcess.StartAsync(_folder);
        var id = (await service.PostAsync(Requests.Open(), "respond-async"))["id"]!.GetValue<string>();
        var child = await service.SearchingChildAsync();
        var found = (await service.GetAsync(id))["makespan"]!.GetValue<decimal>();
        child.Kill();
        var clock = Stopwatch.StartNew();
        await child.WaitForExitAsync();
        (await service.SearchingChildAsync()).Id.ShouldNotBe(child.Id);
        var after = await service.GetAsync(id);
        LongRun.Print(
            "kill -9 of the child that searched: clients see the search running with its best so far, and another child had searched for 4 s of a core "
            + $"{clock.Elapsed.TotalSeconds:0.0} s later.");
        (after["status"]!.GetValue<string>(), after["makespan"]!.GetValue<decimal>() <= found).ShouldBe(("running", true));
    }

    private static async Task EndAsync(List<Process> children, string what)
    {
        var clock = Stopwatch.StartNew();
        children.ShouldNotBeEmpty();
        foreach (var child in children) await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        LongRun.Print($"{what}: its children had ended {clock.Elapsed.TotalSeconds:0.0} s later.");
    }

    private static async Task<JsonNode> WaitForAsync(ServiceProcess service, string id, Func<JsonNode, bool> condition)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await service.GetAsync(id);
            if (condition(answer)) return answer;
            attempt.ShouldBeLessThan(400, answer["status"]!.GetValue<string>());
            await Task.Delay(50);
        }
    }
}
