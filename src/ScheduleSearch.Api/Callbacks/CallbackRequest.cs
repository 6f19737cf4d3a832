namespace ScheduleSearch.Api.Callbacks;

/// <summary>Whom to tell when the search that a request waits for has ended.</summary>
/// <param name="Url" example="https://launcher.example.org/schedules">Where the result is posted: http or https, on a host that the server's settings allow; at
/// most 2,048 characters.</param>
/// <param name="Reference" example="run-17">Told along with the result; at most 200 characters.</param>
internal sealed record CallbackRequest(string Url, string? Reference);
