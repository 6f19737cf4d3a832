using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Instructions;
using ScheduleSearch.Core.Instructions.Formats;
using ScheduleSearch.Core.Schedules;
using Shouldly;

namespace ScheduleSearch.Core.Tests.Instructions;

/// <summary>Streams as the formats write them.</summary>
internal static class Streams
{
    public static string Text(string format, Timeline timeline, int? rank = null, string? version = null)
    {
        var chosen = InstructionFormatCatalogue.Find(format).ShouldNotBeNull();
        if (version is not null) chosen = chosen.ForVersion(version);
        chosen.WhyNot(timeline).ShouldBeNull();
        var output = new ArrayBufferWriter<byte>();
        chosen.Write(timeline, rank, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static JsonElement Json(string format, Timeline timeline, int? rank = null) => JsonDocument.Parse(Text(format, timeline, rank)).RootElement;

    public static FormatRefusal Refusal(string format, Timeline timeline) => InstructionFormatCatalogue.Find(format)!.WhyNot(timeline).ShouldNotBeNull();
}
