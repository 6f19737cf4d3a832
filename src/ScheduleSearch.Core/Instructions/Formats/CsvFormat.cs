using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>
/// The operations as a table for spreadsheets and data frames: a header, then a row for each operation, those of a lane in execution order. The two of an
/// overlapped pair are two rows, of which the second ends with the first and has no time of its own.
/// </summary>
internal sealed class CsvFormat : IInstructionFormat
{
    public string Name => "csv";

    public string MediaType => "text/csv";

    public string FileExtension => "csv";

    public string Description =>
        "The operations as a table for spreadsheets: the header device,lane,op,pipe,stage,microbatch,slice,start,end, then one row for each operation, those "
        + "of a lane in execution order; lane is empty for what the device itself carries out, and times are in the profile's unit. Where the profile has "
        + "other work to do in bubbles, item after slice names it. Carries every schedule.";

    public FeatureSet Covers => Carriage.Listed;

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output)
    {
        var problem = timeline.Schedule.Problem;
        output.AppendLine($"device,lane,op,pipe,stage,microbatch,slice,{(problem.Fill.IsEmpty ? "" : "item,")}start,end");
        for (var device = rank ?? 0; device < (rank + 1 ?? problem.Devices); device++)
        {
            foreach (var lane in timeline.Graph.LanesOf(device)) WriteLane(timeline, device, lane, output);
        }
    }

    private static void WriteLane(Timeline timeline, int device, int lane, IBufferWriter<byte> output)
    {
        var (graph, scale) = (timeline.Graph, timeline.Schedule.Problem.TimeScale);
        var name = graph.Lanes[lane] is { Kind: not LaneKind.Compute } other ? other.Name : "";
        foreach (var index in timeline.Schedule.OrderOf(lane))
        {
            var operation = graph.Operations[index];
            var (start, end) = (scale.FromTicks(timeline.StartOf(index)), scale.FromTicks(timeline.EndOf(index)));
            output.Append($"{device},{name},{operation.Facts.Name},{operation.Pipe},{operation.Stage},");
            output.Append($"{operation.Microbatch},{operation.Slice},");
            if (!timeline.Schedule.Problem.Fill.IsEmpty) output.Append($"{operation.Item},");
            output.AppendLine($"{start},{end}");
        }
    }
}
