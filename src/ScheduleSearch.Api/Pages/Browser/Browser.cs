using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ScheduleSearch.Api.Pages.Browser;

/// <summary>
/// What the pages ask of the reader's browser. Requests to the service are sent from there, as those of any other client: with the reader's own
/// key and address, so that access and quotas are the same for pages as for launchers.
/// </summary>
internal sealed class Browser(IJSRuntime scripts) : IAsyncDisposable
{
    private const string Module = "./page/browser.js";
    private const long MostBytes = 256L << 20;

    private Task<IJSObjectReference>? _module;

    /// <summary>Called when the service asks for a key.</summary>
    public Func<Task>? KeyMissing { get; set; }

    /// <summary>Sends a request to the service and reads its answer.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="path">The path with its query, from the root.</param>
    /// <param name="body">The JSON to send; null for none.</param>
    /// <param name="prefer">The header Prefer; null for none.</param>
    public async Task<BrowserAnswer> SendAsync(string method, string path, string? body = null, string? prefer = null)
    {
        var sent = await (await ModuleAsync()).InvokeAsync<Sent>("send", method, path, body, prefer);
        return await AnswerOfAsync(sent);
    }

    /// <summary>Sends an object to the service with the text of an element as another member, however long that is, and reads the answer.</summary>
    /// <param name="path">The path with its query, from the root.</param>
    /// <param name="body">The object, which has a member already.</param>
    /// <param name="member">What the text is called in it.</param>
    /// <param name="element">An element that its reader writes in.</param>
    public async Task<BrowserAnswer> SendTextAsync(string path, JsonObject body, string member, ElementReference element)
    {
        var sent = await (await ModuleAsync()).InvokeAsync<Sent>("sendText", path, body.ToJsonString(), member, element);
        return await AnswerOfAsync(sent);
    }

    /// <summary>As <see cref="SendTextAsync"/>, but what is answered stays in the reader's tab.</summary>
    /// <returns>Its URL there, for <see cref="ReleaseAsync"/>.</returns>
    /// <exception cref="BrowserFault">The service answers with a problem, or not at all.</exception>
    public async Task<string> SendTextAndKeepAsync(string path, JsonObject body, string member, ElementReference element)
    {
        var (url, problem) = await (await ModuleAsync()).InvokeAsync<Kept>("sendTextAndKeep", path, body.ToJsonString(), member, element);
        return url ?? throw BrowserFault.Of(problem ?? "");
    }

    /// <summary>
    /// Sends an object to the service with the files that are chosen in an element as its member <c>files</c>, JSON as it is and all else as text, unpacked
    /// where they are packed by gzip. They do not pass through the page, and of the answer what is to be drawn stays in the reader's tab too.
    /// </summary>
    /// <param name="path">The path with its query, from the root.</param>
    /// <param name="body">The object, which has a member already.</param>
    /// <param name="element">An element whose files its reader chooses.</param>
    /// <param name="most">The bytes that the service takes.</param>
    /// <param name="owner">The member of the answer that has what is kept; it need not be there.</param>
    /// <param name="kept">The members of it that are kept: each has its URL in the tab in its place, for <see cref="ReleaseAsync"/>.</param>
    public async Task<BrowserAnswer> SendFilesAsync(
        string path, JsonObject body, ElementReference element, int most, string owner, params IReadOnlyList<string> kept)
    {
        var sent = await (await ModuleAsync()).InvokeAsync<Sent>("sendFiles", path, body.ToJsonString(), element, most, owner, kept);
        return await AnswerOfAsync(sent);
    }

    /// <summary>Gives up what is kept in the reader's tab.</summary>
    public async Task ReleaseAsync(string url)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync("release", url);
        }
        catch (JSDisconnectedException)
        {
            // The tab has gone with all that it kept.
        }
    }

    /// <summary>Has the text of each file that is chosen in one element stand in another.</summary>
    public async Task FillFromAsync(ElementReference input, ElementReference element) =>
        await (await ModuleAsync()).InvokeVoidAsync("fillFrom", input, element);

    /// <summary>Reads a document of the service; its problem is thrown.</summary>
    /// <exception cref="BrowserFault">The service answers with a problem, or not at all.</exception>
    public async Task<T> GetAsync<T>(string path) => (await SendAsync("GET", path)).Read<T>();

    /// <summary>Follows the events of a search until it ends or the watching is disposed of.</summary>
    public async Task<IJSObjectReference> WatchAsync<T>(string path, DotNetObjectReference<T> watcher)
        where T : class =>
        await (await ModuleAsync()).InvokeAsync<IJSObjectReference>("watch", path, watcher);

    /// <summary>Keeps the key that requests are sent with, in this tab of the browser.</summary>
    public async Task SetKeyAsync(string key) => await (await ModuleAsync()).InvokeVoidAsync("setKey", key);

    /// <summary>The theme that the reader has chosen: <c>dark</c>, <c>light</c>, or nothing.</summary>
    public async Task<string> ThemeAsync() => await (await ModuleAsync()).InvokeAsync<string>("theme");

    /// <summary>Shows the theme in what is not drawn by components, and keeps it where it is the reader's choice.</summary>
    public async Task SetThemeAsync(bool isDark, bool isChosen) => await (await ModuleAsync()).InvokeVoidAsync("setTheme", isDark, isChosen);

    /// <summary>Copies text to the clipboard.</summary>
    public async Task CopyAsync(string text) => await (await ModuleAsync()).InvokeVoidAsync("copy", text);

    /// <summary>Downloads a document of the service under the name that it answers with.</summary>
    /// <exception cref="BrowserFault">The service answers with a problem.</exception>
    public async Task DownloadAsync(string path)
    {
        var problem = await (await ModuleAsync()).InvokeAsync<string?>("download", path);
        if (problem is not null) throw BrowserFault.Of(problem);
    }

    /// <summary>Opens a trace of the service in Perfetto, in a tab of its own.</summary>
    /// <exception cref="BrowserFault">The service answers with a problem, or the browser keeps the tab from opening.</exception>
    public async Task OpenInPerfettoAsync(string path, string title)
    {
        var problem = await (await ModuleAsync()).InvokeAsync<string?>("openInPerfetto", path, title);
        if (problem is not null) throw BrowserFault.Of(problem);
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is not { IsCompletedSuccessfully: true } loaded) return;
        try
        {
            await loaded.Result.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone and its module with it.
        }
    }

    private async Task<BrowserAnswer> AnswerOfAsync(Sent sent)
    {
        string text;
        await using (sent.Body)
        {
            await using var bytes = await sent.Body.OpenReadStreamAsync(MostBytes);
            using var reader = new StreamReader(bytes);
            text = await reader.ReadToEndAsync();
        }

        if (sent.Status == StatusCodes.Status401Unauthorized && KeyMissing is { } ask) await ask();
        return new BrowserAnswer(sent.Status, text);
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= scripts.InvokeAsync<IJSObjectReference>("import", Module).AsTask();

    private sealed record Sent(int Status, IJSStreamReference Body);

    private sealed record Kept(string? Url, string? Problem);
}
