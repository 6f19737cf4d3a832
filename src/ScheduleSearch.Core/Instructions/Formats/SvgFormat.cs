using System.Buffers;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>A Gantt picture: one row a device, operations coloured by what they do and shaded by chunk.</summary>
internal sealed class SvgFormat : IInstructionFormat
{
    public string Name => "svg";

    public string MediaType => "image/svg+xml";

    public string FileExtension => "svg";

    public string Description =>
        "A Gantt picture for people: one row a rank, operations coloured by what they do and shaded by chunk and pipe; the two of an overlapped "
        + "pair share a box, and marks tell where the gradients of two pipes are summed. Carries every schedule. `timeline.svg` also draws a part of one, "
        + "in any width, with memory, and says how good it is.";

    public bool ShowsName => true;

    public FeatureSet Covers => Carriage.Listed;

    public FormatRefusal? WhyNot(Timeline timeline) => null;

    public void Write(Timeline timeline, int? rank, IBufferWriter<byte> output) =>
        GanttPicture.Write(timeline, rank is { } one ? new PictureView { Ranks = [one] } : PictureView.Whole, figures: null, output);
}
