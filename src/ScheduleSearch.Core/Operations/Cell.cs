namespace ScheduleSearch.Core.Operations;

/// <summary>A stage's share of one slice of a microbatch: the key under which ports are asked.</summary>
/// <param name="Pipe">The pipe.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Microbatch">The microbatch.</param>
/// <param name="Slice">The slice.</param>
public readonly record struct Cell(int Pipe, int Stage, int Microbatch, int Slice)
{
    /// <summary>The operation of a kind on this cell.</summary>
    public Operation Of(OperationKind kind) => new(kind, Pipe, Stage, Microbatch) { Slice = Slice };
}
