using System.Buffers;
using System.IO.Pipelines;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Bytes in pieces of moderate size: a large answer is written and kept without one large array.</summary>
internal sealed class Segments : IBufferWriter<byte>
{
    private const int Least = 256;
    private const int Most = 64 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _full = [];
    private byte[] _current = [];
    private int _used;

    /// <summary>Bytes that are held in memory.</summary>
    public long Length => _full.Sum(segment => (long)segment.Length) + _used;

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _used < Math.Max(sizeHint, 1))
        {
            if (_used > 0) _full.Add(_current.AsMemory(0, _used));
            _current = new byte[Math.Max(sizeHint, Math.Clamp(2 * _current.Length, Least, Most))];
            _used = 0;
        }

        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Sends the bytes, some of the first left out, at the reader's pace.</summary>
    public async Task CopyToAsync(PipeWriter output, int skip, CancellationToken cancellation)
    {
        foreach (var segment in _full.Append(_current.AsMemory(0, _used)))
        {
            var left = Math.Min(skip, segment.Length);
            skip -= left;
            await output.WriteAsync(segment[left..], cancellation);
        }
    }
}
