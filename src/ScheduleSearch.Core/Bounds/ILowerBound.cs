using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Bounds;

/// <summary>A proved lower bound on the objective of every schedule of a problem.</summary>
public interface ILowerBound
{
    /// <summary>The name that results give it, in lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>The features that the proof covers. Default: none.</summary>
    FeatureSet Covers => FeatureSet.None;

    /// <summary>Ticks below which no schedule's objective can be, for a problem that is covered; null when the proof says nothing of it.</summary>
    long? Prove(Problem problem);
}
