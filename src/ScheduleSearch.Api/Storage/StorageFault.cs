using System.Data.Common;
using System.Net.Sockets;

namespace ScheduleSearch.Api.Storage;

/// <summary>Tells a database that cannot be reached or cannot write from a defect.</summary>
internal static class StorageFault
{
    /// <summary>Whether the database is behind an exception.</summary>
    public static bool Is(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException or SocketException) return true;
        }

        return false;
    }

    /// <summary>What the database or the connection to it says, without the words of the layers above.</summary>
    public static string ReasonOf(Exception exception) => exception.GetBaseException().Message;

    /// <summary>Repeats what must not be lost until the database carries it out.</summary>
    public static async Task<T> OutlastAsync<T>(Func<Task<T>> action, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await action();
            }
            catch (Exception exception) when (Is(exception))
            {
                logger.LogWarning("The database cannot be reached or written; a search waits for it. {Reason}", ReasonOf(exception));
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            }
        }
    }
}
