using System.Buffers;
using System.Text;
using System.Text.Json;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Api.Storage;

/// <summary>Submissions as rows hold them.</summary>
internal static class SubmissionJson
{
    public static string Write(Submission submission)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("profile");
            ProfileJson.Write(writer, submission.Profile);
            writer.WritePropertyName("options");
            ProfileJson.Write(writer, submission.Options);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Reads what was submitted.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="create">Makes the problem or the choice.</param>
    /// <exception cref="InvalidDataException">The text does not hold one.</exception>
    public static T Read<T>(string text, Func<Profile, SolveOptions, T> create)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var errors = new List<ProfileError>();
            var profile = ProfileJson.ReadProfile(document.RootElement.GetProperty("profile"), "$.profile", errors);
            var options = ProfileJson.ReadOptions(document.RootElement.GetProperty("options"), "$.options", errors);
            if (profile is null || options is null) throw new InvalidProfileException(errors);
            return create(profile, options);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or InvalidProfileException)
        {
            throw new InvalidDataException("What was submitted cannot be read.", exception);
        }
    }
}
