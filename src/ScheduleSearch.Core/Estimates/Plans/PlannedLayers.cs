using System.Collections.Immutable;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Plans;

/// <summary>The layers of a plan whose split is searched.</summary>
/// <param name="Profile">The profile of layers, whatever it says of communication; its split is open.</param>
/// <param name="SumBytes">Of the layers of each stage, what <see cref="PlannedWork.SumBytes"/> is.</param>
public sealed record PlannedLayers(Profile Profile, Func<ImmutableArray<int>, ImmutableArray<double>> SumBytes);
