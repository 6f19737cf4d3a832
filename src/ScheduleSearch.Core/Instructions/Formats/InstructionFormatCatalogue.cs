namespace ScheduleSearch.Core.Instructions.Formats;

/// <summary>Every format there is: a new one is a new file and a line here.</summary>
public static class InstructionFormatCatalogue
{
    /// <summary>The formats, in the order in which they are listed.</summary>
    public static IReadOnlyList<IInstructionFormat> All { get; } = [.. Formats().Select(format => new CoveredFormat(format))];

    /// <summary>The format of a name; null when there is none.</summary>
    public static IInstructionFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    private static IInstructionFormat[] Formats() =>
    [
        new NativeFormat(),
        new PyTorchFormat(),
        new PyTorchCommsFormat(),
        new MegatronZeroBubbleFormat(),
        new DeepSpeedFormat(),
        new JaxppFormat(),
        new NnScalerFormat(),
        new ChromeTraceFormat(),
        new SvgFormat(),
        new CsvFormat(),
        new TimelineFormat(),
    ];
}
