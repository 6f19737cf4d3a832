"""One iteration of one rank: the microbatches in flight, and the tensors that wait for their instruction."""

from __future__ import annotations

import time
from typing import Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from .ends import Ends
from .instruction import PASSES, Instruction, Key
from .ready import Arrivals, ReadyOrder
from .record import Held, Record, Step
from .replicas import Replicas
from .results import Results
from .slices import SliceChain
from .stage import Stage
from .tape import Slice, Tape
from .transport import Transport

# What must be held when an operation starts. An input gradient that is asked for twice, or a weight gradient before it, would be wrong
# without an error.
_BEFORE = {"forward": None, "recompute": Held.INPUT, "backwardInput": Held.ALL, "backwardWeight": Held.WEIGHT, "backward": Held.ALL}

# What an operation hands on to other stages, by the name under which it travels.
_RESULT = {"forward": "activation", "backwardInput": "gradient", "backward": "gradient"}


class Iteration:
    """Carries out one rank's instructions. Results are kept by what they were made of.

    Args:
        rank: This one, for messages.
        stages: By pipe and stage.
        owners: By pipe, for each stage the rank that holds it.
        ends: What stands before the first stage and after the last one.
        results: What operations hand on.
        transport: Takes results to other ranks.
        replicas: Sums over both pipes; None where there is one.
        count_bytes: Whether to count what autograd keeps.
        frozen: How many stages have no backward, from the first on.
    """

    def __init__(
        self,
        rank: int,
        stages: Mapping[Tuple[int, int], Stage],
        owners: Sequence[Sequence[int]],
        ends: Ends,
        results: Results,
        transport: Transport,
        replicas: Optional[Replicas],
        count_bytes: bool,
        frozen: int = 0,
    ) -> None:
        self._rank = rank
        self._stages = stages
        self._owners = owners
        self._last = len(owners[0]) - 1
        self._ends = ends
        self._results = results
        self._transport = transport
        self._replicas = replicas
        self._count_bytes = count_bytes
        self._frozen = frozen
        self._chain = SliceChain(ends.data.slices)
        self._tapes: Dict[Key, Tape] = {}
        self._held: Dict[Key, Held] = {}
        self._history: List[Dict[Key, Held]] = []
        self._shards: List[int] = []
        self._peak_bytes = 0
        self._recomputed: "set[Key]" = set()

    def run(self, instructions: Sequence[Instruction], shares: Sequence[float] = (1.0,)) -> Record:
        """Carries them out, one after the other. `shares` says which part of a microbatch each slice is.

        Raises `ValueError` when one needs what is not there, `RuntimeError` when another rank does not do its part. Both say which rank
        and which instruction it was. What else a stage's module raises is passed on as it is.
        """
        self._recomputed = {instruction.key for instruction in instructions if instruction.op == "recompute"}
        steps: List[Step] = []
        began = time.perf_counter()
        for instruction in instructions:
            start = time.perf_counter()
            try:
                for operation in instruction.operations:
                    self._compute(operation)
                if not instruction.operations:
                    self._meet(instruction)
            except ValueError as error:
                raise ValueError(f"Rank {self._rank}: {error}") from error
            steps.append(Step(instruction, start - began, time.perf_counter() - began))
        return self._record(steps, shares)

    def run_ready(self, instructions: Sequence[Instruction]) -> Record:
        """Carries out, of what is ready, what stands first and may overtake what stands before it, and sends each result as soon as it is there.

        Raises as `run` does.
        """
        order = ReadyOrder([instruction for instruction in instructions if instruction.is_compute])
        sends: Dict[Tuple[Optional[str], Key], List[Instruction]] = {}
        for instruction in instructions:
            if instruction.op == "send":
                sends.setdefault((instruction.what, instruction.key), []).append(instruction)
        steps: List[Step] = []
        began = time.perf_counter()

        def carry_out(instruction: Instruction, act: Callable[[Instruction], None]) -> None:
            start = time.perf_counter()
            try:
                act(instruction)
            except ValueError as error:
                raise ValueError(f"Rank {self._rank}: {error}") from error
            steps.append(Step(instruction, start - began, time.perf_counter() - began))

        arrivals = Arrivals(instructions, lambda instruction: carry_out(instruction, self._meet))
        while not order.is_done:
            seen = arrivals.count
            operation = order.take(self._is_ready)
            if operation is None:
                arrivals.wait(seen)
                continue
            carry_out(operation, self._compute)
            for send in sends.get((_RESULT.get(operation.op), operation.key), ()):
                carry_out(send, self._meet)
        return self._record(steps, (1.0,))

    def _is_ready(self, operation: Instruction) -> bool:
        key, op = operation.key, operation.op
        if self._held.get(key) is not _BEFORE[op]:
            return False
        if op == "forward":
            return key.stage == 0 or self._results.has("activation", key._replace(stage=key.stage - 1), self._rank)
        return op == "backwardWeight" or key.stage == self._last or self._results.has("gradient", key._replace(stage=key.stage + 1), self._rank)

    def _record(self, steps: List[Step], shares: Sequence[float]) -> Record:
        self._finish()
        return Record(steps, self._history, list(shares), self._peak_bytes, self._shards)

    def losses(self) -> Dict[int, float]:
        """By microbatch, where the last stage is."""
        return {microbatch: sum(map(float, losses)) for microbatch, losses in sorted(self._ends.losses.items())}

    def _compute(self, operation: Instruction) -> None:
        if operation.op in PASSES:
            self._ends.compute(operation)
        else:
            self._compute_on_stage(operation)
        self._history.append(dict(self._held))
        self._shards.append(self._ends.held)
        if self._count_bytes:
            self._peak_bytes = max(self._peak_bytes, sum(tape.bytes() for tape in self._tapes.values()) + self._ends.bytes())

    def _compute_on_stage(self, operation: Instruction) -> None:
        key, op = operation.key, operation.op
        if self._held.get(key) is not _BEFORE[op]:
            raise ValueError(f"{operation}: it does not follow the operation that it needs.")
        if op == "forward":
            self._forward(operation)
            if key.stage >= self._frozen:
                self._held[key] = Held.INPUT if key in self._recomputed else Held.ALL
        elif op == "recompute":
            self._stage_of(key).recompute(self._tapes[key])
            self._held[key] = Held.ALL
        elif op == "backwardWeight":
            self._tapes[key].backward_weight()
        else:
            self._backward(operation)
        if op == "backwardInput":
            self._held[key] = Held.WEIGHT
        elif op in ("backwardWeight", "backward"):
            del self._held[key], self._tapes[key]

    def _forward(self, operation: Instruction) -> None:
        key = operation.key
        past = self._chain.past(operation)
        before = key._replace(stage=key.stage - 1)
        value = self._ends.input(operation) if key.stage == 0 else self._results.take("activation", before, self._rank, operation)
        target, share = self._ends.target(operation) if key.stage == self._last else (None, 1.0)
        part = Slice(past, share) if self._ends.data.slices > 1 else None
        is_frozen = key.stage < self._frozen
        output, tape = self._stage_of(key).forward(value, target, self._count_bytes, part, is_frozen or key in self._recomputed)
        if not is_frozen:
            self._tapes[key] = tape
        self._chain.hand_on(operation, tape.present)
        if key.stage == self._last:
            self._ends.take_output(operation, output)
        else:
            self._results.put("activation", key, self._owners[key.pipe][key.stage + 1], output)

    def _backward(self, operation: Instruction) -> None:
        key, tape = operation.key, self._tapes[operation.key]
        of_present = self._chain.of_present(operation)
        if key.stage == self._last:
            gradient = self._ends.output_gradient(operation)
        else:
            gradient = self._results.take("gradient", key._replace(stage=key.stage + 1), self._rank, operation)
        differentiate = tape.backward if operation.op == "backward" else tape.backward_input
        by_input = differentiate(gradient, of_present)
        if key.stage == 0:
            self._ends.take_input_gradient(operation, by_input)
        elif key.stage > self._frozen:
            self._results.put("gradient", key, self._owners[key.pipe][key.stage - 1], by_input)
        self._chain.hand_back(operation, tape.of_past)

    def _stage_of(self, key: Key) -> Stage:
        return self._stages[key.pipe, key.stage]

    def _meet(self, instruction: Instruction) -> None:
        """Does what takes another rank as well."""
        try:
            if instruction.op == "allReduce":
                assert self._replicas is not None
                self._replicas.sum(instruction)
            else:
                self._exchange(instruction)
        except RuntimeError as error:
            raise RuntimeError(f"Rank {self._rank}: {instruction}: {error}") from error

    def _exchange(self, instruction: Instruction) -> None:
        key = instruction.key
        assert instruction.peer is not None and instruction.what is not None
        # The slices of a microbatch can differ in shape, its microbatches cannot.
        name = f"the {instruction.what} of pipe {key.pipe}, stage {key.stage}, slice {key.slice}"
        if instruction.op == "send":
            result = self._results.take(instruction.what, key, instruction.peer, instruction)
            self._transport.send(result, instruction.peer, name, key.microbatch)
        else:
            self._results.put(instruction.what, key, self._rank, self._transport.receive(instruction.peer, name, key.microbatch))

    def _finish(self) -> None:
        try:
            self._transport.finish()
        except RuntimeError as error:
            raise RuntimeError(f"Rank {self._rank}: what it sent was not received: {error}") from error
        try:
            self._ends.finish()
        except RuntimeError as error:
            raise RuntimeError(f"Rank {self._rank}: the gradient of the input embedding was not shared: {error}") from error
