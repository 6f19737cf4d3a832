"""The round trip on PyTorch: profile, solve, run, trace, import, predict. And what measuring says of stages of several kinds."""

import json
import os
import urllib.request
from pathlib import Path
from statistics import median

import report

from schedulesearch.traces import import_trace

WORKER = Path(__file__).resolve().parent / "pytorch_trip_worker.py"
SHAPE = {"layers": 4, "hidden": 192, "sequence": 64, "batch": 4, "vocabulary": 1024}
# What a measurement has to say of stages of a kind.
VARIANTS = {"plain": "", "checkpointed": "Activation checkpointing", "compiled": "torch.compile"}


def measured(runtime, folder, folders, **more):
    """What `measure(runtime="pytorch")` finds on two ranks."""
    return _worker(runtime, folder, folders, "measure", {"shape": SHAPE, "ranks": 2, "microbatches": 6, "repetitions": 20, **more})


def kinds(service, runtime, folder, folders):
    """For each kind of stage what measuring says, and what is wrong with it."""
    for variant, word in VARIANTS.items():
        found = measured(runtime, folder, folders, variant=variant, repetitions=3)
        profile, notes = found["profile"], " ".join(found["notes"])
        faults = [] if word in notes and bool(word) == bool(notes) else ["measuring %s stages said: %s" % (variant, notes or "nothing")]
        answer = service.call("/schedules/solve", {"profile": profile, "options": {"timeLimitSeconds": 1}})
        chosen = (answer.get("with") or {}).get("backward.choose") or profile.get("backward", {}).get("choose") or "split"
        split = [first + second for first, second in zip(profile["times"]["backwardInput"], profile["times"]["backwardWeight"])]
        yield variant, "fused %s ms, in halves %s ms: %s is solved%s" % (
            _list(profile["times"]["backward"]), _list(split), chosen, ". " + notes if notes else ""), faults


def run(service, runtime, folder, version, folders):
    """Prints and writes the round trip. The exit code: 1 where more than 5 % are left unexplained."""
    load = os.getloadavg()[0]
    profile = measured(runtime, folder, folders)["profile"]
    answer = service.call("/schedules/solve", {"profile": profile, "options": {"timeLimitSeconds": 5, "runtime": "pytorch"}})
    family = service.call("/schedules/solve", {"profile": profile, "options": {"family": "1f1b", "splitBackward": False, "runtime": "pytorch"}})
    streams = {}
    for name, each in (("searched", answer), ("1f1b", family)):
        identifier = each.get("leader") or each["id"]
        path = "/schedules/%s/instructions?format=pytorch-comms&version=%s" % (identifier, ".".join(version.split(".")[:2]))
        streams[name] = name + ".csv"
        with urllib.request.urlopen(service.url + path, timeout=60) as response:
            (folder / streams[name]).write_bytes(response.read())
    trip = {"shape": SHAPE, "ranks": 2, "microbatches": 6, "streams": streams, "iterations": 15}
    times = _worker(runtime, folder, folders, "run", trip)
    imported = import_trace(sorted(folder.glob("trip-rank*.json")), name="traced", url=service.url)
    load = max(load, os.getloadavg()[0])
    rows = []
    for name, each in (("searched", answer), ("1f1b", family)):
        predicted, found = each["makespan"], median(times[name])
        rows.append((name, each["method"], "%.1f" % predicted, "%.1f" % found, "%+.1f %%" % (100 * (found / predicted - 1)), ""))
    # A step ends for all ranks with a barrier, and its trace tells what each operation took.
    traced, recorded = imported["fidelity"]["medians"], imported["fidelity"]["meanRecorded"]
    rows.append(("searched, by its own trace", answer["method"], "%.1f" % traced, "%.1f" % recorded, "%+.1f %%" % (100 * (recorded / traced - 1)), ""))
    excess = list(_excess(profile, imported, trip["microbatches"]))
    rows += excess
    for row in rows:
        print("  ".join(str(cell) for cell in row))
    report.put(
        "## Round trip on PyTorch",
        "Written by `tests/real-pytorch --round-trip`: PyTorch %s, two ranks of one thread, %d layers of width %d, 6 microbatches. Profiled by\n"
        "`measure(runtime=\"pytorch\")`, solved, run by `torch.distributed.pipelining`, traced by its profiler, imported, predicted anew. Milliseconds; the\n"
        "machine had %d cores and a load of %.1f."
        % (version, SHAPE["layers"], SHAPE["hidden"], os.cpu_count(), load),
        ("what", "schedule", "predicted", "measured", "difference", "of it, in all microbatches"), rows,
    )
    explained = abs(median(times["searched"]) / answer["makespan"] - 1) <= 0.05 or abs(recorded / traced - 1) <= 0.05
    print("1 passed, 0 failed" if explained else "0 passed, 1 failed")
    return 0 if explained else 1


def _excess(profile, imported, microbatches):
    """Operation by operation what it took within the run beyond what it was measured to take alone."""
    for each in imported["durations"]:
        alone = profile["times"][each["op"]][each["stage"]]
        yield (
            "stage %d, %s" % (each["stage"], each["op"]), "", "%.1f" % alone, "%.1f" % each["median"],
            "%+.1f %%" % (100 * (each["median"] / alone - 1)) if alone else "", "%+.1f ms" % (microbatches * (each["median"] - alone)))


def _worker(runtime, folder, folders, mode, trip):
    (folder / "trip.json").write_text(json.dumps(trip))
    (folder / "found.json").unlink(missing_ok=True)
    ended = runtime.python([WORKER, folder, mode], folders)
    if ended.returncode != 0:
        raise SystemExit(ended.stderr[-4000:])
    return json.loads((folder / "found.json").read_text())


def _list(numbers):
    return ", ".join("%.1f" % number for number in numbers)
