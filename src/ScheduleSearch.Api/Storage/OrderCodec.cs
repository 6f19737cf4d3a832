using System.IO.Compression;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// The order of each device in few bytes: for each device the number of its operations, then of each its kind, pipe and stage in one
/// number, its microbatch, and its slice when the problem has slices; all as variable-length integers, compressed. Naming operations rather
/// than numbering them keeps rows readable whatever the operation graph numbers how.
/// </summary>
internal static class OrderCodec
{
    private const byte Version = 2;

    /// <summary>How many kinds of operation there were in version 1, where a number holds a kind.</summary>
    private const int KindsOfVersion1 = 4;

    private static readonly int Kinds = OperationKinds.All.Count;

    public static byte[] Encode(Schedule schedule)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(Version);
        using (var compressed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new BinaryWriter(compressed))
        {
            for (var device = 0; device < schedule.Problem.Devices; device++)
            {
                writer.Write7BitEncodedInt(schedule.OrderOf(device).Length);
                foreach (var operation in schedule.OperationsOn(device))
                {
                    writer.Write7BitEncodedInt((operation.Pipe * schedule.Problem.Stages + operation.Stage) * Kinds + (int)operation.Kind);
                    writer.Write7BitEncodedInt(operation.Microbatch);
                    if (schedule.Problem.SliceCount > 1) writer.Write7BitEncodedInt(operation.Slice);
                }
            }
        }

        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not an order of the problem.</exception>
    public static Schedule Decode(Problem problem, byte[] bytes)
    {
        if (bytes is not [1 or Version, ..]) throw new InvalidDataException("The order is of an unknown version.");
        var kinds = bytes[0] == 1 ? KindsOfVersion1 : Kinds;
        using var reader = new BinaryReader(new BrotliStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress));
        try
        {
            return Schedule.Of(problem, [.. Enumerable.Range(0, problem.Devices).Select(_ => DecodeDevice(problem, reader, kinds))]);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException or ArgumentException or InvalidOperationException
            or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The order is not one of this problem.", exception);
        }
    }

    private static Operation[] DecodeDevice(Problem problem, BinaryReader reader, int kinds)
    {
        var count = reader.Read7BitEncodedInt();
        if (count < 0 || count > (long)kinds * problem.Placement.Pipes * problem.Stages * problem.Microbatches * problem.SliceCount)
            throw new InvalidDataException("The order of a device is longer than all operations.");
        var operations = new Operation[count];
        for (var position = 0; position < count; position++)
        {
            var (stageOfPipe, kind) = Math.DivRem(reader.Read7BitEncodedInt(), kinds);
            var (pipe, stage) = Math.DivRem(stageOfPipe, problem.Stages);
            operations[position] = new Operation((OperationKind)kind, pipe, stage, reader.Read7BitEncodedInt())
            {
                Slice = problem.SliceCount > 1 ? reader.Read7BitEncodedInt() : 0,
            };
        }

        return operations;
    }
}
