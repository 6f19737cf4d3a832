using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>A profile that the service made, as JSON.</summary>
internal static class ProfileDocument
{
    /// <summary>What solve takes as a profile.</summary>
    public static JsonNode Of(Profile profile)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) ProfileJson.Write(writer, profile);
        return JsonNode.Parse(bytes.WrittenSpan)!;
    }
}
