using ScheduleSearch.Core.Families;

namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>A schedule family.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Placement">The placement that it is defined on.</param>
/// <param name="Conditions">What a profile must meet; empty when every profile of the placement does.</param>
/// <param name="Source">The paper or repository that defines it.</param>
/// <param name="Description">What it does and what it costs.</param>
/// <param name="SplitsBackward">Whether its backwards are split in input and weight gradient.</param>
/// <param name="Parameter">What a request may put after the name, as in <c>gis-6</c>; absent when nothing.</param>
internal sealed record FamilyAnswer(
    string Name, string Placement, string Conditions, string Source, string Description, bool SplitsBackward, FamilyParameter? Parameter);
