using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Features.Overlap;

/// <summary>What came of a <see cref="PairedSimulation"/>.</summary>
/// <param name="Orders">For each device its operations in order, pairs among them.</param>
/// <param name="Objective">The objective when every operation starts at once and messages wait for no others.</param>
internal sealed record PairedRun(IReadOnlyList<IReadOnlyList<Operation>> Orders, long Objective);
