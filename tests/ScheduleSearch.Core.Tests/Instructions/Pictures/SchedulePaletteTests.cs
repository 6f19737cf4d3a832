using System.Globalization;
using ScheduleSearch.Core.Instructions.Pictures;
using ScheduleSearch.Core.Operations;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions.Pictures;

/// <summary>
/// Colours seen with and without red-green blindness, as G. M. Machado, M. M. Oliveira and L. A. F. Fernandes simulate it ("A Physiologically-based Model
/// for Simulation of Color Vision Deficiency", 2009; severity 1.0), and compared by their distance in CIELAB: 2 can just be told apart side by side.
/// </summary>
public class SchedulePaletteTests
{
    private static readonly double[][,] Eyes =
    [
        new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
        new[,] { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },
        new[,] { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },
    ];

    private static readonly double[,] Xyz =
        { { 0.4124564, 0.3575761, 0.1804375 }, { 0.2126729, 0.7151522, 0.0721750 }, { 0.0193339, 0.1191920, 0.9503041 } };

    /// <summary>The kinds that have a colour of their own: those of a pair have the colours that they have alone.</summary>
    private static readonly OperationKind[] Kinds = [.. OperationKinds.All.Where(facts => facts.Alone == facts.Kind).Select(facts => facts.Kind)];

    [Fact]
    public void Whatever_operations_do_they_differ_from_each_other_from_idle_and_from_sums_to_every_eye()
    {
        string[] colours = [.. Kinds.Select(kind => SchedulePalette.Of(kind, 0, 1)), SchedulePalette.Idle, SchedulePalette.AllReduce];
        colours.Length.ShouldBeGreaterThanOrEqualTo(9);
        foreach (var (one, other) in Pairs(colours)) LeastDistance(one, other).ShouldBeGreaterThan(20, $"{one} and {other}");
    }

    [Fact]
    public void No_shade_is_taken_for_one_of_another_kind_or_for_idle()
    {
        foreach (var (one, other) in Pairs(Kinds))
        {
            foreach (var (chunk, otherChunk) in new[] { (0, 1), (1, 0), (1, 1) })
                LeastDistance(SchedulePalette.Of(one, chunk, 2), SchedulePalette.Of(other, otherChunk, 2)).ShouldBeGreaterThan(10, $"{one} {chunk}, {other} {otherChunk}");
        }

        foreach (var kind in Kinds)
        {
            LeastDistance(SchedulePalette.Of(kind, 0, 2), SchedulePalette.Of(kind, 1, 2)).ShouldBeGreaterThan(15, $"{kind}");
            LeastDistance(SchedulePalette.Of(kind, 1, 2), SchedulePalette.Idle).ShouldBeGreaterThan(15, $"{kind}");
        }
    }

    [Fact]
    public void The_two_of_a_pair_have_the_colours_that_they_have_alone()
    {
        foreach (var facts in OperationKinds.All) SchedulePalette.Of(facts.Kind, 1, 3).ShouldBe(SchedulePalette.Of(facts.Alone, 1, 3));
    }

    [Fact]
    public void There_are_as_many_shades_as_chunks() =>
        Enumerable.Range(0, 16).Select(chunk => SchedulePalette.Of(OperationKind.Forward, chunk, 16)).Distinct().Count().ShouldBe(16);

    [Fact]
    public void Text_is_readable_on_every_shade()
    {
        foreach (var kind in Kinds)
        {
            for (var chunk = 0; chunk < 8; chunk++)
            {
                var colour = SchedulePalette.Of(kind, chunk, 8);
                Contrast(colour, SchedulePalette.TextOn(colour)).ShouldBeGreaterThan(4.5, $"{kind} {chunk}");
            }
        }

        Contrast(SchedulePalette.AllReduce, SchedulePalette.TextOn(SchedulePalette.AllReduce)).ShouldBeGreaterThan(4.5);
    }

    private static IEnumerable<(T One, T Other)> Pairs<T>(IReadOnlyList<T> all) =>
        from one in Enumerable.Range(0, all.Count) from other in Enumerable.Range(0, one) select (all[one], all[other]);

    private static double LeastDistance(string one, string other) => Eyes.Min(eye => Math.Sqrt(Lab(one, eye).Zip(Lab(other, eye), (a, b) => (a - b) * (a - b)).Sum()));

    private static double[] Lab(string colour, double[,] eye)
    {
        var xyz = Times(Xyz, [.. Times(eye, Linear(colour)).Select(part => Math.Clamp(part, 0, 1))]);
        var white = Times(Xyz, [1, 1, 1]);
        var (x, y, z) = (F(xyz[0] / white[0]), F(xyz[1] / white[1]), F(xyz[2] / white[2]));
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];

        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static double Contrast(string one, string other)
    {
        var (first, second) = (Times(Xyz, Linear(one))[1], Times(Xyz, Linear(other))[1]);
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double[] Linear(string colour) =>
    [
        .. new[] { 1, 3, 5 }.Select(at => int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)),
    ];

    private static double[] Times(double[,] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Sum(column => matrix[row, column] * vector[column]))];
}
