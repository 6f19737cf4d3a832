"""Answers of the service as lines for people."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence

_GAP = "  "

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
    ]
    return "\n".join([aligned(figures), *broken])


def _idle(answer: Mapping[str, Any]) -> List[List[str]]:
    """What an answer says of idle time; nothing where the service is of an earlier release."""
    if "meanIdle" not in answer:
        return []
    lines = [["mean idle", f"{100 * answer['meanIdle']:.1f} %"], ["limited by", str(answer["limitedBy"])]]
    for device, idle in enumerate(answer["idle"]):
        causes = [f"{_CAUSES.get(cause, cause)} {amount:g}" for cause, amount in idle["causes"].items() if amount > 0]
        lines.append([f"idle, device {device}", ", ".join(causes) or "0"])
    return lines


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Lines of as many cells each, in columns."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts: List[str] = [_GAP.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join(texts)
