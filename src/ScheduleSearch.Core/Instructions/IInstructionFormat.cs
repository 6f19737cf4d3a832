using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions;

/// <summary>A form in which a schedule leaves the service: a runtime's instruction stream, or a picture of it.</summary>
public interface IInstructionFormat
{
    /// <summary>The name that requests give it.</summary>
    string Name { get; }

    /// <summary>The media type of what is written, such as <c>text/csv</c>.</summary>
    string MediaType { get; }

    /// <summary>The ending of a file that holds it, without the dot.</summary>
    string FileExtension { get; }

    /// <summary>Which runtime reads it, which schedules it carries, and what goes with it.</summary>
    string Description { get; }

    /// <summary>The versions of the runtime that read different streams, oldest first; empty when one stream serves all.</summary>
    IReadOnlyList<string> Versions => [];

    /// <summary>Which of <see cref="Versions"/> this is for; null when there are none.</summary>
    string? Version => null;

    /// <summary>The same format for another version of the runtime.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of <see cref="Versions"/>.</exception>
    IInstructionFormat ForVersion(string version) => throw new ArgumentOutOfRangeException(nameof(version), version, "The format has no versions.");

    /// <summary>Whether what is written has <see cref="Timeline.Name"/> in it. Default: no.</summary>
    bool ShowsName => false;

    /// <summary>The features that its streams can tell of. Default: none.</summary>
    FeatureSet Covers => FeatureSet.None;

    /// <summary>The part of its runtime that would have to name a feature which is not covered, such as "A task of JaxPP".</summary>
    string PartThatNames(IFeature feature) => $"The format {Name}";

    /// <summary>Why the format cannot carry schedules of a placement, whatever their features; null when it can.</summary>
    FormatRefusal? WhyNotPlaced(Placement placement) => null;

    /// <summary>Why the format carries no schedule of a problem, whatever its order; null when it may carry some.</summary>
    FormatRefusal? WhyNone(Problem problem) => WhyNotPlaced(problem.Placement) ?? FormatRefusal.OfUncovered(problem, Covers, PartThatNames);

    /// <summary>Why the format cannot carry a schedule; null when it can. Placement and features are checked before.</summary>
    FormatRefusal? WhyNot(Timeline timeline);

    /// <summary>
    /// The schedule as the format writes it, for one that it carries: with what its runtime fuses, takes apart or moves, and the times that follow from
    /// that. A stream's metrics are those of this timeline.
    /// </summary>
    Timeline AsWritten(Timeline timeline) => timeline;

    /// <summary>The runtime's settings that must agree with the stream of a schedule that the format carries.</summary>
    IReadOnlyList<RuntimeSetting> SettingsFor(Timeline timeline) => [];

    /// <summary>What a user of the runtime has to see to with the stream of a schedule that the format carries, in sentences.</summary>
    IReadOnlyList<string> NotesFor(Timeline timeline) => [];

    /// <summary>Writes the stream as UTF-8, piece by piece. Cost: linear in the operations.</summary>
    /// <param name="timeline">The schedule with its times, which the format carries.</param>
    /// <param name="rank">One device only; null for all.</param>
    /// <param name="output">Where the bytes go. They may be used only once this method has returned.</param>
    /// <exception cref="BrokenStreamException">The stream breaks a rule of its runtime: a defect.</exception>
    void Write(Timeline timeline, int? rank, IBufferWriter<byte> output);
}
