"""A stage's forward on one microbatch or on a slice of it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, Callable, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .memory import SavedTensors
from .random_state import RandomState
from .tape import Slice, Stored, Tape
from .tensors import take_out
from .units import Root, recording, units_of

Loss = Callable[[Tensor, Any], Tensor]


class Stage:
    """A module that takes one tensor and returns one, and for the last stage the loss of what it returns.

    For slices of a sequence a module may have `forward_slice(value, past) -> (output, present)`, with the keys and values of all earlier
    slices (for the first slice none) and those with its own as tuples of tensors. Without it the module is called on each slice alone,
    which is right when it computes position by position.

    Args:
        module: Its trainable parameters get gradients.
        loss: Takes the output and the target of a microbatch, returns a scalar.
        is_first: Whether the input is data, by which nobody needs a gradient.
    """

    def __init__(self, module: nn.Module, loss: Optional[Loss] = None, is_first: bool = False) -> None:
        self.module = module
        self._loss = loss
        self._is_first = is_first
        self._units = units_of(module)

    @property
    def has_loss(self) -> bool:
        """Whether it is the last stage, whose backward starts from the loss."""
        return self._loss is not None

    def forward(
        self, value: Tensor, target: Any = None, count_bytes: bool = False, part: Optional[Slice] = None, only_input: bool = False
    ) -> Tuple[Tensor, Tape]:
        """The output, or with a loss the loss; and what the backward needs. The output is cut off from the graph.

        Args:
            value: The input of a microbatch or of a slice.
            target: What the loss compares with.
            count_bytes: Whether the tape is to know its bytes.
            part: For a slice, what it has beside its input.
            only_input: Whether to keep the input alone and leave the rest to `recompute`. Buffers that a forward changes, such as running
                means, then change twice.
        """
        data = [*([value] if self._is_first else []), *take_out(target)[1]]
        past = part.past if part is not None else ()
        tape = Tape(self.module, value, not self._is_first, past, data, SavedTensors() if count_bytes else None)
        if not only_input:
            return self._record(tape, target, part), tape
        tape.stored = Stored(target, part, RandomState(value.device))
        with torch.no_grad():
            output, tape.present = self._compute(value, tape.past, target, part)
        return output, tape

    def recompute(self, tape: Tape) -> None:
        """Runs a forward that kept its input alone once more, with the same random numbers, and keeps all."""
        assert tape.stored is not None, "All is kept already."
        target, part, random = tape.stored
        tape.stored = None
        with random.again():
            self._record(tape, target, part)

    def _record(self, tape: Tape, target: Any, part: Optional[Slice]) -> Tensor:
        assert tape.input is not None
        with tape.saved.watch() if tape.saved else nullcontext(), torch.enable_grad():
            with recording(self._units, tape.calls, tape.anchor):
                output, present = self._compute(tape.input, tape.past, target, part)
            tape.roots = [Root.apply(result) if result.requires_grad else None for result in (output, *present)]
        tape.present = tuple(tensor.detach() for tensor in present)
        return output.detach()

    def _compute(self, value: Tensor, past: Sequence[Tensor], target: Any, part: Optional[Slice]) -> Tuple[Tensor, Tuple[Tensor, ...]]:
        present: Tuple[Tensor, ...] = ()
        forward_slice: Any = getattr(self.module, "forward_slice", None)
        if part is not None and forward_slice is not None:
            output, present = forward_slice(value, tuple(past))
        else:
            output = self.module(value)
        if self._loss is not None:
            output = self._loss(output, target)
            output = output if part is None else output * part.share
        return output, tuple(present)
