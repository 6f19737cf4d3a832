using System.Text.Json.Nodes;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Core.Estimates;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Ranks;

namespace ScheduleSearch.Api.Estimates;

/// <summary>What an estimate comes to.</summary>
/// <param name="Label">What the numbers are: always <c>estimate</c>.</param>
/// <param name="Profile">A profile of layers, which solve takes: times in ms, memory in GiB.</param>
/// <param name="CommunicationFormula">How <c>times.communication</c> came about.</param>
/// <param name="Layers">The layers of the profile, with how each number came about.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Ranks">What each pipeline rank holds under 1F1B with an even split of the decoder layers.</param>
/// <param name="Device">The device that it is for.</param>
/// <param name="Warnings">What the numbers leave out.</param>
internal sealed record EstimateAnswer(
    string Label,
    JsonNode Profile,
    string CommunicationFormula,
    IReadOnlyList<LayerEstimate> Layers,
    ParameterCount Parameters,
    IReadOnlyList<RankMemory> Ranks,
    DeviceModel Device,
    IReadOnlyList<string> Warnings)
{
    public static EstimateAnswer Of(Estimate estimate) => new(
        "estimate",
        ProfileDocument.Of(estimate.Profile),
        estimate.CommunicationFormula,
        estimate.Layers,
        estimate.Parameters,
        estimate.Ranks,
        estimate.Device,
        estimate.Warnings);
}
