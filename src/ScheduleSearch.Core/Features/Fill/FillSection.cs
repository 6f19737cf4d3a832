using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>The list <c>fill</c>, and the members of its items.</summary>
internal sealed class FillSection : IProfileSection
{
    private const string NameOfItem = "name", Duration = "duration", Count = "count", After = "after", Device = "device", Splittable = "splittable";
    private const string Deadline = "deadline";
    private const int MostItems = 256, MostPieces = 20_000, LongestName = 64;

    private static readonly FillItem Blank = new() { Name = "", Duration = 1, Device = 0 };

    public string Name => "fill";

    public Type Type => typeof(FillWork);

    public Type RecordType => typeof(FillItem);

    public SectionOrder Order => SectionOrder.Last;

    public IReadOnlyList<IProfileMember> Members => Table;

    public string? MemberOfParts => null;

    private static IReadOnlyList<SectionMember<FillItem>> Table { get; } =
    [
        new TextMember<FillItem>(NameOfItem, item => item.Name, (item, name) => item with { Name = name }) { IsRequired = true },
        new NumberMember<FillItem>(Duration, Quantity.Time, item => item.Duration, (item, time) => item with { Duration = time }) { IsRequired = true },
        new WholeMember<FillItem>(Count, item => item.Count, (item, count) => item with { Count = count }) { IsCount = true },
        new NamesMember<FillItem>(After, item => item.After.IsEmpty ? null : item.After, (item, names) => item with { After = names }),
        new AnyDeviceMember<FillItem>(Device, item => item.Device, (item, device) => item with { Device = device })
        {
            OtherForm = new MemberForm(
                Device,
                "The device that carries out its pieces, from 0, or `any`: they are dealt out then, each to the device that has the least to do in all, and "
                + "each device carries out its own in turn, whatever the others do. Not with a deadline.",
                [0]) { IsOne = true },
        },
        new NumberMember<FillItem>(Splittable, Quantity.Time, item => item.Splittable, (item, part) => item with { Splittable = part }),
        new NumberMember<FillItem>(Deadline, Quantity.Time, item => item.Deadline, (item, time) => item with { Deadline = time }),
    ];

    public bool IsIn(Profile profile) => profile.Fill is not null;

    public object? Read(JsonValue value) => value.EachObject(item => item.Members(ReadItem)) is { } items ? FillWork.Of(items.AsSpan()) : null;

    public void Write(Utf8JsonWriter writer, Profile profile)
    {
        if (profile.Fill is not { } items) return;
        writer.WriteStartArray(Name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            foreach (var member in Table) member.Write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public void Check(SectionCheck check)
    {
        var items = check.Profile.Fill!;
        if (items.Count > MostItems) check.Impossible($"Has {items.Count} items; this server takes at most {MostItems}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in items.Index())
        {
            var ofItem = check.At(index);
            foreach (var member in Table) member.Check(ofItem, item);
            CheckItem(ofItem, item, names);
            if (!names.Add(item.Name)) ofItem.Malformed(NameOfItem, $"{item.Name} is the name of an item before it.");
        }

        if (!check.IsClean) return;
        var parts = items.Sum(item => Math.Min(item.Parts, MostPieces + 1));
        if (parts > MostPieces) check.Impossible($"Has more than {MostPieces} pieces in all, counted in parts where they may be cut: put several into one.");
    }

    public void CheckAmongOthers(SectionCheck check, IReadOnlyCollection<string> others)
    {
    }

    public int PartsOfMicrobatch(Profile profile) => 1;

    /// <summary>All pieces, one after the other, and the message before each item.</summary>
    void IProfileSection.Count(ScaleNumbers numbers)
    {
        foreach (var (index, item) in (numbers.Profile.Fill ?? []).Index())
        {
            numbers.Section = $"{Name}[{index}]";
            foreach (var member in Table) member.Count(numbers, item, 1);
            if (numbers.Quantity != Quantity.Time) continue;
            numbers.AddOnce(item.Count * item.Duration + LongestMessage(numbers.Profile));
            numbers.AddParts([(item.Splittable is null ? Duration : Splittable, item.PartDuration)]);
        }
    }

    public void Identify(IdentityText text, Problem problem)
    {
        foreach (var (index, item) in (problem.Profile.Fill ?? []).Index())
        {
            foreach (var member in Table) member.Identify(text, $"{Name}[{index}].{member.Name}", problem, item);
        }
    }

    /// <summary>It is of devices and knows no stages.</summary>
    public void IdentifyMerging(IdentityText text, Profile finest)
    {
    }

    public string? WhyNotMerged(Profile profile) => null;

    public Profile Merge(Profile merged, Profile finest, MergedStages merging) => merged;

    private static decimal LongestMessage(Profile profile) =>
        LinkMember<Communication>.Named("latency", profile.Times.Communication.Latency).Max(latency => latency.Value);

    private static FillItem? ReadItem(JsonMembers members)
    {
        var (item, isComplete) = (Blank, true);
        foreach (var member in Table) isComplete &= member.Read(members, ref item);
        return isComplete ? item : null;
    }

    private static void CheckItem(SectionCheck check, FillItem item, HashSet<string> before)
    {
        if (!IsName(item.Name))
        {
            check.Malformed(
                NameOfItem,
                $"Must be 1 to {LongestName} letters, digits, points, hyphens and underscores of ASCII, the first one a letter or a digit.");
        }

        if (item.Duration == 0) check.Malformed(Duration, "Is 0; must be above 0.");
        if (item.Device is null && item.Deadline is not null) check.Malformed(Deadline, "Goes with a device: name one, or leave it out.");
        if (item.Device < 0 || item.Device >= check.Devices) check.Malformed(Device, $"Is {item.Device}; the devices are 0 to {check.Devices - 1}.");
        foreach (var name in item.After.Where(name => !before.Contains(name)))
            check.Malformed(After, $"{name} is no item before this one: name items that stand before it in the list.");
        if (item.After.Distinct().Count() < item.After.Length) check.Malformed(After, "Names an item twice.");
        if (item.Splittable is not { } part || !check.IsClean) return;
        if (part == 0) check.Malformed(Splittable, "Is 0; must be above 0.");
        else if (item.Duration % part != 0)
            check.Malformed(Splittable, $"{SectionCheck.Text(item.Duration)} is no whole number of parts of {SectionCheck.Text(part)}.");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');
}
