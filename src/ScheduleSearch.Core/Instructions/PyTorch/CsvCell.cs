using System.Buffers;
using System.Globalization;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>What stands in a cell: stage, name of the action, and its microbatch if it has one.</summary>
internal readonly record struct CsvCell(int Stage, string Action, int? Microbatch = null)
{
    private const int MostCharacters = 64;

    /// <summary>The stage and microbatch of the backward that a forward overlaps with; null when it stands alone.</summary>
    public (int Stage, int Microbatch)? Backward { get; init; }

    public void Write(IBufferWriter<byte> output)
    {
        Span<char> text = stackalloc char[MostCharacters];
        int length;
        _ = Backward is var (stage, microbatch)
            ? text.TryWrite(CultureInfo.InvariantCulture, $"({Stage}{Action}{Microbatch};{stage}B{microbatch})OVERLAP_F_B", out length)
            : text.TryWrite(CultureInfo.InvariantCulture, $"{Stage}{Action}{Microbatch}", out length);
        output.Append(text[..length]);
    }
}
