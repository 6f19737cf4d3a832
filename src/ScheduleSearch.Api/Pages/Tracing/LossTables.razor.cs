using System.Globalization;
using Microsoft.AspNetCore.Components;
using ScheduleSearch.Core.Traces.Runs;

namespace ScheduleSearch.Api.Pages.Tracing;

/// <summary>Where a step lost time.</summary>
public sealed partial class LossTables
{
    private static readonly (string Name, Func<TimeUse, double> Of, string Title)[] Uses =
    [
        ("work", use => use.Work, "It computes"),
        ("before", use => use.Before, "Before its first operation"),
        ("input", use => use.Input, "While another rank computes what its next operation takes"),
        ("message", use => use.Message, "While that is on its way, as long as the profile's latency says"),
        ("late", use => use.Late, "Everything that its next operation takes is there, and it does not begin"),
        ("after", use => use.After, "After its last operation"),
        ("sum", use => use.Total, "The length of the step"),
    ];

    /// <summary>The run, one of whose steps is shown.</summary>
    [Parameter, EditorRequired]
    public ShownRun Run { get; set; } = null!;

    private static (string Id, string Title, IReadOnlyList<OperationLoss> Operations, Func<OperationLoss, double> Value)[] Worst(StepLosses lost) =>
    [
        ("longest", "longest beyond the median", lost.Longest, one => one.Excess),
        ("latest", "latest to begin", lost.Latest, one => one.Late),
    ];

    private static string Text(double milliseconds) => milliseconds.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Signed(double milliseconds) => milliseconds.ToString("+#,0.###;-#,0.###;0", CultureInfo.InvariantCulture);
}
