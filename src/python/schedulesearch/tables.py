"""Answers of the service as lines for people."""

from __future__ import annotations

import json
from typing import Any, List, Mapping, Sequence

_GAP = "  "

# Stages and kinds whose part of critical paths is shown.
_MOST_KINDS = 12

# Characters of an axis' value that is shown.
_LONGEST = 40

_CAUSES = {
    "warmUp": "warm-up",
    "coolDown": "cool-down",
    "input": "input",
    "communication": "communication",
    "memory": "memory",
    "lessWork": "less work than the busiest",
}


def comparison_table(comparison: Mapping[str, Any]) -> str:
    """The schedules of a comparison, the best first, then the families that the profile does not admit, with the reason."""
    objective = str(comparison["objective"])
    bound = comparison.get("lowerBound")
    admitted = sorted((row for row in comparison["rows"] if row.get(objective) is not None), key=lambda row: float(row[objective]))
    lines = [["schedule", objective, "above bound", "bubble", "mean idle", "peak memory", "fits"]]
    lines += [
        [
            f"{row['name']} (searched, {row['status']})" if row["kind"] == "search" else row["name"],
            f"{row[objective]:g}",
            "" if not bound else f"{100 * (row[objective] - bound) / bound:.2f} %",
            f"{100 * row['bubbleRatio']:.1f} %",
            f"{100 * row['meanIdle']:.1f} %" if "meanIdle" in row else "",
            f"{max(row['peakMemory']):g}",
            "yes" if row["fits"] else "no",
        ]
        for row in admitted
    ]
    others = [f"{row['name']}: {row.get('reason') or row.get('status')}" for row in comparison["rows"] if row.get(objective) is None]
    return "\n".join([aligned(lines), *others])


def verification_lines(verification: Mapping[str, Any]) -> str:
    """What an order costs, or where it breaks which rule."""
    broken = [f"device {one['device']}, position {one['position']}: {one['message']} ({one['rule']})" for one in verification["violations"]]
    if verification.get("makespan") is None:
        return "\n".join(broken)
    figures = [
        ["makespan", f"{verification['makespan']:g}"],
        ["span", f"{verification['span']:g}"],
        ["lower bound", f"{verification['lowerBound']:g}"],
        ["gap", f"{100 * verification['gap']:.2f} %"],
        ["bubble", f"{100 * verification['bubbleRatio']:.1f} %"],
        *_idle(verification),
        ["peak memory", ", ".join(f"{peak:g}" for peak in verification["peakMemory"])],
        *_critical_path(verification),
        *_searched(verification),
        *([["stored as", verification["id"]]] if "id" in verification else []),
    ]
    return "\n".join([aligned(figures), *broken])


def _critical_path(verification: Mapping[str, Any]) -> List[List[str]]:
    path = verification.get("criticalPath")
    if path is None:
        return []
    parts = [f"{kind} {time:g}" for kind, time in path["time"].items()]
    if path["communication"]:
        parts.append(f"communication {path['communication']:g}")
    return [["critical path", f"{path['length']:g}: {', '.join(parts)}"]]


def _searched(verification: Mapping[str, Any]) -> List[List[str]]:
    """The searched schedule of the same problem, and what the order loses beside it."""
    found = verification.get("searched")
    if found is None:
        return []
    kind = f"{found['status']}, {found['id']}" if found["isStored"] else "a first answer, not stored: solve searches on"
    value = found["span" if verification["objective"] == "span" else "makespan"]
    return [
        ["searched", f"{value:g} by {found['method']}, gap {100 * found['gap']:.2f} % ({kind})"],
        ["lost", f"{found['lost']:g}, {100 * found['lostShare']:.2f} %"],
    ]


def evaluation_table(answer: Mapping[str, Any]) -> str:
    """What replays of a schedule and of the families beside it took, then what is critical and what may take longer."""
    schedule = answer["schedule"]
    orders = [[f"{answer['replays']} replays, {answer['timeUnit']}", "planned", "mean", "p50", "p95", "p99", "slower in"]]
    orders += [
        [
            f"{order['name']}{' (the schedule)' if order is schedule else ''}",
            *(f"{order[name]:.6g}" for name in ("planned", "mean", "p50", "p95", "p99")),
            f"{100 * order['slower']:.1f} %" if "slower" in order else "",
        ]
        for order in [schedule, *answer["families"]]
    ]
    kinds = [["stage", "kind", "critical", "of the path"]]
    kinds += [
        [str(kind["stage"]), kind["op"], f"{100 * kind['critical']:.1f} %", f"{100 * kind['share']:.1f} %"]
        for kind in sorted(answer["operations"], key=lambda kind: -float(kind["share"]))[:_MOST_KINDS]
    ]
    slack = [["slack", "once", "each time", "critical"]]
    slack += [
        [f"device {device['device']}", *_slack(device), f"{100 * device['share']:.1f} % of the path"] for device in answer["devices"]
    ]
    slack += [
        [f"link {link['from']} to {link['to']}", *_slack(link), f"in {100 * link['critical']:.1f} %"] for link in answer["links"]
    ]
    return "\n".join([aligned(orders), "", aligned(kinds), "", aligned(slack)])


def import_table(answer: Mapping[str, Any]) -> str:
    """What operations of a run took, then how replays of its steps compare with them."""
    steps, fidelity, communication = answer["steps"], answer.get("fidelity"), answer.get("communication")
    durations = [["stage", "kind", "count", "median ms", "p95 ms", "varies by", "outliers"]]
    durations += [
        [
            str(one["stage"]),
            one["op"],
            str(one["count"]),
            f"{one['median']:.6g}",
            f"{one['p95']:.6g}",
            f"{100 * one['variation']:.1f} %",
            str(one["outliers"]),
        ]
        for one in answer["durations"]
    ]
    figures = [
        ["steps", f"{steps['used']} used, {steps['warmUp']} of warm-up, {steps['incomplete']} incomplete, {steps['replicas']} replicas"],
    ]
    if fidelity is not None:
        figures += [
            ["recorded step", f"{fidelity['recorded']:.6g} ms in the median, {fidelity['meanRecorded']:.6g} in the mean"],
            ["own durations replayed", f"off by {100 * fidelity['ownError']:.2f} % in the median"],
            ["medians replayed", f"{fidelity['medians']:.6g} ms, off by {100 * fidelity['mediansError']:+.2f} %"],
        ]
    if communication is not None:
        figures.append(["messages", f"{communication['median']:.4g} ms in the median, {communication['p95']:.4g} at p95"])
    if "memory" in answer:
        memory = answer["memory"]
        figures.append(["memory", f"{memory['fixed']:.4g} GiB and {memory['activation']:.4g} for each microbatch in flight"])
    return "\n".join([f"format {answer['format']}", "", aligned(durations), "", aligned(figures)])


def estimate_table(answer: Mapping[str, Any]) -> str:
    """The layers of an estimate, then the memory of each rank."""
    profile, parameters = answer["profile"], answer["parameters"]
    layers = [["layer", "count", "forward ms", "input ms", "weight ms", "activation GiB", "state GiB"]]
    layers += [
        [layer["name"], str(layer["count"]), *(f"{layer[name]:.4g}" for name in ("forward", "backwardInput", "backwardWeight", "activation", "weights"))]
        for layer in profile["layers"]
    ]
    ranks = [["rank", "layers", "in flight", "weights GiB", "gradients GiB", "optimizer GiB", "activation GiB", "total GiB", "fits"]]
    ranks += [
        [
            str(rank["rank"]),
            "+".join(map(str, rank["layers"])),
            "+".join(map(str, rank["inFlight"])),
            *(f"{rank[name]:.2f}" for name in ("weights", "gradients", "optimizer", "activation", "total")),
            "yes" if rank["fits"] else "no",
        ]
        for rank in answer["ranks"]
    ]
    head = f"{parameters['total']:,} parameters, {parameters['active']:,} active, on {answer['device']['name']}: an estimate"
    return "\n".join([head, "", aligned(layers), "", "1F1B, layers split evenly:", aligned(ranks)])


def _idle(answer: Mapping[str, Any]) -> List[List[str]]:
    """What an answer says of idle time; nothing where the service is of an earlier release."""
    if "meanIdle" not in answer:
        return []
    lines = [["mean idle", f"{100 * answer['meanIdle']:.1f} %"], ["limited by", str(answer["limitedBy"])]]
    for device, idle in enumerate(answer["idle"]):
        causes = [f"{_CAUSES.get(cause, cause)} {amount:g}" for cause, amount in idle["causes"].items() if amount > 0]
        lines.append([f"idle, device {device}", ", ".join(causes) or "0"])
    return lines


def sweep_table(sweep: Mapping[str, Any]) -> str:
    """The points of a sweep, those on the front marked."""
    axes = [str(axis) for axis in sweep["axes"]]
    lines = [[*axes, "objective", "gap", "peak memory", "mean idle", "front", "status"]]
    for point in sweep["points"]:
        values = [_short(point["values"].get(axis)) for axis in axes]
        if point.get("objective") is None:
            detail = (point.get("problem") or {}).get("detail")
            lines.append([*values, "", "", "", "", "", f"{point['status']}: {detail}" if detail else str(point["status"])])
            continue
        figures = [f"{point['objective']:g}", f"{100 * point['gap']:.2f} %", f"{point['peakMemory']:g}", f"{100 * point['meanIdle']:.1f} %"]
        lines.append([*values, *figures, "yes" if point["onFront"] else "", str(point["status"])])
    return aligned(lines)


def plans_table(answer: Mapping[str, Any]) -> str:
    """The plans of a model on a cluster, those that were searched first, then why the others are ruled out."""
    sizes = ("tensorParallel", "contextParallel", "pipelineParallel", "dataParallel", "microbatchSize", "chunks", "placement")
    figured = ["formula ms", "schedule ms", "sums ms", "iteration ms", "tokens/s", "memory GiB", "nodes", "layers", "id"]
    lines = [["t", "c", "p", "d", "b", "v", "placement", "m", *figured]]
    ruled_out = []
    for row in answer["plans"]:
        shape = [str(row[name]) for name in sizes]
        if not row["fits"]:
            named = " ".join(f"{name}={size}" for name, size in zip("tcpdbv", shape))
            ruled_out.append(f"{named} {shape[-1]}: {row['reason']}")
            continue
        figures = [f"{row[name]:.5g}" if name in row else "" for name in ("formulaTime", "makespan", "dataParallelTime", "iterationTime")]
        tokens = f"{row['tokensPerSecond']:.0f}" if "tokensPerSecond" in row else ""
        memory = f"{row.get('peakMemory', row['estimatedMemory']):.1f} of {row['deviceMemory']:g}"
        nodes = " ".join(map(str, row["nodes"]))
        layers = " ".join(map(str, row["split"]))
        lines.append([*shape, str(row["microbatches"]), *figures, tokens, memory, nodes, layers, str(row.get("id", ""))[:12]])
    head = f"{answer['devices']} devices, {len(answer['plans'])} plans, {answer['searched']} searched: an estimate"
    return "\n".join([head, "", aligned(lines), *(["", "ruled out:", *ruled_out] if ruled_out else [])])


def least_memory_lines(answer: Mapping[str, Any]) -> str:
    """The least limit, and how much is proved of it."""
    lines = [["target", f"{answer['target']:g}"]]
    if answer.get("limit") is not None:
        proved = "no smaller limit reaches it" if answer["status"] == "optimal" else f"up to {answer['tooLittle']:g} is proved to be too little"
        found = answer["found"]
        lines += [["limit", f"{answer['limit']:g} ({proved})"], ["objective", f"{found['objective']:g}"]]
        lines += [["placement", str(found["placement"])], ["id", str(found["id"])]]
    return aligned([*lines, ["limits tried", f"{len(answer['tried'])}"]])


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Lines of as many cells each, in columns."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts: List[str] = [_GAP.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join(texts)


def _slack(one: Mapping[str, Any]) -> Sequence[str]:
    return [f"{one['slack'][name]:.6g}" for name in ("once", "each")]
