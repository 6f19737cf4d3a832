using Hangfire.AspNetCore;
using Hangfire.Logging;

namespace ScheduleSearch.Api.Jobs;

/// <summary>
/// What the queues log goes to the service's log. They hold it for the process, so that a service which has ended leaves them one that is gone: then
/// they are silent.
/// </summary>
internal sealed class QueueLogs(ILoggerFactory loggers) : ILogProvider
{
    public ILog GetLogger(string name)
    {
        try
        {
            return new AspNetCoreLogProvider(loggers).GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return new NoLog();
        }
    }

    private sealed class NoLog : ILog
    {
        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
