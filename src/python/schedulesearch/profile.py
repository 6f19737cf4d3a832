"""Measures the stages of a model where they will run, and writes the profile that `POST /schedules/solve` takes.

All ranks measure at once, as they will train: what they share (memory bandwidth, cores) slows the measured operations as well.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

import torch
from torch import Tensor

from .runtime import Pipeline, Stage
from .runtime.collectives import barrier, gathered

WARM_UP = 3

Limit = Callable[[Sequence[int], Sequence[int]], Sequence[int]]


class StageFigures(NamedTuple):
    """Medians of one stage on one microbatch: milliseconds and bytes.

    What is retained can be more than the activation: the gradients that wait for the weight gradient outweigh what the input gradient frees.
    """

    forward: float
    backward_input: float
    backward_weight: float
    activation: int
    retained: int


def measure(
    pipeline: Pipeline,
    microbatches: int,
    sample: Optional[Tensor] = None,
    target: Any = None,
    limit: Optional[Limit] = None,
    repetitions: int = 10,
    name: str = "measured",
) -> Dict[str, Any]:
    """The profile of a model whose stages lie on the ranks of the default process group; the same on every rank.

    All ranks must call it. Every `.grad` is left as it was.

    Args:
        pipeline: This rank's stages, of one pipe.
        microbatches: Microbatches of an iteration.
        sample: The input of one microbatch, on the rank of the first stage.
        target: Its target, on the rank of the last stage.
        limit: Makes of the stages' activation and retained bytes the bytes that each rank may hold. Left out: unlimited.
        repetitions: How often each operation and transfer is timed, after three times for warming up.
        name: What to call the profile.

    Raises:
        ValueError: There are two pipes, or this rank lacks the sample.
        RuntimeError: A transfer failed or timed out.
    """
    if len(pipeline.ranks_of_stages) > 1:
        raise ValueError("Measure a pipeline of one of the two pipes: the replicas of a stage cost the same.")
    owners = pipeline.ranks_of_stages[0]
    pipeline_shape = shape_of(owners)
    passed = _pass_through(pipeline, sample, target)
    barrier()
    own = {stage: measure_stage(pipeline.stages[0, stage], *values, repetitions=repetitions) for stage, values in passed.items()}
    figures: List[StageFigures] = _gathered(own, len(owners))
    memory: Dict[str, Any] = {
        "unit": "B",
        "activation": [stage.activation for stage in figures],
        "retained": [stage.retained for stage in figures],
    }
    if limit is not None:
        memory["limit"] = list(limit(memory["activation"], memory["retained"]))
    return {
        "name": name,
        "pipeline": {**pipeline_shape, "microbatches": microbatches},
        "times": {
            "unit": "ms",
            "forward": [stage.forward for stage in figures],
            "backwardInput": [stage.backward_input for stage in figures],
            "backwardWeight": [stage.backward_weight for stage in figures],
            "communication": _links(pipeline, {stage: output for stage, (_, _, output) in passed.items()}, repetitions),
        },
        "memory": memory,
    }


def measure_stage(stage: Stage, value: Tensor, target: Any, output: Tensor, repetitions: int = 10) -> StageFigures:
    """One stage alone, on the input and target of one microbatch. Of its output only the shape counts."""
    kept = [(parameter, parameter.grad) for parameter in stage.module.parameters()]
    gradient = None if stage.has_loss else torch.ones_like(output)
    try:
        for parameter, _ in kept:
            parameter.grad = None
        _, tape = stage.forward(value, target, count_bytes=True)
        whole = tape.bytes()
        tape.backward_input(gradient)
        retained = tape.bytes()
        tape.backward_weight()
        rounds = [_timed_round(stage, value, target, gradient) for _ in range(WARM_UP + repetitions)][WARM_UP:]
    finally:
        for parameter, earlier in kept:
            parameter.grad = earlier
    times = [round(median(column), 4) for column in zip(*rounds)]
    return StageFigures(times[0], times[1], times[2], whole, retained)


def shape_of(ranks_of_stages: Sequence[int]) -> Dict[str, Any]:
    """The members `devices`, `chunks`, `placement` of a profile. Raises `ValueError` when a rank holds no stage."""
    devices, stages = max(ranks_of_stages) + 1, len(ranks_of_stages)
    chunks, rest = divmod(stages, devices)
    if set(ranks_of_stages) != set(range(devices)):
        raise ValueError("Every rank must hold a stage.")
    if rest:
        return {"devices": devices, "placement": "explicit", "stageDevices": list(ranks_of_stages)}
    shape: Dict[str, Any] = {"devices": devices, "chunks": chunks}
    if chunks == 1 and list(ranks_of_stages) == list(range(devices)):
        return {**shape, "placement": "linear"}
    if list(ranks_of_stages) == [stage % devices for stage in range(stages)]:
        return {**shape, "placement": "interleaved"}
    if chunks == 2 and list(ranks_of_stages) == [*range(devices), *reversed(range(devices))]:
        return {**shape, "placement": "v"}
    return {**shape, "placement": "explicit", "stageDevices": list(ranks_of_stages)}


def _timed_round(stage: Stage, value: Tensor, target: Any, gradient: Optional[Tensor]) -> Tuple[float, float, float]:
    """Milliseconds of a forward, its input gradient and its weight gradient."""
    moments = [_now(value)]
    _, tape = stage.forward(value, target)
    moments.append(_now(value))
    tape.backward_input(gradient)
    moments.append(_now(value))
    tape.backward_weight()
    moments.append(_now(value))
    forward, backward_input, backward_weight = (1e3 * (end - start) for start, end in zip(moments, moments[1:]))
    return forward, backward_input, backward_weight


def _now(tensor: Tensor) -> float:
    if tensor.is_cuda:
        torch.cuda.synchronize(tensor.device)
    return time.perf_counter()


def _pass_through(pipeline: Pipeline, sample: Optional[Tensor], target: Any) -> Dict[int, Tuple[Tensor, Any, Tensor]]:
    """Sends one microbatch through the model: for each of this rank's stages its input, target and output."""
    owners, transport = pipeline.ranks_of_stages[0], pipeline.transport
    passed: Dict[int, Tuple[Tensor, Any, Tensor]] = {}
    for (_, number), stage in pipeline.stages.items():
        if number == 0:
            if sample is None:
                raise ValueError("The rank of the first stage needs a sample.")
            value = sample.to(pipeline.device)
        elif owners[number - 1] == pipeline.rank:
            value = passed[number - 1][2]
        else:
            value = transport.receive(owners[number - 1], f"sample {number - 1}")
        output, _ = stage.forward(value, target)
        passed[number] = (value, target, output)
        if number + 1 < len(owners) and owners[number + 1] != pipeline.rank:
            transport.send(output, owners[number + 1], f"sample {number}")
    transport.finish()
    return passed


def _links(pipeline: Pipeline, outputs: Dict[int, Tensor], repetitions: int) -> List[List[float]]:
    """Milliseconds one way between any two ranks; for pairs that exchange nothing the longest of the others."""
    owners, transport = pipeline.ranks_of_stages[0], pipeline.transport
    devices = max(owners) + 1
    pairs = {tuple(sorted(pair)): stage for stage, pair in enumerate(zip(owners, owners[1:])) if pair[0] != pair[1]}
    own: Dict[int, float] = {}
    for index, (pair, stage) in enumerate(sorted(pairs.items())):
        barrier()
        if pipeline.rank not in pair:
            continue
        first, second = owners[stage], owners[stage + 1]
        tensor = outputs[stage] if pipeline.rank == first else None
        times = []
        for _ in range(WARM_UP + repetitions):
            start = time.perf_counter()
            if tensor is not None:
                transport.send(tensor, second, "ping")
                transport.receive(second, "pong")
                times.append(time.perf_counter() - start)
            else:
                transport.send(transport.receive(first, "ping"), first, "pong")
        transport.finish()
        if times:
            own[index] = round(1e3 * median(times[WARM_UP:]) / 2, 4)
    found = dict(zip(sorted(pairs), _gathered(own, len(pairs))))
    longest = max(found.values(), default=0.0)
    return [
        [0.0 if row == column else found.get(tuple(sorted((row, column))), longest) for column in range(devices)]
        for row in range(devices)
    ]


def _gathered(own: Dict[int, Any], count: int) -> List[Any]:
    """Puts together what each rank has."""
    everything = {key: value for part in gathered(own) for key, value in part.items()}
    return [everything[key] for key in range(count)]
