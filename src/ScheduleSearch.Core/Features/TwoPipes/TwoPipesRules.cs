using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Core.Features.TwoPipes;

/// <summary>All operations of a microbatch run in one pipe.</summary>
internal sealed class TwoPipesRules : ScheduleRules
{
    private const int None = -1;

    private readonly int[] _pipeOf;

    public TwoPipesRules(Problem problem)
    {
        _pipeOf = new int[problem.Microbatches];
        Array.Fill(_pipeOf, None);
    }

    public override void CheckPlace(VerifiedSchedule schedule, in PlacedOperation placed)
    {
        var operation = placed.Operation;
        if (!operation.Facts.IsOfMicrobatch) return;
        ref var pipe = ref _pipeOf[operation.Microbatch];
        if (pipe != None && pipe != operation.Pipe)
        {
            schedule.Report(
                "completeness", placed.Device, placed.Position,
                $"The {operation} runs in pipe {operation.Pipe}; other operations of its microbatch run in pipe {pipe}.");
        }
        else
        {
            pipe = operation.Pipe;
        }
    }
}
