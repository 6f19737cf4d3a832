"""Real processes that run streams, and an end to them whatever they do."""

import json
import os
import signal
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing

from schedulesearch.roundtrip.transformer import Shape, loss, stages_of, tokens, whole_gradients
from schedulesearch.runtime import Pipeline, Stream

SHAPE = Shape(layers=0, hidden=8, sequence=24, batch=2, vocabulary=11, heads=2)


def run(work, count, argument, seconds=100):
    """Has `work(rank, argument)` done by that many ranks of a gloo group; what each returned. Raises when they take too long."""
    with tempfile.TemporaryDirectory() as folder:
        context = multiprocessing.spawn(_join, (work, count, folder, argument), nprocs=count, join=False)
        end = time.monotonic() + seconds
        try:
            while not context.join(timeout=1):
                if time.monotonic() > end:
                    raise TimeoutError(f"The processes did not end within {seconds} s.")
        finally:
            for process in context.processes:
                if process.is_alive():
                    os.kill(process.pid, signal.SIGKILL)
                process.join()
        return [json.loads(Path(folder, str(rank)).read_text()) for rank in range(count)]


def _join(rank, work, count, folder, argument):
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=Path(folder, "meeting").as_uri(), rank=rank, world_size=count, timeout=timedelta(seconds=argument.get("patience", 60))
    )
    Path(folder, str(rank)).write_text(json.dumps(work(rank, argument)))
    if "patience" not in argument:
        dist.barrier()
    dist.destroy_process_group()


def run_cases(rank, argument):
    """Runs each case with blocking transfers and without, and compares with the model in this process alone."""
    models = {}
    return [_run_case(rank, case, models) for case in argument["cases"]]


def _run_case(rank, case, models):
    stream = Stream.parse(case["stream"])
    data = tokens(SHAPE, stream.microbatches)
    inputs, targets = data[:, :, :-1], data[:, :, 1:]
    layers = tuple(case["layers"])
    if layers not in models:
        stages = [stage.double() for stage in stages_of(SHAPE, layers)]
        models[layers] = stages, whole_gradients(stages, data)
    stages, expected = models[layers]
    own = [stages[stage] for stage in stream.stages_of(rank)]

    forwards = []
    hooks = [
        stage.register_forward_hook(lambda module, values, output, number=number: forwards.append(number))
        for number, stage in zip(stream.stages_of(rank), own)
    ]
    found = {"differences": [], "largest": max(float(gradient.abs().max()) for stage in expected for gradient in stage)}
    for blocking in (True, False):
        result = Pipeline(own, stream.ranks_of_stages, loss, blocking=blocking).run(stream, inputs, targets, count_bytes=blocking)
        for number, stage in zip(stream.stages_of(rank), own):
            for parameter, gradient in zip(stage.parameters(), expected[number]):
                found["differences"].append(float((parameter.grad - gradient).abs().max()))
                parameter.grad = None
        if blocking:
            record = result.record
            found.update(
                losses=result.losses,
                order=[list(instruction) for instruction in record.order],
                forwards=list(forwards),
                peak_bytes=record.peak_bytes,
                peak=record.peak_memory(case["activation"], case["retained"]),
                peak_activations=record.peak_activations,
                left=len(record.held[-1]),
            )
    for hook in hooks:
        hook.remove()
    return found


def whole_losses(layers, microbatches):
    """The losses of the model in one process."""
    model = torch.nn.Sequential(*stages_of(SHAPE, layers)).double()
    with torch.no_grad():
        return [float(loss(model(part[:, :-1]), part[:, 1:])) for part in tokens(SHAPE, microbatches)]
