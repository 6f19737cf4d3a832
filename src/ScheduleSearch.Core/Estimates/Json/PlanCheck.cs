using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;
using ScheduleSearch.Core.Profiles.Json;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Finds what does not go together in a request for a plan.</summary>
/// <param name="request">The request, whose members are each within their ranges.</param>
/// <param name="most">Most plans that are taken.</param>
/// <param name="errors">Where errors are added.</param>
internal sealed class PlanCheck(PlanRequest request, int most, List<ProfileError> errors)
{
    /// <summary>Bandwidths of links between nodes in GB a second.</summary>
    private const decimal LeastBandwidth = 0.001m, MostBandwidth = 1e9m;

    /// <summary>Adds an error for each fault.</summary>
    public void Run()
    {
        CheckLinks();
        CheckOptions();
        var cluster = request.Cluster;
        Divide("tensorParallel", request.TensorParallel, cluster.DevicesPerNode, "devices of a node");
        Divide("contextParallel", request.ContextParallel, cluster.Devices, "devices of the cluster");
        if (request.ContextParallel is not null && request.Base.ContextParallel > 1)
            Malformed("contextParallel", $"base.contextParallel is {request.Base.ContextParallel}: say sizes in one of the two places.");
        CheckPlacements();
        Divide("pipelineParallel", request.PipelineParallel, cluster.Devices, "devices of the cluster");
        Divide("dataParallel", request.DataParallel, cluster.Devices, "devices of the cluster");
        if (errors.Count > 0) return;
        var plans = PlanGrid.Of(request).Take(most + 1).Count();
        if (plans > most) Impossible("cluster", $"Makes more than {most} plans with what may vary, which is as many as this server takes: restrict the sizes.");
        if (plans > 0) return;
        var context = request.ContextParallel is not null ? " x contextParallel"
            : request.Base.ContextParallel == 1 ? "" : $" x contextParallel {request.Base.ContextParallel}";
        var placements = request.Placements is null ? "" : ", or placements takes none of these chunks and ranks";
        Impossible("cluster", $"Has {cluster.Devices} devices, and no tensorParallel x pipelineParallel x dataParallel{context} is as many{placements}.");
    }

    private void CheckPlacements()
    {
        foreach (var (place, name) in (request.Placements ?? []).Index())
        {
            if (PlanGrid.Placements.Contains(name)) continue;
            var known = string.Join(", ", PlanGrid.Placements);
            Malformed($"placements[{place}]", $"Is none of {known}.{Spelling.DidYouMean(name, PlanGrid.Placements)}");
        }
    }

    private void CheckLinks()
    {
        if (request.Cluster.LinkBetween?.Bandwidth is not { } bandwidth) return;
        var (nodes, path) = (request.Cluster.Nodes, "cluster.linkBetween.bandwidth");
        if (bandwidth.Scalar is { } scalar)
        {
            CheckBandwidth(path, scalar);
            return;
        }

        if (bandwidth.Matrix.Length != nodes || bandwidth.Matrix.Any(row => row.Length != nodes))
        {
            Malformed(path, $"Give one number, or {nodes} rows of {nodes} numbers, the bandwidth from each node to each other.");
            return;
        }

        for (var from = 0; from < nodes; from++)
        {
            for (var to = 0; to < nodes; to++)
            {
                if (from != to) CheckBandwidth($"{path}[{from}][{to}]", bandwidth[from, to]);
            }
        }
    }

    private void CheckBandwidth(string path, decimal bandwidth)
    {
        if (bandwidth is < LeastBandwidth or > MostBandwidth)
            Malformed(path, FormattableString.Invariant($"Is {bandwidth}; must be GB a second from {LeastBandwidth} to {MostBandwidth}."));
    }

    private void CheckOptions()
    {
        var options = request.Options;
        if (options.Objective != Objective.Makespan) Malformed("options.objective", "Must be makespan: an iteration ends when the last rank does.");
        if (options.WorkLimit is not null) Malformed("options.workLimit", "Is of one search; give timeLimitSeconds, which is for all of them together.");
        if (options.Family is not null) Malformed("options.family", "Schedules of plans are searched: leave it out.");
        if (options.Formats is not null) Malformed("options.formats", "Say the runtime in its place: plans that it does not carry are ruled out.");
        if (options.Placements is not null) Malformed("options.placements", "placements of the plan says those of plans: leave it out.");
    }

    private void Divide(string member, ImmutableArray<int>? sizes, int whole, string words)
    {
        foreach (var (place, size) in (sizes ?? []).Index())
        {
            if (whole % size != 0) Impossible($"{member}[{place}]", $"Is {size}; the {whole} {words} must be a multiple of it.");
        }
    }

    private void Malformed(string member, string message) => errors.Add(new($"$.{member}", message));

    private void Impossible(string member, string message) => errors.Add(new($"$.{member}", message, ProfileErrorKind.Impossible));
}
