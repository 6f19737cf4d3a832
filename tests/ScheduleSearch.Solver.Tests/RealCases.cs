using Shouldly;

namespace ScheduleSearch.Solver.Tests;

/// <summary>Runs a law on random draws that it may have nothing to say of, and fails when too few were left.</summary>
internal static class RealCases
{
    /// <summary>Runs a law on draws 0, 1, 2 ....</summary>
    /// <param name="draws">How many draws.</param>
    /// <param name="least">How many of them have to be real.</param>
    /// <param name="law">Asserts the law; returns whether the draw was real.</param>
    public static void ShouldBeAtLeast(int least, int draws, Func<Random, bool> law)
    {
        var real = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            try
            {
                if (law(new Random(draw))) real++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Draw {draw} breaks the law.", failure);
            }
        }

        real.ShouldBeGreaterThanOrEqualTo(least, $"real cases of {draws}");
    }
}
