using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using ScheduleSearch.Api.Access;
using ScheduleSearch.Api.Http;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ScheduleSearch.Api.Diagnostics;

/// <summary>Says of calls that take a key which role it needs and how it is refused, and of the others that they take none.</summary>
/// <param name="areRequired">Whether any call takes a key.</param>
internal sealed class KeyOperations(bool areRequired) : IOperationFilter
{
    private static readonly (int Status, string Description)[] Refusals =
    [
        (StatusCodes.Status401Unauthorized, "The key is missing, wrong or revoked."),
        (StatusCodes.Status403Forbidden, "The key has not the role that this takes."),
        (StatusCodes.Status429TooManyRequests, "A quota of the key is used up, or the service has too much to do; Retry-After says when to try again."),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (!areRequired || metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            return;
        }

        var role = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy ?? AccessPolicies.Admin;
        operation.Description = $"{operation.Description}\n\nTakes a key of the role `{role}`.".TrimStart();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyAuthentication.SchemeName, context.Document)] = [] }];
        var problem = context.SchemaGenerator.GenerateSchema(typeof(HttpProblem), context.SchemaRepository);
        operation.Responses ??= [];
        foreach (var (status, description) in Refusals)
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType> { [HttpProblem.MediaType] = new OpenApiMediaType { Schema = problem } },
            };
        }
    }
}
