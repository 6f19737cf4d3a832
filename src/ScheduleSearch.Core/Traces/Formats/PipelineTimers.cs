using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Traces.Formats;

/// <summary>
/// The <c>pp_data</c> of Primus, a file for each rank: by iteration the starts and ends of all forwards and backwards in milliseconds, and the memory of the
/// rank. Source: <c>https://github.com/AMD-AGI/Primus</c>.
/// </summary>
internal sealed class PipelineTimers : ITraceFormat
{
    private const string ForwardStart = "fwd_start", Chunks = "vp_size";
    private const int MostIteration = 1 << 30;
    private const double MostTime = 1e12, MostMemory = 1e13;

    /// <inheritdoc/>
    public string Name => "primus";

    /// <inheritdoc/>
    public string Description => "The pp_data of Primus: pp_rank_N.json with fwd_start, fwd_end, bwd_start and bwd_end by iteration, and its config.json.";

    /// <inheritdoc/>
    public bool IsOf(TraceFile file)
    {
        if (file.Content.ValueKind != JsonValueKind.Object) return false;
        if (IsConfiguration(file)) return true;
        foreach (var iteration in file.Content.EnumerateObject())
            return iteration.Value.ValueKind == JsonValueKind.Object && iteration.Value.TryGetProperty(ForwardStart, out _);
        return false;
    }

    /// <inheritdoc/>
    public Trace? Read(ImportRequest request, List<ProfileError> errors)
    {
        var operations = ImmutableArray.CreateBuilder<TracedOperation>();
        var (memory, before, place) = (new Dictionary<int, double>(), errors.Count, 0);
        foreach (var file in request.Files)
        {
            if (IsConfiguration(file))
            {
                CheckConfiguration(file, errors);
                continue;
            }

            var rank = file.NumberAfter("rank") ?? place;
            place++;
            foreach (var iteration in file.Content.EnumerateObject())
            {
                var path = $"{file.Path}.{iteration.Name}";
                if (!int.TryParse(iteration.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var step) || step > MostIteration)
                    errors.Add(new(path, "Must be the number of an iteration."));
                else new JsonValue(iteration.Value, path, errors).Members(members => ReadIteration(members, path, rank, step, operations, memory, errors));
            }
        }

        if (errors.Count > before) return null;
        return new Trace
        {
            Format = Name,
            Operations = operations.DrainToImmutable(),
            PeakMemory = memory.ToImmutableSortedDictionary(),
            Untold = ["How long a backward takes for each of its gradients is not recorded."],
        };
    }

    private static bool IsConfiguration(TraceFile file) =>
        file.Content.ValueKind == JsonValueKind.Object && file.Content.TryGetProperty("pp_size", out _) && file.Content.TryGetProperty("num_mbs", out _);

    private static void CheckConfiguration(TraceFile file, List<ProfileError> errors)
    {
        if (file.Content.TryGetProperty(Chunks, out var chunks) && chunks.ValueKind == JsonValueKind.Number && chunks.TryGetInt32(out var count) && count > 1)
            errors.Add(new($"{file.Path}.{Chunks}", $"Is {count}; the times do not say of which chunk they are, so only runs of one are read."));
    }

    private static bool ReadIteration(
        JsonMembers members, string path, int rank, int step, ImmutableArray<TracedOperation>.Builder operations, Dictionary<int, double> memory,
        List<ProfileError> errors)
    {
        members.IgnoreOthers();
        var held = members.Optional("memory")?.Number(0, above: false, MostMemory, "GiB from 0");
        if (held is { } most) memory[rank] = Math.Max(most, memory.GetValueOrDefault(rank));
        ReadKind(OperationKind.Forward, ForwardStart, "fwd_end");
        ReadKind(OperationKind.Backward, "bwd_start", "bwd_end");
        return true;

        void ReadKind(OperationKind kind, string start, string end)
        {
            if (Times(start) is not { } starts || Times(end) is not { } ends) return;
            if (starts.Length != ends.Length)
            {
                errors.Add(new($"{path}.{end}", $"Has {ends.Length} times, and {start} {starts.Length}."));
                return;
            }

            for (var microbatch = 0; microbatch < starts.Length; microbatch++)
            {
                if (ends[microbatch] < starts[microbatch])
                    errors.Add(new($"{path}.{end}[{microbatch}]", $"Is before {start}, {starts[microbatch].ToString(CultureInfo.InvariantCulture)}."));
                operations.Add(new(0, step, rank, rank, kind, microbatch, starts[microbatch], ends[microbatch] - starts[microbatch]));
            }
        }

        ImmutableArray<double>? Times(string name) => members.Required(name)?.Each(time => time.Number(0, above: false, MostTime, "a time from 0"));
    }
}
