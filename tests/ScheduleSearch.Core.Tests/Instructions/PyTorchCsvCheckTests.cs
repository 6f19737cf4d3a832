using System.Text;
using ScheduleSearch.Core.Instructions.PyTorch;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>CSVs that are broken on purpose, each refused by the rule that it breaks.</summary>
public class PyTorchCsvCheckTests
{
    // Two ranks, two microbatches; rank 1 keeps its halves apart.
    private const string Compute = "0F0,0F1,0B0,0B1\n1F0,1I0,1F1,1W0,1I1,1W1\n";

    private const string Comms =
        "0UNSHARD,0F0,0SEND_F0,0F1,0SEND_F1,0RECV_B0,0B0,0RECV_B1,0B1,0REDUCE_GRAD,0RESHARD\n"
        + "1UNSHARD,1RECV_F0,1F0,1RECV_F1,1I0,1SEND_B0,1F1,1W0,1I1,1SEND_B1,1W1,1REDUCE_GRAD,1RESHARD\n";

    private static readonly Problem Problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2));

    [Fact]
    public void Sound_ones_pass()
    {
        PyTorchCsvCheck.OfComputeOnly(Problem, PyTorchVersion.Newest).FirstViolation(Encoding.UTF8.GetBytes(Compute)).ShouldBeNull();
        PyTorchCsvCheck.OfComputeAndComms(Problem, PyTorchVersion.Newest).FirstViolation(Encoding.UTF8.GetBytes(Comms)).ShouldBeNull();
        PyTorchCsvCheck.OfComputeAndComms(Problem, new PyTorchVersion(9)).FirstViolation(Encoding.UTF8.GetBytes(
            Comms.Replace(",0REDUCE_GRAD", "", StringComparison.Ordinal).Replace(",1REDUCE_GRAD", "", StringComparison.Ordinal))).ShouldBeNull();
    }

    [Theory]
    [InlineData("0F0,0F1", "0F0,0G1", "grammar")]
    [InlineData("0F0,0F1", "0F0,,0F1", "grammar")]
    [InlineData("0F0,0F1", "0F0,0F", "grammar")]
    [InlineData("0F0,0F1", "0F0, 0F1", "grammar")]
    [InlineData("0F0,0F1", "0F0,0F1x", "grammar")]
    [InlineData("0F0,0F1,0B0,0B1\n", "\n", "grammar")]
    [InlineData("1I1,1W1\n", "1I1,1W1\n1F0\n", "rows")]
    [InlineData("\n1F0,1I0,1F1,1W0,1I1,1W1", "", "rows")]
    [InlineData("0F0,", "2F0,", "stage")]
    [InlineData("0F0,0F1", "0F0,1F1", "rank")]
    [InlineData("0F0,0F1", "0F0,0F2", "microbatch")]
    [InlineData("0F0,0F1", "0F0,0F0", "duplicate")]
    [InlineData("1I1,1W1", "1I1,1W1,1W1", "duplicate")]
    [InlineData("0F1,0B0,0B1", "0F1,0B0", "completeness")]
    [InlineData("0F0,0F1", "0F0", "order")]
    [InlineData("1I0,1F1,1W0", "1W0,1F1,1I0", "order")]
    [InlineData("0F0,0F1,0B0", "0B0,0F0,0F1", "order")]
    [InlineData("1I1,1W1", "1I1", "halves")]
    [InlineData("1I1,1W1", "1B1,1W1", "halves")]
    [InlineData("1I1,1W1", "1I1,1B1", "halves")]
    [InlineData("1F0,1I0,1F1,1W0,1I1,1W1", "1F1,1I1,1F0,1W1,1I0,1W0", "loss")]
    [InlineData("0F0,", "0F0,0SEND_F0,", "version")]
    [InlineData("0F1,0B0", "(0F1;0B0)OVERLAP_F_B", null)]
    [InlineData("0F1,0B0", "(0F1;0B0)", "grammar")]
    [InlineData("0F1,0B0", "(0B0;0F1)OVERLAP_F_B", "grammar")]
    [InlineData("0F1,0B0", "0F1;0B0OVERLAP_F_B", "grammar")]
    [InlineData("0F1,0B0", "(0F1)OVERLAP_F_B", "grammar")]
    [InlineData("0F1,0B0", "(0F1;0B0;0B1)OVERLAP_F_B", "grammar")]
    [InlineData("0F1,0B0", "(0F1;0I0)OVERLAP_F_B", "grammar")]
    [InlineData("0F1,0B0,0B1", "0B0,(0F1;0B1)OVERLAP_F_B", "order")]
    [InlineData("0F0,0F1,0B0,0B1", "0F0,(0F1;0B1)OVERLAP_F_B,0B0", "order")]
    [InlineData("0F1,0B0", "(0F1;0B0)OVERLAP_F_B,0B0", "duplicate")]
    // Rank 1 waits for the second forward of rank 0 before it makes the gradient of the first.
    [InlineData("0F1,0B0,0B1\n1F0,1I0,1F1,1W0", "(0F1;0B0)OVERLAP_F_B,0B1\n1F0,1F1,1I0,1W0", "hang")]
    [InlineData("0F0,0F1,0B0,0B1", "0F0,0B0,0F1,0B1", null)]
    [InlineData("1F0,1I0,1F1,1W0,1I1,1W1", "1F0,1F1,1I1,1I0,1W0,1W1", null)]
    public void A_compute_only_csv_is_read_by_the_grammar_and_the_rules(string part, string replacement, string? rule) =>
        CheckRule(PyTorchCsvCheck.OfComputeOnly(Problem, PyTorchVersion.Newest), Compute, part, replacement, rule);

    [Theory]
    // Swapped sends, a missing receive, a duplicate, W before I, I without W.
    [InlineData("0F0,0SEND_F0,0F1,0SEND_F1", "0F0,0F1,0SEND_F1,0SEND_F0", "pairing")]
    [InlineData("1RECV_F1,", "", "transfer")]
    [InlineData("0RECV_B1,", "", "transfer")]
    [InlineData("0SEND_F1,", "0SEND_F1,0SEND_F1,", "duplicate")]
    [InlineData("1I1,1SEND_B1,1W1", "1W1,1I1,1SEND_B1", "order")]
    [InlineData("1SEND_B1,1W1", "1SEND_B1", "halves")]
    [InlineData("0SEND_F1,", "", "completeness")]
    [InlineData("0F0,0SEND_F0", "0SEND_F0,0F0", "transfer")]
    [InlineData("1RECV_F0,1F0", "1F0,1RECV_F0", "transfer")]
    [InlineData("1F0,1RECV_F1", "1F0,1SEND_F0,1RECV_F1", "transfer")]
    [InlineData("1RECV_F1,1I0,1SEND_B0,1F1", "1I0,1SEND_B0,1RECV_F1,1F1", "hang")]
    [InlineData("0UNSHARD,0F0", "0F0,0UNSHARD", "weights")]
    [InlineData("0UNSHARD,", "0UNSHARD,0UNSHARD,", "weights")]
    [InlineData(",0RESHARD", "", "weights")]
    [InlineData(",0REDUCE_GRAD", "", "reduce")]
    [InlineData("0B1,0REDUCE_GRAD", "0REDUCE_GRAD,0B1", "reduce")]
    [InlineData("0REDUCE_GRAD", "0REDUCE_GRAD,0REDUCE_GRAD", "duplicate")]
    [InlineData("0F1,0SEND_F1,0RECV_B0,0B0", "0RECV_B0,(0F1;0B0)OVERLAP_F_B,0SEND_F1", "hang")]
    [InlineData("0F1,0SEND_F1,0RECV_B0,0B0", "(0F1;0B0)OVERLAP_F_B,0SEND_F1,0RECV_B0", "transfer")]
    public void A_csv_with_communication_is_played_through(string part, string replacement, string rule) =>
        CheckRule(PyTorchCsvCheck.OfComputeAndComms(Problem, PyTorchVersion.Newest), Comms, part, replacement, rule);

    [Theory]
    [InlineData("0REDUCE_GRAD", "0REDUCE_GRAD", 9)]
    [InlineData("0F1,", "(0F1;0B0)OVERLAP_F_B,", 8)]
    public void An_old_release_does_not_know_new_actions(string part, string replacement, int minor) =>
        CheckRule(PyTorchCsvCheck.OfComputeAndComms(Problem, new PyTorchVersion(minor)), Comms, part, replacement, "version");

    [Fact]
    public void A_pair_is_known_from_its_release_on()
    {
        var csv = Encoding.UTF8.GetBytes(Compute.Replace("0F1,0B0", "(0F1;0B0)OVERLAP_F_B", StringComparison.Ordinal));
        PyTorchCsvCheck.OfComputeOnly(Problem, new PyTorchVersion(9)).FirstViolation(csv).ShouldBeNull();
        PyTorchCsvCheck.OfComputeOnly(Problem, new PyTorchVersion(8)).FirstViolation(csv)!.Value.Rule.ShouldBe("version");
    }

    [Fact]
    public void Rows_that_wait_for_each_other_hang_though_each_is_in_order()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2, chunks: 2, "interleaved"), splitBackward: false);
        const string Csv = "0F0,2F0,0F1,2F1,2B0,2B1,0B0,0B1\n1F0,1F1,3F0,3F1,3B0,3B1,1B0,1B1\n";
        PyTorchCsvCheck.OfComputeOnly(problem, PyTorchVersion.Newest).FirstViolation(Encoding.UTF8.GetBytes(Csv)).ShouldBe(null);
        var violation = PyTorchCsvCheck.OfComputeOnly(problem, PyTorchVersion.Newest).FirstViolation(Encoding.UTF8.GetBytes(
            Csv.Replace("1F0,1F1,3F0", "1F0,3F0,1F1", StringComparison.Ordinal).Replace("0F0,2F0,0F1,2F1", "0F0,2F0,2F1,0F1", StringComparison.Ordinal)));
        violation!.Value.Rule.ShouldBe("hang");
        violation.Value.Message.ShouldContain("2F1");
    }

    private static void CheckRule(PyTorchCsvCheck check, string sound, string part, string replacement, string? rule)
    {
        sound.ShouldContain(part);
        var violation = check.FirstViolation(Encoding.UTF8.GetBytes(sound.Replace(part, replacement, StringComparison.Ordinal)));
        if (violation is null) rule.ShouldBeNull();
        else violation.Value.Rule.ShouldBe(rule, violation.Value.Message);
        violation?.Message.ShouldStartWith($"{rule}: ");
    }
}
