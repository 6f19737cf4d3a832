using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Profiles;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>What the CSVs of this service say is the order that they were written from.</summary>
public class PyTorchCsvOrderTests
{
    [Property(MaxTest = 100)]
    public void Both_csvs_tell_the_order_of_what_they_write(Seed seed)
    {
        var timeline = FeaturedSchedules.OnePipe(new Random(seed.Item), "overlap");
        foreach (var name in new[] { "pytorch", "pytorch-comms" })
        {
            var format = InstructionFormatCatalogue.Find(name)!;
            if (format.WhyNot(timeline) is not null) continue;
            var written = format.AsWritten(timeline).Schedule;
            var rows = Read(Streams.Text(name, timeline));
            for (var device = 0; device < written.Problem.Devices; device++)
            {
                rows[device].SelectMany(cell => cell.Backward is { } backward ? [cell.Operation, backward] : new[] { cell.Operation })
                    .ShouldBe(written.OperationsOn(device), name);
            }

            PyTorchCsvOrder.WhyNot(written.Problem).ShouldBeNull();
        }
    }

    [Fact]
    public void Cells_are_counted_as_they_stand()
    {
        var rows = Read("0UNSHARD,0F0,,0SEND_F0, (0F1;0B0)OVERLAP_F_B\n\n1I0");
        rows.Select(row => row.Select(cell => cell.Cell)).ShouldBe([[1, 4], [0]]);
        rows[1].Single().Operation.ShouldBe(Operation.BackwardInput(1, 0));
    }

    [Fact]
    public void Errors_end_before_they_say_nothing_more()
    {
        var errors = new List<ProfileError>();
        PyTorchCsvOrder.Read(string.Join(',', Enumerable.Repeat("x", 1000)), 1, 10, "$.csv", errors);
        errors.Count.ShouldBe(20);
        errors.Clear();
        PyTorchCsvOrder.Read("0F0,0F1\n0F2,0F3", 2, 3, "$.csv", errors).Count.ShouldBe(1);
        errors.Single().Message.ShouldStartWith("Has more than 3 cells");
        errors.Clear();
        PyTorchCsvOrder.Read("0F0\n\n0F1\n0F2", 2, 3, "$.csv", errors).Count.ShouldBe(2);
        errors.Single().Message.ShouldStartWith("Has more than 2 rows");
    }

    private static IReadOnlyList<IReadOnlyList<CsvComputation>> Read(string csv)
    {
        var errors = new List<ProfileError>();
        var rows = PyTorchCsvOrder.Read(csv, int.MaxValue, int.MaxValue, "$.csv", errors);
        errors.ShouldBeEmpty();
        return rows;
    }
}
