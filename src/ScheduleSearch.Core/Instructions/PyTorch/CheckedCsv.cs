using System.Buffers;

namespace ScheduleSearch.Core.Instructions.PyTorch;

/// <summary>A CSV that is read back and checked as it is written, one row at a time.</summary>
internal static class CheckedCsv
{
    private const int BytesOfRow = 1 << 12;

    /// <summary>Writes the rows of all ranks, or of one; all are checked either way.</summary>
    /// <param name="rows">For each rank its cells.</param>
    /// <param name="rank">The rank to write; null for all.</param>
    /// <param name="check">The check that the rows must pass.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <exception cref="BrokenStreamException">A rule is broken: a defect.</exception>
    public static void Write(IEnumerable<IEnumerable<CsvCell>> rows, int? rank, PyTorchCsvCheck check, IBufferWriter<byte> output)
    {
        var row = new ArrayBufferWriter<byte>(BytesOfRow);
        foreach (var (index, cells) in rows.Index())
        {
            row.ResetWrittenCount();
            foreach (var cell in cells)
            {
                if (row.WrittenCount > 0) row.Write(","u8);
                cell.Write(row);
            }

            check.AddRow(row.WrittenSpan);
            if (rank is not null && rank != index) continue;
            output.Write(row.WrittenSpan);
            output.Write("\n"u8);
        }

        if (check.Finish() is { } violation) throw new BrokenStreamException(violation.Message);
    }
}
