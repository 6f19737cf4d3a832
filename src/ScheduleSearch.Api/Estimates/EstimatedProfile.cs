using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Estimates;

/// <summary>The profile that an estimate makes, as JSON.</summary>
internal static class EstimatedProfile
{
    /// <summary>What solve takes as a profile.</summary>
    public static JsonNode Of(Profile profile)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) ProfileJson.Write(writer, profile);
        return JsonNode.Parse(bytes.WrittenSpan)!;
    }
}
