using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates;

/// <summary>Times and memory of a model's layers as they follow from its sizes: an estimate, to be replaced by measurements.</summary>
/// <param name="Profile">A profile of layers: times in ms, memory in GiB.</param>
/// <param name="CommunicationFormula">How its time of a message came about.</param>
/// <param name="Layers">The layers, in the order in which forwards pass them.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Ranks">The memory of each pipeline rank.</param>
/// <param name="Device">What it was estimated for.</param>
/// <param name="Warnings">What the numbers leave out.</param>
public sealed record Estimate(
    Profile Profile,
    string CommunicationFormula,
    ImmutableArray<LayerEstimate> Layers,
    ParameterCount Parameters,
    ImmutableArray<RankMemory> Ranks,
    DeviceModel Device,
    ImmutableArray<string> Warnings);
