namespace ScheduleSearch.Core.Placements;

/// <summary>What keeps a shape from being placed.</summary>
/// <param name="Member">The member of the shape, such as <c>chunks</c> or <c>stageDevices[3]</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public readonly record struct ShapeFault(string Member, string Message);
