using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Evaluations;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Api.Pages.Browser;
using ScheduleSearch.Api.Pages.Evaluating;
using ScheduleSearch.Api.Pages.Forms;
using ScheduleSearch.Api.Pages.Shell;
using ScheduleSearch.Api.Pages.Stored;
using ScheduleSearch.Api.Pages.Timeline;
using ScheduleSearch.Api.Traces;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Pages.Tracing;

/// <summary>
/// The page of a recorded run. Its files go from the reader's browser to the service, and its timelines stay in the reader's tab until another run is read or
/// the page is left.
/// </summary>
public sealed partial class TracePage : IAsyncDisposable
{
    private readonly CancellationTokenSource _left = new();
    private IReadOnlyDictionary<string, IReadOnlyList<string>> _errors = new Dictionary<string, IReadOnlyList<string>>();
    private ElementReference _files;
    private ShownRun? _run;
    private ShownSchedule? _searched;
    private ShownEvaluation? _evaluation;
    private TimeUnit _timeUnit = TimeUnit.ms;
    private int? _warmUpSteps;
    private int? _step;
    private int? _replica;
    private string? _fault;
    private bool _keepsWhole;
    private bool _isSending;
    private bool _isSearching;
    private bool _isEvaluating;

    [Inject]
    private Browser.Browser Browser { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IOptions<LimitSettings> Limits { get; set; } = null!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await ReleaseAsync(_run);
        _left.Dispose();
    }

    private static string Milliseconds(double time) => Figure.Of((decimal)time);

    private static string Signed(double share) => share.ToString("+0.##%;-0.##%;0%", CultureInfo.InvariantCulture);

    private IReadOnlyList<TimelineSchedule> Timelines() =>
    [
        .. _run!.Timelines.Select(timeline => new TimelineSchedule(timeline.Url, timeline.Label)),
        .. _searched is { IsUnfinished: false, Answer: { Revision: { } revision } answer }
            ? new[] { TimelineSchedule.Stored(answer.Id, "searched", revision) }
            : [],
    ];

    private async Task ImportAsync()
    {
        _isSending = true;
        await TryAsync(async () =>
        {
            var request = new JsonObject { ["show"] = new JsonObject(), ["timeUnit"] = _timeUnit.ToString() };
            if (_step is { } step) request["show"]!["step"] = step;
            if (_replica is { } replica) request["show"]!["replica"] = replica;
            if (_warmUpSteps is { } warmUp) request["warmUpSteps"] = warmUp;
            var answer = await Browser.SendFilesAsync(
                "/profiles/import", request, _files, Limits.Value.MaxBodyBytes, "shown", "recorded", "replayed", "medians");
            var run = new ShownRun(answer.Read<ImportAnswer>());
            if (_left.IsCancellationRequested) await ReleaseAsync(run);
            else await ShowAsync(run);
        });
        _isSending = false;
    }

    private async Task ShowAsync(ShownRun run)
    {
        var before = _run;
        (_run, _searched, _evaluation) = (run, null, null);
        // What the run had is what its runtime can do.
        _keepsWhole = run.Imported.Samples?.Backward is not null;
        await ReleaseAsync(before);
    }

    private async Task ReleaseAsync(ShownRun? run)
    {
        foreach (var (url, _) in run?.Timelines ?? []) await Browser.ReleaseAsync(url);
    }

    private async Task SearchAsync()
    {
        (_isSearching, _searched, _evaluation) = (true, null, null);
        var run = _run!;
        await TryAsync(async () =>
        {
            var request = new JsonObject
            {
                ["profile"] = run.Imported.Profile.DeepClone(),
                ["options"] = new JsonObject { ["splitBackward"] = !_keepsWhole },
            };
            var answer = await Browser.SendAsync("POST", "/schedules/solve", request.ToJsonString(), "respond-async");
            var id = answer.Read<JsonObject>()["id"]!.GetValue<string>();
            await foreach (var searched in ShownSchedule.FollowAsync(Browser, id, _left.Token))
            {
                // Another run may have been read meanwhile.
                if (_run != run) return;
                (_searched, _fault) = (searched, searched.Answer.Problem?.Detail);
                StateHasChanged();
            }
        });
        _isSearching = false;
    }

    private async Task EvaluateAsync()
    {
        _isEvaluating = true;
        var (run, id) = (_run!, _searched!.Answer.Id);
        await TryAsync(async () =>
        {
            var samples = JsonSerializer.SerializeToNode(run.Imported.Samples, AnswerJson.Options);
            var request = new JsonObject { ["noise"] = new JsonObject { ["samples"] = samples } };
            var answer = await Browser.SendAsync("POST", $"/schedules/{id}/evaluate", request.ToJsonString());
            if (_run == run) _evaluation = new ShownEvaluation(answer.Read<EvaluationAnswer>());
        });
        _isEvaluating = false;
    }

    /// <summary>Has the profile stand on the page of new schedules.</summary>
    private void Carry() => Navigation.NavigateTo(RequestInUrl.Of("/", new JsonObject { ["profile"] = _run!.Imported.Profile.DeepClone() }));

    /// <summary>Does something, and tells of what goes wrong.</summary>
    private async Task TryAsync(Func<Task> action)
    {
        (_fault, _errors) = (null, new Dictionary<string, IReadOnlyList<string>>());
        try
        {
            await action();
        }
        catch (BrowserFault fault)
        {
            (_fault, _errors) = (fault.Message, fault.Errors);
        }
    }
}
