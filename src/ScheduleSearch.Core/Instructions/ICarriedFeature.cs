using ScheduleSearch.Core.Features;

namespace ScheduleSearch.Core.Instructions;

/// <summary>A feature that has words of its own for formats that do not cover it, or that they can do without.</summary>
public interface ICarriedFeature : IFeature
{
    /// <summary>
    /// Whether a stream is right without saying anything of the feature: what its lanes carry out then stands in the stream as latency. Default: no.
    /// </summary>
    bool IsCarriedAsLatency => false;

    /// <summary>Why a format that does not cover the feature refuses a schedule.</summary>
    /// <param name="part">The part of the format's runtime that would have to name it, such as "A task of JaxPP".</param>
    FormatRefusal WhyNotCarried(string part) => FormatRefusal.Of(this, part);
}
