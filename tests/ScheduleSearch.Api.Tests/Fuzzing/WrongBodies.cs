using System.Text.Json.Nodes;

namespace ScheduleSearch.Api.Tests.Fuzzing;

/// <summary>Spoils bodies at random members, by what the document says of their types.</summary>
internal sealed class WrongBodies(ServiceDocument document)
{
    private static readonly string[] Numbers =
    [
        "-1", "0", "1", "2", "4.5", "1e999", "-1e999", "1e-320", "99999999999999999999", "2147483648", "-0", "0.000001", "1e12", "1e13", "1E+2", "0.1e1",
        "1000000", "79228162514264337593543950335", "0.00000000000000000000000000001",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "false", "\"\"", "\"4\"", "\"NaN\"", "{}", "[]", "[[]]", "[null]", "{\"\":{}}", "\"\\ud800\"", "\"\\u0000\"", "{\"\\ud800\":1}", "[1,2,3,4]",
        "[0,0,0,0]", "[[1,2],[3]]", "{\"limit\":1}", "\"=1+1\"", "\"line\\r\\nbreak\"", "\"<script>\"",
    ];

    /// <summary>A body with some members changed, as text: JSON, though perhaps with a member twice.</summary>
    public string Spoil(Random random, JsonNode body, JsonNode schema)
    {
        var spoilt = body.DeepClone();
        var raw = new Dictionary<string, string>();
        for (var changes = random.Next(1, 4); changes > 0; changes--) Change(random, spoilt, schema, raw);
        var text = spoilt.ToJsonString();
        foreach (var (mark, json) in raw) text = text.Replace($"\"{mark}\"", json, StringComparison.Ordinal);
        return text;
    }

    private void Change(Random random, JsonNode node, JsonNode? schema, Dictionary<string, string> raw)
    {
        // Down to any depth, and there one member or element.
        while (true)
        {
            if (node is JsonObject owner)
            {
                var name = NameIn(random, owner, schema);
                var inner = document.MemberOf(schema, name);
                if (owner[name] is JsonObject or JsonArray && random.Next(4) != 0)
                {
                    (node, schema) = (owner[name]!, inner);
                    continue;
                }

                ChangeMember(random, owner, name, inner, raw);
            }
            else if (node is JsonArray { Count: > 0 } array)
            {
                var (index, inner) = (random.Next(array.Count), document.ElementsOf(schema));
                if (array[index] is JsonObject or JsonArray && random.Next(4) != 0)
                {
                    (node, schema) = (array[index]!, inner);
                    continue;
                }

                ChangeElement(random, array, index, inner, raw);
            }

            return;
        }
    }

    /// <summary>A member that the object has, or could have by its schema, or could not.</summary>
    private string NameIn(Random random, JsonObject owner, JsonNode? schema)
    {
        var documented = document.MembersOf(schema).Keys.ToList();
        var present = owner.Select(member => member.Key).ToList();
        return random.Next(10) switch
        {
            0 => "more",
            < 4 when documented.Count > 0 => documented[random.Next(documented.Count)],
            _ when present.Count > 0 => present[random.Next(present.Count)],
            _ => "more",
        };
    }

    private void ChangeMember(Random random, JsonObject owner, string name, JsonNode? schema, Dictionary<string, string> raw)
    {
        switch (random.Next(8))
        {
            case 0:
                owner.Remove(name);
                return;
            case 1:
                // The same name twice: the mark stands for the value and the member once more.
                owner[name] = Mark(raw, $"{Value(random, schema)},\"{name}\":{Value(random, schema)}");
                return;
            default:
                owner[name] = Mark(raw, Value(random, schema));
                return;
        }
    }

    private void ChangeElement(Random random, JsonArray array, int index, JsonNode? schema, Dictionary<string, string> raw)
    {
        switch (random.Next(6))
        {
            case 0:
                array.RemoveAt(index);
                return;
            case 1:
                array.Insert(index, array[index]?.DeepClone());
                return;
            default:
                array[index] = Mark(raw, Value(random, schema));
                return;
        }
    }

    /// <summary>A value that is of the schema's types now and then, at the edges of what they hold, and else is not.</summary>
    private string Value(Random random, JsonNode? schema)
    {
        var (types, words) = (document.TypesOf(schema), document.WordsOf(schema));
        if (words.Count > 0 && random.Next(3) == 0) return $"\"{words[random.Next(words.Count)]}\"";
        var type = types.Count == 0 ? "" : types[random.Next(types.Count)];
        return random.Next(4) == 0 ? Any(random) : type switch
        {
            "integer" or "number" => Numbers[random.Next(Numbers.Length)],
            "boolean" => random.Next(2) == 0 ? "true" : "1",
            "string" => random.Next(3) == 0 ? $"\"{new string('x', random.Next(2000))}\"" : Any(random),
            "array" => $"[{string.Join(',', Enumerable.Range(0, random.Next(random.Next(2) == 0 ? 6 : 3000)).Select(_ => Numbers[random.Next(Numbers.Length)]))}]",
            "object" => $"{{{string.Join(',', document.MembersOf(schema).Where(_ => random.Next(2) == 0).Select(member => $"\"{member.Key}\":{Any(random)}"))}}}",
            _ => Any(random),
        };
    }

    private static string Any(Random random) => random.Next(2) == 0 ? Numbers[random.Next(Numbers.Length)] : Others[random.Next(Others.Length)];

    private static string Mark(Dictionary<string, string> raw, string json)
    {
        var mark = $"mark-{raw.Count}-{Guid.NewGuid():N}";
        raw[mark] = json;
        return mark;
    }
}
