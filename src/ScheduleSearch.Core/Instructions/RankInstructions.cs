namespace ScheduleSearch.Core.Instructions;

/// <summary>What one rank does, first to last.</summary>
/// <param name="Rank">The rank, from 0: the device's number.</param>
/// <param name="Instructions">Its instructions in order.</param>
public sealed record RankInstructions(int Rank, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>The instructions one by one, but the two of an overlapped pair together: the second is that of the backward.</summary>
    public IEnumerable<(Instruction First, Instruction? Second)> Grouped()
    {
        for (var position = 0; position < Instructions.Count; position++)
        {
            var isPair = Instructions[position] is { Kind: InstructionKind.Compute, Operation.BeginsPair: true };
            yield return (Instructions[position], isPair ? Instructions[++position] : null);
        }
    }
}
