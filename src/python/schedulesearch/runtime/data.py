"""What a rank was given of the microbatches, cut into slices along the sequence, which is dimension 1."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

import torch
from torch import Tensor

from .instruction import Instruction
from .tensors import put_back, take_out


class Data(NamedTuple):
    """Inputs and targets by microbatch.

    Attributes:
        inputs: On ranks of a first stage; batch x sequence x ... each, when there are slices.
        targets: On ranks of a last stage; with slices, every tensor in them is batch x sequence x ... as well.
        slices: Into how many parts each is cut.
        lengths: Positions of each slice; None for parts as equal as can be.
        mean: Whether the loss is a mean over positions, so that each slice counts by its part of them. Otherwise it is a sum.
        device: Where stages compute.
    """

    inputs: Optional[Sequence[Tensor]]
    targets: Optional[Sequence[Any]]
    slices: int
    lengths: Optional[Sequence[int]]
    mean: bool
    device: torch.device

    def input(self, instruction: Instruction) -> Tensor:
        """A first stage's input."""
        value: Tensor = _given(self.inputs, instruction)
        return (value if self.slices == 1 else self._cut(value, instruction)[0]).to(self.device)

    def target(self, instruction: Instruction) -> Tuple[Any, float]:
        """What a slice is compared with, and by what its loss counts."""
        target = _given(self.targets, instruction)
        if self.slices == 1:
            return target, 1.0
        shape, whole = take_out(target)
        cuts = [self._cut(tensor, instruction) for tensor in whole]
        shares = {share for _, share in cuts}
        if len(shares) != 1:
            raise ValueError(f"{instruction}: a target of slices needs tensors, all of one length in dimension 1.")
        return put_back(shape, [tensor for tensor, _ in cuts]), shares.pop() if self.mean else 1.0

    def _cut(self, tensor: Tensor, instruction: Instruction) -> Tuple[Tensor, float]:
        """A slice, and the part of the whole that it is."""
        positions = tensor.shape[1] if tensor.dim() > 1 else 0
        lengths = self.lengths or even(positions, self.slices)
        if sum(lengths) != positions or min(lengths) < 1:
            raise ValueError(f"{instruction}: a tensor of the shape {list(tensor.shape)} cannot be cut in dimension 1 to {list(lengths)}.")
        part = instruction.key.slice
        return tensor.narrow(1, sum(lengths[:part]), lengths[part]), lengths[part] / positions


def even(length: int, parts: int) -> List[int]:
    """Lengths that differ by one at most, the first ones taking what is left over."""
    return [length // parts + (part < length % parts) for part in range(parts)]


def _given(values: Optional[Sequence[Any]], instruction: Instruction) -> Any:
    if values is None or instruction.microbatch >= len(values):
        raise ValueError(f"{instruction}: this rank was not given the data of that microbatch.")
    return values[instruction.microbatch]
