using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ScheduleSearch.Core.Profiles.Json;

/// <summary>
/// A JSON value read strictly: whatever is not exactly what is asked for adds an error that names the value by its path, and reads as null.
/// </summary>
public readonly struct JsonValue
{
    /// <summary>Errors beyond this many are not collected: one fault a member of a huge array says no more.</summary>
    private const int MostErrors = 1000;

    private const int MostDigits = 100;
    private const int MostShown = 40;

    private readonly JsonElement _element;
    private readonly JsonPlace _place;
    private readonly List<ProfileError> _errors;

    /// <summary>A value of a document.</summary>
    /// <param name="element">The value.</param>
    /// <param name="path">Its JSON path, such as <c>$.profile</c>.</param>
    /// <param name="errors">Where the errors are added.</param>
    public JsonValue(JsonElement element, string path, List<ProfileError> errors)
        : this(element, JsonPlace.Root(path), errors)
    {
    }

    private JsonValue(JsonElement element, JsonPlace place, List<ProfileError> errors) => (_element, _place, _errors) = (element, place, errors);

    /// <summary>A number that a decimal holds.</summary>
    public decimal? Number()
    {
        if (_element.ValueKind != JsonValueKind.Number) return Fail<decimal>("a number");
        var text = JsonMarshal.GetRawUtf8Value(_element);
        if (text.Length > MostDigits) return Fail<decimal>($"a number of at most {MostDigits} digits");
        if (!_element.TryGetDecimal(out var number)) return Fail<decimal>("a finite number below 10^28");
        return number == 0 && IsNotZero(text) ? Fail<decimal>("0 or at least 10^-28") : number;
    }

    /// <summary>A number within a range that a double can state, such as a time limit.</summary>
    public double? Number(double least, bool above, double most, string wanted) =>
        Number() is not { } number ? null
        : (double)number is var value && (above ? value > least : value >= least) && value <= most ? value
        : Fail<double>(wanted);

    /// <summary>A 32-bit integer written without point or exponent.</summary>
    public int? Whole() => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out var number)
        ? number
        : Fail<int>($"a whole number from {int.MinValue} to {int.MaxValue}, without point or exponent");

    /// <summary>A 64-bit integer of at least a least, written without point or exponent.</summary>
    public long? Whole(long least) => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var number) && number >= least
        ? number
        : Fail<long>($"a whole number from {least} to {long.MaxValue}, without point or exponent");

    /// <summary>A 64-bit integer of a range, written without point or exponent.</summary>
    public long? Whole(long least, long most) =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : Fail<long>($"a whole number from {least} to {most}, without point or exponent");

    /// <summary>true or false.</summary>
    public bool? Flag() => _element.ValueKind is JsonValueKind.True or JsonValueKind.False ? _element.GetBoolean() : Fail<bool>("true or false");

    /// <summary>A string of whole characters.</summary>
    public string? Text(int most)
    {
        if (_element.ValueKind != JsonValueKind.String) return FailText("a string");
        if (!JsonMembers.TryGetText(_element, out var text)) return FailText("a string without lone surrogates");
        return text.Length <= most ? text : FailText($"a string of at most {most} characters");
    }

    /// <summary>One of the names of some values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="name">The name of each.</param>
    /// <param name="explain">What is said of a text that is none of the names, in sentences of its own; null for nothing.</param>
    public T? OneOf<T>(IReadOnlyList<T> values, Func<T, string> name, Func<string, string?>? explain = null)
        where T : struct
    {
        if (IsText)
        {
            foreach (var value in values)
            {
                if (Is(name(value))) return value;
            }
        }

        var wanted = $"one of {string.Join(", ", values.Select(value => $"\"{name(value)}\""))}";
        if (!IsText || !TakesErrors || !JsonMembers.TryGetText(_element, out var text)) return Fail<T>(wanted);
        Report(_place, Wanted(wanted) + (explain?.Invoke(text) is { } explanation ? $" {explanation}" : Spelling.DidYouMean(text, values.Select(name))));
        return null;
    }

    /// <summary>Adds an error about this value.</summary>
    public void Refuse(string message) => Report(_place, message);

    /// <summary>Whether this is an object.</summary>
    public bool IsObject => _element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether this is an object that has a member, and not as null.</summary>
    public bool Has(string member) => IsObject && JsonMembers.TryFind(_element, member, out var found) && found.ValueKind != JsonValueKind.Null;

    /// <summary>Whether this is null.</summary>
    public bool IsNull => _element.ValueKind == JsonValueKind.Null;

    /// <summary>Whether this is a string.</summary>
    public bool IsText => _element.ValueKind == JsonValueKind.String;

    /// <summary>Whether this is an array.</summary>
    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether this is an array that begins with an array.</summary>
    public bool IsArrayOfArrays => IsArray && _element.GetArrayLength() > 0 && _element[0].ValueKind == JsonValueKind.Array;

    /// <summary>An array whose every element is read; null as soon as one is wrong.</summary>
    public ImmutableArray<T>? Each<T>(Func<JsonValue, T?> read)
        where T : struct
    {
        if (!IsArray) return Fail<ImmutableArray<T>>("an array");
        var values = ImmutableArray.CreateBuilder<T>(_element.GetArrayLength());
        var (place, index) = (new StrongBox<JsonPlace>(_place), 0);
        foreach (var element in _element.EnumerateArray())
        {
            if (read(At(element, JsonPlace.Element(place, index++))) is { } value) values.Add(value);
        }

        return values.Count == index ? values.MoveToImmutable() : null;
    }

    /// <summary>As <see cref="Each{T}"/>, of values that are objects.</summary>
    public ImmutableArray<T>? EachObject<T>(Func<JsonValue, T?> read)
        where T : class =>
        Each<ValueTuple<T>>(element => read(element) is { } value ? new(value) : null) is { } values ? [.. values.Select(value => value.Item1)] : null;

    /// <summary>An object whose members are read; null when it is none. Members that were not asked for are errors.</summary>
    public T? Members<T>(Func<JsonMembers, T?> read)
    {
        if (_element.ValueKind != JsonValueKind.Object)
        {
            Report(_place, Wanted("an object"));
            return default;
        }

        var members = new JsonMembers(_element, _place, this);
        var value = read(members);
        members.ReportOthers();
        return value;
    }

    /// <summary>Whether another error would be collected.</summary>
    internal bool TakesErrors => _errors.Count < MostErrors;

    /// <summary>Adds an error about another member.</summary>
    internal void Report(JsonPlace place, string message)
    {
        if (TakesErrors) _errors.Add(new ProfileError(place.ToString(), message));
    }

    internal JsonValue At(JsonElement element, JsonPlace place) => new(element, place, _errors);

    private T? Fail<T>(string wanted)
        where T : struct
    {
        Report(_place, Wanted(wanted));
        return null;
    }

    private string? FailText(string wanted)
    {
        Report(_place, Wanted(wanted));
        return null;
    }

    private string Wanted(string wanted) => string.Create(CultureInfo.InvariantCulture, $"Is {Shown()}; must be {wanted}.");

    private string Shown() => _element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String when !JsonMembers.TryGetText(_element, out _) => "a string with a lone surrogate",
        _ => _element.GetRawText() is var raw && raw.Length > MostShown ? raw[..MostShown] + "…" : raw,
    };

    private bool Is(string text)
    {
        try
        {
            return _element.ValueEquals(text);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return false;
        }
    }

    private static bool IsNotZero(ReadOnlySpan<byte> number)
    {
        if (number.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var exponent) number = number[..exponent];
        return number.ContainsAnyInRange((byte)'1', (byte)'9');
    }
}
