using ScheduleSearch.Core.Placements;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles;

/// <summary>The members of <c>pipeline</c>. Their values are checked by <see cref="PipelineCheck"/>, and merging replaces them by its own.</summary>
internal sealed class PipelineSection : ProfileSection<PipelineShape>
{
    /// <summary>The member that says how layers are dealt out, within the profile.</summary>
    internal const string SplitPath = "pipeline.split";

    public override string Name => "pipeline";

    public override IReadOnlyList<SectionMember<PipelineShape>> Table { get; } =
    [
        new WholeMember<PipelineShape>("devices", shape => shape.Devices, (shape, devices) => shape with { Devices = devices }) { IsRequired = true },
        new WholeMember<PipelineShape>("chunks", shape => shape.Chunks, (shape, chunks) => shape with { Chunks = chunks }),
        new TextMember<PipelineShape>("placement", shape => shape.Placement, (shape, placement) => shape with { Placement = placement }),
        new DevicesMember<PipelineShape>("stageDevices", shape => shape.Lists, (shape, lists) => shape.WithLists(lists)),
        new SplitMember<PipelineShape>("split", shape => shape.Split, (shape, split) => shape with { Split = split }),
        new WholeMember<PipelineShape>("microbatches", shape => shape.Microbatches, (shape, count) => shape with { Microbatches = count })
        {
            IsRequired = true,
        },
    ];

    protected override PipelineShape Blank { get; } = new() { Devices = 1, Microbatches = 1 };

    public override PipelineShape FoundIn(Profile profile) => profile.Pipeline;

    /// <summary>One line of the shape with the name of the placement, and one for each pipe with the devices of its stages.</summary>
    public override void Identify(IdentityText text, Problem problem)
    {
        var placement = problem.Placement;
        IdentifyShape(text, problem.Profile.Pipeline, placement.Name);
        for (var pipe = 0; pipe < placement.Pipes; pipe++)
            text.Line("stageDevices", Enumerable.Range(0, placement.Stages).Select(stage => placement.DeviceOf(pipe, stage)));
    }

    /// <summary>The line of the shape.</summary>
    public void IdentifyShape(IdentityText text, PipelineShape shape, string placement) =>
        text.Line(Name, [placement, IdentityText.Of(shape.Devices), IdentityText.Of(shape.ChunksOfDevice), IdentityText.Of(shape.Microbatches)]);

    protected override Profile PutIn(Profile profile, PipelineShape section) => profile with { Pipeline = section };
}
