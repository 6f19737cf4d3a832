using System.Diagnostics;
using System.Text.RegularExpressions;
using ScheduleSearch.Api.Tests.Hosting;
using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Telemetry;

/// <summary>A service that has searched, answered from its table and lost a child, and what its <c>/metrics</c> says of it.</summary>
public sealed partial class MetricsTests(MetricsTests.Busy service) : IClassFixture<MetricsTests.Busy>
{
    private const string Prefix = "schedulesearch_";

    [Fact]
    public void Requests_count_by_whether_the_table_answered()
    {
        service.Metrics.Sum(Prefix + "solve_requests_total", "cache=\"miss\"").ShouldBe(3);
        service.Metrics.Sum(Prefix + "solve_requests_total", "cache=\"hit\"").ShouldBe(2);
    }

    [Fact]
    public void Searches_count_by_method_and_end()
    {
        // A family's answer is no search.
        service.Metrics.Sum(Prefix + "search_duration_seconds_count").ShouldBe(3);
        service.Metrics.Sum(Prefix + "search_duration_seconds_count", "outcome=\"child-lost\"").ShouldBe(1);
        service.Metrics.Sum(Prefix + "search_duration_seconds_count", "outcome=\"canceled\"").ShouldBe(1);
        service.Metrics.Sum(Prefix + "search_duration_seconds_count", "outcome=\"budget\"").ShouldBe(1);
        service.Metrics.Sum(Prefix + "search_gap_count").ShouldBe(3);
        service.Metrics.Sum(Prefix + "search_gap_sum")!.Value.ShouldBeInRange(1e-6, 3);
        service.Metrics.Sum(Prefix + "quick_pass_duration_seconds_count").ShouldBe(3);
        service.Metrics.Sum(Prefix + "quick_pass_duration_seconds_sum")!.Value.ShouldBeInRange(1e-6, 60);
    }

    [Fact]
    public void Children_count_with_their_memory_and_their_deaths()
    {
        service.Metrics.Sum(Prefix + "solver_children_lost_total", "reason=\"died\"").ShouldBe(1);
        service.Metrics.Sum(Prefix + "solver_children_lost_total", "reason=\"memory\"").ShouldBe(0);
        var children = service.Metrics.Sum(Prefix + "solver_children")!.Value;
        children.ShouldBeGreaterThanOrEqualTo(1);
        service.Metrics.Sum(Prefix + "solver_children_memory_bytes")!.Value.ShouldBeInRange(children * (10 << 20), children * (1L << 30));
    }

    [Fact]
    public void Rows_count_by_state()
    {
        Answered(service.Metrics).ShouldBe(3);
        service.Metrics.Sum(Prefix + "schedules", "state=\"running\"").ShouldBe(0);
        service.Metrics.Sum(Prefix + "queue_oldest_age_seconds").ShouldBe(0);
        service.Metrics.Sum(Prefix + "storage_reachable").ShouldBe(1);
    }

    [Fact]
    public void No_label_holds_what_a_user_sent()
    {
        service.Text.ShouldNotContain("named by a user");
        service.Text.ShouldNotContain("breadth-first-2");
        service.Text.ShouldNotContain(service.Id);
        service.Text.ShouldContain("http_route=\"/schedules/solve\"");
    }

    [Theory]
    [InlineData("grafana-dashboard.json", "\"expr\": \"")]
    [InlineData("prometheus-rules.yml", "expr: ")]
    [InlineData("kubernetes/worker-scaling.yaml", "query: ")]
    public void What_is_deployed_asks_for_metrics_that_there_are(string file, string before)
    {
        var expressions = File.ReadLines(Path.Combine(SourceProject.Repository, "deploy", file)).Select(line => line.Trim())
            .Where(line => line.StartsWith(before, StringComparison.Ordinal)).Select(line => line[before.Length..]);
        var names = expressions.SelectMany(MetricsOf).ToHashSet();
        names.ShouldNotBeEmpty();
        // Prometheus itself says whether it could scrape.
        names.Except(service.Metrics.Names).Except(["up"]).ShouldBeEmpty();
    }

    [Fact]
    public void The_document_of_operations_names_every_metric_of_the_service_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(SourceProject.Repository, "docs", "operations.md"));
        var named = Own().Matches(page).Select(match => match.Value).ToHashSet();
        var there = service.Metrics.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Parts().Replace(name, "")).ToHashSet();
        named.ShouldBe(there, ignoreOrder: true);
    }

    private static double? Answered(Exposition metrics) =>
        metrics.Sum(Prefix + "schedules", "state=\"feasible\"") + metrics.Sum(Prefix + "schedules", "state=\"optimal\"");

    /// <summary>The names in an expression that are neither functions nor labels nor words of the language.</summary>
    private static IEnumerable<string> MetricsOf(string expression)
    {
        var bare = Braces().Replace(Grouping().Replace(Text().Replace(expression, ""), " "), " ");
        return Name().Matches(bare).Select(match => match.Value).Where(name => name is not ("and" or "or" or "unless" or "bool"));
    }

    [GeneratedRegex("""\\?"[^"]*\\?"|'[^']*'(?=\s*[,}])""")]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braces();

    [GeneratedRegex(@"(?<![\w.$])[a-z_][a-z0-9_]*(?![\w(])(?!\s*\()")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bschedulesearch_[a-z_]+")]
    private static partial Regex Own();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Parts();

    /// <summary>The service as a process, since what counts in one process counts for every service in it.</summary>
    public sealed class Busy : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;

        public string Text { get; private set; } = "";

        public string Id { get; private set; } = "";

        internal Exposition Metrics { get; private set; } = new("");

        public async Task InitializeAsync()
        {
            using var process = await ServiceProcess.StartAsync(_folder, ("Telemetry__TableSeconds", "0.1"));
            var family = Requests.Solve(microbatches: 6);
            family["profile"]!["name"] = "named by a user";
            family["profile"]!["pipeline"]!["placement"] = "interleaved";
            family["profile"]!["pipeline"]!["chunks"] = 2;
            family["options"]!["family"] = "breadth-first-2";
            await process.PostAsync(family, "wait=30");

            var brief = Requests.Open();
            brief["options"]!["workLimit"] = 300;
            for (var request = 0; request < 3; request++) await process.PostAsync(brief, "wait=100");

            // Its first child is killed, and the next one is stopped.
            var open = Requests.Open();
            open["profile"]!["pipeline"]!["microbatches"] = 41;
            var answer = await process.PostAsync(open, "respond-async");
            Id = answer["id"].ShouldNotBeNull(answer.ToJsonString()).GetValue<string>();
            var killed = await process.SearchingChildAsync();
            killed.Kill();
            await killed.WaitForExitAsync();
            await process.SearchingChildAsync();
            (await process.Http.DeleteAsync($"/schedules/{Id}")).Dispose();

            for (var clock = Stopwatch.StartNew(); ; await Task.Delay(100))
            {
                using var response = await process.Http.GetAsync("/metrics");
                Text = await response.Content.ReadAsStringAsync();
                Metrics = new Exposition(Text);
                if (Answered(Metrics) == 3) break;
                clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), Text);
            }
        }

        public Task DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return Task.CompletedTask;
        }
    }
}
