namespace ScheduleSearch.Solver.Processes;

/// <summary>The environment of a child: what a .NET program needs to start, and nothing that is the parent's business, such as passwords.</summary>
internal static class ChildEnvironment
{
    private static readonly string[] Passed =
        ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_EnableDiagnostics"];

    /// <summary>Makes an environment that of a child.</summary>
    /// <param name="environment">The parent's, as a new process would inherit it.</param>
    /// <param name="memoryCeiling">MiB that the child's garbage collector may take.</param>
    public static void Set(IDictionary<string, string?> environment, int memoryCeiling)
    {
        foreach (var name in environment.Keys.Except(Passed, StringComparer.Ordinal).ToList()) environment.Remove(name);
        environment["DOTNET_GCHeapHardLimit"] = $"0x{(long)memoryCeiling << 20:X}";
        // The search's own loops are hot from the first second on.
        environment["DOTNET_TieredPGO"] = "1";
    }
}
