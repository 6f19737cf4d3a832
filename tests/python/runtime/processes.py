"""Real processes that run streams, and an end to them whatever they do."""

import copy
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
from schedulesearch.runtime import Pipeline, Stream, Vocabulary

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
    reduction = case.get("reduction", "mean")
    loss_of = loss if reduction == "mean" else summed_loss
    model = tuple(case["layers"]), reduction, stream.microbatches
    if model not in models:
        stages = [stage.double() for stage in stages_of(SHAPE, case["layers"])]
        models[model] = stages, whole_gradients(stages, data, loss_of)
    stages, expected = models[model]
    own = {
        (pipe, stage): copy.deepcopy(stages[stage]) for pipe in range(len(stream.ranks_of_stages)) for stage in stream.stages_of(rank, pipe)
    }
    trained = {place: module for place, module in own.items() if place[1] >= case.get("frozen", 0)}
    by_parameter = [pair for (_, number), module in trained.items() for pair in zip(module.parameters(), expected[number])]
    vocabulary = None
    if "sizes" in case:
        vocabulary, by_shard = _shards_of(rank, case, stages, expected)
        own = {(pipe, number): _without_shards(module, number, case) for (pipe, number), module in own.items()}
        kept = {id(parameter) for module in own.values() for parameter in module.parameters()}
        by_parameter = [pair for pair in by_parameter if id(pair[0]) in kept] + by_shard

    forwards = []
    for (_, number), module in own.items():
        module.register_forward_hook(lambda module, values, output, number=number: forwards.append(number))
    found = {"differences": [], "largest": max(float(gradient.abs().max()) for stage in expected for gradient in stage)}
    # The second iteration adds to the gradients of the first one.
    for iterations, blocking in ((1, True), (2, False)):
        pipeline = Pipeline(
            own, stream.ranks_of_stages, None if vocabulary else loss_of, blocking=blocking, reduction=reduction, vocabulary=vocabulary
        )
        result = pipeline.run(stream, inputs, targets, count_bytes=blocking)
        assert all(parameter.grad is None for place, module in own.items() if place not in trained for parameter in module.parameters())
        for parameter, gradient in by_parameter:
            found["differences"].append(float((parameter.grad - iterations * gradient).abs().max()))
        if blocking:
            record = result.record
            found.update(
                losses=result.losses,
                microbatches=result.microbatches,
                order=[item_of(instruction) for instruction in record.order],
                forwards=list(forwards),
                peak_bytes=record.peak_bytes,
                peak=record.peak_memory(case["activation"], case["retained"], case.get("stored"), case.get("shard", 0)),
                peak_activations=record.peak_activations,
                left=len(record.held[-1]) + record.shards[-1],
            )
    return found


def _shards_of(rank, case, stages, expected):
    """A rank's rows of the last stage's output layer and, where the case embeds in shards, of the first stage's embedding; each with its gradient."""
    rows = slice(sum(case["sizes"][:rank]), sum(case["sizes"][:rank + 1]))
    whole = [(stages[-1][-1].weight, expected[-1][-1])] + ([(stages[0][0].weight, expected[0][0])] if case["embeds"] else [])
    pairs = [(torch.nn.Parameter(weight.detach()[rows].clone()), gradient[rows]) for weight, gradient in whole]
    return Vocabulary(case["sizes"], *(shard for shard, _ in pairs)), pairs


def _without_shards(module, number, case):
    """A stage without the layers that are in shards."""
    module = module[:-1] if number == len(case["layers"]) - 1 else module
    return module[1:] if number == 0 and case["embeds"] else module


def item_of(instruction):
    """An instruction as its stream has it, but for times."""
    if instruction.pair:
        return {"op": instruction.op, **{half.op: {name: part for name, part in item_of(half).items() if name != "op"} for half in instruction.pair}}
    item = {**instruction._asdict(), "ranks": list(instruction.ranks) or None, "pair": None}
    if instruction.op == "allReduce":
        item["microbatch"] = None
    return {name: part for name, part in item.items() if part is not None}


def without_times(instructions):
    """The items of a stream."""
    return [{name: part for name, part in item.items() if name not in ("start", "end", "slack", "priority")} for item in instructions]


def summed_loss(output, target):
    """The sum of what the mean loss is the mean of."""
    return torch.nn.functional.cross_entropy(output.flatten(0, 1), target.flatten(), reduction="sum")


def whole_losses(layers, microbatches, reduction="mean"):
    """The losses of the model in one process."""
    model = torch.nn.Sequential(*stages_of(SHAPE, layers)).double()
    loss_of = loss if reduction == "mean" else summed_loss
    with torch.no_grad():
        return [float(loss_of(model(part[:, :-1]), part[:, 1:])) for part in tokens(SHAPE, microbatches)]
