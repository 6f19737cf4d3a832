using System.Diagnostics;
using System.Globalization;

namespace ScheduleSearch.Api.Storage;

/// <summary>
/// The name under which this service owns rows: machine, process and the service within it. Another process of the same machine can tell from
/// it whether this one still lives.
/// </summary>
internal sealed class ProcessName
{
    private const char Separator = '|';

    private static readonly string Machine = $"{Environment.MachineName}{Separator}{ProcessSpace()}";

    /// <summary>Start times are computed from the time since the machine was started, so that they vary a little.</summary>
    private const long Tolerance = 2;

    /// <summary>Unique to a service that has been started once.</summary>
    public string Name { get; } = string.Join(Separator, Machine, Environment.ProcessId, StartOf(Environment.ProcessId), Guid.NewGuid().ToString("N"));

    /// <summary>Whether the owner of a name is a process of this machine that has ended. Of other machines nothing is known.</summary>
    public bool IsGone(string owner) =>
        owner.Split(Separator) is [var machine, var space, var id, var start, _]
        && $"{machine}{Separator}{space}" == Machine
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && !(StartOf(process) is { } present && Math.Abs(present - seconds) <= Tolerance);

    /// <summary>The second in which a process was started, which tells it from another one of the same number; null when there is none.</summary>
    private static long? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What tells containers of one machine name apart, whose processes have numbers of their own.</summary>
    private static string ProcessSpace()
    {
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
