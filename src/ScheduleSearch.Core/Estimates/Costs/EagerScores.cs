using ScheduleSearch.Core.Estimates.Devices;
using ScheduleSearch.Core.Estimates.Requests;

namespace ScheduleSearch.Core.Estimates.Costs;

/// <summary>
/// Bytes that kernels of scores read and write where they leave the chip, one kernel after the other: nothing where attention is computed in blocks.
/// </summary>
/// <remarks>
/// A pass reads or writes every score once. In half precision Megatron masks and normalises in one kernel each way; in single precision that kernel is not
/// there, so a mask is put in place and a softmax follows. The gradient of a mask in place on a view of scores is PyTorch's <c>CopySlices</c>: the gradient is
/// copied to the shape of what was viewed, its part is copied for the mask, the mask copies and fills it, and the part is copied back, each read and written.
/// Where scores are dropped out, they are read and written once more, with a byte for the mask.
/// </remarks>
/// <param name="request">What is asked.</param>
internal sealed class EagerScores(EstimateRequest request)
{
    /// <summary>Written by the first product, masked and normalised in one kernel (2), read by the second product.</summary>
    private const int Fused = 4;

    /// <summary>Written, masked in place (2), normalised (2), read.</summary>
    private const int Apart = 6;

    /// <summary>Read for the values' gradient, its own written, normalised and masked in one kernel (3), read for queries and for keys.</summary>
    private const int FusedBackward = 7;

    /// <summary>The same with the gradient of a mask in place (10): two copies, the mask's copy and fill, and a copy back.</summary>
    private const int ApartBackward = 17;

    private bool IsApart => request.Dtype is NumberType.Fp32 or NumberType.Tf32;

    /// <summary>Of the forward.</summary>
    public Quantity Forward => Of(IsApart ? Apart : Fused);

    /// <summary>Of the input gradient.</summary>
    public Quantity Backward => Of(IsApart ? ApartBackward : FusedBackward);

    private Quantity Of(int passes)
    {
        if (request.Attention == AttentionKernel.Flash) return Quantity.None;
        var (bytes, tensor) = (request.ActivationBytes, request.Parallel.Tensor);
        var (each, dropped) = (passes * bytes, request.Model.Dropout ? 2 * bytes + 1 : 0);
        return Quantity.Of(
            request.Tokens * request.Sequence * request.Model.Heads * (each + dropped) / tensor,
            $"scores in memory {Quantity.Plain(request.Tokens)} tokens·{request.Sequence}·{request.Model.Heads} heads·"
            + $"{(dropped == 0 ? "" : "(")}{passes}·{bytes}{(dropped == 0 ? "" : $" + {dropped} dropped out)")} bytes{(tensor == 1 ? "" : $"/{tensor}")}",
            "B");
    }
}
