using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Agents;
using ScheduleSearch.Api.Batches;
using ScheduleSearch.Api.Callbacks;
using ScheduleSearch.Api.Commands;
using ScheduleSearch.Api.Diagnostics;
using ScheduleSearch.Api.Estimates;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Jobs;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Pages;
using ScheduleSearch.Api.Plans;
using ScheduleSearch.Api.Retention;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Sweeps;
using ScheduleSearch.Api.Telemetry;
using ScheduleSearch.Api.Traces;
using ScheduleSearch.Api.Transfer;

const string DefaultUrl = "http://127.0.0.1:5080";

var (command, configuration) = CommandLine.Split(args);
var builder = WebApplication.CreateBuilder(configuration);
builder.Configuration.AddInstalled();
string[] namesOfUrls = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];
if (!namesOfUrls.Any(name => builder.Configuration.GetSection(name).Exists())) builder.WebHost.UseUrls(DefaultUrl);

builder.Services
    .AddLimits()
    .AddFaults()
    .AddTransport()
    .AddOrigins()
    .AddWarmUp()
    .AddDocument()
    .AddStorage()
    .AddAccess()
    .AddSchedules()
    .AddJobs()
    .AddCallbacks()
    .AddBatches()
    .AddSweeps()
    .AddPlans()
    .AddEvaluations()
    .AddAgents()
    .AddRetention()
    .AddTransfer()
    .AddPages()
    .AddTelemetry(builder.Configuration);
builder.Logging.AddLines();
builder.WebHost.UseStaticWebAssets();

if (command is not null) return await CommandLine.RunAsync(command, builder);

var app = builder.Build();
if (app.RefusalToListen() is { } refusal)
{
    Console.Error.WriteLine(refusal);
    return 1;
}

app.UseResponseCompression();
app.UseHead();
app.UseOrigins();
app.UseFaults();
var isApi = app.Services.GetRequiredService<IOptions<JobSettings>>().Value.IsApi;
if (isApi) app.UseDocument().UsePageFiles();
app.UseAccess();
app.UseKnownQueries();
app.MapHealth().MapMetrics();
if (isApi)
{
    app.MapSchedules().MapStored().MapLayouts().MapBatches().MapSweeps().MapLeastMemory().MapPlans().MapReplicas();
    app.MapAnalysis().MapInstructions().MapPictures().MapEvents().MapCatalogues().MapEstimates().MapTraces();
    app.MapEvaluations().MapResearch().MapAgents();
    app.MapPages();
    app.MapDashboard()?.RequireAuthorization(AccessPolicies.Admin);
    app.UseReadyLine(address => $"open {address}/swagger");
}
else
{
    app.UseReadyLine(address => $"a worker, whose health is at {address}/readyz");
}

app.Run();
return 0;
