using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>A proved lower bound on the objective of every schedule of a problem.</summary>
public interface ILowerBound
{
    /// <summary>The name that results give it, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>Ticks below which no schedule's objective can be; null when the proof does not cover the problem.</summary>
    long? Ticks(Problem problem);
}
