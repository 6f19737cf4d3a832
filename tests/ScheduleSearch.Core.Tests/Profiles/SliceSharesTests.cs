using FsCheck.Xunit;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Tests.Shared;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

public class SliceSharesTests
{
    [Property(MaxTest = 200)]
    public void Slices_add_up_to_the_whole(ushort amount, byte[] shares)
    {
        var parts = SliceShares.Cut(amount, [1, .. shares.Select(share => share + 0.5m)]);

        parts.Sum().ShouldBe(amount);
        parts.ShouldAllBe(part => part >= 0);
    }

    [Fact]
    public void Slices_of_equal_length_take_longer_the_later_they_are()
    {
        var shares = SequenceShares.Of(new() { Count = 4, Sequence = 4096, Hidden = 128 });

        shares.Lengths.ShouldBe([1024, 1024, 1024, 1024]);
        shares.Activation.ShouldBe([1024, 1024, 1024, 1024]);
        // Work up to x tokens grows as 6 * 128 x + x^2 / 2.
        shares.Forward.ShouldBe([1310720, 2359296, 3407872, 4456448]);
        shares.Backward.ShouldBe(shares.Forward);
    }

    [Fact]
    public void Slices_of_equal_work_are_shorter_the_later_they_are_and_multiples_of_what_is_asked()
    {
        var shares = SequenceShares.Of(new() { Count = 4, Sequence = 4096, Hidden = 128, Cut = SequenceCut.EqualFlops, Multiple = 8 });

        shares.Lengths.Sum().ShouldBe(4096);
        shares.Lengths.ShouldBe(shares.Lengths.OrderDescending());
        shares.Lengths.ShouldAllBe(length => length % 8 == 0);
        // A multiple of 8 tokens is 0.7 % of a slice's work at most.
        foreach (var share in shares.Forward) ((double)(share / shares.Forward.Sum())).ShouldBe(0.25, tolerance: 0.004);
    }

    [Fact]
    public void A_sliced_problem_has_a_third_of_a_forward_to_the_last_digit_kept()
    {
        var problem = Problem.Create(Shape.Profile(devices: 2, microbatches: 2) with { Slices = new() { Count = 3 } });

        problem.SliceCount.ShouldBe(3);
        Enumerable.Range(0, 3).Sum(slice => problem.ForwardOf(0, slice)).ShouldBe(problem.Forward[0]);
        problem.TimeScale.FromTicks(problem.ForwardOf(0, 0)).ShouldBe(0.333333m);
    }
}
