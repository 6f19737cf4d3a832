"""A stage's three operations on one microbatch, and what is held between them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, Callable, List, Optional, Tuple

import torch
from torch import Tensor, nn

from .memory import SavedTensors
from .tensors import take_out
from .units import Root, UnitCall, accumulate, recording, units_of

Loss = Callable[[Tensor, Any], Tensor]


class Stage:
    """A module that takes one tensor and returns one, and for the last stage the loss of what it returns.

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

    def forward(self, value: Tensor, target: Any = None, count_bytes: bool = False) -> Tuple[Tensor, "Tape"]:
        """The output, or with a loss the loss; and what the backward needs. The output is cut off from the graph."""
        data = [*([value] if self._is_first else []), *take_out(target)[1]]
        tape = Tape(self.module, value, not self._is_first, data, SavedTensors() if count_bytes else None)
        with tape.saved.watch() if tape.saved else nullcontext(), torch.enable_grad():
            with recording(self._units, tape.calls, tape.anchor):
                output = self.module(tape.input)
                if self._loss is not None:
                    output = self._loss(output, target)
            tape.root = Root.apply(output) if output.requires_grad else None
        return output.detach(), tape


class Tape:
    """What a stage holds of one microbatch: all until the input gradient, the insides of its units until the weight gradient."""

    def __init__(
        self, module: nn.Module, value: Tensor, needs_gradient: bool, data: List[Tensor], saved: Optional[SavedTensors]
    ) -> None:
        self.input: Optional[Tensor] = value.detach().requires_grad_(needs_gradient)
        self.anchor = torch.zeros((), device=value.device, requires_grad=True)
        self.root: Optional[Tensor] = None
        self.calls: List[UnitCall] = []
        self.saved = saved
        self._module = module
        self._data = data

    def backward_input(self, gradient: Optional[Tensor]) -> Optional[Tensor]:
        """The gradient by the stage's input, None for an input without one. Frees what the weight gradient does not need.

        A parameter that is used outside the module that owns it is part of no unit: it gets its gradient here.
        """
        found = self._differentiate(gradient)
        self.root = self.input = None
        return found

    def backward_weight(self) -> None:
        """Adds the weight gradients to `.grad` and frees the rest. Must follow `backward_input`."""
        while self.calls:
            self.calls.pop().backward_weight()

    def backward(self, gradient: Optional[Tensor]) -> Optional[Tensor]:
        """Both gradients in one pass."""
        for call in self.calls:
            call.fused = True
        found = self.backward_input(gradient)
        self.calls.clear()
        return found

    def bytes(self) -> int:
        """Bytes held of this microbatch, weights, inputs of the model and targets aside. Only for a forward that counts them."""
        assert self.saved is not None, "This forward did not count its bytes."
        gradients = [gradient for call in self.calls for gradient in call.gradients]
        also = gradients if self.input is None else [self.input, *gradients]
        return self.saved.bytes(also, without=[*self._module.parameters(), *self._module.buffers(), *self._data])

    def _differentiate(self, gradient: Optional[Tensor]) -> Optional[Tensor]:
        if self.root is None:
            return None
        assert self.input is not None
        parameters = [parameter for parameter in self._module.parameters() if parameter.requires_grad]
        inputs = [self.input] if self.input.requires_grad else []
        found = torch.autograd.grad(self.root, [self.anchor, *inputs, *parameters], gradient, allow_unused=True)
        accumulate(parameters, found[1 + len(inputs):])
        return found[1] if inputs else None
