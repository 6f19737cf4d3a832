using System.Text;
using FsCheck.Xunit;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

public class PyTorchCommsFormatTests
{
    [Fact]
    public void Every_send_and_receive_stands_where_it_takes_place()
    {
        var timeline = Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2)));
        Streams.Text("pytorch-comms", timeline).ShouldBe(
            "0UNSHARD,0F0,0SEND_F0,0F1,0SEND_F1,0RECV_B0,0B0,0RECV_B1,0B1,0REDUCE_GRAD,0RESHARD\n"
            + "1UNSHARD,1RECV_F0,1F0,1RECV_F1,1B0,1SEND_B0,1F1,1B1,1SEND_B1,1REDUCE_GRAD,1RESHARD\n");
        Streams.Text("pytorch-comms", timeline, rank: 1, version: "2.9").ShouldBe("1UNSHARD,1RECV_F0,1F0,1RECV_F1,1B0,1SEND_B0,1F1,1B1,1SEND_B1,1RESHARD\n");
    }

    [Fact]
    public void Weights_of_three_stages_are_gathered_at_most()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 4, chunks: 4, "interleaved"));
        foreach (var row in Streams.Text("pytorch-comms", Worked.Of("interleaved-1f1b", problem)).Trim().Split('\n'))
        {
            var gathered = 0;
            foreach (var cell in row.Split(','))
            {
                gathered += cell.EndsWith("UNSHARD", StringComparison.Ordinal) ? 1 : cell.EndsWith("RESHARD", StringComparison.Ordinal) ? -1 : 0;
                gathered.ShouldBeInRange(0, 3);
            }

            gathered.ShouldBe(0);
        }
    }

    [Property(MaxTest = 300)]
    public void It_adds_communication_to_the_compute_only_rows_and_changes_nothing_else(Seed seed)
    {
        var timeline = RandomSchedules.InOrder(RandomSchedules.Draw(seed));
        var text = Streams.Text("pytorch-comms", timeline);
        var computation = text.Trim().Split('\n').Select(row => string.Join(',', row.Split(',').Where(IsComputation)));
        string.Join('\n', computation).ShouldBe(Streams.Text("pytorch", timeline).Trim());
    }

    [Property(MaxTest = 300)]
    public void No_cell_can_be_left_out_or_stand_twice(Seed seed)
    {
        var timeline = RandomSchedules.InOrder(RandomSchedules.Draw(seed));
        var random = new Random(seed.Item);
        var rows = Streams.Text("pytorch-comms", timeline).Trim().Split('\n').Select(row => row.Split(',').ToList()).ToArray();
        var row = rows[random.Next(rows.Length)];
        var place = random.Next(row.Count);
        if (random.Next(2) == 0) row.RemoveAt(place);
        else row.Insert(random.Next(row.Count + 1), row[place]);

        var broken = string.Join('\n', rows.Select(cells => string.Join(',', cells)));
        PyTorchCsvCheck.OfComputeAndComms(timeline.Schedule.Problem, PyTorchVersion.Newest).FirstViolation(Encoding.UTF8.GetBytes(broken)).ShouldNotBeNull(broken);
    }

    private static bool IsComputation(string cell) => char.IsAsciiDigit(cell[^1]) && !cell.Contains('_');
}
