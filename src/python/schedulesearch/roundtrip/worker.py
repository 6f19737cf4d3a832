"""One rank of the round trip."""

from __future__ import annotations

import argparse
import json
import time
from datetime import timedelta
from statistics import median
from typing import Any, Callable, Dict, List, Sequence, Tuple

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .. import Schedule, ScheduleSearchError, fallback, get_schedule
from ..profile import measure
from ..request import request_of
from ..runtime import Pipeline, Stream
from ..runtime.collectives import barrier, from_first, largest
from .transformer import Shape, even, loss, stages_of, tokens, whole_gradients


def work(rank: int, meeting: str, options: argparse.Namespace) -> None:
    """Takes part as one rank; rank 0 asks the service and prints. Exits with 1 when the service refuses, 3 when gradients differ."""
    devices = options.processes
    torch.set_num_threads(options.threads)
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=devices, timeout=timedelta(seconds=options.timeout))
    shape = Shape(options.layers, options.hidden, options.sequence, options.batch, options.vocabulary)
    stages = stages_of(shape, even(shape.layers, devices))
    data = tokens(shape, options.microbatches)
    pipeline = Pipeline([stages[rank]], list(range(devices)), loss)

    say = _say if rank == 0 else _nothing
    say(f"Profiling {shape.layers} layers of width {shape.hidden} on {devices} processes, threads each: {options.threads} ...")
    profile = measure(
        pipeline, options.microbatches, data[0, :, :-1], data[0, :, 1:], _memory_of_1f1b(devices, options.microbatches),
        repetitions=options.repetitions, name="round trip",
    )
    say(_table(profile))
    baseline, found = _asked(rank, profile, options)
    say(f"Searched: {found.summary()}. Running it and {baseline.method} ...")

    streams = [Stream.parse(baseline.native()), Stream.parse(found.native())]
    measured = _alternate(pipeline, streams, data, options.iterations)
    difference = _difference(rank, stages, streams, data)
    if rank == 0:
        _report([baseline, found], measured, difference)
    barrier()
    dist.destroy_process_group()
    if difference > 1e-9:
        raise SystemExit(3)


def _memory_of_1f1b(devices: int, microbatches: int) -> Callable[[Sequence[int], Sequence[int]], List[int]]:
    """The budget of every rank: what 1F1B holds on the first one, as many microbatches, of which one has its backward run."""

    def limit(activation: Sequence[int], retained: Sequence[int]) -> List[int]:
        return [min(devices, microbatches) * taken + max(0, kept - taken) for taken, kept in zip(activation, retained)]

    return limit


def _asked(rank: int, profile: Dict[str, Any], options: argparse.Namespace) -> Tuple[Schedule, Schedule]:
    """1F1B and the service's schedule of the measured profile, on every rank. Exits with 1 when the service gives none."""
    answer: Any = None
    if rank == 0:
        if options.profile is not None:
            with open(options.profile, "w", encoding="utf-8") as file:
                json.dump(profile, file, indent=2)
        try:
            found = get_schedule(profile, options={"timeLimitSeconds": options.seconds}, fallback=False, cache=False, rank=0)
            answer = (fallback.make(request_of(profile, {}), reason="the baseline"), found)
        except ScheduleSearchError as error:
            answer = str(error)
    answer = from_first(answer)
    if isinstance(answer, str):
        if rank == 0:
            print(answer, flush=True)
        raise SystemExit(1)
    baseline, found = answer
    return baseline, found


def _alternate(pipeline: Pipeline, streams: Sequence[Stream], data: Tensor, iterations: int) -> List[List[float]]:
    """Milliseconds of each iteration of each stream, run in turns after one iteration of each to warm up."""
    times: List[List[float]] = [[] for _ in streams]
    for iteration in range(iterations + 1):
        for stream, column in zip(streams, times):
            barrier()
            start = time.perf_counter()
            pipeline.run(stream, data[:, :, :-1].unbind(), data[:, :, 1:].unbind())
            barrier()
            if iteration > 0:
                column.append(1e3 * (time.perf_counter() - start))
            _clear(pipeline)
    return times


def _difference(rank: int, stages: Sequence[nn.Module], streams: Sequence[Stream], data: Tensor) -> float:
    """The largest difference between any gradient and that of the whole model in one process, relative to that model's largest."""
    for stage in stages:
        stage.double()
    pipeline = Pipeline([stages[rank]], list(range(len(stages))), loss)
    expected = whole_gradients(stages, data)
    scale = max(float(gradient.abs().max()) for stage in expected for gradient in stage)
    worst = 0.0
    for stream in streams:
        pipeline.run(stream, data[:, :, :-1].unbind(), data[:, :, 1:].unbind())
        for parameter, gradient in zip(stages[rank].parameters(), expected[rank]):
            assert parameter.grad is not None
            worst = max(worst, float((parameter.grad - gradient).abs().max()) / scale)
        _clear(pipeline)
    return largest(worst)


def _clear(pipeline: Pipeline) -> None:
    for stage in pipeline.stages.values():
        for parameter in stage.module.parameters():
            parameter.grad = None


def _table(profile: Dict[str, Any]) -> str:
    times, memory = profile["times"], profile["memory"]
    lines = ["stage  forward  backwardInput  backwardWeight   activation     retained"]
    for stage, forward in enumerate(times["forward"]):
        lines.append(
            f"{stage:5}  {forward:4.1f} ms  {times['backwardInput'][stage]:10.1f} ms  {times['backwardWeight'][stage]:11.1f} ms"
            f"  {memory['activation'][stage] / 2**20:6.1f} MiB  {memory['retained'][stage] / 2**20:7.1f} MiB"
        )
    return "\n".join(lines)


def _report(schedules: Sequence[Schedule], measured: Sequence[Sequence[float]], difference: float) -> None:
    print(f"{'':12}{'predicted':>12}{'measured':>12}{'fastest':>12}")
    for schedule, times in zip(schedules, measured):
        print(f"{schedule.method:12}{schedule.makespan:9.1f} ms{median(times):9.1f} ms{min(times):9.1f} ms")
    predicted = schedules[1].makespan / schedules[0].makespan
    print(f"{'ratio':12}{predicted:12.3f}{median(measured[1]) / median(measured[0]):12.3f}{min(measured[1]) / min(measured[0]):12.3f}")
    equal = "equal" if difference <= 1e-9 else "DIFFER FROM"
    print(f"Gradients {equal} those of the model in one process: largest relative difference {difference:.1e} in float64.", flush=True)


def _say(text: str) -> None:
    print(text, flush=True)


def _nothing(_: str) -> None:
    pass
