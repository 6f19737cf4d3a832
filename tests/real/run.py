"""tests/real-runtimes: see there."""

import argparse
import importlib
import json
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Loaders"), str(HERE.parent / "python"), str(HERE.parents[1] / "src" / "python")]

import facts
import report
import sources
from service_process import ServiceProcess

TORCHTITAN = {"runtime": "torchtitan", "repository": "https://github.com/pytorch/torchtitan", "facts": []}
UNEVEN = {"unit": "ms", "forward": [11.5, 11.0, 15.8], "backwardInput": [10.3, 9.9, 14.2], "backwardWeight": [9.2, 8.8, 12.6], "communication": 0.4}
LIMITED = {"limit": 2.5, "activation": 1}
EVEN = {"forward": 1, "backwardInput": 1, "backwardWeight": 1}


def case(name, devices, microbatches, times=EVEN, memory=None, placement=None, chunks=1, **options):
    pipeline = {"devices": devices, "microbatches": microbatches, "chunks": chunks, **({"placement": placement} if placement else {})}
    profile = {"pipeline": pipeline, "times": times, **({"memory": memory} if memory else {})}
    return name, profile, {"timeLimitSeconds": 3, **options}


CASES = {
    "deepspeed": [
        case("1f1b", 4, 8, family="1f1b"),
        case("eager-1f1b", 4, 8, {**EVEN, "communication": 1}, family="eager-1f1b"),
        case("searched, as reported", 3, 7, UNEVEN, LIMITED),
        case("searched, slow messages", 3, 6, {**EVEN, "communication": 5}),
        case("searched, m < p", 4, 2, {**EVEN, "communication": 0.5}),
    ],
    "jaxpp": [
        case("1f1b", 4, 8, family="1f1b"),
        case("zb-h1", 4, 8, family="zb-h1"),
        case("interleaved-1f1b", 4, 8, placement="interleaved", chunks=2, family="interleaved-1f1b"),
        case("zb-v", 4, 8, placement="v", chunks=2, family="zb-v"),
        case("searched, uneven", 3, 7, UNEVEN, LIMITED, splitBackward=False),
    ],
    "nnscaler": [
        case("1f1b", 4, 8, family="1f1b"),
        case("interleaved-1f1b", 4, 8, placement="interleaved", chunks=2, family="interleaved-1f1b"),
        case("searched, uneven", 3, 7, UNEVEN, LIMITED),
    ],
    "megatron-zb": [
        case("1f1b", 4, 8, family="1f1b"),
        case("zb-h1", 4, 8, family="zb-h1"),
        case("zb-v", 4, 8, placement="v", chunks=2, family="zb-v"),
        case("searched, uneven", 3, 7, UNEVEN, LIMITED),
    ],
    "torchtitan": [
        case("1f1b", 4, 8, family="1f1b"),
        case("interleaved-1f1b, 4 chunks", 4, 8, placement="interleaved", chunks=4, family="interleaved-1f1b"),
        case("zb-v", 4, 8, placement="v", chunks=2, family="zb-v"),
    ],
}


def deepspeed(source, path, settings):
    import deepspeed_engine

    schedule, engine = deepspeed_engine.load(source)
    _loader("deepspeed_schedule").StoredSchedule.install(path)
    error = deepspeed_engine.run(schedule, engine, int(settings["num_stages"]), int(settings["gradient_accumulation_steps"]))
    if error > 1e-9:
        raise AssertionError("gradients are off by %.3g of the largest" % error)
    if deepspeed_engine.control(schedule, engine) < 0.1:
        raise AssertionError("a gradient that is overwritten was not seen")
    return "gradients within %.0e of one process" % max(error, 1e-16)


def jaxpp(source, path, settings):
    import other_runtimes

    return "%d tasks prepared" % other_runtimes.jaxpp(source, path, _loader)


def nnscaler(source, path, settings):
    import other_runtimes

    ranks = json.loads(Path(path).read_text())["placement"]["ranksOfStages"][0]
    told = other_runtimes.nnscaler(source, path, _loader, ranks)
    try:
        other_runtimes.nnscaler(source, path, _loader, ranks, span=2)
    except AssertionError:
        return "%d blocks in sequence; with spans of two a sample would be late" % told
    raise AssertionError("spans of two were not seen to be wrong")


def megatron_zb(source, path, settings):
    import other_runtimes

    return "%d nodes" % other_runtimes.megatron_zb(source, path, _loader)


def torchtitan(source, path, settings):
    import other_runtimes

    missing = other_runtimes.missing_flags(source, settings)
    if missing:
        raise AssertionError("there are no " + ", ".join(missing))
    return "%d flags known" % sum(name.startswith("parallelism.") for name in settings)


def _loader(name):
    """A loader, imported anew, since its runtime was."""
    sys.modules.pop("schedulesearch.loaders." + name, None)
    return importlib.import_module("schedulesearch.loaders." + name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=Path)
    folder_of = parser.parse_args().sources
    rows, failed = [], 0
    with ServiceProcess() as service, tempfile.TemporaryDirectory() as work:
        for runtime in [*facts.FACTS, TORCHTITAN]:
            name = runtime["runtime"]
            try:
                source = sources.Source(runtime["repository"], Path(work, name), folder_of and folder_of / name)
            except sources.Unavailable as why:
                print("%s: skipped: %s" % (name, why), flush=True)
                rows.append((name, "", "", "skipped: its source could not be had"))
                continue
            for title, work_of in [("names and parameters", None), *((given[0], given) for given in CASES.get(name, ()))]:
                try:
                    told = _facts(runtime, source) if work_of is None else _run(service, source, name, work_of, work)
                except Exception as error:
                    failed += 1
                    told = "FAILED: %s" % (" ".join(str(error).split()) or type(error).__name__)
                if told:
                    print("%s: %s: %s" % (name, title, told), flush=True)
                    rows.append((name, "%s (%s)" % (source.commit[:10], source.date), title, told))
    _write(rows)
    print("%d passed, %d failed, %d skipped" % (sum("skipped" not in row[3] for row in rows) - failed, failed, sum("skipped" in row[3] for row in rows)))
    return 1 if failed else 0


def _facts(runtime, source):
    if not runtime["facts"]:
        return ""
    differences = facts.differences(runtime, source.read)
    if differences:
        raise AssertionError("; ".join(differences))
    return "as the stand-ins have them"


def _run(service, source, runtime, given, work):
    title, profile, options = given
    answer = service.call("/schedules/solve", {"profile": profile, "options": {**options, "runtime": runtime}})
    launch = answer["launch"]
    if "refused" in launch:
        raise AssertionError(launch["refused"])
    path = Path(work, "stream")
    with urllib.request.urlopen(service.url + launch["instructions"], timeout=60) as response:
        path.write_bytes(response.read())
    return globals()[runtime.replace("-", "_")](source, str(path), launch["settings"])


def _write(rows):
    report.put(
        "## The runtimes' own code",
        "Written by `tests/real-runtimes`: the streams of this service in the code of the runtimes, as far as it imports without an accelerator.\n"
        "DeepSpeed runs its own pipe engine's instructions on PyTorch, a thread for each stage; nnScaler makes its own sequence; JaxPP prepares its own tasks.",
        ("runtime", "its commit", "what ran", "result"), rows,
    )


if __name__ == "__main__":
    sys.exit(main())
