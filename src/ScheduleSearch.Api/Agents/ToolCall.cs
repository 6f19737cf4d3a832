using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Agents;

/// <summary>A call of a tool.</summary>
internal sealed class ToolCall
{
    /// <summary>The longest that a call waits for a search: clients commonly give up on a call after a minute.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(50);

    private readonly RequestContext<CallToolRequestParams> _request;
    private readonly byte[] _arguments;

    /// <summary>A call that has arrived.</summary>
    /// <param name="message">The HTTP request that brought it.</param>
    /// <param name="request">What it says.</param>
    /// <param name="cancellation">Canceled when nobody waits for its answer any longer.</param>
    public ToolCall(HttpContext message, RequestContext<CallToolRequestParams> request, CancellationToken cancellation)
    {
        _request = request;
        _arguments = JsonSerializer.SerializeToUtf8Bytes(request.Params.Arguments ?? new Dictionary<string, JsonElement>());
        var features = new FeatureCollection(message.Features);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = HttpMethods.Post,
            Scheme = message.Request.Scheme,
            Headers = new HeaderDictionary
            {
                ["Content-Type"] = "application/json",
                ["Prefer"] = string.Create(CultureInfo.InvariantCulture, $"wait={LongestWait.TotalSeconds:0}"),
            },
            Body = new MemoryStream(_arguments),
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = cancellation });
        Context = new DefaultHttpContext(features);
    }

    /// <summary>
    /// The request that the call stands for: its caller's, with the arguments as its body, and an answer of its own that nobody is sent. Whatever reads
    /// requests reads it, within the same limits.
    /// </summary>
    public HttpContext Context { get; }

    /// <summary>Canceled when nobody waits for the answer any longer.</summary>
    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>Reads arguments that are no body of a request.</summary>
    /// <param name="read">Reads them; null when one is wrong.</param>
    /// <exception cref="InvalidProfileException">Some are wrong; all of them are named.</exception>
    public T Read<T>(Func<JsonMembers, T?> read)
        where T : class
    {
        var errors = new List<ProfileError>();
        using var arguments = JsonDocument.Parse(_arguments);
        var value = new JsonValue(arguments.RootElement, "$", errors).Members(read);
        return value is not null && errors.Count == 0 ? value : throw new InvalidProfileException(errors);
    }

    /// <summary>Tells the caller how far the call is, if that was asked for.</summary>
    /// <param name="elapsed">How long it lasts already.</param>
    /// <param name="longest">How long it lasts at most.</param>
    /// <param name="message">What there is to say.</param>
    public async Task TellAsync(TimeSpan elapsed, TimeSpan longest, string message)
    {
        if (_request.Params.ProgressToken is not { } token) return;
        var progress = new ProgressNotificationValue { Progress = (float)elapsed.TotalSeconds, Total = (float)longest.TotalSeconds, Message = message };
        await _request.Server.NotifyProgressAsync(token, progress, cancellationToken: Cancellation);
    }
}
