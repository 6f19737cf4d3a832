using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Reads a request's body as JSON, within limits on its size and depth, plain or compressed.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, CommentHandling = JsonCommentHandling.Disallow };

    /// <exception cref="RequestFault">The body is too large, or of a media type or encoding that is not taken.</exception>
    /// <exception cref="InvalidProfileException">The body is not JSON.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        CheckMediaType(request);
        await using var plain = Decompressed(request);
        var bytes = await ReadAllAsync(plain, most, cancellation);
        if (bytes.Length == 0) throw NotJson("The body is empty; send a JSON object.");
        if (!Utf8.IsValid(bytes.Span)) throw NotJson("The body is not valid UTF-8.");
        try
        {
            return JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException exception)
        {
            throw NotJson($"The body is not JSON, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of it (comments, "
                + $"trailing commas, byte order marks and more than {Strict.MaxDepth} levels are not taken).");
        }
    }

    private static void CheckMediaType(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType == "application/json" || type.Suffix == "json")
            && (type.Charset.Length == 0 || type.Encoding?.CodePage == System.Text.Encoding.UTF8.CodePage)) return;
        throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json in UTF-8.");
    }

    private static Stream Decompressed(HttpRequest request) => request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
    {
        "" or "identity" => request.Body,
        "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        "br" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
        _ => throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "Send the body plain, or with one content encoding: gzip, br or deflate."),
    };

    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream body, int most, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                if (bytes.Length + read > most)
                {
                    throw new RequestFault(
                        StatusCodes.Status413PayloadTooLarge, $"The body is larger than {most} bytes, which is the most that this server takes.");
                }

                bytes.Write(buffer, 0, read);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // Brotli's stream reports broken data by the second of the two.
            throw new RequestFault(StatusCodes.Status400BadRequest, "The body is not what its content encoding says.");
        }

        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    private static InvalidProfileException NotJson(string message) => new([new ProfileError("$", message)]);
}
