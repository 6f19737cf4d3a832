using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// Timelines of ByteDance's analysis of stragglers: events as Chrome has them, in microseconds, a process for each data-parallel replica and a thread for each
/// stream of a pipeline rank. Source: <c>https://github.com/ByteDance-Seed/StragglerAnalysis</c>.
/// </summary>
internal sealed partial class StragglerTimeline : ITraceFormat
{
    private const string ForwardName = "forward-compute", BackwardName = "backward-compute", ThreadName = "thread_name";
    private const int LongestName = 1000, MostNumber = 1 << 20;
    private const double MostTime = 1e15, Microsecond = 0.001;

    /// <inheritdoc/>
    public string Name => "straggler-timeline";

    /// <inheritdoc/>
    public string Description =>
        "Timelines of ByteDance-Seed/StragglerAnalysis: Chrome events forward-compute and backward-compute with args.step, args.model_chunk and args.mb_id.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file) => file.HasEvent(name => name is ForwardName or BackwardName);

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var operations = ImmutableArray.CreateBuilder<TracedOperation>();
        var before = errors.Count;
        foreach (var file in request.Files)
        {
            var (events, ranks) = (new List<ChunkEvent>(), new Dictionary<(long Process, long Thread), int>());
            new JsonValue(file.Events!.Value, file.EventsPath, errors).Each<bool>(value => value.Members(members => ReadEvent(members, events, ranks)));
            if (errors.Count > before) return null;
            var devices = events.Select(each => ranks.GetValueOrDefault((each.Process, each.Thread), -1)).DefaultIfEmpty(-1).Max() + 1;
            foreach (var each in events)
            {
                if (!ranks.TryGetValue((each.Process, each.Thread), out var rank))
                {
                    errors.Add(new(file.EventsPath, $"Has no thread_name \"PP rank ...\" for process {each.Process}, thread {each.Thread}, which computes."));
                    return null;
                }

                operations.Add(new(
                    (int)each.Process, each.Step, rank, each.Chunk * devices + rank, each.IsForward ? OperationKind.Forward : OperationKind.Backward,
                    each.Microbatch, each.Start * Microsecond, each.Duration * Microsecond));
            }
        }

        return new Trace { Format = Name, Operations = operations.DrainToImmutable() };
    }

    private static bool ReadEvent(JsonMembers members, List<ChunkEvent> events, Dictionary<(long Process, long Thread), int> ranks)
    {
        members.IgnoreOthers();
        var name = members.Optional("name")?.Text(LongestName);
        if (name is not (ForwardName or BackwardName or ThreadName)) return true;
        var (process, thread) = (members.Required("pid")?.Whole(0, MostNumber), members.Required("tid")?.Whole(0, MostNumber));
        if (name == ThreadName)
        {
            var label = members.Required("args")?.Members(args => ReadLabel(args));
            if (process is { } of && thread is { } on && label is not null && RankName().Match(label) is { Success: true } match)
                ranks[(of, on)] = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            return true;
        }

        var start = members.Required("ts")?.Number(-MostTime, above: false, MostTime, "a time in microseconds");
        var duration = members.Required("dur")?.Number(0, above: false, MostTime, "a time in microseconds from 0");
        var place = members.Required("args")?.Members(ReadPlace);
        if (process is null || thread is null || start is null || duration is null || place is not { } found) return true;
        events.Add(new(process.Value, thread.Value, name == ForwardName, found.Step, found.Chunk, found.Microbatch, start.Value, duration.Value));
        return true;
    }

    private static string? ReadLabel(JsonMembers args)
    {
        args.IgnoreOthers();
        return args.Required("name")?.Text(LongestName);
    }

    private static ChunkPlace? ReadPlace(JsonMembers args)
    {
        args.IgnoreOthers();
        var step = args.Required("step")?.Whole(0, int.MaxValue);
        var chunk = args.Optional("model_chunk") is { } given ? given.Whole(0, MostNumber) : 0;
        var microbatch = args.Required("mb_id")?.Whole(0, MostNumber);
        return step is null || chunk is null || microbatch is null ? null : new ChunkPlace((int)step, (int)chunk, (int)microbatch);
    }

    [GeneratedRegex(@"^PP rank (\d{1,5})\b")]
    private static partial Regex RankName();

    private sealed record ChunkPlace(int Step, int Chunk, int Microbatch);

    private readonly record struct ChunkEvent(
        long Process, long Thread, bool IsForward, int Step, int Chunk, int Microbatch, double Start, double Duration);
}
