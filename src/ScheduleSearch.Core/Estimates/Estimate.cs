using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Ranks;
using ScheduleSearch.Core.Placements;

namespace ScheduleSearch.Core.Estimates;

/// <summary>Times and memory of a model's layers as they follow from its sizes: an estimate, to be replaced by measurements.</summary>
/// <param name="Name">What the model is called.</param>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Communication">Milliseconds of a message between stages.</param>
/// <param name="CommunicationFormula">How that came about.</param>
/// <param name="Layers">The layers, in the order in which forwards pass them.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Ranks">The memory of each pipeline rank.</param>
/// <param name="Device">What it was estimated for.</param>
/// <param name="Warnings">What the numbers leave out.</param>
public sealed record Estimate(
    string? Name,
    PipelineShape Pipeline,
    decimal Communication,
    string CommunicationFormula,
    ImmutableArray<LayerEstimate> Layers,
    ParameterCount Parameters,
    ImmutableArray<RankMemory> Ranks,
    DeviceModel Device,
    ImmutableArray<string> Warnings);
