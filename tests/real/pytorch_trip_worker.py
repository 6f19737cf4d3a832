"""The ranks of the round trip on PyTorch: measures stages, or runs streams on them.

    python3 pytorch_trip_worker.py FOLDER measure|run

FOLDER/trip.json says what: shape, ranks, microbatches, variant, streams, iterations. What was found is put in FOLDER/found.json.
"""

import json
import multiprocessing
import os
import sys
import time
import warnings
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("USE_LIBUV", "0")
os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")

import torch
from torch import distributed, nn
from torch.distributed.pipelining import PipelineStage
from torch.utils.checkpoint import checkpoint

from schedulesearch.loaders.pytorch_csv import load
from schedulesearch.profile import measure
from schedulesearch.roundtrip.transformer import Shape, even, loss, stages_of, tokens


class Checkpointed(nn.Module):
    """A layer that keeps its input alone."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, value):
        return checkpoint(self.layer, value, use_reentrant=False)


def _modules(trip):
    shape = Shape(**trip["shape"])
    modules = stages_of(shape, even(shape.layers, trip["ranks"]))
    if trip.get("variant") == "checkpointed":
        modules = [nn.Sequential(*(layer if isinstance(layer, nn.Embedding) else Checkpointed(layer) for layer in module)) for module in modules]
    if trip.get("variant") == "compiled":
        modules = [torch.compile(module, backend="eager") for module in modules]
    return shape, modules


def _rank(rank, folder, mode):
    trip = json.loads((folder / "trip.json").read_text())
    ranks = trip["ranks"]
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=(folder / "meeting").as_uri(), rank=rank, world_size=ranks, timeout=timedelta(seconds=300))
    shape, modules = _modules(trip)
    stage = PipelineStage(modules[rank], rank, ranks, torch.device("cpu"))
    data = tokens(shape, trip["microbatches"])
    found = _measured(stage, data, trip) if mode == "measure" else _run(stage, data, trip, folder, rank)
    if rank == 0:
        (folder / "found.json").write_text(json.dumps(found))
    distributed.barrier()
    distributed.destroy_process_group()


def _measured(stage, data, trip):
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        profile = measure(
            [stage], trip["microbatches"], data[0, :, :-1], data[0, :, 1:], repetitions=trip["repetitions"], name="PyTorch", runtime="pytorch", loss=loss)
    return {"profile": profile, "notes": [str(note.message) for note in notes if note.category.__name__ == "MeasureWarning"]}


def _run(stage, data, trip, folder, rank):
    """Milliseconds of the iterations of each stream, which run in turns; the first stream is traced after that."""
    inputs, targets = data[:, :, :-1].flatten(0, 1), data[:, :, 1:].flatten(0, 1)
    given = ([inputs] if stage.is_first else [], {"target": targets} if stage.is_last else {})
    schedules = {name: load(str(folder / file), [stage], trip["microbatches"], loss) for name, file in trip["streams"].items()}
    times = {name: [] for name in schedules}

    def step(name):
        stage.submod.zero_grad(set_to_none=True)
        distributed.barrier()
        begin = time.perf_counter()
        schedules[name].step(*given[0], **given[1])
        distributed.barrier()
        return 1e3 * (time.perf_counter() - begin)

    for iteration in range(trip["iterations"] + 2):
        for name, column in times.items():
            column.append(step(name))
    traced = next(iter(schedules))
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in range(trip["iterations"]):
            step(traced)
    profile.export_chrome_trace(str(folder / ("trip-rank%d.json" % rank)))
    return {name: column[2:] for name, column in times.items()}


def main(folder, mode):
    (folder / "meeting").unlink(missing_ok=True)
    ranks = json.loads((folder / "trip.json").read_text())["ranks"]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_rank, args=(rank, folder, mode)) for rank in range(ranks)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return max(abs(process.exitcode) for process in processes)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
