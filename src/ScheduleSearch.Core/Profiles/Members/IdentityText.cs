using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ScheduleSearch.Core.Profiles.Members;

/// <summary>The canonical text of a problem: a line for each member, numbers without trailing zeros.</summary>
public sealed class IdentityText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a member.</summary>
    public void Line(string member, IEnumerable<string> values) => _text.Append(member).Append('=').AppendJoin(',', values).Append('\n');

    /// <summary>Adds a member of a single value.</summary>
    public void Line(string member, string value) => Line(member, [value]);

    /// <summary>Adds numbers.</summary>
    public void Line(string member, IEnumerable<decimal> numbers) => Line(member, numbers.Select(Of));

    /// <summary>Adds whole numbers.</summary>
    public void Line(string member, IEnumerable<int> numbers) => Line(member, numbers.Select(Of));

    /// <summary>A whole number.</summary>
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number without trailing zeros.</summary>
    public static string Of(decimal number) => DecimalScale.Normalize(number).ToString(CultureInfo.InvariantCulture);

    /// <summary>The SHA-256 of the text in 64 lower-case hex digits.</summary>
    internal string Digest() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_text.ToString())));
}
