namespace ScheduleSearch.Api.Access;

/// <summary>
/// A line for each solve, order that is stored, cancel and change of a key, in the log category <c>ScheduleSearch.Audit</c>: who, what, from where, and what
/// came of it. Keys are named by their ids.
/// </summary>
internal sealed class AuditLog(ILoggerFactory loggers)
{
    public const string Category = "ScheduleSearch.Audit";

    private readonly ILogger _log = loggers.CreateLogger(Category);

    /// <summary>Tells of something that a request asked for.</summary>
    /// <param name="context">The request.</param>
    /// <param name="action"><c>solve</c>, <c>compare</c>, <c>verify</c> or <c>cancel</c>.</param>
    /// <param name="id">The id of the schedule, as it was given.</param>
    /// <param name="outcome">What came of it.</param>
    public void Tell(HttpContext context, string action, string id, string outcome)
    {
        if (context.Features.Get<ActiveKey>() is not { IsOwn: true }) Tell(action, id, Caller.Of(context), Caller.AddressOf(context), outcome);
    }

    /// <summary>Tells of a change of a key by a command.</summary>
    /// <param name="action"><c>create key</c> or <c>revoke key</c>.</param>
    /// <param name="id">The id of the key.</param>
    /// <param name="outcome">What came of it.</param>
    public void Tell(string action, string id, string outcome) => Tell(action, id, Environment.UserName, Environment.MachineName, outcome);

    private void Tell(string action, string id, string caller, string address, string outcome)
    {
        if (!_log.IsEnabled(LogLevel.Information)) return;
        var (shownId, shownOutcome) = (LogText.Escape(id), LogText.Escape(outcome));
        _log.LogInformation("{Action} {Id} by {Caller} from {Address}: {Outcome}", action, shownId, caller, address, shownOutcome);
    }
}
