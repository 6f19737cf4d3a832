using System.Diagnostics;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Schedules;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>The documented loaders read what the formats write. The runtimes are stood in for by the few of their names that the loaders use.</summary>
public class LoaderTests
{
    [Fact]
    public void DeepSpeed_gets_its_instructions() => Loaded("deepspeed").ShouldBe(
    [
        "2 LoadMicroBatch0 ForwardPass0 SendActivation0 LoadMicroBatch1 ForwardPass1 SendActivation1 RecvGrad0 BackwardPass0 RecvGrad1 BackwardPass1 ReduceTiedGrads ReduceGrads OptimizerStep",
        "2 RecvActivation0 LoadMicroBatch0 ForwardPass0 RecvActivation1 BackwardPass0 SendGrad0 LoadMicroBatch1 ForwardPass1 BackwardPass1 SendGrad1 ReduceTiedGrads ReduceGrads OptimizerStep",
    ]);

    [Fact]
    public void JaxPP_gets_its_tasks_and_their_ranks()
    {
        Loaded("jaxpp").ShouldBe(["False 0 1", "FWD_0__0 FWD_0__1 BWD_0__0 BWD_0__1", "FWD_1__0 BWD_1__0 FWD_1__1 BWD_1__1"]);
        Loaded("jaxpp", Worked.Of("zb-v", "v", chunks: 2))[0].ShouldBe("True 0 1 2 3 3 2 1 0");
    }

    [Fact]
    public void The_zero_bubble_runtime_gets_its_nodes()
    {
        Loaded("megatron-zb").ShouldBe(
        [
            "F0.0 SEND_FORWARD0.0 F1.0 SEND_FORWARD1.0 RECV_BACKWARD0.0 BW0.0 RECV_BACKWARD1.0 BW1.0",
            "RECV_FORWARD0.0 F0.0 RECV_FORWARD1.0 BW0.0 SEND_BACKWARD0.0 F1.0 BW1.0 SEND_BACKWARD1.0",
        ]);
        Loaded("megatron-zb", Worked.Of("zb-h1", objective: Objective.Span)).ShouldAllBe(nodes => nodes.Contains(" POST_VALIDATION0.0 ", StringComparison.Ordinal));
    }

    [Fact]
    public void NnScaler_gets_its_blocks() => Loaded("nnscaler").ShouldBe(
        ["0 1 F0 0", "1 1 F0 1", "1 1 F1 0", "2 1 B1 0", "3 1 B0 0", "3 1 F1 1", "4 1 B1 1", "5 1 B0 1"], ignoreOrder: true);

    [Theory]
    [InlineData("pytorch", "0F0 0F1 0B0 0B1")]
    [InlineData("pytorch-comms", "0UNSHARD 0F0 0SEND_F0 0F1 0SEND_F1 0RECV_B0 0B0 0RECV_B1 0B1 0REDUCE_GRAD 0RESHARD")]
    public void PyTorch_gets_its_actions(string format, string first) => Loaded(format)[0].ShouldBe(first);

    [Fact]
    public void PyTorch_is_told_how_to_overlap_a_pair()
    {
        var profile = Shape.Profile(devices: 2, microbatches: 6, chunks: 2, "v") with { Overlap = new() { Duration = 2.5m } };
        Loaded("pytorch", Worked.Of("dualpipe-v", Problem.Create(profile)))[0].ShouldContain(" 0F3+3B1 ");
    }

    private static string[] Loaded(string format, Timeline? timeline = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Streams.Text(format, timeline ?? Worked.Of("1f1b", Problem.Create(Shape.Profile(devices: 2, microbatches: 2), splitBackward: false))));
            string[] arguments = ["-B", Path.Combine(AppContext.BaseDirectory, "Loaders", "read.py"), format, file];
            using var python = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = python.StandardError.ReadToEndAsync();
            var lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            python.WaitForExit();
            python.ExitCode.ShouldBe(0, errors.Result);
            return lines;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
