using System.Globalization;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>Collects the offending members of a section. Members are named within it, such as <c>kept</c> or <c>forward[3]</c>.</summary>
public sealed class SectionCheck
{
    /// <summary>The range of numbers that keeps every sum exact: a time or an amount is 0 or lies within it.</summary>
    internal const decimal Smallest = 1e-6m, Largest = 1e12m;

    private readonly string _section;
    private readonly string _path;
    private readonly List<ProfileError> _errors;
    private readonly int _before;

    /// <summary>Checks a section.</summary>
    /// <param name="profile">The profile, whose pipeline is valid unless it is that which is checked.</param>
    /// <param name="section">The name of the section.</param>
    /// <param name="errors">Where errors are added.</param>
    /// <param name="before">The errors from the first on that say nothing of the section.</param>
    internal SectionCheck(Profile profile, string section, List<ProfileError> errors, int before) =>
        (Profile, _section, _path, _errors, _before) = (profile, section, $"$.profile.{section}", errors, before);

    /// <summary>The profile.</summary>
    public Profile Profile { get; }

    /// <summary>S: the stages of one pipe.</summary>
    public int Stages => (int)Profile.Pipeline.Stages;

    /// <summary>p: the devices.</summary>
    public int Devices => Profile.Pipeline.Devices;

    /// <summary>Whether no member was found wrong that the section depends on.</summary>
    public bool IsClean => _errors.Count <= _before;

    /// <summary>Whether a section of a feature states what the stages take, so that nothing is missing which times and memory do not say of them.</summary>
    public bool StagesAreStated { get; init; }

    /// <summary>Checks an item of a section that is a list.</summary>
    public SectionCheck At(int item) => new(Profile, $"{_section}[{item}]", _errors, _before);

    /// <summary>Checks a member that is an object.</summary>
    public SectionCheck At(string member) => new(Profile, $"{_section}.{member}", _errors, _before);

    /// <summary>Checks an item of a member that is a list.</summary>
    public SectionCheck At(string member, int item) => new(Profile, $"{_section}.{member}[{item}]", _errors, _before);

    /// <summary>The section as a whole says nothing that could be solved.</summary>
    public void Malformed(string message) => _errors.Add(new(_path, message));

    /// <summary>A member of another section says nothing that could be solved.</summary>
    /// <param name="path">The member within the profile.</param>
    /// <param name="message">What is wrong, and the fix.</param>
    public void MalformedElsewhere(string path, string message) => _errors.Add(new($"$.profile.{path}", message));

    /// <summary>A member says nothing that could be solved.</summary>
    public void Malformed(string member, string message) => _errors.Add(new($"{_path}.{member}", message));

    /// <summary>The section as a whole asks for what cannot be had.</summary>
    public void Impossible(string message) => _errors.Add(new(_path, message, ProfileErrorKind.Impossible));

    /// <summary>A member asks for what cannot be had.</summary>
    public void Impossible(string member, string message) => _errors.Add(new($"{_path}.{member}", message, ProfileErrorKind.Impossible));

    /// <summary>A count is at least 1.</summary>
    public void Count(string member, int count)
    {
        if (count < 1) Malformed(member, $"Is {count}; must be at least 1.");
    }

    /// <summary>A count is at least 1 and at most what the server takes.</summary>
    public void Count(string member, int count, int most)
    {
        Count(member, count);
        if (count > most) Impossible(member, $"Is {count}; this server takes at most {most}.");
    }

    /// <summary>There is one number, or one for each stage or device, and each is in range.</summary>
    /// <param name="member">The member.</param>
    /// <param name="values">Its numbers.</param>
    /// <param name="count">How many there are to be.</param>
    /// <param name="of">What there is one for each of, in words.</param>
    /// <param name="aboveZero">Whether 0 is out of range.</param>
    public void Each(string member, StageValues values, int count, string of, bool aboveZero = false)
    {
        if (!values.IsScalar && values.Numbers.Length != count)
        {
            Malformed(member, $"Has {values.Numbers.Length} numbers; give one number, or {count}, one for each {of}.");
            return;
        }

        for (var index = 0; index < values.Numbers.Length; index++) Number(Indexed(member, values, index), values.Numbers[index], aboveZero);
    }

    /// <summary>A time or an amount is 0, where that is in range, or within the range that keeps sums exact.</summary>
    public void Number(string member, decimal number, bool aboveZero = false)
    {
        if (number < 0) Malformed(member, $"Is {Text(number)}; must not be negative.");
        else if (number == 0 && aboveZero) Malformed(member, "Is 0; must be above 0 (leave it out for unlimited memory).");
        else if (number != 0 && (number < Smallest || number > Largest))
            Malformed(member, $"Is {Text(number)}; must be 0 or from 0.000001 to 10^12: choose another unit.");
    }

    /// <summary>Numbers are no more than the activation that they are a part of, on each stage.</summary>
    public void PartOfActivation(string member, StageValues part)
    {
        for (var stage = 0; stage < Stages; stage++)
        {
            var whole = Profile.Memory?.Activation?[stage] ?? 0;
            if (part[stage] <= whole) continue;
            Malformed(Indexed(member, part, stage), $"{Text(part[stage])} is more than the activation it is a part of ({Text(whole)}).");
            if (part.IsScalar) return;
        }
    }

    /// <summary>The name of one number of a member.</summary>
    public static string Indexed(string member, StageValues values, int index) => values.IsScalar ? member : $"{member}[{index}]";

    /// <summary>Each number of a member with its name.</summary>
    public static IEnumerable<(string Member, decimal Value)> Named(string member, StageValues values) =>
        values.Numbers.Select((value, index) => (Indexed(member, values, index), value));

    /// <summary>A number as errors state it.</summary>
    public static string Text(decimal number) => DecimalScale.Normalize(number).ToString(CultureInfo.InvariantCulture);
}
