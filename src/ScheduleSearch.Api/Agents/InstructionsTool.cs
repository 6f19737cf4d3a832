using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Agents.Answers;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules;
using ScheduleSearch.Api.Schedules.Documents;
using ScheduleSearch.Api.Schedules.Problems;
using ScheduleSearch.Api.Storage;
using ScheduleSearch.Api.Storage.Tables;
using ScheduleSearch.Core.Instructions.Formats;

namespace ScheduleSearch.Api.Agents;

/// <summary>Hands out the instruction stream of a schedule.</summary>
internal sealed class InstructionsTool(CallersSchedules schedules, ScheduleCache cache) : IAgentTool
{
    private const int MostBytes = 32 * 1024;
    private const int LongestName = 64;

    /// <inheritdoc/>
    public ToolDescription Description { get; } = new(
        "instructions",
        "Get the instruction stream for a runtime",
        $"The instruction stream of a stored schedule in a runtime's format, for one `rank` or for all; at most {MostBytes} bytes of it, `path` has the whole. "
            + "Pass the `revision` of an answer so that all ranks run the same schedule. A format that cannot carry the schedule says what to change. Formats: "
            + string.Join(", ", InstructionFormatCatalogue.All.Select(format => format.Name)) + ".",
        AccessPolicies.Read,
        typeof(StreamArguments),
        typeof(StreamAnswer),
        new JsonObject { ["id"] = "6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba", ["format"] = "pytorch", ["rank"] = 0 });

    /// <inheritdoc/>
    public async Task<object> RunAsync(ToolCall call)
    {
        var asked = call.Read(members =>
        {
            var (id, format) = (members.Required("id")?.Text(ScheduleId.Length), members.Optional("format")?.Text(LongestName));
            var (rank, version) = (members.Optional("rank")?.Whole(), members.Optional("version")?.Text(LongestName));
            var revision = members.Optional("revision")?.Text(ScheduleRevision.Length);
            return id is null ? null : new StreamArguments(id, format, rank, version, revision);
        });
        var document = (InstructionDocument)await InstructionEndpoints.AnswerAsync(
            call.Context,
            asked.Id,
            InstructionEndpoints.Stream(asked.Format, asked.Version) with
            {
                Rank = asked.Rank?.ToString(CultureInfo.InvariantCulture),
                Revision = asked.Revision,
            },
            schedules,
            cache);
        var revision = call.Context.Response.Headers[AnswerHeaders.Revision].ToString();
        var first = await document.Bytes.FirstAsync(MostBytes, call.Cancellation);
        return new StreamAnswer(
            asked.Id,
            revision,
            asked.Format ?? InstructionEndpoints.Default,
            asked.Rank,
            document.MediaType,
            document.Bytes.Length,
            document.Bytes.Length > first.Length,
            PathOf(asked, revision),
            TextOf(first));
    }

    /// <summary>Where the same stream is whole, of the same schedule.</summary>
    private static string PathOf(StreamArguments asked, string revision)
    {
        var query = QueryString.Create("format", asked.Format ?? InstructionEndpoints.Default);
        if (asked.Rank is { } rank) query = query.Add("rank", rank.ToString(CultureInfo.InvariantCulture));
        if (asked.Version is { } version) query = query.Add("version", version);
        return $"/schedules/{asked.Id}/instructions{query.Add("revision", revision)}";
    }

    /// <summary>The characters that are whole.</summary>
    private static string TextOf(byte[] first)
    {
        var characters = new char[first.Length];
        Encoding.UTF8.GetDecoder().Convert(first, characters, flush: false, out _, out var count, out _);
        return new string(characters, 0, count);
    }
}
