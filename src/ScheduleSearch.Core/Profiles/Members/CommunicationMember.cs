using System.Text.Json;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The member <c>communication</c>: a latency, or an object with latency, bandwidth, bytes and exclusive.</summary>
internal sealed class CommunicationMember(string name)
    : ValueMember<OperationTimes, Communication>(name, times => times.Communication, (times, communication) => times with { Communication = communication })
{
    private const int MessagesOfStage = 2;
    private const string Device = "device";

    private static readonly LinkMember<Communication> Latency =
        new("latency", communication => communication.Latency, (communication, latency) => communication with { Latency = latency });

    private static readonly LinkMember<Communication> Bandwidth =
        new("bandwidth", communication => communication.Bandwidth, (communication, bandwidth) => communication with { Bandwidth = bandwidth })
        {
            IsAboveZero = true,
        };

    private static readonly StageMember<Communication> Bytes =
        new("bytes", Quantity.None, communication => communication.Bytes, (communication, bytes) => communication with { Bytes = bytes });

    public override Quantity Quantity => Quantity.Time;

    internal override void Check(SectionCheck check, OperationTimes section)
    {
        var communication = section.Communication;
        if (communication.IsLatency)
        {
            Latency.Check(check, communication, Name);
            return;
        }

        Latency.Check(check, communication, $"{Name}.{Latency.Name}");
        Bandwidth.Check(check, communication, $"{Name}.{Bandwidth.Name}");
        if (communication.Bytes is { } bytes) check.Each($"{Name}.{Bytes.Name}", bytes, check.Stages, "stage");
        // Where the stages are stated elsewhere, so may be what they send.
        if (communication.Bytes is null != communication.Bandwidth is null && !(communication.Bytes is null && check.StagesAreStated))
            check.Malformed($"{Name}.{Bandwidth.Name}", "Goes with bytes: give both, or none.");
    }

    internal override void Count(ScaleNumbers numbers, OperationTimes section, int parts)
    {
        if (numbers.Quantity != Quantity) return;
        var communication = section.Communication;
        var name = communication.IsLatency ? Name : $"{Name}.{Latency.Name}";
        var times = LinkMember<Communication>.Named(name, communication.Latency).ToList();
        // What has no bytes takes its latency, which is named already.
        if (communication.Bytes is { } bytes)
        {
            times.AddRange(communication.TimesOn(numbers.Placement)
                .Select(message => (SectionCheck.Indexed($"{Name}.{Bytes.Name}", bytes, message.Stage), message.Time)));
        }

        numbers.Add(times);
        numbers.AddOnEveryStage(MessagesOfStage * times.Max(time => time.Value));
    }

    internal override void Identify(IdentityText text, string member, Problem problem, OperationTimes section)
    {
        var communication = section.Communication;
        Latency.Identify(text, member, problem, communication);
        // What there is beside the latency is a part of the id where there is any.
        Bandwidth.Identify(text, $"{member}.{Bandwidth.Name}", problem, communication);
        Bytes.Identify(text, $"{member}.{Bytes.Name}", problem, communication);
        if (communication.Exclusive != Exclusivity.None) text.Line($"{member}.exclusive", communication.Exclusive.ToString());
    }

    /// <summary>Merged stages send the output of the last of them.</summary>
    internal override OperationTimes Merge(MergedStages merging, OperationTimes section) =>
        section.Communication is { Bytes: { IsScalar: false } bytes } communication
            ? With(section, communication with
            {
                Bytes = StageValues.Each(Enumerable.Range(0, merging.Stages).Select(stage => bytes[(stage + 1) * merging.Size - 1])),
            })
            : section;

    private protected override Communication? ReadValue(JsonValue value) =>
        value.IsObject ? value.Members(ReadMembers) : value.LinkValues() is { } latency ? new Communication { Latency = latency } : null;

    private protected override void WriteValue(Utf8JsonWriter writer, Communication value)
    {
        if (value.IsLatency)
        {
            writer.WriteLinkValues(value.Latency);
            return;
        }

        writer.WriteStartObject();
        Latency.Write(writer, value);
        Bandwidth.Write(writer, value);
        Bytes.Write(writer, value);
        if (value.Exclusive == Exclusivity.Device) writer.WriteString("exclusive", Device);
        else writer.WriteBoolean("exclusive", value.Exclusive == Exclusivity.Link);
        writer.WriteEndObject();
    }

    private protected override IEnumerable<string> Text(Communication value, Problem problem) => [];

    private static Communication ReadMembers(JsonMembers members)
    {
        var communication = new Communication();
        Latency.Read(members, ref communication);
        Bandwidth.Read(members, ref communication);
        Bytes.Read(members, ref communication);
        return members.Optional("exclusive") is { } exclusive ? communication with { Exclusive = ReadExclusive(exclusive) } : communication;
    }

    private static Exclusivity ReadExclusive(JsonValue value) =>
        value.IsText ? value.OneOf([Exclusivity.Device], _ => Device) ?? Exclusivity.None
        : value.Flag() == true ? Exclusivity.Link : Exclusivity.None;
}
