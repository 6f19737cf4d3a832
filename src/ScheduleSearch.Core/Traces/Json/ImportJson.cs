using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Traces.Json;

/// <summary>Reads the files of a run out of a request. What they hold is read by their format.</summary>
public static class ImportJson
{
    private const string Files = "files", Content = "content";

    private const int MostFiles = 4096, LongestName = 1000, MostSteps = 1_000_000;

    /// <summary>Reads a request, whose document must live as long as it.</summary>
    /// <exception cref="InvalidProfileException">Members are wrong; all of them are named.</exception>
    public static ImportRequest Read(JsonElement root)
    {
        var errors = new List<ProfileError>();
        var request = new JsonValue(root, "$", errors).Members(members =>
        {
            var name = members.Optional("name")?.Text(TextMember<Profile>.Longest);
            var warmUp = members.Optional("warmUpSteps")?.Whole(0, MostSteps);
            var unit = members.Optional("timeUnit")?.OneOf(Enum.GetValues<TimeUnit>(), word => word.ToString());
            var pipeline = members.Optional("pipeline") is { } stated ? CoreSections.Pipeline.ReadValue(stated) : null;
            var show = members.Optional("show")?.Members(ReadChoice);
            var names = members.Required(Files)?.EachObject(file => file.Members(ReadFile));
            if (names is { Length: 0 }) errors.Add(new($"$.{Files}", "Is empty; send at least one file."));
            if (names is { Length: > MostFiles }) errors.Add(new($"$.{Files}", $"Has more than {MostFiles} files."));
            return names is not { } read || errors.Count > 0 ? null : new ImportRequest
            {
                Name = name,
                WarmUpSteps = (int?)warmUp,
                TimeUnit = unit ?? TimeUnit.ms,
                Pipeline = pipeline,
                Show = show,
                Files = [.. read.Select((file, index) => new TraceFile(
                    file.Name, $"$.{Files}[{index}].{Content}", root.GetProperty(Files)[index].GetProperty(Content)))],
            };
        });
        return request is not null && errors.Count == 0 ? request : throw new InvalidProfileException(errors);
    }

    private static StepChoice ReadChoice(JsonMembers members) => new()
    {
        Step = (int?)members.Optional("step")?.Whole(0, int.MaxValue),
        Replica = (int?)members.Optional("replica")?.Whole(0, int.MaxValue),
    };

    private static FileName? ReadFile(JsonMembers members)
    {
        var name = members.Optional("name")?.Text(LongestName);
        if (members.Required(Content) is not { } content) return null;
        if (content.IsText) content.Text(int.MaxValue);
        else if (!content.IsArray && !content.IsObject) content.Refuse("Must be a trace: an object, a list of events, or the text of a table.");
        return new FileName(name);
    }

    private sealed record FileName(string? Name);
}
