using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Families;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Core.Traces.Json;
using ScheduleSearch.Core.Traces.Runs;
using ScheduleSearch.Tests.Shared;

namespace ScheduleSearch.Core.Tests.Traces;

/// <summary>Runs that are made of schedules, in the forms in which runs are recorded.</summary>
internal static class WrittenRuns
{
    private static readonly Dictionary<OperationKind, string> Letters = new()
    {
        [OperationKind.Forward] = "F",
        [OperationKind.BackwardInput] = "I",
        [OperationKind.BackwardWeight] = "W",
        [OperationKind.Backward] = "B",
    };

    /// <summary>A family's schedule of two devices and six microbatches, whose stages take unequal times.</summary>
    public static Timeline Run(string placement, int chunks, string family, decimal scale = 1)
    {
        var stages = 2 * chunks;
        var profile = Shape.Profile(devices: 2, microbatches: 6, chunks, placement, communication: 0.5m * scale) with { Memory = null };
        decimal[] Each(decimal first) => [.. Enumerable.Range(0, stages).Select(stage => (first + stage) * scale)];
        profile = profile with { Times = profile.Times with { Forward = Each(10), BackwardInput = Each(11), BackwardWeight = Each(9) } };
        return Replay.Run(FamilyCatalogue.Find(family)!.ScheduleOf(Problem.Create(profile)));
    }

    /// <summary>Four steps of a timeline.</summary>
    public static string Table(Timeline timeline, Func<Operation, decimal, decimal, (decimal Start, decimal Duration)>? change = null)
    {
        var (graph, scale, text) = (timeline.Graph, timeline.Schedule.Problem.TimeScale, new StringBuilder("rank,stage,kind,microbatch,start,duration,step\n"));
        var length = scale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
        for (var step = 0; step < 4; step++)
        {
            for (var index = 0; index < graph.Count; index++)
            {
                var operation = graph.Operations[index];
                var (start, duration) = (scale.FromTicks(timeline.StartOf(index)), scale.FromTicks(graph.Durations[index]));
                if (change is not null) (start, duration) = change(operation, start, duration);
                text.Append(CultureInfo.InvariantCulture, $"{graph.DeviceOf(index)},{operation.Stage},{operation.Facts.Name},{operation.Microbatch},")
                    .Append(CultureInfo.InvariantCulture, $"{Text(start + 10 * step * length)},{Text(duration)},{step}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Three steps of a rank as the profiler writes them; where it waits, a mark begins as soon as the rank has ended what was before.</summary>
    public static JsonObject Marks(Timeline timeline, int rank, bool waits)
    {
        var (graph, scale, events) = (timeline.Graph, timeline.Schedule.Problem.TimeScale, new JsonArray());
        var length = scale.FromTicks(ScheduleMetrics.Of(timeline).Makespan);
        for (var step = 0; step < 3; step++)
        {
            var free = 0m;
            foreach (var index in timeline.Schedule.OrderOf(rank).ToArray())
            {
                var operation = graph.Operations[index];
                var (start, end) = (scale.FromTicks(timeline.StartOf(index)), scale.FromTicks(timeline.EndOf(index)));
                if (waits) start = free;
                free = end;
                var name = $"PP:{operation.Stage}{Letters[operation.Kind]}{operation.Microbatch}";
                events.Add(new JsonObject
                {
                    ["ph"] = "X",
                    ["cat"] = "user_annotation",
                    ["name"] = name,
                    ["ts"] = 1000 * (double)(start + step * length),
                    ["dur"] = 1000 * (double)(end - start),
                });
            }

            events.Add(new JsonObject { ["ph"] = "X", ["name"] = "aten::mm", ["ts"] = 0.0, ["dur"] = 1.0 });
            events.Add(new JsonObject { ["ph"] = "X", ["name"] = $"PP:{rank}SEND_F0", ["ts"] = 0.0, ["dur"] = 1.0 });
        }

        return new JsonObject { ["content"] = new JsonObject { ["distributedInfo"] = new JsonObject { ["rank"] = rank }, ["traceEvents"] = events } };
    }

    /// <summary>A file of text.</summary>
    public static JsonArray Files(string text) => new(new JsonObject { ["name"] = "run.csv", ["content"] = text });

    /// <summary>A number as files have it.</summary>
    public static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is imported of a body.</summary>
    public static ImportedProfile Import(JsonNode body)
    {
        using var document = JsonDocument.Parse(body.ToJsonString());
        return TraceImporter.Of(ImportJson.Read(document.RootElement), ProblemLimits.Default);
    }
}
