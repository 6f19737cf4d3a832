using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

/// <summary>Keys over HTTP: which are taken, and how those are refused that are not.</summary>
public sealed class KeyTests
{
    public static TheoryData<string> Databases => TestDatabase.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Only_right_keys_are_taken_under_load_and_after_a_restart(string kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        (string Name, string Value) right, revoked;
        await using (var first = GuardedService.Start(database))
        {
            (_, right) = await first.KeyAsync();
            (var id, revoked) = await first.KeyAsync();
            (await first.GetAsync("/families", revoked)).Status.ShouldBe(200);
            (await first.Services.GetRequiredService<KeyStore>().RevokeAsync(id, CancellationToken.None)).ShouldBeTrue();
            await Task.Delay(KeyRing.MostAge);
            await CheckAsync(first);
        }

        await using var second = GuardedService.Start(database);
        await CheckAsync(second);

        async Task CheckAsync(TestService service)
        {
            (string Name, string Value)[][] sent = [[right], [revoked], [Spoilt(right)], []];
            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
                (Kind: number % 4, Answer: await service.GetAsync("/schedules", sent[number % 4]))));
            foreach (var (kindOfKey, answer) in answers) answer.Status.ShouldBe(kindOfKey == 0 ? 200 : 401, answer.Text);
        }
    }

    [Fact]
    public async Task A_key_that_is_not_quite_right_is_refused_as_any_other()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database);
        var (id, right) = await service.KeyAsync();
        var (_, other) = await service.KeyAsync();
        var text = right.Value["Bearer ".Length..];
        string[] wrong =
        [
            text[..^1], text + "A", text.ToUpperInvariant(), text[..20], id, $"ss_{id}_", text.Replace(id, new string('0', id.Length), StringComparison.Ordinal),
            // The id of one key with the secret of another.
            text[..20] + other.Value["Bearer ".Length..][20..], "ss_" + new string('x', 5000), "'; DROP TABLE keys; --", " ", "",
        ];
        foreach (var each in wrong)
        {
            var answer = await service.GetAsync("/families", GuardedService.Bearer(each));
            answer.Status.ShouldBe(401, each);
            answer.MediaType.ShouldBe("application/problem+json");
            answer.Response.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
            if (each.Trim().Length > 0) answer["detail"]!.GetValue<string>().ShouldBe("The key is wrong or revoked.");
        }

        var missing = await service.GetAsync("/families");
        (missing.Status, missing["detail"]!.GetValue<string>()).ShouldBe((401, "Send a key as the header Authorization: Bearer KEY."));
        (await service.GetAsync("/families", ("Authorization", $"Basic {text}"))).Status.ShouldBe(401);
        (await service.GetAsync("/families", ("Authorization", $"bearer {text}"))).Status.ShouldBe(200, "schemes are the same in any case");
        (await service.GetAsync("/nothing")).Status.ShouldBe(404, "what is not there needs no key");
        (await service.SendAsync(HttpMethod.Put, "/families")).Status.ShouldBe(405);
        string[] open = ["/healthz", "/readyz", "/swagger/index.html", "/swagger/v1/swagger.json"];
        foreach (var path in open) (await service.GetAsync(path)).Status.ShouldBe(200, path);
    }

    [Fact]
    public async Task Without_keys_everything_is_open()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = new TestService(database.ConnectionString, new StubSolver());
        foreach (var (method, endpoint) in service.Endpoints())
            (await service.SendAsync(new HttpMethod(method), endpoint.PathFor(new string('0', 64)))).Status.ShouldNotBeOneOf(401, 403);
        (await service.GetAsync("/families", GuardedService.Bearer("whatever"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Keys_cannot_be_judged_while_their_storage_is_away()
    {
        // Nothing listens on port 1.
        await using var service = new TestService("Host=127.0.0.1;Port=1;Username=x;Timeout=1", new StubSolver(), ("Access:RequireKeys", "true"));
        var answer = await service.GetAsync("/families", GuardedService.Bearer(ApiKey.Create().Text));
        answer.Status.ShouldBe(503, answer.Text);
        (await service.GetAsync("/families")).Status.ShouldBe(401);
        (await service.GetAsync("/healthz", GuardedService.Bearer("whatever"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task How_long_a_wrong_key_takes_does_not_depend_on_how_much_of_it_is_right()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database);
        var (_, right) = await service.KeyAsync();
        var (ring, text) = (service.Services.GetRequiredService<KeyRing>(), right.Value["Bearer ".Length..]);
        string[] wrong = [ApiKey.Create().Text, text[..20] + ApiKey.Create().Text[20..], text[..40] + ApiKey.Create().Text[40..], text[..^1] + "!"];
        var times = wrong.Select(_ => new List<long>()).ToArray();
        // In turns, so that whatever else the machine does meets all of them alike.
        for (var round = 0; round < 4000; round++)
        {
            for (var kind = 0; kind < wrong.Length; kind++)
            {
                var start = Stopwatch.GetTimestamp();
                (await ring.FindAsync(wrong[kind], CancellationToken.None)).ShouldBeNull();
                times[kind].Add(Stopwatch.GetTimestamp() - start);
            }
        }

        var medians = times.Select(each => (double)each.Order().ElementAt(each.Count / 2)).ToList();
        (medians.Max() / medians.Min()).ShouldBeLessThan(1.5, string.Join(", ", medians));
    }

    private static (string Name, string Value) Spoilt((string Name, string Value) key) => (key.Name, key.Value[..^1] + (key.Value[^1] == 'A' ? 'B' : 'A'));
}
