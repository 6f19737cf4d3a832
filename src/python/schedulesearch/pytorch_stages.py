# mypy: no-warn-unused-ignores
"""Measures a stage as torch.distributed.pipelining runs it: on that module's own functions for fused backwards, input and weight gradients.

What differs from the runtime of this package, and why a profile for PyTorch is measured here: the first stage's input gradient computes nothing and
its weight gradient is the whole backward; an input gradient frees nothing that autograd saved, and the gradients that wait for the weight gradient come on
top; and a checkpointed stage is recomputed for each part of a backward, again and again.
"""

from __future__ import annotations

import gc
import time
from statistics import median
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

import torch
from torch import Tensor, nn

from .runtime.memory import SavedTensors

Loss = Callable[[Tensor, Any], Tensor]


class Halves(NamedTuple):
    """Milliseconds of both halves of a backward, what waits between them, and forwards of layers that they ran once more."""

    backward_input: float
    backward_weight: float
    retained: int
    recomputed: int


class PyTorchFigures(NamedTuple):
    """Medians of one stage on one microbatch: milliseconds and bytes.

    Attributes:
        halves: None where PyTorch cannot split the stage's backward.
        why_whole: What it says then.
        recomputed: Forwards of layers that a fused backward ran once more, as checkpointing does.
        compiled: Whether torch.compile has a hand in the stage.
    """

    forward: float
    backward: float
    activation: int
    halves: Optional[Halves]
    why_whole: str
    recomputed: int
    compiled: bool


def measure_pytorch_stage(stage: Any, value: Tensor, target: Any, loss: Optional[Loss], warm_up: int, repetitions: int) -> PyTorchFigures:
    """A PipelineStage alone, on the input and target of one microbatch. Every `.grad` is left as it was.

    Args:
        stage: The PipelineStage, of which one tensor goes in and one comes out.
        value: Its input.
        target: What the loss compares with, on the last stage.
        loss: The loss function of the last stage; None for the others.
        warm_up: How often it runs before times count.
        repetitions: How often each is timed.
    """
    kept = [(parameter, parameter.grad) for parameter in stage.submod.parameters()]
    runs = _Runs(stage.submod, stage.stage_index == 0, value, target, loss)
    try:
        whole = [runs.whole() for _ in range(warm_up + repetitions)][warm_up:]
        activation, recomputed = runs.counted(lambda outputs: runs.backward(outputs))
        halves, why = None, ""
        try:
            split = [runs.split() for _ in range(warm_up + repetitions)][warm_up:]
            retained: List[int] = []
            _, again = runs.counted(lambda outputs: runs.weight(runs.input(outputs), retained))
            halves = Halves(_middle(split, 1), _middle(split, 2), retained[0], again)
        except Exception as error:  # PyTorch raises what it likes of a graph that it cannot cut.
            cause: BaseException = error
            while cause.__cause__ is not None:
                cause = cause.__cause__
            why = " ".join(str(cause).split())[:200] or type(cause).__name__
        forwards = [each[0] for each in whole] + ([each[0] for each in split] if halves else [])
        return PyTorchFigures(round(median(forwards), 4), _middle(whole, 1), activation, halves, why, recomputed, _is_compiled(stage.submod))
    finally:
        for parameter, earlier in kept:
            parameter.grad = earlier


def notes_of(figures: List[PyTorchFigures]) -> List[str]:
    """What a reader of the profile has to know of the stages, in sentences."""
    notes = []
    checkpointed = [stage for stage, each in enumerate(figures) if each.recomputed or (each.halves and each.halves.recomputed)]
    if checkpointed:
        counts = ", ".join(
            f"{stage}: {figures[stage].recomputed} fused" + (f", {halves.recomputed} split" if (halves := figures[stage].halves) else "")
            for stage in checkpointed
        )
        notes.append(f"Activation checkpointing: backwards run forwards of layers once more (by stage, in one microbatch: {counts}).")
    compiled = [stage for stage, each in enumerate(figures) if each.compiled]
    if compiled:
        notes.append(f"torch.compile has a hand in the stages {compiled}.")
    for stage, each in enumerate(figures):
        if each.halves is None:
            notes.append(f"PyTorch cannot split the backward of stage {stage}, so that the profile has fused backwards: {each.why_whole}")
    return notes


class _Runs:
    """One microbatch of a stage, again and again."""

    def __init__(self, module: nn.Module, is_first: bool, value: Tensor, target: Any, loss: Optional[Loss]) -> None:
        # Imported here: releases before 2.4 do not have it, and only this measures on it.
        from torch.distributed.pipelining import _backward  # type: ignore[import]

        self._functions: Any = _backward
        self._module, self._is_first, self._value, self._target, self._loss = module, is_first, value, target, loss
        self._gradient: Optional[Tensor] = None
        self._saved: Optional[SavedTensors] = None
        self._before: Set[int] = set()

    def whole(self) -> Tuple[float, float]:
        """Milliseconds of a forward and a fused backward."""
        moments = [self._now()]
        outputs = self.forward()
        moments.append(self._now())
        self.backward(outputs)
        moments.append(self._now())
        return _between(moments, 0), _between(moments, 1)

    def split(self) -> Tuple[float, float, float]:
        """Milliseconds of a forward, an input gradient and a weight gradient."""
        moments = [self._now()]
        outputs = self.forward()
        moments.append(self._now())
        waiting = self.input(outputs)
        moments.append(self._now())
        self.weight(waiting)
        moments.append(self._now())
        return _between(moments, 0), _between(moments, 1), _between(moments, 2)

    def forward(self) -> Tuple[Tensor, Tensor]:
        """The input, and the output or the loss."""
        value = self._value.detach()
        if not self._is_first:
            value = value.requires_grad_(True)
        output = self._module(value)
        if self._loss is not None:
            return value, self._loss(output, self._target)
        if self._gradient is None:
            self._gradient = torch.ones_like(output)
        return value, output

    def backward(self, outputs: Tuple[Tensor, Tensor]) -> None:
        """A fused backward."""
        value, output = outputs
        of_output = output if self._loss is not None else (output,)
        self._functions.stage_backward(of_output, self._gradients(), (value,))

    def input(self, outputs: Tuple[Tensor, Tensor]) -> Tuple[Tuple[Tensor, Tensor], Optional[List[Dict[str, Any]]]]:
        """An input gradient, which the first stage has none of; what waits for the weight gradient."""
        if self._is_first:
            return outputs, None
        value, output = outputs
        gradient = self._gradients()
        _, groups = self._functions.stage_backward_input([output], gradient, [value], self._module.parameters())
        # PyTorch sends this gradient on, and keeps none of it.
        value.grad = None
        return outputs, groups

    def weight(self, waiting: Tuple[Tuple[Tensor, Tensor], Optional[List[Dict[str, Any]]]], retained: Optional[List[int]] = None) -> None:
        """A weight gradient. Adds the bytes that waited for it to what is given."""
        outputs, groups = waiting
        if retained is not None and self._saved is not None:
            gradients = [gradient for group in groups or [] for each in group.get("grads") or [] for gradient in each or () if gradient is not None]
            # The first stage keeps the gradient of its output for the backward that is still to come.
            also = [*gradients, *([self._gradient] if groups is None and self._gradient is not None else [])]
            retained.append(self._held([*outputs, *also]))
        if groups is None:
            self.backward(outputs)
        else:
            self._functions.stage_backward_weight(self._module.parameters(), groups)

    def counted(self, run: Callable[[Tuple[Tensor, Tensor]], None]) -> Tuple[int, int]:
        """Bytes that a forward leaves for its backward, and forwards of layers that a backward runs once more."""
        calls: List[int] = []
        self._saved, self._before = SavedTensors(), {id(tensor) for tensor in _tensors()}
        with self._saved.watch():
            outputs = self.forward()
        held = self._held(outputs)
        hooks = [module.register_forward_pre_hook(lambda *_: calls.append(1)) for module in self._module.modules() if not list(module.children())]
        try:
            run(outputs)
        finally:
            for hook in hooks:
                hook.remove()
            self._saved = None
        return held, len(calls)

    def _held(self, also: Iterable[Tensor]) -> int:
        """Bytes of what autograd has saved, of the input and the output, which PyTorch keeps for the backward, and of what closures keep, as those of
        checkpointing do.
        """
        assert self._saved is not None
        new = [tensor for tensor in _tensors() if id(tensor) not in self._before]
        return self._saved.bytes([*new, *also], without=self._not_held())

    def _not_held(self) -> Iterator[Tensor]:
        """Weights, inputs of the model and targets."""
        yield from self._module.parameters()
        yield from self._module.buffers()
        if self._is_first:
            yield self._value
        if isinstance(self._target, Tensor):
            yield self._target

    def _gradients(self) -> Optional[Tuple[Tensor, ...]]:
        return None if self._gradient is None else (self._gradient,)

    def _now(self) -> float:
        if self._value.is_cuda:
            torch.cuda.synchronize(self._value.device)
        return time.perf_counter()


def _tensors() -> List[Tensor]:
    """The tensors that Python knows of."""
    return [found for found in gc.get_objects() if issubclass(type(found), Tensor)]


def _is_compiled(module: nn.Module) -> bool:
    return any(hasattr(part, "_orig_mod") or getattr(part, "_compiled_call_impl", None) is not None for part in module.modules())


def _between(moments: List[float], first: int) -> float:
    return 1e3 * (moments[first + 1] - moments[first])


def _middle(rounds: List[Any], column: int) -> float:
    middle: float = median(each[column] for each in rounds)
    return round(middle, 4)
