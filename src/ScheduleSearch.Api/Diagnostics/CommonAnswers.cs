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
                AddTo(response, "Retry-After", "Seconds after which to ask again, as long as there is reason to.", SchemaForms.Whole(least: 1));
        }

        if (responses.TryGetValue(Accepted, out var accepted))
            AddTo(accepted, "Location", "Where to ask how far it is, from the root of this service.", Text());
        if (Preferring.Contains(operation.OperationId)) AddPreference(operation, responses);
        if (responses.TryGetValue(NotModified, out var known))
        {
            AddTo(responses[Ok], "ETag", "The version of what is answered; with it in If-None-Match a request is answered 304 as long as it stands.", Text());
            AddTo(known, "ETag", "The version that is known.", Text());
        }

        if (operation.Parameters?.Any(parameter => parameter.Name == "revision") == true)
            AddTo(responses[Ok], "Schedule-Revision", "The name of the schedule that this is of.", Revision());
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
            AddTo(responses[status], "Preference-Applied", "How long the request waited at most, where it said so.", Text());
    }

    private static void AddTo(IOpenApiResponse response, string header, string description, OpenApiSchema schema)
    {
        var answer = (OpenApiResponse)response;
        (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[header] = new OpenApiHeader { Description = description, Schema = schema };
    }

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema Revision() => new()
    {
        Type = JsonSchemaType.String,
        Pattern = string.Create(CultureInfo.InvariantCulture, $"^[0-9a-f]{{{ScheduleRevision.Length}}}$"),
    };
}
