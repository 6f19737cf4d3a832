using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace ScheduleSearch.Api.Pages.Forms;

/// <summary>A request in the URL of a page, so that it goes from one page to another and in a link to somebody else: its JSON in Base64 for URLs.</summary>
internal static class RequestInUrl
{
    /// <summary>The parameter of the query that has it.</summary>
    public const string Name = "request";

    /// <summary>The most characters that are written: servers take URLs of some thousands.</summary>
    private const int Most = 6_000;

    /// <summary>The URL of a page with a request; without one that is too long for URLs.</summary>
    /// <param name="page">The path of the page.</param>
    /// <param name="request">The request.</param>
    public static string Of(string page, JsonNode request)
    {
        var text = WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(request.ToJsonString()));
        return text.Length <= Most ? $"{page}?{Name}={text}" : page;
    }

    /// <summary>The JSON of a request that a URL has; null when it has none.</summary>
    public static string? Read(string? text)
    {
        if (text is not { Length: > 0 and <= Most }) return null;
        try
        {
            return JsonNode.Parse(WebEncoders.Base64UrlDecode(text)) is JsonObject request ? request.ToJsonString() : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
