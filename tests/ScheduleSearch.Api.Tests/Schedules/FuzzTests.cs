using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Schedules;

/// <summary>Whatever is sent, the service does not fail.</summary>
public sealed class FuzzTests(BadInputTests.Service service) : IClassFixture<BadInputTests.Service>
{
    private static readonly string[] Pieces =
    [
        "null", "true", "-1", "0", "1e999", "1e-320", "4.5", "99999999999999999999", "\"\"", "\"linear\"", "\"v\"", "\"span\"", "[]", "{}",
        "[[]]", "[1,2,3,4]", "{\"limit\":1}", "[0,0,0,0]", "1e12", "0.000001", "\"s\"", "2", "{\"\":{}}",
    ];

    [Property(MaxTest = 300)]
    public async Task A_body_with_members_changed_never_fails_the_service(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var body = JsonNode.Parse(Requests.Solve(microbatches: 1 + random.Next(3), devices: 1 + random.Next(3)).ToJsonString())!;
        for (var change = random.Next(1, 4); change > 0; change--) Change(random, body);
        await ShouldHoldAsync(body.ToJsonString());
    }

    [Property(MaxTest = 200)]
    public async Task A_body_with_bytes_changed_never_fails_the_service(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var bytes = System.Text.Encoding.UTF8.GetBytes(Requests.Solve(microbatches: 2, devices: 2).ToJsonString());
        for (var change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var path = random.Next(2) == 0 ? "/schedules/solve" : "/schedules/verify";
        (await service.Api.SendAsync(HttpMethod.Post, path, TestService.Json(bytes), ("Prefer", "respond-async"))).Status.ShouldBeLessThan(500);
    }

    private async Task ShouldHoldAsync(string body)
    {
        foreach (var path in new[] { "/schedules/solve", "/schedules/verify", "/schedules/compare" })
        {
            var answer = await service.Api.PostAsync(path, body, ("Prefer", "respond-async"));
            answer.Status.ShouldBeLessThan(500, body);
            if (answer.Status >= 400 && answer.Status != 429) answer.Members.ShouldNotBeEmpty(body);
        }
    }

    private static void Change(System.Random random, JsonNode body)
    {
        var owners = Objects(body).ToList();
        var owner = owners[random.Next(owners.Count)];
        var names = owner.Select(member => member.Key).ToList();
        var name = names.Count == 0 || random.Next(5) == 0 ? "more" : names[random.Next(names.Count)];
        if (random.Next(6) == 0) owner.Remove(name);
        else owner[name] = JsonNode.Parse(Pieces[random.Next(Pieces.Length)]);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node is JsonObject owner
        ? owner.SelectMany(member => Objects(member.Value)).Prepend(owner)
        : [];
}
