using ScheduleSearch.Core.Operations;

namespace ScheduleSearch.Core.Instructions.Pictures;

/// <summary>What operations of one colour have in common.</summary>
/// <param name="Kind">What they do.</param>
/// <param name="Chunk">Their stage's place among those of the device, from 0.</param>
internal readonly record struct Shade(OperationKind Kind, int Chunk) : IComparable<Shade>
{
    public int CompareTo(Shade other) => (Kind, Chunk).CompareTo((other.Kind, other.Chunk));
}
