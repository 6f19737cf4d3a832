using System.Globalization;
using System.Text.RegularExpressions;

namespace ScheduleSearch.Api.Tests.Telemetry;

/// <summary>What <c>/metrics</c> prints, read line by line.</summary>
internal sealed partial class Exposition
{
    private readonly List<(string Name, string Labels, double Value)> _samples = [];

    public Exposition(string text)
    {
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            var match = Sample().Match(line);
            if (!match.Success) throw new FormatException(line);
            _samples.Add((match.Groups[1].Value, match.Groups[2].Value, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Every name of a sample.</summary>
    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet();

    /// <summary>The sum over the samples of a name that have all the labels, each as <c>name="value"</c>; null when there is none.</summary>
    public double? Sum(string name, params string[] labels)
    {
        var found = _samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.Contains(label, StringComparison.Ordinal))).ToList();
        return found.Count == 0 ? null : found.Sum(sample => sample.Value);
    }

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$""")]
    private static partial Regex Sample();
}
