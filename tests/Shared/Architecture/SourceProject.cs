namespace ScheduleSearch.Tests.Architecture;

/// <summary>The source of a project, without what tools write.</summary>
/// <param name="name">The name of the project, which is its namespace too.</param>
internal sealed class SourceProject(string name)
{
    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The files.</summary>
    public IReadOnlyList<SourceFile> Files { get; } = [.. FilesOf(Path.Combine(Repository, "src", name), name)];

    /// <summary>The text of the project file.</summary>
    public string ProjectFile { get; } = File.ReadAllText(Path.Combine(Repository, "src", name, $"{name}.csproj"));

    /// <summary>The files below a folder, with slashes.</summary>
    public IEnumerable<SourceFile> Below(string folder) => Files.Where(file => file.Path.StartsWith($"{folder}/", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> FilesOf(string project, string root) =>
        from file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(project, file).Replace(Path.DirectorySeparatorChar, '/')
        where !path.Split('/').Intersect(["bin", "obj", "Migrations"]).Any()
        select new SourceFile(root, path, File.ReadAllText(file));

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ScheduleSearch.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no repository around the tests.");
        return folder;
    }
}
