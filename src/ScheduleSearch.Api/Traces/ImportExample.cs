using System.Text;
using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Traces;

/// <summary>A request to start from: the table of three steps of 1F1B with two ranks and two microbatches.</summary>
internal static class ImportExample
{
    private static readonly (int Rank, string Kind, int Microbatch, int Start, int Duration)[] Step =
    [
        (0, "forward", 0, 0, 10), (0, "forward", 1, 10, 10), (1, "forward", 0, 11, 10), (1, "backward", 0, 21, 20), (1, "forward", 1, 41, 10),
        (0, "backward", 0, 42, 20), (1, "backward", 1, 51, 20), (0, "backward", 1, 72, 20),
    ];

    /// <summary>A body that import takes.</summary>
    public static JsonNode Request()
    {
        var table = new StringBuilder("rank,stage,kind,microbatch,start,duration,step\n");
        for (var step = 0; step < 3; step++)
        {
            foreach (var (rank, kind, microbatch, start, duration) in Step)
                table.Append(FormattableString.Invariant($"{rank},{rank},{kind},{microbatch},{100 * step + start},{duration},{step}\n"));
        }

        return new JsonObject
        {
            ["name"] = "two ranks",
            ["files"] = new JsonArray(new JsonObject { ["name"] = "run.csv", ["content"] = table.ToString() }),
        };
    }
}
