"""tests/real-pytorch: see there."""

import argparse
import json
import math
import re
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parents[1] / "src" / "python"
sys.path[:0] = [str(HERE), str(HERE.parent / "Loaders"), str(HERE.parent / "python"), str(PYTHON)]

import debian_tree
import facts
import pytorch_trip
import report
from service_process import ServiceProcess

from schedulesearch.traces import import_trace

FORMATS = ("pytorch", "pytorch-comms")
CLOSE = 1e-9
# By ranks, microbatches: fewer than ranks, a multiple, and no multiple.
MICROBATCHES = {2: (1, 4, 5), 4: (3, 8, 9), 8: (5, 16, 17)}
CHUNKS = {"linear": (1,), "interleaved": (2,), "v": (2,), "wave": (2, 4), "bidirectional": (1,)}
WORKER = HERE / "pytorch_worker.py"


class Refused(Exception):
    """The service gives no such stream. The message says why."""


def profile(devices, microbatches, chunks=1, placement=None, seed=0, **more):
    """Stages that differ by a half, and messages that take a tenth."""
    stages = devices * chunks
    times = {
        "forward": [2 + (3 * stage + seed) % 4 / 2 for stage in range(stages)],
        "backwardInput": [2 + (5 * stage + seed) % 3 / 2 for stage in range(stages)],
        "backwardWeight": [1 + (7 * stage + seed) % 4 / 2 for stage in range(stages)],
        "communication": 0.25,
    }
    shape = {"devices": devices, "microbatches": microbatches, "chunks": chunks, "placement": placement or "linear"}
    return {"pipeline": shape, "times": times, **more}


def searched(devices):
    """Searched streams: title, profile, options."""
    few, even, odd = MICROBATCHES[devices]
    tight = {"activation": 1, "limit": 1.5}
    yield "searched, linear", profile(devices, odd), {}
    yield "searched, linear, m < p", profile(devices, few), {}
    yield "searched, little memory", profile(devices, odd, memory=tight), {}
    yield "searched, whole backwards", profile(devices, even), {"splitBackward": False}
    yield "searched, interleaved", profile(devices, odd, 2, "interleaved"), {}
    yield "searched, v", profile(devices, odd, 2, "v", memory={"activation": 1, "limit": devices + 1}), {}
    yield "searched, wave", profile(devices, even, 2 if devices == 8 else 4, "wave"), {}
    yield "searched, span", profile(devices, odd), {"objective": "span"}
    yield "searched, pairs that overlap", profile(devices, even, 2, "v", overlap={"gain": 0.5}), {}
    uneven = profile(devices, even)
    uneven["pipeline"] = {"devices": devices, "microbatches": even, "placement": "explicit", "stageDevices": [*range(devices), *range(devices // 2)]}
    uneven["times"] = {"forward": 1, "backwardInput": 1, "backwardWeight": 1, "communication": 0.25}
    yield "searched, unequally many stages on ranks", uneven, {}


class Streams:
    """The streams that the service gives, and what it refuses."""

    def __init__(self, service, folder, version):
        self._service, self._folder, self._version = service, folder, version

    def case(self, title, given, options, **more):
        """A case of the worker, its streams written to files."""
        answer = self._solved(given, options)
        # An answer that was waited for has no launch; then the stream says what it is refused for.
        if "refused" in (answer.get("launch") or {}):
            raise Refused(answer["launch"]["refused"])
        number = len(list(self._folder.glob("*.csv")))
        files = {name: "%d-%s.csv" % (number, name) for name in FORMATS}
        for name, file in files.items():
            self._folder.joinpath(file).write_bytes(self._fetch("/schedules/%s/instructions?format=%s&version=%s" % (answer["id"], name, self._version)))
        text = self._folder.joinpath(files["pytorch"]).read_text()
        rows = [sorted({int(stage) for stage in re.findall(r"(\d+)[FIBW]\d", row)}) for row in text.splitlines()]
        stages = sum(len(row) for row in rows)
        return {
            "name": title, "p": len(rows), "microbatches": given["pipeline"]["microbatches"], "rows": rows, "files": files, "pairs": "OVERLAP_F_B" in text,
            "layers": [1 + stage % 3 for stage in range(stages)], "id": answer["id"], **more,
        }

    def _solved(self, given, options):
        try:
            return self._searched(given, options)
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            raise Refused(" ".join(message for messages in problem.get("errors", {"": [problem.get("detail")]}).values() for message in messages)) from refused

    def _searched(self, given, options):
        answer = self._service.call("/schedules/solve", {"profile": given, "options": {"timeLimitSeconds": 2, "runtime": "pytorch", **options}})
        while answer["status"] in ("queued", "running"):
            time.sleep(0.1)
            answer = self._service.call("/schedules/" + answer["id"])
        return answer

    def _fetch(self, path):
        try:
            return self._read(path)
        except urllib.error.HTTPError as refused:
            raise Refused(json.load(refused).get("detail")) from refused

    def _read(self, path):
        with urllib.request.urlopen(self._service.url + path, timeout=60) as response:
            return response.read()


def cases_of(service, streams):
    """All cases, and by title what the service refuses."""
    cases, refused = [], defaultdict(Counter)
    families = service.call("/families")
    for devices, counts in MICROBATCHES.items():
        asked = [
            (family["name"], profile(devices, microbatches, chunks, family["placement"], **({"overlap": {"gain": 0.5}} if with_pairs else {})),
             {"family": family["name"], "splitBackward": True})
            for family in families for chunks in CHUNKS[family["placement"]] for microbatches in counts
            for with_pairs in ((False, True) if family["name"].startswith("dualpipe") else (False,))
        ]
        for title, given, options in [*asked, *searched(devices)]:
            try:
                cases.append(streams.case(title, given, options))
            except Refused as why:
                refused[title][str(why)] += 1
    return cases, refused


def traced(streams):
    """Runs whose traces are imported, of stages that take some milliseconds."""
    for title, given, options in [
        ("1f1b", profile(2, 6), {"family": "1f1b"}),
        ("zb-h1", profile(2, 6), {"family": "zb-h1"}),
        ("zb-v", profile(2, 6, 2, "v"), {"family": "zb-v"}),
        ("searched, uneven", profile(2, 5), {}),
    ]:
        yield streams.case(title, given, options, steps=4, width=192, samples=64, trace=title.split(",")[0])


def stuck(streams):
    """A stream of which a rank leaves out a message that the other waits for."""
    case = streams.case("a message left out", profile(2, 4), {"family": "1f1b"}, patience=10)
    path = streams._folder / case["files"]["pytorch-comms"]
    # Those before it would be taken for it, since PyTorch's messages have no names.
    path.write_text(path.read_text().replace("0SEND_F3,", ""))
    return {**case, "files": {"pytorch-comms": case["files"]["pytorch-comms"]}}


def imported(service, folder, case, name):
    """What the importer makes of the traces of a run."""
    answer = import_trace(
        sorted(folder.glob("%s-%s-rank*.json" % (case["trace"], name))), name=case["name"], warm_up_steps=1, time_unit="ms", url=service.url)
    times, shape = answer["profile"]["times"], answer["profile"]["pipeline"]
    if (shape["devices"], shape["microbatches"]) != (case["p"], case["microbatches"]):
        raise AssertionError("the trace was taken for %s" % shape)
    if min(min(times[member]) for member in ("forward", "backwardInput")) <= 0:
        raise AssertionError("an operation takes no time: %s" % times)
    return answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tree", type=Path, default=Path.home() / ".cache" / "schedulesearch" / "pytorch")
    parser.add_argument("--suite")
    parser.add_argument("--python")
    parser.add_argument("--round-trip", action="store_true")
    given = parser.parse_args()
    try:
        runtime = debian_tree.Interpreter(given.python) if given.python else debian_tree.Tree(given.tree.resolve(), given.suite)
    except debian_tree.Unavailable as why:
        print("skipped: " + str(why))
        return 0
    version = runtime.python([WORKER, "--version"], [PYTHON, HERE]).stdout.split()[-1]
    print("PyTorch " + version, flush=True)
    with ServiceProcess() as service, tempfile.TemporaryDirectory() as work:
        if given.round_trip:
            return pytorch_trip.run(service, runtime, Path(work), version, [PYTHON, HERE, Path(work)])
        return run(service, runtime, Path(work), version)


def run(service, runtime, folder, version):
    streams = Streams(service, folder, ".".join(version.split(".")[:2]))
    cases, refused = cases_of(service, streams)
    with_traces, control = list(traced(streams)), stuck(streams)
    everything = [*cases, *with_traces, control]
    (folder / "cases.json").write_text(json.dumps(everything))
    begun = time.monotonic()
    print("%d streams, %d runs" % (len(everything), sum(len(case["files"]) for case in everything)), flush=True)
    ended = runtime.python([WORKER, folder], [PYTHON, HERE, folder])
    results = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]
    if ended.returncode != 0 or len(results) != sum(len(case["files"]) for case in everything):
        print(ended.stderr[-4000:])
        raise SystemExit("the worker ended after %d runs" % len(results))
    told = iter(results)
    rows, faults = [], []
    by_case = [(case, {name: next(told) for name in case["files"]}) for case in everything]
    summed = defaultdict(list)
    for case, each in by_case[:len(cases)]:
        summed[case["name"]].append((case, each))
        faults += ["%s, p=%d, m=%d, %s: %s" % (case["name"], case["p"], case["microbatches"], name, why)
                   for name, result in each.items() if (why := _fault(result))]
    for title, runs in summed.items():
        rows.append((title, *_counted(runs), _told(runs), _refusals(refused.get(title))))
    rows += [(title, "", "", "none", _refusals(whys)) for title, whys in refused.items() if title not in summed]
    for case, each in by_case[len(cases):-1]:
        for name, result in each.items():
            why = _fault(result)
            told_of = why or _import(service, folder, case, name)
            faults += [told_of] if why or told_of.startswith("FAILED") else []
            rows.append(("%s, traced, %s" % (case["name"], name), case["p"], case["microbatches"], told_of, ""))
    hung = by_case[-1][1]["pytorch-comms"]
    named = ", ".join("rank %s at %s" % item for item in hung.get("stuck", {}).items())
    if "rank 1 at 1F3" not in named:
        faults.append("a message that is left out was not seen: %s" % hung)
    rows.append(("names and parameters", "", "", _names(runtime), ""))
    for variant, told_of, wrong in pytorch_trip.kinds(service, runtime, folder, [PYTHON, HERE, folder]):
        faults += wrong
        rows.append(("`measure`, %s stages" % variant, 2, 6, told_of, ""))
    rows.append(("1f1b with one message left out, on purpose", 2, 4, "given up after %d s: %s" % (control["patience"], named), ""))
    pairs = sum(len(case["files"]) for case in cases if case["pairs"])
    passed = sum(_fault(result) is None for _, each in by_case[:-1] for result in each.values())
    report.put(
        "## PyTorch",
        "Written by `tests/real-pytorch`: PyTorch %s of Debian, `torch.distributed.pipelining` on CPU with gloo, a process for each rank.\n"
        "Each stream ran in both formats, `pytorch` and `pytorch-comms`, through the loader; %d of the runs have `OVERLAP_F_B`. Stages have one to three\n"
        "layers, and gradients are those of the whole model in one process, in float64. %d runs in %d s." % (version, pairs, passed, time.monotonic() - begun),
        ("stream", "p", "m", "result", "not carried"), rows,
    )
    for fault in faults:
        print("FAILED: " + fault)
    print("%d passed, %d failed" % (passed, len(faults)))
    return 1 if faults else 0


def _names(runtime):
    """Whether the stand-ins of the tests have what this PyTorch's source has. Another release may have more: whether streams run says the rest."""
    found = facts.differences(next(each for each in facts.FACTS if each["runtime"] == "pytorch"), runtime.source)
    return "otherwise than the stand-ins have them: " + "; ".join(found) if found else "as the stand-ins have them"


def _fault(result):
    """What is wrong with a run; None for a right one."""
    if "stuck" in result:
        return "stuck: " + ", ".join("rank %s at %s" % item for item in result["stuck"].items())
    if "error" in result and isinstance(result["error"], str):
        return result["error"].strip().splitlines()[-1]
    return None if result["error"] <= CLOSE and math.isfinite(result["error"]) else "gradients are off by %.3g of the largest" % result["error"]


def _counted(runs):
    return tuple(", ".join(str(number) for number in sorted({case[member] for case, _ in runs})) for member in ("p", "microbatches"))


def _told(runs):
    results = [result for _, each in runs for result in each.values()]
    wrong = [why for result in results if (why := _fault(result))]
    if wrong:
        return "FAILED %d of %d: %s" % (len(wrong), len(results), wrong[0])
    return "%d runs, gradients within %.0e" % (len(results), max(1e-16, *(result["error"] for result in results)))


def _refusals(whys):
    """How many were refused, and why one of them was."""
    return "%d: %s" % (sum(whys.values()), next(iter(whys))) if whys else ""


def _import(service, folder, case, name):
    try:
        answer = imported(service, folder, case, name)
    except Exception as error:
        return "FAILED: its traces: %s" % error
    return "traces of %d steps imported, replayed with their own durations within %.1f %%" % (case["steps"] - 1, 100 * answer["fidelity"]["ownError"])


if __name__ == "__main__":
    sys.exit(main())
