using ScheduleSearch.Core.Traces.Formats;

namespace ScheduleSearch.Core.Traces;

/// <summary>Every format of traces: a new one is a new file and a line here.</summary>
public static class TraceFormatCatalogue
{
    /// <summary>The formats, in the order in which files are tried.</summary>
    public static IReadOnlyList<ITraceFormat> All { get; } =
    [
        new StragglerTimeline(),
        new PyTorchTrace(),
        new PipelineTimers(),
        new ZeroBubbleTimers(),
        new MegatronTimers(),
        new OperationTable(),
    ];

    /// <summary>The format of files; null where none is of all of them.</summary>
    public static ITraceFormat? Find(IReadOnlyList<TraceFile> files) => All.FirstOrDefault(format => files.All(format.IsOf));
}
