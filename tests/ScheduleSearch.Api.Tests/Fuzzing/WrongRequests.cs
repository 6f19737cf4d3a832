using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Fuzzing;

/// <summary>Draws requests to the operations of a document, most of them wrong somewhere.</summary>
/// <param name="document">The document.</param>
/// <param name="id">The id of something that is stored.</param>
/// <param name="bodies">Right bodies, by the path that takes them.</param>
internal sealed class WrongRequests(ServiceDocument document, string id, IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> bodies)
{
    private static readonly string[] Verbs = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"];
    private static readonly string[] Encodings = ["gzip", "br", "deflate", "zstd", "identity", "gzip, gzip", "GZIP", ""];

    private static readonly string[] MediaTypes =
        ["application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "application/vnd.x+json", "nonsense", "multipart/form-data"];

    private static readonly string[] Ids =
    [
        new('0', 64), new('A', 64), "..", "%2e%2e", "%00", "%", "%zz", "1' OR '1'='1", "ｓｃｈｅｄｕｌｅ", new('a', 8000), "%F0%9F%92%A9", "null", "-1", "a/b", "a%2Fb", "*",
        "%0d%0aX-Injected:%201",
    ];

    private static readonly string[] Values =
        ["", "0", "-1", "1", "2", "1.5", "99999999999999999999", "true", "null", "native", "svg", "%00", "%", "%zz", "a b", "<x>", "'", "%0d%0a", new('9', 3000), "ü"];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("Prefer", ["wait=0", "respond-async", "wait=-1", "wait=99999999999999", "wait=x", ",,,", "wait"]),
        ("If-None-Match", ["*", "\"\"", "W/\"1\"", "nonsense", "\"" + new string('x', 5000) + "\""]),
        ("Accept-Encoding", ["gzip;q=2", "*;q=0", "br;q=x", "gzip, gzip", ";"]),
        ("Accept", ["text/html", "nonsense", "*/*;q=0"]),
        ("Authorization", ["Bearer", "Bearer x", "Basic eA==", "x"]),
        ("Range", ["bytes=0-1", "bytes=9-1", "x"]),
        ("Expect", ["100-continue", "x"]),
        ("Host", ["evil.example", "127.0.0.1", "localhost:99999", "a b", "[::1]"]),
        ("Origin", ["http://evil.example", "null"]),
        ("X-Forwarded-For", ["1.2.3.4", "x"]),
        ("Cookie", [new string('c', 4000)]),
        ("X-Long", [new string('x', 20_000)]),
        ("Last-Event-ID", ["x", "-1"]),
    ];

    private readonly WrongBodies _bodies = new(document);

    /// <summary>The request of a number: the same for the same number.</summary>
    public WrongRequest Draw(int number)
    {
        var random = new Random(number);
        var operation = document.Operations[random.Next(document.Operations.Count)];
        // Bodies have most of what can be wrong.
        if (operation.Body is null && random.Next(2) == 0)
        {
            var withBodies = document.Operations.Where(each => each.Body is not null).ToList();
            operation = withBodies[random.Next(withBodies.Count)];
        }

        return operation.Body is { } schema && random.Next(3) != 0 ? WithWrongMembers(random, operation, schema) : WithAnythingWrong(random, operation);
    }

    private WrongRequest WithWrongMembers(Random random, DocumentedOperation operation, JsonNode schema) => new(
        operation.Verb, operation.Path.Replace("{id}", id, StringComparison.Ordinal), [("Prefer", "respond-async")], Encoding.UTF8.GetBytes(_bodies.Spoil(random, BodyOf(random, operation), schema)),
        "application/json", null, HasWrongMembersAlone: true);

    private WrongRequest WithAnythingWrong(Random random, DocumentedOperation operation)
    {
        var verb = random.Next(8) == 0 ? Pick(random, Verbs) : operation.Verb;
        var path = operation.Path.Replace("{id}", random.Next(2) == 0 ? id : Pick(random, Ids), StringComparison.Ordinal);
        if (random.Next(20) == 0) path += Pick(random, ["/", "/more", "//", ";x", "%20"]);
        var headers = Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random, Headers)).Select(header => (header.Name, Pick(random, header.Values)));
        var (body, encoding) = operation.Body is null || random.Next(6) == 0 ? (null, null) : Bytes(random, operation);
        return new WrongRequest(
            verb, path + QueryOf(random, operation), [("Prefer", "respond-async"), .. headers], body,
            random.Next(3) == 0 ? Pick(random, MediaTypes) : "application/json", encoding, HasWrongMembersAlone: false);
    }

    private string QueryOf(Random random, DocumentedOperation operation)
    {
        var documented = operation.Query.Select(parameter => parameter["name"]!.GetValue<string>()).ToList();
        var pairs = Enumerable.Range(0, random.Next(4)).Select(_ =>
        {
            var name = documented.Count == 0 || random.Next(4) == 0 ? Pick(random, ["more", "", "%00", "Format", "[]", "a%20b"]) : Pick(random, documented);
            var words = document.WordsOf(operation.Query.FirstOrDefault(parameter => parameter["name"]!.GetValue<string>() == name)?["schema"]);
            var value = words.Count > 0 && random.Next(2) == 0 ? Pick(random, words) : Pick(random, Values);
            return random.Next(10) == 0 ? name : $"{name}={value}";
        }).ToList();
        return pairs.Count == 0 ? "" : $"?{string.Join('&', pairs)}";
    }

    /// <summary>A right body, cut, changed in some bytes, or compressed and perhaps broken so.</summary>
    private (byte[] Body, string? Encoding) Bytes(Random random, DocumentedOperation operation)
    {
        var bytes = Encoding.UTF8.GetBytes(BodyOf(random, operation).ToJsonString());
        if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
        if (random.Next(4) == 0)
        {
            for (var changes = random.Next(1, 5); changes > 0 && bytes.Length > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        if (random.Next(3) != 0) return (bytes, null);
        var encoding = Pick(random, Encodings);
        if (random.Next(2) == 0) bytes = Compressed(encoding, bytes);
        if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
        return (bytes, encoding);
    }

    private JsonNode BodyOf(Random random, DocumentedOperation operation) =>
        bodies.TryGetValue(operation.Path, out var right) ? Pick(random, right) : new JsonObject();

    private static byte[] Compressed(string encoding, byte[] bytes)
    {
        using var result = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "br" => new BrotliStream(result, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(result, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true),
        }) stream.Write(bytes);
        return result.ToArray();
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];
}
