using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Schedules;

/// <summary>
/// The order of each device in few bytes: a byte for the version, then, compressed, for each device the number of its operations and of each
/// of them ((pipe x stages) + stage) x radix + code of its kind, its microbatch, and its slice when the problem has slices, or where it is of
/// no microbatch its number and the place of its item in the profile; all as variable-length integers. Naming operations rather than numbering them keeps
/// rows readable whatever the operation graph numbers how.
/// </summary>
public static class OrderCodec
{
    private const byte Version = 3;

    /// <summary>Above every code of <see cref="OperationKinds"/>, so that a new kind leaves what is stored readable.</summary>
    private const int Radix = 64;

    /// <summary>A schedule's operations in their order, which say all that it selects too.</summary>
    public static byte[] Encode(Schedule schedule)
    {
        // Compressed in one piece: number by number, each would cost a header.
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
        {
            for (var device = 0; device < schedule.Problem.Devices; device++) EncodeDevice(schedule, device, writer);
        }

        using var bytes = new MemoryStream();
        bytes.WriteByte(Version);
        using (var compressed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            compressed.Write(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        return bytes.ToArray();
    }

    /// <summary>The schedule that was encoded.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an order of the problem.</exception>
    public static Schedule Decode(Problem problem, byte[] bytes)
    {
        var radix = RadixOf(bytes is [var version, ..] ? version : default);
        using var reader = new BinaryReader(new BrotliStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress));
        try
        {
            return Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(_ => DecodeDevice(problem, reader, radix))]);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException or InvalidOperationException
            or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The order is not one of this problem.", exception);
        }
    }

    /// <summary>What tells an encoded order from others: its version and a SHA-256 of its numbers, however they were compressed.</summary>
    /// <exception cref="InvalidDataException">The bytes are no order.</exception>
    public static string DigestOf(byte[] bytes)
    {
        if (bytes.Length == 0) throw new InvalidDataException("There is no order.");
        using var plain = new BrotliStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress);
        try
        {
            return $"{bytes[0].ToString(CultureInfo.InvariantCulture)}:{Convert.ToHexStringLower(SHA256.HashData(plain))}";
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException("The order is not compressed as orders are.", exception);
        }
    }

    /// <summary>The radix of a version. The codes are the same in all of them; the first two had room for the kinds that there were.</summary>
    private static int RadixOf(byte version) => version switch
    {
        1 => 4,
        2 => 7,
        Version => Radix,
        _ => throw new InvalidDataException("The order is of an unknown version."),
    };

    private static void EncodeDevice(Schedule schedule, int device, BinaryWriter writer)
    {
        var (problem, operations) = (schedule.Problem, OperationsOf(schedule, device));
        writer.Write7BitEncodedInt(operations.Count);
        foreach (var operation in operations)
        {
            writer.Write7BitEncodedInt((operation.Pipe * problem.Stages + operation.Stage) * Radix + operation.Kind.Facts().Code);
            writer.Write7BitEncodedInt(operation.Microbatch);
            if (!operation.Facts.IsOfMicrobatch) writer.Write7BitEncodedInt(problem.FillNames.IndexOf(operation.Item!));
            else if (problem.SliceCount > 1) writer.Write7BitEncodedInt(operation.Slice);
        }
    }

    /// <summary>
    /// The operations of all lanes of a device, lane by lane, each lane in its order. An operation's kind says which lane it is on, so that a
    /// reader can tell them apart.
    /// </summary>
    private static List<Operation> OperationsOf(Schedule schedule, int device) => [.. schedule.AllOn(device)];

    private static Operation[] DecodeDevice(Problem problem, BinaryReader reader, int radix)
    {
        var count = reader.Read7BitEncodedInt();
        var most = (long)OperationKinds.All.Count * problem.Placement.Pipes * problem.Stages * problem.Microbatches * problem.SliceCount;
        if (count < 0 || count > most + problem.Fill.Sum(item => item.Count))
            throw new InvalidDataException("The order of a device is longer than all operations.");
        var operations = new Operation[count];
        for (var position = 0; position < count; position++)
        {
            var (stageOfPipe, code) = Math.DivRem(reader.Read7BitEncodedInt(), radix);
            if (!OperationKinds.TryDecode(code, out var kind)) throw new InvalidDataException($"There is no kind of operation of the code {code}.");
            var (pipe, stage) = Math.DivRem(stageOfPipe, problem.Stages);
            var operation = new Operation(kind, pipe, stage, reader.Read7BitEncodedInt());
            operations[position] = !kind.Facts().IsOfMicrobatch ? operation with { Item = problem.FillNames[reader.Read7BitEncodedInt()] }
                : problem.SliceCount > 1 ? operation with { Slice = reader.Read7BitEncodedInt() }
                : operation;
        }

        return operations;
    }
}
