namespace ScheduleSearch.Api.Schedules.Answers;

/// <summary>Idle time of a device, by the phase it falls in.</summary>
/// <param name="WarmUp">Before the device's first backward starts.</param>
/// <param name="Steady">Between its first backward and the end of its last forward.</param>
/// <param name="CoolDown">After the later of the two.</param>
internal readonly record struct IdleAnswer(decimal WarmUp, decimal Steady, decimal CoolDown);
