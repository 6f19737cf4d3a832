using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Reads a device: the name of a known one, or its own numbers, alone or in the place of those of a known one.</summary>
internal static class DeviceJson
{
    private const int LongestName = 100;

    private const double MostFlops = 1e21, MostGigabytes = 1e9;

    private const double OtherwiseEfficiency = 0.5, OtherwiseMemoryEfficiency = 0.8;

    private const int OtherwiseInNode = 8, MostInNode = 65_536;

    /// <summary>The device; null when it is none, with an error.</summary>
    public static DeviceModel? Read(JsonValue value) => value.IsObject ? value.Members(Read) : Known(value);

    private static DeviceModel? Read(JsonMembers members)
    {
        var preset = members.Optional("preset");
        var known = preset is { } given ? Known(given) : null;
        var name = members.Optional("name") is { } label ? label.Text(LongestName) : known?.Name ?? "own";
        var flops = Amount("flopsPerSecond", null, 1e6, MostFlops);
        var device = new DeviceModel
        {
            Name = name ?? "",
            Source = known is null ? "stated in the request" : $"{known.Source}; numbers of the request in their place",
            FlopsPerSecond = flops is { } rate ? Enum.GetValues<NumberType>().ToDictionary(Words.Of, _ => rate)
                : known?.FlopsPerSecond ?? new Dictionary<string, double>(),
            Memory = Amount("memory", known?.Memory, 1e-3, MostGigabytes) ?? 1,
            MemoryBandwidth = Amount("memoryBandwidth", known?.MemoryBandwidth, 1e-3, MostGigabytes) ?? 1,
            LinkBandwidth = Amount("linkBandwidth", known?.LinkBandwidth, 1e-3, MostGigabytes) ?? 1,
            DirectLinks = members.FlagOr("directLinks", known?.DirectLinks ?? false) ?? false,
            NetworkBandwidth = Amount("networkBandwidth", known?.NetworkBandwidth, 1e-3, MostGigabytes) ?? 1,
            DevicesPerNode = (int)(members.SizeOr(known?.DevicesPerNode ?? OtherwiseInNode, 1, MostInNode, "devicesPerNode") ?? 1),
            Efficiency = Share("efficiency", known?.Efficiency ?? OtherwiseEfficiency),
            MemoryEfficiency = Share("memoryEfficiency", known?.MemoryEfficiency ?? OtherwiseMemoryEfficiency),
        };
        return device;

        // Of a device that is not known all of them must be there.
        double? Amount(string member, double? otherwise, double least, double most)
        {
            var stated = preset is null ? members.Required(member) : members.Optional(member);
            return stated is { } number ? number.Number(least, above: false, most, $"a number from {least} to {most}") : otherwise;
        }

        double Share(string member, double otherwise) => members.Optional(member) is { } number
            ? number.Number(0, above: true, 1, "a number above 0 and at most 1") ?? otherwise
            : otherwise;
    }

    private static DeviceModel? Known(JsonValue value)
    {
        if (value.Text(LongestName) is not { } name) return null;
        var device = DeviceCatalogue.Find(name);
        if (device is null)
        {
            var names = DeviceCatalogue.All.Select(known => known.Name).ToList();
            value.Refuse($"Is not a known device: use one of {string.Join(", ", names)}, or an object with its numbers.{Spelling.DidYouMean(name, names)}");
        }

        return device;
    }
}
