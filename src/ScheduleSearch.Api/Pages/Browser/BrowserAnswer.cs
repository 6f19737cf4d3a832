using System.Text.Json;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Pages.Browser;

/// <summary>What the service answered to a request of the browser.</summary>
/// <param name="Status">The HTTP status; 0 when there was no answer.</param>
/// <param name="Text">The body.</param>
internal sealed record BrowserAnswer(int Status, string Text)
{
    /// <summary>Whether the request was carried out or accepted.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body as a document.</summary>
    /// <exception cref="BrowserFault">It is a problem, or there was no answer.</exception>
    public T Read<T>() => IsSuccess ? JsonSerializer.Deserialize<T>(Text, AnswerJson.Options)! : throw BrowserFault.Of(Text);
}
