using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using ScheduleSearch.Api.Schedules.Documents;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

public sealed class PackedBytesTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1000, false)]
    [InlineData(65_536, false)]
    [InlineData(65_537, true)]
    [InlineData(3_000_000, true)]
    public async Task What_was_written_is_read(int length, bool isPacked)
    {
        var text = Text(length);
        var bytes = PackedBytes.Of(output => Write(text, output));
        (bytes.Length, bytes.IsPacked).ShouldBe((length, isPacked));
        (await ReadAsync(output => bytes.CopyToAsync(output, skip: 0, CancellationToken.None))).ShouldBe(text);
        if (length > 0) (await ReadAsync(output => bytes.CopyToAsync(output, skip: 1, CancellationToken.None))).ShouldBe(text[1..]);
    }

    [Fact]
    public async Task Many_bytes_are_held_in_few_and_sent_so_to_who_takes_gzip()
    {
        var text = Text(3_000_000);
        var bytes = PackedBytes.Of(output => Write(text, output));
        bytes.Held.ShouldBeLessThan(text.Length / 4);
        var packed = await ReadAsync(output => bytes.CopyPackedToAsync(output, CancellationToken.None));
        packed.LongLength.ShouldBe(bytes.Held);
        using var plain = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) await gzip.CopyToAsync(plain);
        plain.ToArray().ShouldBe(text);
    }

    private static byte[] Text(int length) => Encoding.ASCII.GetBytes(string.Concat(
        Enumerable.Range(0, length / 32 + 1).Select(number => $"{{\"op\":\"forward\",\"microbatch\":{number % 1000:D4}}},")))[..length];

    private static void Write(byte[] text, IBufferWriter<byte> output)
    {
        foreach (var piece in text.Chunk(1000)) output.Write(piece);
    }

    private static async Task<byte[]> ReadAsync(Func<PipeWriter, Task> write)
    {
        using var bytes = new MemoryStream();
        var output = PipeWriter.Create(bytes, new StreamPipeWriterOptions(leaveOpen: true));
        await write(output);
        await output.CompleteAsync();
        return bytes.ToArray();
    }
}
