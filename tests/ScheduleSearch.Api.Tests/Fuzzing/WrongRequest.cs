namespace ScheduleSearch.Api.Tests.Fuzzing;

/// <summary>A request that was drawn.</summary>
/// <param name="Verb">Its verb.</param>
/// <param name="Target">Its path with the query, as it is sent.</param>
/// <param name="Headers">Its headers beside those of the body.</param>
/// <param name="Body">Its body; null when it has none.</param>
/// <param name="MediaType">The body's media type; null when none is told.</param>
/// <param name="Encoding">The content encoding that the body claims; null when it claims none.</param>
/// <param name="HasWrongMembersAlone">Whether nothing but members of the body is wrong, so that the answer has to name them.</param>
internal sealed record WrongRequest(
    string Verb, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string? MediaType, string? Encoding,
    bool HasWrongMembersAlone)
{
    /// <summary>What is sent.</summary>
    public HttpRequestMessage ToMessage(Uri service)
    {
        // Targets are sent as they are: a URI would mend them.
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(new HttpMethod(Verb), new Uri($"{service.GetLeftPart(UriPartial.Authority)}{Target}", options));
        foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null) return message;
        message.Content = new ByteArrayContent(Body);
        if (MediaType is not null) message.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        if (Encoding is not null) message.Content.Headers.TryAddWithoutValidation("Content-Encoding", Encoding);
        return message;
    }

    public override string ToString()
    {
        var body = Body is null ? "" : System.Text.Encoding.UTF8.GetString(Body);
        return $"{Verb} {Target} [{string.Join("; ", Headers.Select(header => $"{header.Name}: {header.Value}"))}] {MediaType} {Encoding} "
            + (body.Length > 3000 ? body[..3000] + "…" : body);
    }
}
