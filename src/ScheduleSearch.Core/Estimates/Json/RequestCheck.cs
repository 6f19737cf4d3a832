using System.Collections.Immutable;
using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;
using ScheduleSearch.Core.Profiles;

namespace ScheduleSearch.Core.Estimates.Json;

/// <summary>Finds what does not go together in a request for an estimate.</summary>
/// <param name="request">The request, whose members are each within their ranges.</param>
/// <param name="limits">How large its pipeline may be.</param>
/// <param name="nameOf">The path of a member of the model.</param>
/// <param name="errors">Where errors are added.</param>
internal sealed class RequestCheck(EstimateRequest request, ProblemLimits limits, Func<string, string> nameOf, List<ProfileError> errors)
{
    /// <summary>What does not go together in the sizes of a request whose model is right, as <see cref="CheckSizes"/> has it.</summary>
    public static ImmutableArray<ProfileError> OfSizes(EstimateRequest request, ProblemLimits limits)
    {
        var errors = new List<ProfileError>();
        new RequestCheck(request, limits, name => $"model.{name}", errors).CheckSizes();
        return [.. errors];
    }

    /// <summary>Adds an error for each fault.</summary>
    public void Run()
    {
        CheckShared();
        CheckSizes();
    }

    /// <summary>Adds an error for each fault of the model and what it is computed in.</summary>
    public void CheckShared()
    {
        CheckModel();
        if (request.Device.FlopsWith(request.Dtype) is null)
        {
            Impossible("dtype", $"Is {Words.Of(request.Dtype)}, which {request.Device.Name} has no products of: use one of "
                + $"{string.Join(", ", request.Device.FlopsPerSecond.Keys)}.");
        }
    }

    /// <summary>Adds an error for each fault of how devices share the model.</summary>
    public void CheckSizes()
    {
        CheckParallel();
        CheckMaterialized();
        CheckPipeline();
    }

    private void CheckModel()
    {
        var model = request.Model;
        if (model.KeyValueHeads is { } groups && model.Heads % groups != 0)
            Malformed(nameOf("keyValueHeads"), $"Is {groups}; {nameOf("heads")}, {model.Heads}, must be a multiple of it.");
        if (model is { HeadWidth: null, Latent: null } && model.Hidden % model.Heads != 0)
            Malformed(nameOf("heads"), $"Is {model.Heads}; the hidden width, {model.Hidden}, must be a multiple of it, or the width of a head be stated.");
        if (model.Experts is { } experts && experts.TopK > experts.Count)
            Malformed(nameOf("experts.topK"), $"Is {experts.TopK}; there are {experts.Count} experts.");
    }

    private void CheckParallel()
    {
        var (tensor, expert, context) = (request.TensorParallel, request.ExpertParallel, request.ContextParallel);
        if (request.Model.Heads % tensor != 0) Impossible("tensorParallel", $"Is {tensor}; the {request.Model.Heads} heads must be a multiple of it.");
        if (request.Sequence % context != 0) Impossible("contextParallel", $"Is {context}; the {request.Sequence} tokens must be a multiple of it.");
        if (expert == 1) return;
        if (request.Model.Experts is not { } experts)
        {
            Impossible("expertParallel", $"Is {expert}, and the model has no experts: leave it out.");
            return;
        }

        if (experts.Count % expert != 0) Impossible("expertParallel", $"Is {expert}; the {experts.Count} experts must be a multiple of it.");
        var (group, words) = request.Moe.Dispatch == ExpertDispatch.AllReduce
            ? (tensor, "tensorParallel")
            : (request.DataParallel * context, "dataParallel x contextParallel");
        if (group % expert != 0) Impossible("expertParallel", $"Is {expert}; {words} = {group} must be a multiple of it.");
    }

    private void CheckMaterialized()
    {
        var (moe, group) = (request.Moe, request.ExpertParallel);
        if (moe.Materialized == 0) return;
        var away = moe.Dispatch == ExpertDispatch.AllReduce ? 0 : (request.Model.Experts?.Count ?? 0) / group * (group - 1);
        if (moe.Materialized > away)
            Impossible("moe.materialized", $"Is {moe.Materialized}; other devices of the expert-parallel group have {away} experts that could be gathered.");
    }

    private void CheckPipeline()
    {
        var pipeline = request.Pipeline;
        Count("devices", pipeline.Devices, limits.MaxDevices);
        Count("chunks", pipeline.Chunks, limits.MaxStages);
        Count("microbatches", pipeline.Microbatches, limits.MaxMicrobatches);
        if (pipeline.StageDevices is not null) Malformed("pipeline.stageDevices", "Is not looked at here: leave it out.");
        var wanted = pipeline.Chunks == 1 ? "linear" : "interleaved";
        if ((pipeline.Placement ?? "linear") != wanted)
        {
            Malformed("pipeline.placement", $"Must be {wanted} with chunks {pipeline.Chunks}: the table of memory is of 1F1B. The profile's layers go with "
                + "every placement; set it there.");
        }

        if (pipeline.Stages > limits.MaxStages)
            Impossible("pipeline.chunks", $"devices x chunks = {pipeline.Stages} stages; this server takes at most {limits.MaxStages}.");
    }

    private void Count(string member, int count, int most)
    {
        if (count < 1) Malformed($"pipeline.{member}", $"Is {count}; must be at least 1.");
        else if (count > most) Impossible($"pipeline.{member}", $"Is {count}; this server takes at most {most}.");
    }

    private void Malformed(string member, string message) => errors.Add(new($"$.{member}", message));

    private void Impossible(string member, string message) => errors.Add(new($"$.{member}", message, ProfileErrorKind.Impossible));
}
