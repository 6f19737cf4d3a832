namespace ScheduleSearch.Core.Instructions;

/// <summary>What happens at a moment, in the order of what belongs to one operation.</summary>
internal enum MomentKind
{
    Start,
    SecondOfPair,
    HeldTransfer,
    Transfer,
    Sum,
}
