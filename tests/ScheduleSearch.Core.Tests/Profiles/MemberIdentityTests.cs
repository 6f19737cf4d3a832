using System.Collections.Immutable;
using System.Reflection;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Features.Backward;
using ScheduleSearch.Core.Features.Devices;
using ScheduleSearch.Core.Features.Fill;
using ScheduleSearch.Core.Features.Layers;
using ScheduleSearch.Core.Features.Overlap;
using ScheduleSearch.Core.Features.Recompute;
using ScheduleSearch.Core.Features.Slices;
using ScheduleSearch.Core.Features.Vocabulary;
using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Members;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Core.Tests.Profiles;

/// <summary>
/// Two problems that differ in a member may not share an id, whatever members are added: a stored answer would be given for another question.
/// </summary>
public class MemberIdentityTests
{
    private static readonly Profile Plain = new()
    {
        Pipeline = new() { Devices = 2, Microbatches = 4 },
        Times = new() { Forward = 1, BackwardInput = 1, BackwardWeight = 1, Communication = 0.25m },
        Memory = new() { Limit = 9, Activation = 2, Retained = 1, Weights = 3 },
    };

    private static readonly FillItem Item = new() { Name = "first", Duration = 2, Device = 0 };

    private static readonly ModelLayer Layer = new()
    {
        Name = "decoder",
        Count = 2,
        Forward = 1,
        BackwardInput = 2,
        BackwardWeight = 3,
        Activation = 4,
        Retained = 3,
        Weights = 5,
    };

    private static readonly VocabularyLayer Shaped = new() { Size = 9, Hidden = 40, Sequence = 50, MicrobatchSize = 6, FlopsPerSecond = 1e6m };

    /// <summary>Profiles of which each section of the service is in one at least, and each member has an effect in one at least.</summary>
    private static readonly Profile[] Profiles =
    [
        Plain with { Overlap = new() { Duration = 2.5m }, Recompute = new() { Time = 2, Kept = 0.5m, Stages = [1] } },
        Plain with { Overlap = new() { Gain = 0.25m } },
        Plain with { Recompute = new() { Levels = [new() { Time = 2, Kept = 1 }], IsLeftOpen = true } },
        Plain with { Memory = Plain.Memory! with { Limit = null, Total = 12 } },
        Plain with { Pipeline = Plain.Pipeline with { Placement = "explicit", StageDevices = [0, 1] } },
        Plain with { Slices = new() { Count = 2, Forward = [1, 3], Backward = [1, 4], Activation = [1, 5], KeyValue = 0.5m } },
        Plain with { Vocabulary = new() { Size = 9, Parallel = VocabularyParallel.OneBarrier, Forward = 1, Backward = 2, Activation = 3, Input = 4 } },
        Plain with { Vocabulary = Shaped with { Parallel = VocabularyParallel.TwoBarriers } },
        Plain with { Vocabulary = Shaped },
        Plain with { Optimizer = new() { Step = 2 } },
        Plain with { Fill = [Item, Item with { Name = "second" }] },
        Plain with { Frozen = new() { Stages = [0] } },
        Plain with { Microbatches = [new() { Scale = 1 }, new() { Scale = 2 }, new() { Scale = 3 }, new()] },
        Plain with { MicrobatchScale = new() { Forward = [1, 2, 3, 4], Backward = [1, 2, 3, 4], Activation = [1, 2, 3, 4] } },
        Plain with { Pipeline = Plain.Pipeline with { Split = StageSplit.Even }, Layers = [Layer, Layer] },
        Plain with { Devices = [new() { Speed = 2 }, new()] },
        Plain with { Times = Plain.Times with { Backward = 1.5m }, Backward = new() { Choose = BackwardChoice.Fused } },
        Plain with { Slices = new() { Count = 2, Sequence = 65, Hidden = 4, Cut = SequenceCut.EqualFlops } },
    ];

    private static Type[] SectionTypes => [.. CoreSections.All.Concat(FeatureCatalogue.Default.Sections).Select(section => section.Type)];

    public static IEnumerable<object[]> Members() => SectionTypes.SelectMany(type => Settable(type).Select(member => new object[] { type, member.Name }));

    [Theory]
    [MemberData(nameof(Members))]
    public void A_member_that_changes_changes_the_id(Type type, string name)
    {
        var member = type.GetProperty(name)!;
        Profiles.Any(profile => SectionOf(profile, type) is { } section
                && OthersThan(member, section).Any(other => IdOf(With(profile, type, With(section, member, other))) is { } id && id != IdOf(profile)))
            .ShouldBeTrue($"{type.Name}.{name} is no part of the id, or no profile of this test lets it have an effect");
    }

    [Fact]
    public void Every_member_of_communication_changes_the_id()
    {
        var full = new Communication { Latency = 0.25m, Bandwidth = 2, Bytes = 1, Exclusive = Exclusivity.Link };
        string? Id(Communication communication) => IdOf(Plain with { Times = Plain.Times with { Communication = communication } });
        foreach (var member in Settable(typeof(Communication)))
        {
            var others = OthersThan(member, full).Select(other => Id((Communication)With(full, member, other))).ToList();
            others.ShouldNotBeEmpty(member.Name);
            others.ShouldNotContain(Id(full), member.Name);
            others.ShouldNotContain((string?)null, member.Name);
        }

        Id(new Communication { Latency = 0.25m }).ShouldBe(Id(0.25m));
    }

    [Fact]
    public void Every_member_of_an_item_changes_the_id()
    {
        string? Id(FillItem item) => IdOf(Plain with { Fill = [Item, item] });
        var second = Item with { Name = "second" };
        foreach (var member in Settable(typeof(FillItem)))
            Id(second).ShouldNotBe(Id((FillItem)With(second, member, OthersThan(member, second).Last())), member.Name);
    }

    [Fact]
    public void Every_member_of_a_layer_changes_the_id()
    {
        string? Id(ModelLayer layer) => IdOf(Plain with { Layers = [Layer, layer] });
        foreach (var member in Settable(typeof(ModelLayer)))
            Id(Layer).ShouldNotBe(Id((ModelLayer)With(Layer, member, OthersThan(member, Layer).Last())), member.Name);
        var again = new LayerRecompute { Kept = 1 };
        foreach (var member in Settable(typeof(LayerRecompute)))
        {
            Id(Layer with { Recompute = again })
                .ShouldNotBe(Id(Layer with { Recompute = (LayerRecompute)With(again, member, OthersThan(member, again).Last()) }), member.Name);
        }
    }

    [Fact]
    public void Every_member_of_a_device_changes_the_id()
    {
        string? Id(PipelineDevice device) => IdOf(Plain with { Devices = [new(), device] });
        foreach (var member in Settable(typeof(PipelineDevice)))
            Id(new()).ShouldNotBe(Id((PipelineDevice)With(new PipelineDevice(), member, OthersThan(member, new PipelineDevice()).Last())), member.Name);
    }

    [Fact]
    public void A_profile_has_no_member_but_its_name_its_mode_and_sections() =>
        Settable(typeof(Profile)).Select(member => member.PropertyType).ShouldBe([typeof(string), typeof(IterationMode?), .. SectionTypes], ignoreOrder: true);

    [Fact]
    public void A_section_that_is_given_changes_the_id()
    {
        foreach (var section in FeatureCatalogue.Default.Sections)
            Profiles.ShouldContain(profile => section.IsIn(profile) && IdOf(With(profile, section.Type, null)) != IdOf(profile), section.Name);
    }

    [Fact]
    public void Every_member_of_a_section_stands_in_its_table()
    {
        IProfileSection[] sections = [.. CoreSections.All, .. FeatureCatalogue.Default.Sections];
        foreach (var section in sections)
        {
            section.Members.Select(member => member.OtherForm?.Property ?? member.Name)
                .ShouldBe(
                    Settable(section.RecordType).Select(member => char.ToLowerInvariant(member.Name[0]) + member.Name[1..]), ignoreOrder: true, section.Name);
        }
    }

    private static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties().Where(member => member.CanWrite);

    private static object? SectionOf(Profile profile, Type type) =>
        Settable(typeof(Profile)).Single(member => member.PropertyType == type).GetValue(profile);

    private static Profile With(Profile profile, Type type, object? section) =>
        (Profile)With(profile, Settable(typeof(Profile)).Single(member => member.PropertyType == type), section);

    private static object With(object record, PropertyInfo member, object? value)
    {
        var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        member.SetValue(copy, value);
        return copy;
    }

    /// <summary>The id, whether or not the profile is valid; null when it is so wrong that there is no problem.</summary>
    private static string? IdOf(Profile profile)
    {
        try
        {
            return new Problem(profile, Objective.Makespan, splitBackward: true, FeatureCatalogue.Default).Id;
        }
        catch (Exception fault) when (fault is ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<object> OthersThan(PropertyInfo member, object section)
    {
        var value = member.GetValue(section);
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        IEnumerable<object> candidates =
            type == typeof(StageValues) ? [StageValues.Same(7.75m)]
            : type == typeof(LinkValues) ? [LinkValues.Same(7.75m)]
            : type == typeof(PairValues) ? [(PairValues)2.75m, (PairValues)0.75m]
            : type == typeof(StageSplit) ? [StageSplit.Search, StageSplit.Of([1, 3])]
            : type == typeof(Communication) ? [(Communication)7.75m]
            : type == typeof(int) ? Enumerable.Range(1, 8).Select(more => (object)((int?)value + more ?? more))
            : type == typeof(decimal) ? [2_000_000m]
            : type == typeof(bool) ? [true, false]
            : type == typeof(string) ? ["interleaved", "bidirectional"]
            : type == typeof(ImmutableArray<int>) ? [ImmutableArray.Create(1, 0), ImmutableArray.Create(0)]
            : type == typeof(LayerRecompute) ? [new LayerRecompute { Time = 2, Kept = 1 }]
            : type == typeof(ImmutableArray<RecomputeLevel>) ? [ImmutableArray.Create(new RecomputeLevel { Time = 2, Kept = 0.5m })]
            : type == typeof(ImmutableArray<string>) ? [ImmutableArray.Create("first")]
            : type == typeof(ImmutableArray<decimal>) ? [ImmutableArray.Create(1m, 7m), ImmutableArray.Create(1m, 7, 2, 2)]
            : type.IsEnum ? Enum.GetValues(type).Cast<object>()
            : throw new NotSupportedException($"Say what else a {type.Name} may be.");
        return candidates.Where(other => !other.Equals(value));
    }
}
