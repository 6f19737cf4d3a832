using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.Microbatches;

/// <summary>What other rules say that an operation takes or holds is so for a microbatch of factor 1.</summary>
internal sealed class MicrobatchRules(Problem problem) : ScheduleRules
{
    public override long TimeOf(Operation operation, long ticks) => problem.ScaledTicks(operation, ticks);

    public override long MemoryOf(Operation operation, long units) =>
        operation.Facts.IsOfMicrobatch ? problem.ScaledUnits(operation.Microbatch, units) : units;
}
