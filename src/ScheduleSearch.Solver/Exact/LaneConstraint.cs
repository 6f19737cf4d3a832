using Google.OrTools.Sat;

namespace ScheduleSearch.Solver.Exact;

/// <summary>What a lane is to a model: a machine that does one thing at a time.</summary>
internal static class LaneConstraint
{
    /// <summary>Lets at most one of some intervals run at any time. Intervals of no length may stand at one time with others, but not within them.</summary>
    public static void OneAtATime(this CpModel model, IEnumerable<IntervalVar> intervals) => model.AddNoOverlap(intervals);
}
