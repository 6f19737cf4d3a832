using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ScheduleSearch.Solver.Processes;

/// <summary>The parent's side of a child process. It may be gone at any moment; then reading ends.</summary>
internal sealed class SolverChild : IDisposable
{
    private const string Program = "ScheduleSearch.Solver.dll";

    private readonly Process _process;

    private SolverChild(Process process) => _process = process;

    /// <summary>Whether it can take another search.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The exit code of a child that is gone.</summary>
    public int ExitCode => _process.ExitCode;

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
        start.Environment["DOTNET_GCHeapHardLimit"] = $"0x{(long)settings.MemoryCeiling << 20:X}";
        // The search's own loops are hot from the first second on.
        start.Environment["DOTNET_TieredPGO"] = "1";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The solver child did not start.");
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data)) report($"Solver child {process.Id}: {line.Data}");
        };
        process.BeginErrorReadLine();
        return new SolverChild(process);
    }

    /// <summary>Sends a line; a child that is gone takes nothing.</summary>
    public async Task SendAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // The reader notices that the child is gone, and says so.
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

    /// <summary>The program that runs this process, so that the child runs on the same runtime wherever that is installed.</summary>
    private static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(host) ? host : name;
    }
}
