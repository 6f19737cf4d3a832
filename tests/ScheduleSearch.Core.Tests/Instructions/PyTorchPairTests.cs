using System.Text;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Overlapped pairs in both CSVs: one cell from PyTorch 2.9 on, two before.</summary>
public partial class PyTorchPairTests
{
    private readonly Timeline _timeline = Worked.Of(
        "dualpipe-v", Problem.Create(Shape.Profile(devices: 2, microbatches: 6, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } }));

    [GeneratedRegex(@"\((\d+)F(\d+);(\d+)B(\d+)\)OVERLAP_F_B")]
    private static partial Regex Pair();

    [Fact]
    public void A_pair_is_one_cell()
    {
        var pairs = _timeline.Schedule.OperationsOn(0).Where(operation => operation.Kind == OperationKind.OverlappedForward).Select(forward => $"{forward.Stage} {forward.Microbatch}").ToList();
        foreach (var format in new[] { "pytorch", "pytorch-comms" })
        {
            var row = Streams.Text(format, _timeline, rank: 0);
            Pair().Matches(row).Select(cell => $"{cell.Groups[1]} {cell.Groups[2]}").ShouldBe(pairs);
        }

        Streams.Text("pytorch", _timeline, rank: 0).ShouldContain(",(0F3;3B1)OVERLAP_F_B,");
    }

    [Fact]
    public void An_old_release_runs_one_after_the_other_and_its_metrics_say_so()
    {
        Streams.Text("pytorch", _timeline, rank: 0, version: "2.8").ShouldBe(Pair().Replace(Streams.Text("pytorch", _timeline, rank: 0), "$1F$2,$3B$4"));
        Streams.Text("pytorch-comms", _timeline, rank: 0, version: "2.8").ShouldNotContain("OVERLAP");

        var overlapped = ScheduleMetrics.Of(_timeline).Makespan;
        var format = InstructionFormatCatalogue.Find("pytorch")!;
        ScheduleMetrics.Of(format.AsWritten(_timeline)).Makespan.ShouldBe(overlapped);
        ScheduleMetrics.Of(format.ForVersion("2.8").AsWritten(_timeline)).Makespan.ShouldBeGreaterThan(overlapped);
    }

    [Fact]
    public void The_settings_say_what_makes_pairs_overlap()
    {
        var format = InstructionFormatCatalogue.Find("pytorch")!;
        format.SettingsFor(_timeline).ShouldContain(new RuntimeSetting("parallelism.pipeline_parallel_schedule", "DualPipeV"));
        format.SettingsFor(_timeline).ShouldContain(new RuntimeSetting("stage order", "v"));
        format.SettingsFor(_timeline).ShouldContain(setting => setting.Name == "OVERLAP_F_B");
        format.ForVersion("2.8").SettingsFor(_timeline).ShouldNotContain(setting => setting.Name == "OVERLAP_F_B");
        format.SettingsFor(Worked.Of("zb-v", "v", chunks: 2)).ShouldNotContain(setting => setting.Name == "OVERLAP_F_B");
    }

    [Property(MaxTest = 200)]
    public void Any_schedule_with_pairs_is_sound_in_every_release_and_costs_what_the_metrics_say(Seed seed)
    {
        var timeline = FeaturedSchedules.OnePipe(new Random(seed.Item), "overlap");
        var problem = timeline.Schedule.Problem;
        foreach (var version in new[] { "2.8", "2.9", "2.14" })
        {
            foreach (var name in new[] { "pytorch", "pytorch-comms" })
            {
                var format = InstructionFormatCatalogue.Find(name)!.ForVersion(version);
                if (format.WhyNot(timeline) is not null) continue;
                var release = PyTorchVersion.Find(version)!.Value;
                var check = name == "pytorch" ? PyTorchCsvCheck.OfComputeOnly(problem, release) : PyTorchCsvCheck.OfComputeAndComms(problem, release);
                var text = Streams.Text(name, timeline, version: version);
                check.FirstViolation(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
                if (name != "pytorch") continue;
                var read = Replay.Run(Schedule.Of(problem, [.. text.Trim().Split('\n').Select(row => row.Split(',').SelectMany(Read).ToList())]));
                var (told, before) = (ScheduleMetrics.Of(format.AsWritten(timeline)), ScheduleMetrics.Of(timeline));
                ScheduleMetrics.Of(read).Objective.ShouldBe(told.Objective);
                told.PeakMemory.ShouldBe(before.PeakMemory);
                if (version != "2.8") told.Objective.ShouldBeLessThanOrEqualTo(before.Objective);
            }
        }
    }

    private static IEnumerable<Operation> Read(string cell)
    {
        if (Pair().Match(cell) is { Success: true } pair)
        {
            int Number(int group) => int.Parse(pair.Groups[group].Value);
            return [new(OperationKind.OverlappedForward, 0, Number(1), Number(2)), new(OperationKind.OverlappedBackward, 0, Number(3), Number(4))];
        }

        var kind = cell.First(char.IsLetter);
        return [new((OperationKind)"FIWB".IndexOf(kind, StringComparison.Ordinal), 0, int.Parse(cell[..cell.IndexOf(kind, StringComparison.Ordinal)]), int.Parse(cell[(cell.IndexOf(kind, StringComparison.Ordinal) + 1)..]))];
    }
}
