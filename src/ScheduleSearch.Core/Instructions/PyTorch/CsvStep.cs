namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What a cell makes its rank do: one action, or a forward and a backward that may overlap.</summary>
/// <param name="First">The action, or the forward.</param>
/// <param name="Second">The backward; null when the action stands alone.</param>
internal readonly record struct CsvStep(CsvAction First, CsvAction? Second)
{
    /// <summary>How a cell that holds a pair ends.</summary>
    public static ReadOnlySpan<byte> Pair => "OVERLAP_F_B"u8;

    /// <summary>Reads a cell from its first to its last byte; null when it is neither an action nor a pair of a forward and a whole backward.</summary>
    public static CsvStep? Parse(ReadOnlySpan<byte> cell)
    {
        if (!cell.EndsWith(Pair)) return CsvAction.Parse(cell) is { } action ? new(action, null) : null;
        var pair = cell[..^Pair.Length];
        if (pair.IsEmpty || pair[0] != '(' || pair[^1] != ')') return null;
        pair = pair[1..^1];
        var middle = pair.IndexOf((byte)';');
        return middle >= 0
            && CsvAction.Parse(pair[..middle]) is { Kind: CsvActionKind.F } forward
            && CsvAction.Parse(pair[(middle + 1)..]) is { Kind: CsvActionKind.B } backward
                ? new(forward, backward)
                : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Second is { } second ? $"({First};{second})OVERLAP_F_B" : First.ToString();
}
