using System.Text.RegularExpressions;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Architecture;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Architecture;

/// <summary>Core is the domain: it stands on nothing but the runtime, its verifier on nothing but the profile, and its bounds on no feature by name.</summary>
public sealed partial class CoreTests
{
    private static readonly string[] Verifying = ["Schedules/Verifier.cs", "Schedules/VerifiedSchedule.cs", "Schedules/StageRules.cs"];

    private readonly SourceProject _core = new("ScheduleSearch.Core");

    [Fact]
    public void It_has_no_package_and_no_project()
    {
        _core.ProjectFile.ShouldNotContain("<PackageReference");
        _core.ProjectFile.ShouldNotContain("<ProjectReference");
        typeof(Problem).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void It_reads_and_writes_nothing_outside() =>
        (from file in _core.Files from Match match in Outside().Matches(file.Code) select $"{file.Path}: {match.Value}").ShouldBeEmpty();

    [Fact]
    public void What_verifies_shares_nothing_with_what_schedules()
    {
        List<SourceFile> files = [.. _core.Files.Where(file => Verifying.Contains(file.Path) || IsRulesOfFeature(file))];
        files.Select(file => file.TypeOfName).ShouldBe(
            [
                "FillRules", "GrowthRules", "LinksRules", "MicrobatchRules", "OptimizerRules", "OverlapRules", "RecomputeRules", "SlicesRules", "StageRules",
                "TwoPipesRules",
                "VerifiedSchedule", "Verifier", "VocabularyRules",
            ],
            ignoreOrder: true);
        (from file in files from Match match in Scheduling().Matches(file.Code) select $"{file.Path}: {match.Value}").ShouldBeEmpty();
    }

    [Fact]
    public void Bounds_name_no_feature_but_to_cover_it() => FeatureWords.In(_core.Below("Bounds")).ShouldBeEmpty();

    private static bool IsRulesOfFeature(SourceFile file) =>
        file.Folder.StartsWith("Features.", StringComparison.Ordinal) && file.Name.EndsWith("Rules.cs", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^using System\.(IO|Net|Diagnostics)(\.(?!Compression|CodeAnalysis)\w+)*;"
        + @"|\b(File|Directory|FileInfo|FileStream|Console|Process|Socket|TcpClient|HttpClient)\b(?=[.(])",
        RegexOptions.Multiline)]
    private static partial Regex Outside();

    [GeneratedRegex(@"\b(OperationGraph|OperationGraphBuilder|StageRule|Replay|LaneSequence|DeviceSelection|Schedule|Timeline)\b|ScheduleSearch\.Solver")]
    private static partial Regex Scheduling();
}
