using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>
/// The bytes of an answer, written once and kept for all who read it. Many are kept as gzip, a tenth or less for streams of instructions: who takes
/// gzip gets them as they are, and for the others they are unpacked at the reader's pace, so that no reader has a copy.
/// </summary>
internal sealed class PackedBytes
{
    private const int Small = 64 * 1024;
    private const int Piece = 32 * 1024;

    private readonly ReadOnlySequence<byte> _bytes;

    private PackedBytes(ReadOnlySequence<byte> bytes, long length, bool isPacked) => (_bytes, Length, IsPacked) = (bytes, length, isPacked);

    /// <summary>Bytes of the answer.</summary>
    public long Length { get; }

    /// <summary>Bytes that are held in memory.</summary>
    public long Held => _bytes.Length;

    /// <summary>Whether they are held as gzip.</summary>
    public bool IsPacked { get; }

    /// <summary>What is written, as gzip where it is much.</summary>
    public static PackedBytes Of(Action<IBufferWriter<byte>> write)
    {
        var writer = new PackingWriter();
        write(writer);
        return writer.Complete();
    }

    /// <summary>Sends the bytes at the reader's pace.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="skip">How many of the first are left out.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task CopyToAsync(PipeWriter output, int skip, CancellationToken cancellation)
    {
        await using var source = Open();
        while (true)
        {
            var memory = output.GetMemory(Piece)[..Piece];
            var read = await source.ReadAsync(memory, cancellation);
            if (read == 0) return;
            var left = Math.Min(skip, read);
            skip -= left;
            if (left > 0) memory[left..read].CopyTo(memory);
            output.Advance(read - left);
            if ((await output.FlushAsync(cancellation)).IsCompleted) return;
        }
    }

    /// <summary>Sends the bytes as they are held, which is gzip where <see cref="IsPacked"/>.</summary>
    public async Task CopyPackedToAsync(PipeWriter output, CancellationToken cancellation)
    {
        foreach (var piece in _bytes)
        {
            if ((await output.WriteAsync(piece, cancellation)).IsCompleted) return;
        }
    }

    /// <summary>The first bytes; all of them where there are no more.</summary>
    public async Task<byte[]> FirstAsync(int most, CancellationToken cancellation)
    {
        var first = new byte[(int)Math.Min(most, Length)];
        await using var source = Open();
        await source.ReadExactlyAsync(first, cancellation);
        return first;
    }

    /// <summary>The bytes, unpacked as they are read.</summary>
    private Stream Open()
    {
        var held = PipeReader.Create(_bytes).AsStream();
        return IsPacked ? new GZipStream(held, CompressionMode.Decompress) : held;
    }

    /// <summary>Takes bytes, and packs them as soon as they are many.</summary>
    private sealed class PackingWriter : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _plain = new();
        private readonly Pipe _packed = new(new PipeOptions(pauseWriterThreshold: 0));
        private GZipStream? _gzip;
        private long _length;

        public Memory<byte> GetMemory(int sizeHint = 0) => _plain.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => _plain.GetSpan(sizeHint);

        public void Advance(int count)
        {
            _plain.Advance(count);
            _length += count;
            if (_plain.WrittenCount > Small) Pack();
        }

        public PackedBytes Complete()
        {
            if (_gzip is null) return new PackedBytes(new ReadOnlySequence<byte>(_plain.WrittenSpan.ToArray()), _length, isPacked: false);
            Pack();
            _gzip.Dispose();
            return _packed.Reader.TryRead(out var all)
                ? new PackedBytes(all.Buffer, _length, isPacked: true)
                : throw new InvalidOperationException("A compressor that has ended has written something.");
        }

        private void Pack()
        {
            _gzip ??= new GZipStream(_packed.Writer.AsStream(), CompressionLevel.Fastest);
            _gzip.Write(_plain.WrittenSpan);
            _plain.ResetWrittenCount();
        }
    }
}
