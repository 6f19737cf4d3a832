using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>
/// A format that refuses what it does not cover, in the words of the feature. A feature that streams can do without is handed on as latency.
/// </summary>
internal sealed class CoveredFormat(IInstructionFormat format) : IInstructionFormat
{
    public string Name => format.Name;

    public string MediaType => format.MediaType;

    public string FileExtension => format.FileExtension;

    public string Description => format.Description;

    public IReadOnlyList<string> Versions => format.Versions;

    public string? Version => format.Version;

    public bool ShowsName => format.ShowsName;

    public FeatureSet Covers => format.Covers;

    public IInstructionFormat ForVersion(string version) => new CoveredFormat(format.ForVersion(version));

    public FormatRefusal? WhyNone(Problem problem) => format.WhyNone(problem);

    public FormatRefusal? WhyNot(Timeline timeline) => WhyNone(timeline.Schedule.Problem) ?? format.WhyNot(AsSeen(timeline));

    public Timeline AsWritten(Timeline timeline) => format.AsWritten(AsSeen(timeline));

    public IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) => format.SettingsFor(AsSeen(timeline));

    public IReadOnlyList<string> NotesFor(Timeline timeline) => format.NotesFor(AsSeen(timeline));

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output) => format.Write(AsSeen(timeline), rank, output);

    private Timeline AsSeen(Timeline timeline) => Covers.Covers(timeline.Schedule.Problem) ? timeline : timeline.OnDevices();
}
