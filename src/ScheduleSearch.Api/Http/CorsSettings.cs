using System.ComponentModel.DataAnnotations;

namespace ScheduleSearch.Api.Http;

/// <summary>Which pages of other origins may call the service from a browser: the section <c>Cors</c> of the configuration.</summary>
internal sealed class CorsSettings : IValidatableObject
{
    /// <summary>Origins, such as <c>https://plans.example.org</c>. None by default.</summary>
    public string[] Origins { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Origins.Where(origin => !IsOrigin(origin))
        .Select(origin => new ValidationResult(
            $"Cors:Origins has '{origin}': state scheme, host and, where it is not the usual one, port, as in https://plans.example.org.", [nameof(Origins)]));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;
}
