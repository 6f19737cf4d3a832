namespace ScheduleSearch.Core.Families;

/// <summary>A whole number of at least 1 that a family may be given after its name, as in <c>gis-6</c>.</summary>
/// <param name="Name">What it is, such as <c>groupSize</c>.</param>
/// <param name="Description">What it does, and what it is when it is left out.</param>
public sealed record FamilyParameter(string Name, string Description);
