"""Cuts a stage's backward in two where its parameters are used.

A unit is a module that owns trainable parameters itself, such as a linear layer. While a tape records a stage, each call of a unit
is one node of the stage's autograd graph and has a graph of its own inside. The input gradient runs through all of them and frees
what lies between; the weight gradient then needs only the insides, and the gradients that reached them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Sequence, Set, Tuple

import torch
from torch import Tensor, nn

from .tensors import put_back, take_out


def units_of(module: nn.Module) -> List[nn.Module]:
    """The outermost modules that own trainable parameters, each once."""
    seen: Set[nn.Module] = set()

    def visit(part: nn.Module) -> Iterator[nn.Module]:
        if part in seen:
            return
        seen.add(part)
        if any(parameter.requires_grad for parameter in part.parameters(recurse=False)):
            yield part
        else:
            for child in part.children():
                yield from visit(child)

    return list(visit(module))


@contextmanager
def recording(units: Sequence[nn.Module], calls: List["UnitCall"], anchor: Tensor) -> Iterator[None]:
    """Within it every call of a unit appends itself to `calls` and hangs on `anchor`, which a backward must be asked for."""
    earlier = [(unit, vars(unit).get("forward")) for unit in units]
    for unit in units:
        setattr(unit, "forward", _recorded(unit, unit.forward, calls, anchor))
    try:
        yield
    finally:
        for unit, forward in earlier:
            if forward is None:
                del unit.forward
            else:
                setattr(unit, "forward", forward)


def _recorded(unit: nn.Module, forward: Callable[..., Any], calls: List["UnitCall"], anchor: Tensor) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        shape, tensors = take_out((args, kwargs))
        parameters = [parameter for parameter in unit.parameters() if parameter.requires_grad]
        record = UnitCall(forward, shape, parameters)
        outputs = _Unit.apply(anchor, record, *tensors)
        calls.append(record)
        return put_back(record.result, outputs)

    return call


class UnitCall:
    """One call of a unit: its own graph until the weight gradient has run."""

    def __init__(self, forward: Callable[..., Any], arguments: Any, parameters: List[nn.Parameter]) -> None:
        self.result: Any = None
        self.fused = False
        self._forward: Optional[Callable[..., Any]] = forward
        self._arguments = arguments
        self._parameters = parameters
        self._inputs: List[Tensor] = []
        self._roots: List[Optional[Tensor]] = []
        self._gradients: List[Tensor] = []

    @property
    def gradients(self) -> List[Tensor]:
        """What the input gradient leaves to the weight gradient."""
        return self._gradients

    def run(self, tensors: Sequence[Tensor], need: Sequence[bool]) -> Tuple[Tensor, ...]:
        """The outputs, cut off from the graph that made them, which stays here."""
        inputs = [tensor.detach().requires_grad_(needed) for tensor, needed in zip(tensors, need)]
        with torch.enable_grad():
            args, kwargs = put_back(self._arguments, inputs)
            assert self._forward is not None
            self.result, outputs = take_out(self._forward(*args, **kwargs))
            self._roots = [Root.apply(output) if output.requires_grad else None for output in outputs]
        self._inputs = [tensor for tensor in inputs if tensor.requires_grad]
        self._forward = self._arguments = None
        return tuple(output.detach() for output in outputs)

    @property
    def is_differentiable(self) -> List[bool]:
        """For each output whether it has a gradient."""
        return [root is not None for root in self._roots]

    def backward(self, gradients: Sequence[Optional[Tensor]]) -> List[Optional[Tensor]]:
        """The gradients by the inputs that need one; the weight gradient as well when fused, else it stays open."""
        pairs = [(root, gradient) for root, gradient in zip(self._roots, gradients) if root is not None and gradient is not None]
        self._roots, self._gradients = [root for root, _ in pairs], [gradient for _, gradient in pairs]
        wanted: List[Tensor] = [*self._inputs, *self._parameters] if self.fused else self._inputs
        found = self._differentiate(wanted, retain=not self.fused)
        of_inputs = found[: len(self._inputs)]
        self._inputs = []
        if self.fused:
            self._accumulate(found[len(of_inputs):])
        return of_inputs

    def backward_weight(self) -> None:
        """Adds the gradients to the parameters' `.grad` and frees everything."""
        self._accumulate(self._differentiate(self._parameters, retain=False))

    def _differentiate(self, wanted: Sequence[Tensor], retain: bool) -> List[Optional[Tensor]]:
        if not wanted or not self._gradients:
            return [None] * len(wanted)
        roots = [root for root in self._roots if root is not None]
        return list(torch.autograd.grad(roots, wanted, self._gradients, retain_graph=retain, allow_unused=True))

    def _accumulate(self, found: Sequence[Optional[Tensor]]) -> None:
        accumulate(self._parameters, found)
        self._roots, self._gradients = [], []


class _Unit(torch.autograd.Function):
    """A call of a unit as one node."""

    @staticmethod
    def forward(ctx: Any, *given: Any, **_: Any) -> Tuple[Tensor, ...]:
        """Takes the anchor, the call and the tensors of its arguments."""
        call: UnitCall = given[1]
        ctx.call = call
        ctx.need = ctx.needs_input_grad[2:]
        ctx.set_materialize_grads(False)
        outputs = call.run(given[2:], ctx.need)
        ctx.mark_non_differentiable(*(output for output, has in zip(outputs, call.is_differentiable) if not has))
        return outputs

    @staticmethod
    def backward(ctx: Any, *gradients: Optional[Tensor]) -> Tuple[Optional[Tensor], ...]:
        found = iter(ctx.call.backward(gradients))
        return (None, None, *(next(found) if needed else None for needed in ctx.need))


class Root(torch.autograd.Function):
    """Where a backward may start, of a tensor's shape but without its memory."""

    @staticmethod
    def forward(ctx: Any, *given: Any, **_: Any) -> Tensor:
        tensor: Tensor = given[0]
        return tensor.new_empty(()).expand(tensor.shape)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        return gradients[0]


def accumulate(parameters: Sequence[Tensor], gradients: Sequence[Optional[Tensor]]) -> None:
    """Adds gradients to `.grad`, as a backward would."""
    for parameter, gradient in zip(parameters, gradients):
        if gradient is None:
            continue
        if parameter.grad is None:
            parameter.grad = gradient.detach()
        else:
            parameter.grad += gradient
