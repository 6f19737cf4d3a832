using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ScheduleSearch.Solver.Processes;

/// <summary>The parent's side of a child process. It may be gone at any moment; then reading ends.</summary>
internal sealed class SolverChild : IDisposable
{
    private const string Program = "ScheduleSearch.Solver.dll";

    private readonly Process _process;
    private readonly SemaphoreSlim _sending = new(1);
    private volatile ExecutionContext? _asker;

    private SolverChild(Process process)
    {
        _process = process;
        Warm = IsReadyAsync();
    }

    /// <summary>Ends when the child has said that it is warm, or is gone without having said so. Only then it is sent anything.</summary>
    public Task<bool> Warm { get; }

    /// <summary>Whether it has said that it is warm.</summary>
    public bool IsWarm => Warm is { IsCompletedSuccessfully: true, Result: true };

    /// <summary>Whether it can take another search.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Resident memory in bytes; 0 when it is gone.</summary>
    public long ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>Starts a child.</summary>
    /// <param name="settings">Where its executable stands, and its memory ceiling.</param>
    /// <param name="report">Told what the child writes to standard error.</param>
    public static SolverChild Start(SolverSettings settings, Action<string> report)
    {
        var start = new ProcessStartInfo(Host())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(settings.Folder, Program));
        ChildEnvironment.Set(start.Environment, settings.MemoryCeiling);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The solver child did not start.");
        var child = new SolverChild(process);
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data)) child.AsAsker(() => report($"Solver child {child.Id}: {line.Data}"));
        };
        // What is read belongs to the search that was asked for last, not to the one that the child was started for.
        using (ExecutionContext.SuppressFlow()) process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Sends a line; a child that is gone takes nothing.</summary>
    public async Task SendAsync(string line)
    {
        _asker = ExecutionContext.Capture();
        // One that does not read takes a large line in pieces, and a request to stop meanwhile must not come between them.
        await _sending.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The reader notices that the child is gone, and says so.
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next reply; null when the child is gone.</summary>
    public async Task<SolverReply?> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync();
        if (line is null) return null;
        try
        {
            return JsonSerializer.Deserialize<SolverReply>(line);
        }
        catch (JsonException)
        {
            // A child killed while it writes leaves half a line.
            return null;
        }
    }

    /// <summary>Ends the child at once.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>Ends the child and frees what is held for it.</summary>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await ReadAsync() is { Ready: true };
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // It was given up before it was warm.
            return false;
        }
    }

    private void AsAsker(Action action)
    {
        if (_asker is { } asker) ExecutionContext.Run(asker, _ => action(), null);
        else action();
    }

    /// <summary>The program that runs this process, so that the child runs on the same runtime wherever that is installed.</summary>
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
