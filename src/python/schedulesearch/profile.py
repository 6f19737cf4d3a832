"""Measures the stages of a model where they will run, and writes the profile that `POST /schedules/solve` takes.

All ranks measure at once, as they will train: what they share (memory bandwidth, cores) slows the measured operations as well.
"""

from __future__ import annotations

import time
import warnings
from statistics import median
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import torch
import torch.distributed as dist
from torch import Tensor

from .runtime import Pipeline, Stage
from .runtime.collectives import barrier, gathered
from .runtime.transport import Transport

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


class MeasureWarning(UserWarning):
    """What a reader of a measured profile has to know of its stages."""


class _Ranks(NamedTuple):
    """Who holds which stage, and how its output gets to the next one."""

    owners: Sequence[int]
    rank: int
    device: torch.device
    transport: Transport


def measure(
    pipeline: Union[Pipeline, Sequence[Any]],
    microbatches: int,
    sample: Optional[Tensor] = None,
    target: Any = None,
    limit: Optional[Limit] = None,
    repetitions: int = 10,
    name: str = "measured",
    runtime: Optional[str] = None,
    loss: Optional[Callable[[Tensor, Any], Tensor]] = None,
) -> Dict[str, Any]:
    """The profile of a model whose stages lie on the ranks of the default process group; the same on every rank.

    All ranks must call it. Every `.grad` is left as it was.

    With `runtime="pytorch"` stages are measured on the functions of torch.distributed.pipelining itself, and the profile has the time of a fused
    backward, `times.backward`, too. What was seen of checkpointing, of torch.compile and of stages that cannot be split is said by a
    `MeasureWarning` on rank 0; where a stage cannot be, the profile asks for fused backwards (`backward.choose`).

    Args:
        pipeline: This rank's stages, of one pipe; with `runtime="pytorch"` the list of its PipelineStages, each with one tensor in and one out.
        microbatches: Microbatches of an iteration.
        sample: The input of one microbatch, on the rank of the first stage.
        target: Its target, on the rank of the last stage.
        limit: Makes of the stages' activation and retained bytes the bytes that each rank may hold. Left out: unlimited.
        repetitions: How often each operation and transfer is timed, after three times for warming up.
        name: What to call the profile.
        runtime: None for the runtime of this package, `pytorch` for torch.distributed.pipelining from PyTorch 2.8 on.
        loss: With `pytorch`, the loss function that the schedule gets. A Pipeline has its own.

    Raises:
        ValueError: There are two pipes, this rank lacks the sample or its stages, or there is no such runtime.
        RuntimeError: A transfer failed or timed out.
    """
    if runtime is not None:
        if runtime != "pytorch" or isinstance(pipeline, Pipeline) or loss is None:
            raise ValueError('Give runtime="pytorch" with the list of this rank\'s PipelineStages and the loss, or a Pipeline alone.')
        return _measure_on_pytorch(pipeline, microbatches, sample, target, limit, repetitions, name, loss)
    if not isinstance(pipeline, Pipeline) or loss is not None:
        raise ValueError('Give a Pipeline, which has its own loss, or with runtime="pytorch" a list of PipelineStages.')
    if len(pipeline.ranks_of_stages) > 1:
        raise ValueError("Measure a pipeline of one of the two pipes: the replicas of a stage cost the same.")
    ranks = _Ranks(pipeline.ranks_of_stages[0], pipeline.rank, pipeline.device, pipeline.transport)
    stages = {number: stage for (_, number), stage in pipeline.stages.items()}
    passed = _pass_through(ranks, {number: _forward_of(stage, target) for number, stage in stages.items()}, sample)
    barrier()
    own = {number: measure_stage(stages[number], value, target, output, repetitions=repetitions) for number, (value, output) in passed.items()}
    figures: List[StageFigures] = _gathered(own, len(ranks.owners))
    times = {
        "unit": "ms",
        "forward": [stage.forward for stage in figures],
        "backwardInput": [stage.backward_input for stage in figures],
        "backwardWeight": [stage.backward_weight for stage in figures],
        "communication": _links(ranks, {number: output for number, (_, output) in passed.items()}, repetitions),
    }
    memory = _memory([stage.activation for stage in figures], [stage.retained for stage in figures], limit)
    return {"name": name, "pipeline": {**shape_of(ranks.owners), "microbatches": microbatches}, "times": times, "memory": memory}


def _measure_on_pytorch(
    stages: Sequence[Any], microbatches: int, sample: Optional[Tensor], target: Any, limit: Optional[Limit], repetitions: int, name: str, loss: Any
) -> Dict[str, Any]:
    # Imported here, since it needs a release of PyTorch that has torch.distributed.pipelining.
    from .pytorch_stages import PyTorchFigures, measure_pytorch_stage, notes_of

    if not stages:
        raise ValueError("This rank has no stages: give those that it builds.")
    held = gathered([stage.stage_index for stage in stages])
    by_stage = {number: rank for rank, numbers in enumerate(held) for number in numbers}
    if sorted(number for numbers in held for number in numbers) != list(range(stages[0].num_stages)):
        raise ValueError(f"The ranks give the stages {held}, of {stages[0].num_stages}: each must be on one rank of the default process group.")
    device = stages[0].device
    ranks = _Ranks([by_stage[number] for number in range(len(by_stage))], dist.get_rank(), device, Transport(device, blocking=False))
    modules = {stage.stage_index: stage for stage in sorted(stages, key=lambda stage: int(stage.stage_index))}
    last = len(by_stage) - 1
    passed = _pass_through(ranks, {number: stage.submod for number, stage in modules.items()}, sample)
    barrier()
    own = {
        number: measure_pytorch_stage(modules[number], value, target, loss if number == last else None, WARM_UP, repetitions)
        for number, (value, _) in passed.items()
    }
    figures: List[PyTorchFigures] = _gathered(own, len(by_stage))
    if ranks.rank == 0:
        for note in notes_of(figures):
            warnings.warn(note, MeasureWarning, stacklevel=3)
    times = {
        "unit": "ms",
        "forward": [stage.forward for stage in figures],
        "backwardInput": [stage.halves.backward_input if stage.halves else stage.backward for stage in figures],
        "backwardWeight": [stage.halves.backward_weight if stage.halves else 0 for stage in figures],
        "backward": [stage.backward for stage in figures],
        "communication": _links(ranks, {number: output for number, (_, output) in passed.items()}, repetitions),
    }
    memory = _memory([stage.activation for stage in figures], [stage.halves.retained if stage.halves else stage.activation for stage in figures], limit)
    whole = {} if all(stage.halves for stage in figures) else {"backward": {"choose": "fused"}}
    return {"name": name, "pipeline": {**shape_of(ranks.owners), "microbatches": microbatches}, "times": times, "memory": memory, **whole}


def _memory(activation: List[int], retained: List[int], limit: Optional[Limit]) -> Dict[str, Any]:
    memory: Dict[str, Any] = {"unit": "B", "activation": activation, "retained": retained}
    return memory if limit is None else {**memory, "limit": list(limit(activation, retained))}


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


def _forward_of(stage: Stage, target: Any) -> Callable[[Tensor], Tensor]:
    return lambda value: stage.forward(value, target)[0]


def _pass_through(ranks: _Ranks, forwards: Mapping[int, Callable[[Tensor], Tensor]], sample: Optional[Tensor]) -> Dict[int, Tuple[Tensor, Tensor]]:
    """Sends one microbatch through the model: for each of this rank's stages its input and output."""
    owners, transport = ranks.owners, ranks.transport
    passed: Dict[int, Tuple[Tensor, Tensor]] = {}
    for number, forward in forwards.items():
        if number == 0:
            if sample is None:
                raise ValueError("The rank of the first stage needs a sample.")
            value = sample.to(ranks.device)
        elif owners[number - 1] == ranks.rank:
            value = passed[number - 1][1]
        else:
            value = transport.receive(owners[number - 1], f"sample {number - 1}")
        output = forward(value).detach()
        passed[number] = (value, output)
        if number + 1 < len(owners) and owners[number + 1] != ranks.rank:
            transport.send(output, owners[number + 1], f"sample {number}")
    transport.finish()
    return passed


def _links(ranks: _Ranks, outputs: Dict[int, Tensor], repetitions: int) -> List[List[float]]:
    """Milliseconds one way between any two ranks; for pairs that exchange nothing the longest of the others."""
    owners, transport = ranks.owners, ranks.transport
    devices = max(owners) + 1
    pairs = {tuple(sorted(pair)): stage for stage, pair in enumerate(zip(owners, owners[1:])) if pair[0] != pair[1]}
    own: Dict[int, float] = {}
    for index, (pair, stage) in enumerate(sorted(pairs.items())):
        barrier()
        if ranks.rank not in pair:
            continue
        first, second = owners[stage], owners[stage + 1]
        tensor = outputs[stage] if ranks.rank == first else None
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
