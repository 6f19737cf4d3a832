using System.Buffers.Text;
using System.Text;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>One action as PyTorch's grammar reads it: stage, name and, for most, microbatch.</summary>
internal readonly record struct CsvAction(CsvActionKind Kind, int Stage, int Microbatch)
{
    /// <summary>The microbatch of an action that has none.</summary>
    public const int None = -1;

    // Longer names stand before those that they begin with.
    private static readonly (byte[] Name, CsvActionKind Kind)[] Names =
    [
        .. new (string Name, CsvActionKind Kind)[]
        {
            ("F", CsvActionKind.F), ("I", CsvActionKind.I), ("B", CsvActionKind.B), ("W", CsvActionKind.W),
            ("UNSHARD", CsvActionKind.Unshard), ("RESHARD", CsvActionKind.Reshard), ("REDUCE_GRAD", CsvActionKind.ReduceGrad),
            ("SEND_F", CsvActionKind.SendF), ("RECV_F", CsvActionKind.RecvF), ("SEND_B", CsvActionKind.SendB), ("RECV_B", CsvActionKind.RecvB),
        }.Select(name => (Encoding.ASCII.GetBytes(name.Name), name.Kind)),
    ];

    public bool IsCompute => Kind <= CsvActionKind.B;

    public bool IsSend => Kind is CsvActionKind.SendF or CsvActionKind.SendB;

    public bool IsTransfer => Kind is >= CsvActionKind.SendF and <= CsvActionKind.RecvB;

    private bool HasMicrobatch => Kind < CsvActionKind.Unshard;

    /// <summary>Reads a cell from its first to its last byte; null when it is no action.</summary>
    public static CsvAction? Parse(ReadOnlySpan<byte> cell)
    {
        if (!TryNumber(cell, out var stage, out var used)) return null;
        var rest = cell[used..];
        foreach (var (name, kind) in Names)
        {
            if (!rest.StartsWith(name)) continue;
            var action = new CsvAction(kind, stage, None);
            var tail = rest[name.Length..];
            if (!action.HasMicrobatch) return tail.IsEmpty ? action : null;
            return TryNumber(tail, out var microbatch, out used) && used == tail.Length ? action with { Microbatch = microbatch } : null;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var kind = Kind;
        var name = Encoding.ASCII.GetString(Names.First(known => known.Kind == kind).Name);
        return HasMicrobatch ? $"{Stage}{name}{Microbatch}" : $"{Stage}{name}";
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int number, out int used)
    {
        (number, used) = (0, 0);
        return !text.IsEmpty && char.IsAsciiDigit((char)text[0]) && Utf8Parser.TryParse(text, out number, out used);
    }
}
