using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>A trace in the JSON format of Chrome and Perfetto: operations by rank, arrows for the messages between them, and memory as a counter.</summary>
internal sealed class ChromeTraceFormat : IInstructionFormat
{
    public string Name => "chrome-trace";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "A trace for people: open it in ui.perfetto.dev or chrome://tracing. One thread a rank, an arrow for every message between ranks, and the "
        + "activation memory of each rank as a counter. An overlapped pair is one box, and the sum of a stage's gradients over two pipes a mark on both "
        + "its ranks. Carries every schedule.";

    public FeatureSet Covers => Carriage.Listed;

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output) =>
        JsonStream.Write(timeline, this, [], output, json =>
        {
            json.WriteString("displayTimeUnit", "ms");
            json.WritePropertyName("traceEvents");
            json.WriteStartArray();
            new TraceEvents(timeline, json).Write(rank);
            json.WriteEndArray();
        });
}
