using System.Text.Json;
using ScheduleSearch.Api.Http;

namespace ScheduleSearch.Api.Schedules.Requests;

/// <summary>A body that was read, with its share of the room for bodies: both are given back when it is disposed of.</summary>
internal sealed class RequestDocument(JsonDocument document, BodyRoom.Share share) : IDisposable
{
    private bool _isShareKept;

    public JsonElement Root => document.RootElement;

    /// <summary>Leaves the share to the caller, who goes on working with what was read.</summary>
    public BodyRoom.Share KeepShare()
    {
        _isShareKept = true;
        return share;
    }

    public void Dispose()
    {
        document.Dispose();
        if (!_isShareKept) share.Dispose();
    }
}
