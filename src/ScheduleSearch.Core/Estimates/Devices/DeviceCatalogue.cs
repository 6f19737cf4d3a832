namespace ScheduleSearch.Core.Estimates.Devices;

/// <summary>The devices that are known by name: a new one is an entry here.</summary>
public static class DeviceCatalogue
{
    private const double Tera = 1e12;

    private const string Typical = "efficiencies: assumed, of the order of published training runs; measure a layer of yours and state its own";

    /// <summary>The devices, by name.</summary>
    public static IReadOnlyList<DeviceModel> All { get; } =
    [
        new()
        {
            Name = "A100", Source = $"NVIDIA A100 80GB SXM data sheet; network of a DGX A100, 200 Gb/s a GPU; {Typical}",
            FlopsPerSecond = Flops(fp32: 19.5, tf32: 156, half: 312), Memory = 80, MemoryBandwidth = 2039,
            LinkBandwidth = 300, NetworkBandwidth = 25, DevicesPerNode = 8, Efficiency = 0.6, MemoryEfficiency = 0.8,
        },
        new()
        {
            Name = "H100", Source = $"NVIDIA H100 SXM data sheet, without sparsity; network of a DGX H100, 400 Gb/s a GPU; {Typical}",
            FlopsPerSecond = Flops(fp32: 67, tf32: 494.5, half: 989, fp8: 1979), Memory = 80, MemoryBandwidth = 3350,
            LinkBandwidth = 450, NetworkBandwidth = 50, DevicesPerNode = 8, Efficiency = 0.55, MemoryEfficiency = 0.8,
        },
        new()
        {
            Name = "H200", Source = $"NVIDIA H200 SXM data sheet, without sparsity; network of a DGX H200, 400 Gb/s a GPU; {Typical}",
            FlopsPerSecond = Flops(fp32: 67, tf32: 494.5, half: 989, fp8: 1979), Memory = 141, MemoryBandwidth = 4800,
            LinkBandwidth = 450, NetworkBandwidth = 50, DevicesPerNode = 8, Efficiency = 0.55, MemoryEfficiency = 0.8,
        },
        new()
        {
            Name = "GH200",
            Source = "NVIDIA GH200 Grace Hopper data sheet, 96 GB HBM3, without sparsity; nodes of four, NVLink of 150 GB/s one way between any two, "
                + $"network 200 Gb/s each; {Typical}",
            FlopsPerSecond = Flops(fp32: 67, tf32: 494.5, half: 989, fp8: 1979), Memory = 96, MemoryBandwidth = 4000,
            LinkBandwidth = 450, DirectLinks = true, NetworkBandwidth = 25, DevicesPerNode = 4, Efficiency = 0.55, MemoryEfficiency = 0.8,
        },
        new()
        {
            Name = "B200", Source = $"NVIDIA DGX B200 data sheet, an eighth of it, without sparsity; network 400 Gb/s a GPU; {Typical}",
            FlopsPerSecond = Flops(fp32: 75, tf32: 1125, half: 2250, fp8: 4500), Memory = 180, MemoryBandwidth = 8000,
            LinkBandwidth = 900, NetworkBandwidth = 50, DevicesPerNode = 8, Efficiency = 0.5, MemoryEfficiency = 0.8,
        },
        new()
        {
            Name = "MI300X", Source = $"AMD Instinct MI300X data sheet, without sparsity, 7 links of 64 GB/s one way; network 400 Gb/s a GPU; {Typical}",
            FlopsPerSecond = Flops(fp32: 163.4, tf32: 653.7, half: 1307.4, fp8: 2614.9), Memory = 192, MemoryBandwidth = 5300,
            LinkBandwidth = 448, DirectLinks = true, NetworkBandwidth = 50, DevicesPerNode = 8, Efficiency = 0.45, MemoryEfficiency = 0.7,
        },
    ];

    /// <summary>The device of a name, in whatever case; null when there is none.</summary>
    public static DeviceModel? Find(string name) => All.FirstOrDefault(device => string.Equals(device.Name, name, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, double> Flops(double fp32, double tf32, double half, double? fp8 = null)
    {
        Dictionary<string, double> flops = new()
        {
            [Words.Of(NumberType.Fp32)] = fp32 * Tera,
            [Words.Of(NumberType.Tf32)] = tf32 * Tera,
            [Words.Of(NumberType.Bf16)] = half * Tera,
            [Words.Of(NumberType.Fp16)] = half * Tera,
        };
        if (fp8 is { } eight) flops[Words.Of(NumberType.Fp8)] = eight * Tera;
        return flops;
    }
}
