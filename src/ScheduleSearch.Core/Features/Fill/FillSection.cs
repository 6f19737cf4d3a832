using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Features.Fill;

/// <summary>The list <c>fill</c>, and the members of its items.</summary>
internal sealed class FillSection : ListSection<FillItem, FillWork>
{
    private const string NameOfItem = "name", Duration = "duration", Count = "count", After = "after", Device = "device", Splittable = "splittable";
    private const string Deadline = "deadline";
    private const int MostItems = 256, MostPieces = 20_000, LongestName = 64;

    public override string Name => "fill";

    protected override ItemTable<FillItem> Table { get; } = new(
        new() { Name = "", Duration = 1, Device = 0 },
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
    ]);

    public override void Check(SectionCheck check)
    {
        var items = check.Profile.Fill!;
        if (items.Count > MostItems) check.Impossible($"Has {items.Count} items; this server takes at most {MostItems}.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in items.Index())
        {
            var ofItem = check.At(index);
            Table.Check(ofItem, item);
            CheckItem(ofItem, item, names);
            if (!names.Add(item.Name)) ofItem.Malformed(NameOfItem, $"{item.Name} is the name of an item before it.");
        }

        if (!check.IsClean) return;
        var parts = items.Sum(item => Math.Min(item.Parts, MostPieces + 1));
        if (parts > MostPieces) check.Impossible($"Has more than {MostPieces} pieces in all, counted in parts where they may be cut: put several into one.");
    }

    protected override FillWork ListOf(ReadOnlySpan<FillItem> items) => FillWork.Of(items);

    /// <summary>All pieces, one after the other, and the message before each item.</summary>
    protected override void CountBeside(ScaleNumbers numbers, FillItem item)
    {
        if (numbers.Quantity != Quantity.Time) return;
        numbers.AddOnce(item.Count * item.Duration + LongestMessage(numbers.Profile));
        numbers.AddParts([(item.Splittable is null ? Duration : Splittable, item.PartDuration)]);
    }

    private static decimal LongestMessage(Profile profile) =>
        LinkMember<Communication>.Named("latency", profile.Times.Communication.Latency).Max(latency => latency.Value);

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
