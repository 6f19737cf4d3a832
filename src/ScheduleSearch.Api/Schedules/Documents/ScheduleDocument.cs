using System.Buffers;
using System.Text.Json;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Schedules.Answers;

namespace ScheduleSearch.Api.Schedules.Documents;

/// <summary>Answers with the state and result of what is stored: the members of <see cref="ScheduleAnswer"/>, the result as it was rendered once.</summary>
internal sealed class ScheduleDocument(ScheduleView view, string state, bool cached, int statusCode = StatusCodes.Status200OK) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = statusCode;
        response.ContentType = "application/json; charset=utf-8";
        WriteHead(response);
        if (view.Result is { } result)
        {
            // The rendered members follow the head's in one object, so a comma stands for their opening brace.
            response.BodyWriter.Write(","u8);
            await result.CopyToAsync(response.BodyWriter, skip: 1, httpContext.RequestAborted);
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteHead(HttpResponse response)
    {
        using var writer = new Utf8JsonWriter(response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("id", view.Stored.Id);
        writer.WriteString("status", state);
        writer.WriteBoolean("cached", cached);
        if (view.Stored.Failure is { } failure)
        {
            writer.WritePropertyName("problem");
            JsonSerializer.Serialize(writer, HttpProblem.Of(StatusCodes.Status500InternalServerError, failure), AnswerJson.Options);
        }

        if (view.Result is null) writer.WriteEndObject();
    }
}
