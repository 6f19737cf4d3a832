using System.Text.Json;
using System.Text.Json.Serialization;

namespace ScheduleSearch.Api.Http;

/// <summary>How answers become JSON: camelCase, absent rather than null.</summary>
internal static class AnswerJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
