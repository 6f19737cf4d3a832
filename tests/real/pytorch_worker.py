"""The ranks of tests/real-pytorch: runs streams on torch.distributed.pipelining and says what came of each.

    python3 pytorch_worker.py FOLDER

FOLDER/cases.json is a list of cases; FOLDER/results.jsonl gets a line for each run, and FOLDER/NAME a trace of each rank where a case asks for traces.
"""

import json
import multiprocessing
import os
import signal
import sys
import time
import traceback
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("USE_LIBUV", "0")
os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")

import torch
from torch import distributed, nn
from torch.distributed.pipelining import PipelineStage, schedules

from schedulesearch.loaders.pytorch_csv import load

WIDTH, ROWS, LONGEST_NAME = 6, 2, 80


class Ranks:
    """As many processes as the largest case has ranks, which carry out runs until one of them gets stuck or fails."""

    def __init__(self, folder, cases, first):
        self._folder, self._most = folder, max(len(case["rows"]) for case in cases)
        self._runs = [(case, name) for case in cases for name in case["files"]][first:]
        context = multiprocessing.get_context("spawn")
        self._done = context.Value("q", 0)
        self._at = [context.Array("c", LONGEST_NAME) for _ in range(self._most)]
        (folder / "meeting").unlink(missing_ok=True)
        self._processes = [
            context.Process(target=_rank, args=(rank, self._most, folder, self._runs, self._done, self._at), daemon=True) for rank in range(self._most)
        ]

    def run(self, patience):
        """How many runs were over before one got stuck or failed, and what it was; None for the latter where all were carried out."""
        for process in self._processes:
            process.start()
        seen, since = -1, time.monotonic()
        try:
            while True:
                done = self._done.value
                if done == len(self._runs):
                    return done, None
                if done != seen:
                    seen, since = done, time.monotonic()
                failed = [rank for rank, process in enumerate(self._processes) if process.exitcode not in (None, 0)]
                if failed:
                    return done, {"error": (self._folder / ("error-%d" % failed[0])).read_text()}
                limit = self._runs[done][0].get("patience", patience)
                # The processes have PyTorch to import before the first run.
                if time.monotonic() - since > limit + (120 if done == 0 else 0):
                    ranks = range(len(self._runs[done][0]["rows"]))
                    return done, {"stuck": {rank: self._at[rank].value.decode() or "before its first action" for rank in ranks}}
                time.sleep(0.02)
        finally:
            for process in self._processes:
                process.kill()
            for process in self._processes:
                process.join()


def main(folder):
    """Carries out all runs. What gets stuck or fails ends the processes, and others go on behind it."""
    # The ranks end with this process, however that ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    cases = json.loads((folder / "cases.json").read_text())
    runs = [(case, name) for case in cases for name in case["files"]]
    first = 0
    while first < len(runs):
        done, fault = Ranks(folder, cases, first).run(patience=60)
        first += done
        if fault is not None:
            _say(folder, {"case": runs[first][0]["name"], "format": runs[first][1], **fault})
            first += 1


def _rank(rank, ranks, folder, runs, done, at):
    try:
        torch.set_num_threads(1)
        distributed.init_process_group(
            "gloo", init_method=(folder / "meeting").as_uri(), rank=rank, world_size=ranks, timeout=timedelta(seconds=600))
        groups = {size: distributed.new_group(list(range(size))) for size in sorted({len(case["rows"]) for case, _ in runs})}
        named = schedules._get_profiler_function_name

        def noted(action):
            at[rank].value = str(action).encode()[:LONGEST_NAME]
            return named(action)

        schedules._get_profiler_function_name = noted
        for case, name in runs:
            size = len(case["rows"])
            at[rank].value = b""
            told = _run(rank, groups[size], case, folder / case["files"][name], folder, name) if rank < size else None
            gathered = [None] * ranks
            distributed.all_gather_object(gathered, told)
            if rank == 0:
                error = max(each["error"] for each in gathered if each)
                seconds = max(each["seconds"] for each in gathered if each)
                _say(folder, {"case": case["name"], "format": name, "error": error, "seconds": seconds})
                done.value += 1
    except BaseException:
        (folder / ("error-%d" % rank)).write_text(traceback.format_exc())
        raise


def _run(rank, group, case, path, folder, name):
    """The largest difference of a gradient of this rank from that of the whole model in one process, relative to the model's largest."""
    width, dtype = case.get("width", WIDTH), torch.float64
    torch.manual_seed(0)
    modules = [_module(layers, width).to(dtype) for layers in case["layers"]]
    microbatches = case["microbatches"]
    inputs = torch.randn(case.get("samples", ROWS) * microbatches, width, dtype=dtype)
    targets = torch.randn_like(inputs)
    expected = _expected(modules, inputs, targets, microbatches)
    own = case["rows"][rank]
    stages = [PipelineStage(modules[stage], stage, len(modules), torch.device("cpu"), group=group) for stage in own]
    schedule = load(str(path), stages, microbatches, nn.functional.mse_loss)
    given = ([inputs] if 0 in own else [], {"target": targets} if len(modules) - 1 in own else {})

    def step():
        for stage in own:
            modules[stage].zero_grad(set_to_none=True)
        begin = time.perf_counter()
        schedule.step(*given[0], **given[1])
        return time.perf_counter() - begin

    seconds = [step()]
    error = max(
        (parameter.grad - gradient).abs().max().item() for stage in own for parameter, gradient in zip(modules[stage].parameters(), expected[stage]))
    error /= max(gradient.abs().max().item() for stage in expected for gradient in stage)
    if case.get("steps"):
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
            for _ in range(case["steps"]):
                distributed.barrier(group)
                seconds.append(step())
        profile.export_chrome_trace(str(folder / ("%s-%s-rank%d.json" % (case["trace"], name, rank))))
    return {"error": error, "seconds": sorted(seconds)[len(seconds) // 2]}


def _module(layers, width):
    return nn.Sequential(*(part for _ in range(layers) for part in (nn.Linear(width, width), nn.Tanh())))


def _expected(modules, inputs, targets, microbatches):
    """By stage the gradients of the mean loss of all microbatches, which PyTorch's schedules compute too. Leaves every `.grad` empty."""
    whole = nn.Sequential(*modules)
    for value, target in zip(inputs.chunk(microbatches), targets.chunk(microbatches)):
        (nn.functional.mse_loss(whole(value), target) / microbatches).backward()
    gradients = [[parameter.grad for parameter in module.parameters()] for module in modules]
    whole.zero_grad(set_to_none=True)
    return gradients


def _say(folder, result):
    with open(folder / "results.jsonl", "a", encoding="utf-8") as file:
        file.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--version"]:
        print(torch.__version__)
    else:
        main(Path(sys.argv[1]))
