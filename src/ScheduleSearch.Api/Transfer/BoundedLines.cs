using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ScheduleSearch.Api.Transfer;

/// <summary>The lines of a file, none longer than a limit: what is read may be compressed, and a stranger's.</summary>
internal static class BoundedLines
{
    private const int Longest = 64 << 20;

    /// <exception cref="InvalidDataException">A line is longer than any schedule, or the file is not compressed as its name says.</exception>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(input);
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (buffer.Length > Longest) throw new InvalidDataException($"A line is longer than {Longest} bytes.");
            if (read.IsCompleted)
            {
                if (buffer.Length > 0) yield return buffer;
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
