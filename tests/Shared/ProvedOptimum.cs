using System.Text.Json;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Tests.Shared;

/// <summary>A small problem whose optimum was proved elsewhere, from tests/Oracles/proved-optima.json.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Optimum">The least objective, in the profile's unit.</param>
internal sealed record ProvedOptimum(string Name, Problem Problem, decimal Optimum)
{
    public static IReadOnlyList<ProvedOptimum> All()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracles", "proved-optima.json")));
        return
        [
            .. document.RootElement.EnumerateArray().Select(row => new ProvedOptimum(
                row.GetProperty("name").GetString()!, StoredRequest.ProblemOf(row.GetProperty("request")), row.GetProperty("optimum").GetDecimal())),
        ];
    }
}
