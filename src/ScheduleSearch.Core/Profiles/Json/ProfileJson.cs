using System.Text.Json;
using ScheduleSearch.Core.Features;
using ScheduleSearch.Core.Profiles.Members;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>The JSON form of profiles and options. Reading is strict and names every offending member; what is written reads back the same.</summary>
public static partial class ProfileJson
{
    /// <summary>Reads a profile; null when a member is wrong. Shapes and ranges are checked by <see cref="Problem.Create"/>.</summary>
    /// <param name="element">The value to read.</param>
    /// <param name="path">Its JSON path, <c>$.profile</c> in a request.</param>
    /// <param name="errors">Where every offending member is added.</param>
    /// <param name="features">The features that it may use; those of the service when null.</param>
    public static Profile? ReadProfile(JsonElement element, string path, List<ProfileError> errors, FeatureCatalogue? features = null) =>
        Whole(errors, () => ReadProfile(new JsonValue(element, path, errors), features));

    /// <summary>Reads a profile that is a member of something larger; null when it could not be made, with an error.</summary>
    /// <param name="value">The value to read.</param>
    /// <param name="features">The features that it may use; those of the service when null.</param>
    public static Profile? ReadProfile(JsonValue value, FeatureCatalogue? features = null) =>
        value.Members(members => Read(members, features ?? FeatureCatalogue.Default));

    /// <summary>
    /// Writes a profile as <see cref="ReadProfile(JsonElement, string, List{ProfileError}, FeatureCatalogue)"/> reads it: the same numbers, so the same
    /// problem.
    /// </summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="profile">The profile.</param>
    /// <param name="features">The features that it may use; those of the service when null.</param>
    /// <exception cref="ArgumentException">The profile has a section that none of the features has.</exception>
    public static void Write(Utf8JsonWriter writer, Profile profile, FeatureCatalogue? features = null)
    {
        var catalogue = features ?? FeatureCatalogue.Default;
        catalogue.RefuseUnknown(profile);
        writer.WriteStartObject();
        if (profile.Name is { } name) writer.WriteString("name", name);
        if (profile.Mode is { } mode) writer.WriteString("mode", NameOf(mode));
        if (catalogue.StatesStages(profile))
        {
            CoreSections.Pipeline.Write(writer, profile);
            CoreSections.Times.WriteWithoutStages(writer, profile);
            CoreSections.Memory.WriteWithoutStages(writer, profile);
        }
        else
        {
            foreach (var section in CoreSections.All) section.Write(writer, profile);
        }

        foreach (var section in catalogue.SectionsInJson) section.Write(writer, profile);
        writer.WriteEndObject();
    }

    private static Profile? Read(JsonMembers members, FeatureCatalogue features)
    {
        var name = members.Optional("name")?.Text(TextMember<Profile>.Longest);
        var mode = members.Optional("mode")?.OneOf(Enum.GetValues<IterationMode>(), NameOf);
        var pipeline = members.Required(CoreSections.Pipeline.Name)?.Members(CoreSections.Pipeline.Read);
        var (times, memory) = features.Sections.Any(section => section.StatesStages && members.Has(section.Name))
            ? (CoreSections.Times.Stated(members.Optional(CoreSections.Times.Name)),
                members.Optional(CoreSections.Memory.Name)?.Members(CoreSections.Memory.ReadWithoutStages))
            : (members.Required(CoreSections.Times.Name)?.Members(CoreSections.Times.Read),
                members.Optional(CoreSections.Memory.Name)?.Members(CoreSections.Memory.Read));
        var sections = SectionBag.Empty;
        foreach (var section in features.SectionsInJson)
            sections = sections.With(section.Type, members.Optional(section.Name) is { } given ? section.Read(given) : null);
        return pipeline is null || times is null ? null : new Profile
        {
            Name = name,
            Mode = mode,
            Pipeline = pipeline,
            Times = times,
            Memory = memory,
            Sections = sections,
        };
    }

    private static T? Whole<T>(List<ProfileError> errors, Func<T?> read)
        where T : class
    {
        var before = errors.Count;
        var value = read();
        return errors.Count == before ? value : null;
    }
}
