"""Answers of the service as lines for people."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

_GAP = "  "


def comparison_table(comparison: Mapping[str, Any]) -> str:
    """The schedules of a comparison, the best first, then the families that the profile does not admit, with the reason."""
    objective = str(comparison["objective"])
    bound = comparison.get("lowerBound")
    admitted = sorted((row for row in comparison["rows"] if row.get(objective) is not None), key=lambda row: float(row[objective]))
    lines = [["schedule", objective, "above bound", "bubble", "peak memory", "fits"]]
    lines += [
        [
            f"{row['name']} (searched, {row['status']})" if row["kind"] == "search" else row["name"],
            f"{row[objective]:g}",
            "" if not bound else f"{100 * (row[objective] - bound) / bound:.2f} %",
            f"{100 * row['bubbleRatio']:.1f} %",
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
        ["peak memory", ", ".join(f"{peak:g}" for peak in verification["peakMemory"])],
    ]
    return "\n".join([aligned(figures), *broken])


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


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Lines of as many cells each, in columns."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts: List[str] = [_GAP.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join(texts)
