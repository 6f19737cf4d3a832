using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>The replayed timeline by columns, for pictures that a program draws: every operation with its times and what decided them.</summary>
internal sealed class TimelineFormat : IInstructionFormat
{
    public string Name => "timeline";

    public string MediaType => "application/json";

    public string FileExtension => "json";

    public string Description =>
        "JSON for programs that draw or examine a schedule: columns over all operations with start, end, what memory they take and free, and the "
        + "operation whose end decided when each starts; with the lanes, the colours of the picture, the critical path, and the phases and idle time of each "
        + "rank. The two of an overlapped pair have the times of the pair. Carries every schedule.";

    public bool ShowsName => true;

    public FeatureSet Covers => Carriage.Listed;

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output) =>
        JsonStream.Write(timeline, this, [], output, json => new TimelineDocument(timeline, rank, json).Write());
}
