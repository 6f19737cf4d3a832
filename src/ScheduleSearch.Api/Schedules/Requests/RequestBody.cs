using System.IO.Compression;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>Reads bodies as JSON, plain or compressed, within limits on their size, depth and time, and on the room that all bodies share.</summary>
internal sealed class RequestBody(IOptions<LimitSettings> limits, BodyRoom room, TimeProvider time)
{
    private const int MostLevels = 16;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MostLevels, CommentHandling = JsonCommentHandling.Disallow };
    private static readonly JsonReaderOptions StrictReader = new() { MaxDepth = MostLevels, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The document of a request, which holds its share of the room until it is disposed of.</summary>
    /// <param name="context">The request.</param>
    /// <param name="most">How much the document may hold.</param>
    /// <exception cref="RequestFault">The body is too large, too late, of a media type or encoding that is not taken, or there is no room for it.</exception>
    /// <exception cref="InvalidProfileException">The body is not JSON, or holds too much.</exception>
    public async Task<RequestDocument> ReadAsync(HttpContext context, JsonRoom most)
    {
        var (body, share) = await OpenAsync(context);
        try
        {
            return new RequestDocument(Parse(body.GetBuffer().AsMemory(0, (int)body.Length), most), share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    /// <summary>The body of a request that something else reads. It holds its share of the room until that is disposed of, but no turn.</summary>
    /// <param name="context">The request.</param>
    /// <param name="most">How much the document may hold.</param>
    /// <exception cref="RequestFault">As <see cref="ReadAsync"/>.</exception>
    /// <exception cref="InvalidProfileException">The body is not JSON, or holds too much.</exception>
    public async Task<(Stream Body, BodyRoom.Share Share)> ReceiveAsync(HttpContext context, JsonRoom most)
    {
        var (body, share) = await OpenAsync(context);
        try
        {
            Check(body.GetBuffer().AsSpan(0, (int)body.Length), most);
            share.EndTurn();
            return (body, share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private async Task<(MemoryStream Body, BodyRoom.Share Share)> OpenAsync(HttpContext context)
    {
        CheckMediaType(context.Request);
        var decompress = DecompressorOf(context.Request);
        var share = room.Open();
        try
        {
            var body = await ReceiveAsync(context, share);
            if (body.Length > BodyRoom.Small) await share.TakeTurnAsync(context.RequestAborted);
            if (decompress is not null) body = await DecompressAsync(decompress(body), share, context.RequestAborted);
            return (body, share);
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private static void CheckMediaType(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MediaType == "application/json" || type.Suffix == "json")
            && (type.Charset.Length == 0 || type.Encoding?.CodePage == System.Text.Encoding.UTF8.CodePage)) return;
        throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json in UTF-8.");
    }

    private static Func<Stream, Stream>? DecompressorOf(HttpRequest request) => request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
    {
        "" or "identity" => null,
        "gzip" => body => new GZipStream(body, CompressionMode.Decompress),
        "br" => body => new BrotliStream(body, CompressionMode.Decompress),
        "deflate" => body => new ZLibStream(body, CompressionMode.Decompress),
        _ => throw new RequestFault(StatusCodes.Status415UnsupportedMediaType, "Send the body plain, or with one content encoding: gzip, br or deflate."),
    };

    /// <summary>The bytes as they are sent.</summary>
    private async Task<MemoryStream> ReceiveAsync(HttpContext context, BodyRoom.Share share)
    {
        var longest = TimeSpan.FromSeconds(limits.Value.MaxBodySeconds);
        using var late = new CancellationTokenSource(longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, late.Token);
        try
        {
            return await ReadAllAsync(context.Request.Body, count =>
            {
                share.Grow(count);
                return ValueTask.CompletedTask;
            }, end.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            throw new RequestFault(
                StatusCodes.Status408RequestTimeout, $"The body did not arrive within {limits.Value.MaxBodySeconds} seconds.");
        }
    }

    private async Task<MemoryStream> DecompressAsync(Stream plain, BodyRoom.Share share, CancellationToken cancellation)
    {
        var read = 0;
        try
        {
            await using var end = plain;
            return await ReadAllAsync(plain, async count =>
            {
                read += count;
                // What grows large is large, however few bytes were sent.
                if (read > BodyRoom.Small) await share.TakeTurnAsync(cancellation);
            }, cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // Brotli's stream reports broken data by the second of the two.
            throw new RequestFault(StatusCodes.Status400BadRequest, "The body is not what its content encoding says.");
        }
    }

    private async Task<MemoryStream> ReadAllAsync(Stream body, Func<int, ValueTask> arrived, CancellationToken cancellation)
    {
        var most = limits.Value.MaxBodyBytes;
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (bytes.Length + read > most)
            {
                throw new RequestFault(
                    StatusCodes.Status413PayloadTooLarge, $"The body is larger than {most} bytes, which is the most that this server takes.");
            }

            await arrived(read);
            bytes.Write(buffer, 0, read);
        }

        bytes.Position = 0;
        return bytes;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes, JsonRoom most)
    {
        Check(bytes.Span, most);
        return JsonDocument.Parse(bytes, Strict);
    }

    /// <summary>Reads over a body: what holds no more than it may, and nothing but JSON, passes.</summary>
    private static void Check(ReadOnlySpan<byte> bytes, JsonRoom most)
    {
        if (bytes.Length == 0) throw Wrong(NotJson("The body is empty; send a JSON object."));
        if (!Utf8.IsValid(bytes)) throw Wrong(NotJson("The body is not valid UTF-8."));
        try
        {
            if (most.Check(bytes, StrictReader) is { } tooMuch) throw Wrong(tooMuch);
        }
        catch (JsonException exception)
        {
            throw Wrong(NotJson($"The body is not JSON, at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of it (comments, "
                + $"trailing commas, byte order marks and more than {MostLevels} levels are not taken)."));
        }
    }

    private static ProfileError NotJson(string message) => new("$", message);

    private static InvalidProfileException Wrong(ProfileError error) => new([error]);
}
