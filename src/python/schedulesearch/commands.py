"""What the commands do with their arguments. The schedule or the table goes to standard output, what is said of it to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from .batch import solve_batch
from .catalogues import examples, families
from .client import get_schedule
from .comparison import compare
from .errors import Infeasible, InvalidRequest
from .estimate import estimate
from .evaluation import evaluate
from .plan import plan, plan_cluster
from .request import read_object
from .research import research
from .sweeps import least_memory, sweep, sweep_as
from .tables import (
    aligned,
    comparison_table,
    estimate_table,
    evaluation_table,
    import_table,
    least_memory_lines,
    plans_table,
    sweep_table,
    verification_lines,
)
from .traces import import_trace
from .verification import verify


def run_solve(given: argparse.Namespace) -> None:
    """``solve``."""
    schedule = get_schedule(
        given.profile,
        options={**_options(given), **_robust(given)},
        format=given.format,
        version=given.version,
        output=given.output,
        timeout=given.timeout,
        fallback=given.fallback == "1f1b",
        url=given.url,
        api_key=given.key,
        rank=given.rank,
        cache=given.cache_folder != "",
        cache_folder=given.cache_folder,
    )
    if given.output is None:
        _print(schedule.text)
    where = f" -> {schedule.path}" if schedule.path else ""
    _say(f"{schedule.summary()} (from the {schedule.source}){where}")


def run_batch(given: argparse.Namespace) -> None:
    """``batch``."""
    results = solve_batch(
        _requests(Path(given.file)),
        options=_options(given),
        timeout=given.timeout,
        devices=given.devices,
        url=given.url,
        api_key=given.key,
    )
    lines = "".join(json.dumps(result, separators=(",", ":")) + "\n" for result in results)
    if given.output is None:
        _print(lines)
    else:
        Path(given.output).write_text(lines, encoding="utf-8")
    solved = sum("makespan" in result for result in results)
    _say(f"{solved} of {len(results)} have a schedule")


def run_sweep(given: argparse.Namespace) -> None:
    """``sweep``."""
    found = sweep(given.request, timeout=given.timeout, key=given.sweep_key, url=given.url, api_key=given.key)
    if given.output is None:
        _print(_json(found) if given.json else sweep_table(found) + "\n")
    else:
        output = Path(given.output)
        form = "svg" if output.suffix == ".svg" else "csv"
        is_json = given.json or output.suffix == ".json"
        text = _json(found) if is_json else sweep_as(str(found["id"]), form, timeout=given.timeout, url=given.url, api_key=given.key)
        output.write_text(text, encoding="utf-8", newline="")
    solved = sum("objective" in point for point in found["points"])
    _say(f"{solved} of {len(found['points'])} points have a schedule, {sum(point['onFront'] for point in found['points'])} are on the front")


def run_least_memory(given: argparse.Namespace) -> None:
    """``least-memory``. Raises ``Infeasible`` where no schedule was found that reaches it."""
    found = least_memory(
        given.profile,
        makespan=given.makespan,
        within=given.within,
        options=_options(given),
        timeout=given.timeout,
        url=given.url,
        api_key=given.key,
    )
    _print(_json(found) if given.json else least_memory_lines(found) + "\n")
    if found.get("limit") is None:
        raise Infeasible(f"No schedule was found that reaches {found['target']:g}.")


def run_compare(given: argparse.Namespace) -> None:
    """``compare``."""
    comparison = compare(given.profile, options=_options(given), timeout=given.timeout, url=given.url, api_key=given.key)
    _print(_json(comparison) if given.json else comparison_table(comparison) + "\n")


def run_plan(given: argparse.Namespace) -> None:
    """``plan``: of a profile's layers, or of a model on a cluster."""
    if "cluster" in read_object(given.profile):
        _run_plan_cluster(given)
        return
    found = plan(given.profile, layout=given.layout, options=_options(given), timeout=given.timeout, url=given.url, api_key=given.key)
    _print(_json(found if given.json else found["settings"]))
    schedule = found["schedule"]
    value = schedule["span"] if given.objective == "span" else schedule["makespan"]
    _say(f"{schedule['status']}: {value:g}, gap {100 * schedule['gap']:.3g} % over every split")


def _run_plan_cluster(given: argparse.Namespace) -> None:
    found = plan_cluster(given.profile, options=_options(given), timeout=given.timeout, url=given.url, api_key=given.key)
    _print(_json(found) if given.json else plans_table(found) + "\n")
    for note in found["notModelled"]:
        _say(note)
    if not found["searched"]:
        raise Infeasible("No plan has a schedule; each row says why.")


def run_verify(given: argparse.Namespace) -> None:
    """``verify``. Raises ``Infeasible`` for an order that breaks a rule."""
    verification = verify(
        given.profile, given.order, options=_options(given), store=given.store, timeout=given.timeout, url=given.url, api_key=given.key
    )
    _print(_json(verification) if given.json else verification_lines(verification) + "\n")
    broken = len(verification["violations"])
    if broken:
        raise Infeasible(f"The order breaks {broken} rule{'' if broken == 1 else 's'}.")
    _say("the order is valid")


def run_estimate(given: argparse.Namespace) -> None:
    """``estimate``."""
    answer = estimate(given.config, settings=_settings(given), timeout=given.timeout, url=given.url, api_key=given.key)
    _print(_json(answer) if given.json else estimate_table(answer) + "\n")
    if given.output is not None:
        Path(given.output).write_text(_json(answer["profile"]), encoding="utf-8")
    for warning in answer["warnings"]:
        _say(warning)


def run_evaluate(given: argparse.Namespace) -> None:
    """``evaluate``."""
    answer = evaluate(given.id, _evaluation(given), revision=given.revision, timeout=given.timeout, url=given.url, api_key=given.key)
    _print(_json(answer) if given.json else evaluation_table(answer) + "\n")


def run_research(given: argparse.Namespace) -> None:
    """``research``."""
    schedule = research(
        given.id,
        given.profile,
        options=_options(given),
        format=given.format,
        version=given.version,
        revision=given.revision,
        timeout=given.timeout,
        url=given.url,
        api_key=given.key,
    )
    if given.output is None:
        _print(schedule.text)
    else:
        Path(given.output).write_text(schedule.text, encoding="utf-8", newline="")
    _say(f"{schedule.summary()} (id {schedule.id})")


def run_import(given: argparse.Namespace) -> None:
    """``import``."""
    stated = {name: getattr(given, name) for name in ("devices", "microbatches", "chunks", "placement")}
    answer = import_trace(
        given.files,
        name=given.name,
        warm_up_steps=given.warm_up,
        time_unit=given.time_unit,
        pipeline={name: value for name, value in stated.items() if value is not None} or None,
        timeout=given.timeout,
        url=given.url,
        api_key=given.key,
    )
    _print(_json(answer) if given.json else import_table(answer) + "\n")
    if given.output is not None:
        Path(given.output).write_text(_json(answer["profile"]), encoding="utf-8")
    if given.samples is not None and "samples" not in answer:
        _say(f"{given.samples} is not written: the run has no samples.")
    elif given.samples is not None:
        Path(given.samples).write_text(_json({"noise": {"samples": answer["samples"]}}), encoding="utf-8")
    for sentence in [*answer["warnings"], *answer["untold"]]:
        _say(sentence)


def run_families(given: argparse.Namespace) -> None:
    """``families``."""
    found = families(timeout=given.timeout, url=given.url, api_key=given.key)
    lines = [["family", "placement", "conditions"], *([one["name"], one["placement"], one["conditions"]] for one in found)]
    _print(_json(found) if given.json else aligned(lines) + "\n")


def run_examples(given: argparse.Namespace) -> None:
    """``examples``: all of them, or the request of one, which ``solve`` takes."""
    found = examples(timeout=given.timeout, url=given.url, api_key=given.key)
    if given.name is None:
        _print(_json(found) if given.json else aligned([[one["name"], one["description"]] for one in found]) + "\n")
        return
    requests = [one["request"] for one in found if one["name"] == given.name]
    if not requests:
        raise InvalidRequest(f"There is no example {given.name!r}: use one of {', '.join(repr(one['name']) for one in found)}.")
    _print(_json(requests[0]))


def _requests(path: Path) -> List[Dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise InvalidRequest(f"{path} does not hold JSON lines: {error}.") from error


def _settings(given: argparse.Namespace) -> Dict[str, Any]:
    """The members of an estimate's body that arguments state."""
    efficiency, device = given.efficiency, given.device
    if efficiency is not None and device is None:
        raise InvalidRequest("--efficiency stands in the place of a device's own: give --device too.")
    pipeline = {"devices": given.pipeline_devices, "chunks": given.chunks, "microbatches": given.microbatches}
    stated = {name: value for name, value in pipeline.items() if value is not None}
    if (given.chunks or 1) > 1:
        stated["placement"] = "interleaved"
    named = {
        "sequence": given.sequence,
        "microbatchSize": given.microbatch_size,
        "device": device if efficiency is None else {"preset": device, "efficiency": efficiency},
        "pipeline": stated or None,
        "tensorParallel": given.tensor_parallel,
        "expertParallel": given.expert_parallel,
        "contextParallel": given.context_parallel,
        "dataParallel": given.data_parallel,
        "dtype": given.dtype,
        "attention": given.attention,
        "recompute": given.recompute,
        "optimizer": None if given.sharding is None else {"sharding": given.sharding},
    }
    return {name: value for name, value in named.items() if value is not None}


def _evaluation(given: argparse.Namespace) -> Dict[str, Any]:
    """The body of an evaluation: what the file holds, and above it what arguments state."""
    body = dict(read_object(given.request)) if given.request is not None else {}
    noise = _noise(given, body["noise"] if isinstance(body.get("noise"), dict) else {})
    named = {"replays": given.replays, "seed": given.seed, "families": False if given.alone else None, "noise": noise or None}
    return {**body, **{name: value for name, value in named.items() if value is not None}}


def _noise(given: argparse.Namespace, stated: Mapping[str, Any]) -> Dict[str, Any]:
    """What durations do: as stated, and above it what arguments state."""
    noise = dict(stated)
    named = {"operation": given.operation, "stage": given.stage, "microbatch": given.microbatch}
    noise.update({name: value for name, value in named.items() if value is not None})
    if given.slow:
        noise["slowDevices"] = [{"device": device, "factor": factor} for device, factor in map(_slow_device, given.slow)]
    if given.spikes is not None:
        noise["spikes"] = {"probability": given.spikes[0], "size": given.spikes[1]}
    return noise


def _robust(given: argparse.Namespace) -> Dict[str, Any]:
    """The options of a search under noise; none where nothing varies. A file has the noise, or a body of evaluate with it."""
    held: Mapping[str, Any] = read_object(given.noise) if given.noise is not None else {}
    inner = held.get("noise", held)
    if not isinstance(inner, Mapping):
        raise InvalidRequest(f"noise in {given.noise} must be an object.")
    noise = _noise(given, inner)
    named = {"noise": noise if noise or given.noise is not None else None, "statistic": given.statistic}
    return {name: value for name, value in named.items() if value is not None}


def _slow_device(text: str) -> Tuple[int, float]:
    device, _, factor = text.partition(":")
    try:
        return int(device), float(factor)
    except ValueError:
        raise InvalidRequest(f"--slow is {text!r}; it must look like 2:1.1, a device and its factor.") from None


def _options(given: argparse.Namespace) -> Dict[str, Any]:
    named = {
        "objective": given.objective,
        "timeLimitSeconds": getattr(given, "time_limit", None),
        "targetGap": getattr(given, "target_gap", None),
        "workLimit": getattr(given, "work_limit", None),
        "seed": getattr(given, "seed", None),
        "family": getattr(given, "family", None),
        "splitBackward": False if given.fused else None,
    }
    return {name: value for name, value in named.items() if value is not None}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _say(text: str) -> None:
    print(f"schedulesearch: {text}", file=sys.stderr)
