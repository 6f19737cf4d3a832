using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Storage.Tables;

namespace ScheduleSearch.Api.Callbacks;

/// <summary>Posts messages. Of what a receiver answers, the status alone is read.</summary>
internal sealed class CallbackSender : IDisposable
{
    private const int KibibytesOfHeaders = 16;

    private readonly HttpClient _http;
    private readonly byte[][] _keys;
    private readonly TimeProvider _time;

    public CallbackSender(CallableAddresses addresses, IOptions<CallbackSettings> settings, TimeProvider time)
    {
        _keys = [.. settings.Value.Secrets.Select(secret => CallbackSignature.KeyOf(secret)!)];
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = addresses.ConnectAsync,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = KibibytesOfHeaders,
            MaxResponseDrainSize = 0,
            // Names are looked up, and addresses judged, again before long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = TimeSpan.FromSeconds(settings.Value.TimeoutSeconds),
        };
    }

    /// <summary>Sends a message once.</summary>
    /// <returns>Null when it has arrived, else why not, and whether the receiver wants no more.</returns>
    public async Task<(string Reason, bool IsFinal)?> SendAsync(CallbackRow row, CancellationToken cancellation)
    {
        var (id, seconds, body) = (row.Id.ToString(), _time.GetUtcNow().ToUnixTimeSeconds(), row.Body!);
        using var request = new HttpRequestMessage(HttpMethod.Post, row.Url);
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ScheduleSearch", null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", CallbackSignature.Of(_keys, id, seconds, body));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode ? null : ($"The receiver answered {(int)answer.StatusCode}.", answer.StatusCode == HttpStatusCode.Gone);
        }
        catch (HttpRequestException exception)
        {
            return (exception.GetBaseException().Message, false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ("The receiver did not answer in time.", false);
        }
    }

    public void Dispose() => _http.Dispose();
}
