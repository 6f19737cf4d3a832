using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Tests.Features.Dummy;

internal sealed class DummySection : ProfileSection<DummyTimes>
{
    public override string Name => "dummy";

    public override IReadOnlyList<SectionMember<DummyTimes>> Table { get; } =
    [
        new StageMember<DummyTimes>("pause", Quantity.Time, dummy => dummy.Pause, (dummy, pause) => dummy with { Pause = pause })
        {
            IsRequired = true, Added = Added.ByMicrobatch,
        },
        new StageMember<DummyTimes>("cushion", Quantity.Memory, dummy => dummy.Cushion, (dummy, cushion) => dummy with { Cushion = cushion }),
        new WholeMember<DummyTimes>("count", dummy => dummy.Count, (dummy, count) => dummy with { Count = count }) { IsCount = true },
    ];

    public override IReadOnlyList<string> GoesNotWith => ["slices"];

    protected override DummyTimes Blank { get; } = new() { Pause = 0 };
}
