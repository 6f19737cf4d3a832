"""One iteration of one rank: the microbatches in flight, and the tensors that wait for their instruction."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, TypeVar

import torch
from torch import Tensor

from .record import Record, Step
from .stage import Stage, Tape
from .stream import Instruction
from .transport import Transport

Key = Tuple[int, int]
T = TypeVar("T")


class Iteration:
    """Carries out one rank's instructions. Results are kept by the stage that made them and the microbatch."""

    def __init__(
        self,
        stages: Mapping[int, Stage],
        last: int,
        transport: Transport,
        device: torch.device,
        inputs: Optional[Sequence[Tensor]],
        targets: Optional[Sequence[Any]],
        count_bytes: bool,
    ) -> None:
        self._stages = stages
        self._last = last
        self._transport = transport
        self._device = device
        self._inputs = inputs
        self._targets = targets
        self._count_bytes = count_bytes
        self._tapes: Dict[Key, Tape] = {}
        self._whole: Dict[Key, bool] = {}
        self._activations: Dict[Key, Tensor] = {}
        self._gradients: Dict[Key, Optional[Tensor]] = {}
        self._losses: Dict[int, Tensor] = {}

    def run(self, instructions: Sequence[Instruction]) -> Record:
        """Carries them out, one after the other. Raises `ValueError` when one needs what is not there."""
        steps: List[Step] = []
        held: List[Dict[Key, bool]] = []
        peak = 0
        began = time.perf_counter()
        for instruction in instructions:
            start = time.perf_counter()
            if instruction.is_compute:
                self._compute(instruction)
            else:
                self._exchange(instruction)
            steps.append(Step(instruction, start - began, time.perf_counter() - began))
            held.append(dict(self._whole))
            if self._count_bytes:
                peak = max(peak, sum(tape.bytes() for tape in self._tapes.values()))
        self._transport.finish()
        return Record(steps, held, peak)

    def losses(self) -> List[float]:
        """By microbatch, where the last stage is."""
        return [float(self._losses[microbatch]) for microbatch in sorted(self._losses)]

    def _compute(self, instruction: Instruction) -> None:
        key = (instruction.stage, instruction.microbatch)
        if instruction.op == "forward":
            self._forward(instruction)
            self._whole[key] = True
        elif instruction.op == "backwardInput":
            gradient = self._gradient_for(instruction)
            self._gradients[key] = self._tape_of(instruction).backward_input(gradient)
            self._whole[key] = False
        elif instruction.op == "backward":
            gradient = self._gradient_for(instruction)
            self._gradients[key] = self._tape_of(instruction).backward(gradient)
            del self._whole[key], self._tapes[key]
        else:
            self._tape_of(instruction).backward_weight()
            del self._whole[key], self._tapes[key]

    def _forward(self, instruction: Instruction) -> None:
        stage, microbatch = instruction.stage, instruction.microbatch
        if stage == 0:
            value = _given(self._inputs, microbatch, instruction).to(self._device)
        else:
            value = _taken(self._activations, (stage - 1, microbatch), instruction)
        target = _given(self._targets, microbatch, instruction) if stage == self._last else None
        output, self._tapes[stage, microbatch] = self._stages[stage].forward(value, target, self._count_bytes)
        if stage == self._last:
            self._losses[microbatch] = output
        else:
            self._activations[stage, microbatch] = output

    def _gradient_for(self, instruction: Instruction) -> Optional[Tensor]:
        if instruction.stage == self._last:
            return None
        return _taken(self._gradients, (instruction.stage + 1, instruction.microbatch), instruction)

    def _tape_of(self, instruction: Instruction) -> Tape:
        key = (instruction.stage, instruction.microbatch)
        # An input gradient that is asked for twice, or a weight gradient before it, would be wrong without an error.
        if self._whole.get(key) is not (instruction.op != "backwardWeight"):
            raise ValueError(f"{instruction}: it does not follow the operation that it needs.")
        return self._tapes[key]

    def _exchange(self, instruction: Instruction) -> None:
        results = self._activations if instruction.what == "activation" else self._gradients
        key = (instruction.stage, instruction.microbatch)
        name = f"the {instruction.what} of stage {instruction.stage}"
        assert instruction.peer is not None
        if instruction.op == "send":
            self._transport.send(_taken(results, key, instruction), instruction.peer, name)
        else:
            results[key] = self._transport.receive(instruction.peer, name)


def _taken(results: Dict[Key, Optional[T]], key: Key, instruction: Instruction) -> T:
    value = results.pop(key, None)
    if value is None:
        raise ValueError(f"{instruction}: the result of stage {key[0]} that it needs is not there.")
    return value


def _given(values: Optional[Sequence[Any]], microbatch: int, instruction: Instruction) -> Any:
    if values is None or microbatch >= len(values):
        raise ValueError(f"{instruction}: this rank was not given the data of that microbatch.")
    return values[microbatch]
