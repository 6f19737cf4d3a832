using ScheduleSearch.Core.Operations;
using ScheduleSearch.Core.Schedules;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Schedules;

public class DeadlockExceptionTests
{
    [Theory]
    [InlineData(1, "The order deadlocks: the forward of stage 0, microbatch 0 waits for the , which waits for the first.")]
    [InlineData(2, "The order deadlocks: the forward of stage 0, microbatch 0 waits for the forward of stage 1, microbatch 0, which waits for the first.")]
    public void A_short_circle_is_named_in_full(int length, string message) => Of(length).Message.ShouldBe(message);

    [Fact]
    public void Eight_operations_are_named_and_of_more_the_first_seven_and_the_last_one()
    {
        const string seventh = ", which waits for the forward of stage 6, microbatch 0, which waits for ";
        Of(8).Message.ShouldEndWith(seventh + "the forward of stage 7, microbatch 0, which waits for the first.");
        Of(9).Message.ShouldEndWith(seventh + "the forward of stage 8, microbatch 0 over 1 others, which waits for the first.");
        Of(9).Operation.ShouldBe(Operation.Forward(0, 0));
    }

    private static DeadlockException Of(int length) => new([.. Enumerable.Range(0, length).Select(stage => Operation.Forward(stage, 0))]);
}
