using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Hosting;

/// <summary>Several processes of the service on one Postgres: some answer requests, others search.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schedulesearch-").FullName;
    private readonly (string, string)[] _environment;

    private Cluster(TestDatabase database, (string, string)[] settings)
    {
        Database = database;
        _environment =
        [
            ("SCHEDULESEARCH_DATABASE", database.ConnectionString), ("Jobs__SweepSeconds", "1"), ("Jobs__MaxUnfinished", "1000"),
            // Each worker has a part of the machine.
            ("Solver__Workers", "1"), ("Jobs__QuickPasses", "1"), .. settings,
        ];
    }

    public TestDatabase Database { get; }

    public List<ServiceProcess> Apis { get; } = [];

    public List<ServiceProcess> Workers { get; } = [];

    /// <summary>Starts all processes at once, on a database that none has seen before.</summary>
    public static async Task<Cluster> StartAsync(int apis, int workers, params (string Name, string Value)[] settings)
    {
        var cluster = new Cluster(await TestDatabase.CreateAsync(TestDatabase.Postgres), settings);
        var starting = Enumerable.Range(0, apis + workers).Select(process => cluster.StartAsync(process < apis ? "Api" : "Worker")).ToList();
        foreach (var started in starting) (cluster.Apis.Count < apis ? cluster.Apis : cluster.Workers).Add(await started);
        return cluster;
    }

    /// <summary>Starts one more process.</summary>
    public Task<ServiceProcess> StartAsync(string role) => ServiceProcess.StartAsync(_folder, [.. _environment, ("Jobs__Role", role)]);

    /// <summary>The answer of an id from a process, once its search has ended.</summary>
    public static async Task<JsonNode> EndOfAsync(ServiceProcess api, string id, TimeSpan most)
    {
        using var patience = new CancellationTokenSource(most);
        while (true)
        {
            var answer = await api.GetAsync(id);
            if (answer["status"]!.GetValue<string>() is not ("queued" or "running")) return answer;
            await Task.Delay(100, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Apis.Concat(Workers)) process.Dispose();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
