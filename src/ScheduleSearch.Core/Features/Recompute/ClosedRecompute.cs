using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Features.Recompute;

/// <summary>
/// The profile of a selection, and what a request says for it: <c>choose</c> alone where time and kept stay as they are, the whole section in the place of
/// levels.
/// </summary>
internal static class ClosedRecompute
{
    private static readonly RecomputeSection Section = new();

    /// <summary>The way to close a profile by a selection.</summary>
    public static ClosedWay Of(RecomputeOptions options, ImmutableArray<int> selection)
    {
        var stages = Enumerable.Range(0, options.Stages).Where(stage => options.Of(selection, stage).Recomputes).ToImmutableArray();
        var (open, isAll) = (options.Profile.Recompute!, stages.Length == options.Stages);
        if (open.Levels is not null)
        {
            var closed = options.Profile with { Recompute = Each(options.Stages, stage => options.Of(selection, stage)) };
            return new(Section.Name, Written(closed), closed);
        }

        object words = isAll ? "all" : stages.IsEmpty ? "none" : stages;
        return new(
            RecomputeFeature.ChooseMember,
            JsonSerializer.SerializeToElement(words),
            options.Profile with { Recompute = open with { IsLeftOpen = false, Stages = isAll ? null : stages } });
    }

    /// <summary>A section that states the option of each stage.</summary>
    public static ActivationRecompute Each(int stages, Func<int, RecomputeOption> option) => new()
    {
        Time = StageValues.Each(Enumerable.Range(0, stages).Select(stage => option(stage).Time)),
        Kept = StageValues.Each(Enumerable.Range(0, stages).Select(stage => option(stage).Kept)),
        Stages = [.. Enumerable.Range(0, stages).Where(stage => option(stage).Recomputes)],
    };

    private static JsonElement Written(Profile profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Section.Write(writer, profile);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan).GetProperty(Section.Name);
    }
}
