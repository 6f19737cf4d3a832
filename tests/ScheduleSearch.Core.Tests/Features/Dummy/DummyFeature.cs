using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Tests.Features.Dummy;

/// <summary>A feature that nobody has shown anything for: all that a new one needs in order to be read, written, checked, identified and merged.</summary>
internal sealed class DummyFeature : ICostedFeature
{
    public string Name => "dummy";

    public string Member => "profile.dummy";

    public IProfileSection Section { get; } = new DummySection();

    public bool IsUsedBy(Problem problem) => Section.IsIn(problem.Profile);

    public long AddedWork(Problem problem, int stage) => problem.Profile.Find<DummyTimes>() is { } dummy ? problem.TimeScale.ToTicks(dummy.Pause[stage]) : 0;
}
