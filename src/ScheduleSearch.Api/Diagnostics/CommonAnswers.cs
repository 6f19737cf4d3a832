using System.Globalization;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Http;
using ScheduleSearch.Api.Storage;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says what operations have in common: the refusal of an unknown parameter, and the headers of preferences, versions and statuses.</summary>
internal sealed class CommonAnswers : IOperationFilter
{
    private const string Ok = "200", Accepted = "202", NotModified = "304", BadRequest = "400";

    private static readonly string[] Preferring = ["solve", "compare"], Polled = ["getSchedule", "getBatch"], Repeatable = [Accepted, "409", "429", "503"];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var responses = operation.Responses ??= [];
        if (!responses.ContainsKey(BadRequest))
        {
            var problem = context.SchemaGenerator.GenerateSchema(typeof(HttpProblem), context.SchemaRepository);
            responses[BadRequest] = new OpenApiResponse
            {
                Description = "A parameter is unknown or wrong.",
                Content = new Dictionary<string, IOpenApiMediaType> { [HttpProblem.MediaType] = new OpenApiMediaType { Schema = problem } },
            };
        }

        foreach (var (status, response) in responses)
        {
            if (Repeatable.Contains(status) || (status == Ok && Polled.Contains(operation.OperationId)))
                response.AddHeader("Retry-After", "Seconds after which to ask again, as long as there is reason to.", SchemaForms.Whole(least: 1));
        }

        if (responses.TryGetValue(Accepted, out var accepted))
            accepted.AddHeader("Location", "Where to ask how far it is, from the root of this service.");
        if (Preferring.Contains(operation.OperationId)) AddPreference(operation, responses);
        if (responses.TryGetValue(NotModified, out var known))
        {
            responses[Ok].AddHeader("ETag", "The version of what is answered; with it in If-None-Match a request is answered 304 as long as it stands.");
            known.AddHeader("ETag", "The version that is known.");
        }

        if (operation.Parameters?.Any(parameter => parameter.Name == "revision") == true)
            responses[Ok].AddHeader("Schedule-Revision", "The name of the schedule that this is of.", Revision());
    }

    private static void AddPreference(OpenApiOperation operation, OpenApiResponses responses)
    {
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = "Prefer",
            In = ParameterLocation.Header,
            Description = "How long to wait for the search, as RFC 7240 has it: `wait=N` seconds, or `respond-async` for not at all.",
            Schema = Text(),
            Example = "respond-async",
        });
        foreach (var status in new[] { Ok, Accepted }.Where(responses.ContainsKey))
            responses[status].AddHeader("Preference-Applied", "How long the request waited at most, where it said so.");
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Revision() => new()
    {
        Type = JsonSchemaType.String,
        Pattern = string.Create(CultureInfo.InvariantCulture, $"^[0-9a-f]{{{ScheduleRevision.Length}}}$"),
    };
}
