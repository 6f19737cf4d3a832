using System.Buffers;
using ScheduleSearch.Core.Instructions.Formats;
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

    /// <summary>Which runtime reads it, and what goes with it.</summary>
    string Description { get; }

    /// <summary>Why the format cannot carry a schedule; null when it can.</summary>
    string? WhyNot(Timeline timeline);

    /// <summary>Writes the stream as UTF-8. Cost: linear in the operations.</summary>
    /// <param name="timeline">The schedule with its times.</param>
    /// <param name="rank">One device only; null for all.</param>
    /// <param name="output">Where the bytes go.</param>
    void Write(Timeline timeline, int? rank, IBufferWriter<byte> output);
}

/// <summary>Every format there is: a new one is a new file and a line here.</summary>
public static class InstructionFormatCatalogue
{
    /// <summary>The formats, in the order in which they are listed.</summary>
    public static IReadOnlyList<IInstructionFormat> All { get; } = [new NativeFormat(), new PyTorchFormat(), new SvgFormat()];

    /// <summary>The format of a name; null when there is none.</summary>
    public static IInstructionFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
