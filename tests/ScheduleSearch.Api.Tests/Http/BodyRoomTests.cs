using Microsoft.Extensions.Options;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Limits;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Http;

public sealed class BodyRoomTests
{
    private const int Small = BodyRoom.Small;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Bodies_beyond_the_room_are_refused_until_one_leaves()
    {
        // A quarter of it is for small bodies, which leaves twelve parts for large ones.
        using var room = new BodyRoom(Options.Create(new LimitSettings { MaxBodyBytesInFlight = 16 * Small, MaxBodyBytes = 8 * Small }));
        var first = room.Open();
        first.Grow(8 * Small);
        using var second = room.Open();
        second.Grow(4 * Small);
        var fault = Should.Throw<RequestFault>(() => second.Grow(1));
        (fault.Status, fault.RetryAfter).ShouldBe((503, 1));
        first.Dispose();
        second.Grow(2 * Small);
    }

    [Fact]
    public void A_small_body_has_room_when_large_ones_have_none()
    {
        using var room = new BodyRoom(Options.Create(new LimitSettings { MaxBodyBytesInFlight = 16 * Small, MaxBodyBytes = 8 * Small }));
        using var large = room.Open();
        large.Grow(12 * Small);
        using var other = room.Open();
        other.Grow(Small);
        Should.Throw<RequestFault>(() => other.Grow(1));
        using var small = room.Open();
        small.Grow(Small);
    }

    [Fact]
    public async Task Large_bodies_are_worked_on_in_turns()
    {
        using var room = new BodyRoom(Options.Create(new LimitSettings { LargeBodies = 1 }));
        using var first = room.Open();
        await first.TakeTurnAsync(CancellationToken.None);
        // Its own turn is taken once, however often it is asked for.
        await first.TakeTurnAsync(CancellationToken.None);
        using var second = room.Open();
        var waiting = second.TakeTurnAsync(CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        first.Dispose();
        await waiting.WaitAsync(Patience);
    }
}
