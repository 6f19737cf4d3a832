"""What a stage holds of one microbatch, or of a slice, until its backward has run."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

from .memory import SavedTensors
from .random_state import RandomState
from .units import UnitCall, accumulate


class Slice(NamedTuple):
    """What a slice of a microbatch has beside its input: keys and values of all earlier slices, and its part of the microbatch's loss."""

    past: Tuple[Tensor, ...] = ()
    share: float = 1.0


class Stored(NamedTuple):
    """What a forward that kept its input alone is run again with."""

    target: Any
    part: Optional[Slice]
    random: RandomState


class Tape:
    """What a stage holds: all until the input gradient, the insides of its units until the weight gradient.

    Attributes:
        present: Keys and values of this slice and all earlier ones, cut off from the graph.
        of_past: After the input gradient, the gradients by the keys and values of the earlier slices.
        stored: For a forward that kept its input alone, until it is recomputed.
    """

    def __init__(
        self,
        module: nn.Module,
        value: Tensor,
        needs_gradient: bool,
        past: Sequence[Tensor],
        data: List[Tensor],
        saved: Optional[SavedTensors],
    ) -> None:
        self.input: Optional[Tensor] = value.detach().requires_grad_(needs_gradient)
        self.past = tuple(tensor.detach().requires_grad_(tensor.is_floating_point()) for tensor in past)
        self.present: Tuple[Tensor, ...] = ()
        self.of_past: Tuple[Optional[Tensor], ...] = ()
        self.anchor = torch.zeros((), device=value.device, requires_grad=True)
        self.roots: List[Optional[Tensor]] = []
        self.calls: List[UnitCall] = []
        self.stored: Optional[Stored] = None
        self.saved = saved
        self._module = module
        self._data = data

    def backward_input(self, gradient: Optional[Tensor], of_present: Sequence[Optional[Tensor]] = ()) -> Optional[Tensor]:
        """The gradient by the stage's input, None for an input without one. Frees what the weight gradient does not need.

        A parameter that is used outside the module that owns it is part of no unit: it gets its gradient here.

        Args:
            gradient: By the output; None for a loss.
            of_present: By the keys and values handed on to later slices, whose backwards have run.
        """
        assert self.stored is None, "Recompute the forward first."
        found = self._differentiate(gradient, of_present)
        self.input = None
        self.past, self.roots = (), []
        return found

    def backward_weight(self) -> None:
        """Adds the weight gradients to `.grad` and frees the rest. Must follow `backward_input`."""
        while self.calls:
            self.calls.pop().backward_weight()

    def backward(self, gradient: Optional[Tensor], of_present: Sequence[Optional[Tensor]] = ()) -> Optional[Tensor]:
        """Both gradients in one pass."""
        for call in self.calls:
            call.fused = True
        found = self.backward_input(gradient, of_present)
        self.calls.clear()
        return found

    def bytes(self) -> int:
        """Bytes held of this microbatch, weights, inputs of the model and targets aside. Only for a forward that counts them."""
        assert self.saved is not None, "This forward did not count its bytes."
        gradients = [gradient for call in self.calls for gradient in call.gradients]
        also = gradients if self.input is None else [self.input, *self.past, *gradients]
        return self.saved.bytes(also, without=[*self._module.parameters(), *self._module.buffers(), *self._data])

    def _differentiate(self, gradient: Optional[Tensor], of_present: Sequence[Optional[Tensor]]) -> Optional[Tensor]:
        later = [(root, by) for root, by in zip(self.roots[1:], of_present) if by is not None]
        starts = [(root, by) for root, by in [*zip(self.roots[:1], [gradient]), *later] if root is not None]
        self.of_past = (None,) * len(self.past)
        if not starts:
            return None
        assert self.input is not None
        parameters = [parameter for parameter in self._module.parameters() if parameter.requires_grad]
        wanted = [tensor for tensor in (self.input, *self.past) if tensor.requires_grad]
        roots, gradients = zip(*starts)
        found = torch.autograd.grad(roots, [self.anchor, *wanted, *parameters], gradients, allow_unused=True)
        accumulate(parameters, found[1 + len(wanted):])
        by_wanted = iter(found[1:])
        by_input, *by_past = [next(by_wanted) if tensor.requires_grad else None for tensor in (self.input, *self.past)]
        self.of_past = tuple(by_past)
        return by_input
