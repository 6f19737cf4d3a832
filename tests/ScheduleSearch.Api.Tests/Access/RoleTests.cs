using Microsoft.AspNetCore.Authorization;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Tests.Hosting;
using Shouldly;
using Xunit;

namespace ScheduleSearch.Api.Tests.Access;

/// <summary>What each role may do, at every endpoint that there is.</summary>
public sealed class RoleTests
{
    [Fact]
    public async Task Every_endpoint_takes_the_role_that_it_says_and_no_lesser_one()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database);
        var keys = new Dictionary<AccessRole, (string Name, string Value)>();
        foreach (var role in Enum.GetValues<AccessRole>()) keys[role] = (await service.KeyAsync(role)).Header;
        var endpoints = service.Endpoints().ToList();
        endpoints.Count.ShouldBeGreaterThanOrEqualTo(16);
        foreach (var (method, endpoint) in endpoints)
        {
            var path = endpoint.PathFor(new string('0', 64));
            var place = $"{method} {path}";
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                // Pages hold nothing of anybody: what they show they read with their reader's key.
                if (IsOfPages(path)) continue;
                path.ShouldBeOneOf("/healthz", "/readyz");
                (await StatusAsync()).ShouldBe(200, place);
                continue;
            }

            var policy = (endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy).ShouldNotBeNull($"{place} says of no role that it takes it");
            var least = AccessRoles.Parse(policy);
            if (method is "DELETE" || path is "/schedules/solve" or "/schedules/compare") least.ShouldBe(AccessRole.Solve, place);
            (await StatusAsync()).ShouldBe(401, place);
            foreach (var (role, key) in keys)
            {
                var status = await StatusAsync(key);
                if (role < least) status.ShouldBe(403, $"{place} as {role}");
                else status.ShouldNotBeOneOf([401, 403], $"{place} as {role}");
            }

            async Task<int> StatusAsync(params (string Name, string Value)[] headers) =>
                (await service.SendAsync(new HttpMethod(method), path, null, headers)).Status;
        }
    }

    private static bool IsOfPages(string path) =>
        path == "/" || new[] { "/ui/", "/page/", "/_content/", "/_framework/", "/_blazor" }.Any(start => path.StartsWith(start, StringComparison.Ordinal));

    [Fact]
    public async Task A_role_that_does_not_suffice_is_refused_as_a_problem_that_names_the_one_that_does()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = GuardedService.Start(database);
        var (_, reader) = await service.KeyAsync(AccessRole.Read);
        var answer = await service.PostAsync("/schedules/solve", Requests.Solve(), reader);
        (answer.Status, answer.MediaType).ShouldBe((403, "application/problem+json"));
        answer["detail"]!.GetValue<string>().ShouldContain("the role solve");
    }
}
