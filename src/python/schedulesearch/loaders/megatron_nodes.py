# mypy: no-warn-unused-ignores
"""Lets the zero-bubble runtime run a stream of the format megatron-zb: install("schedule.json") after Megatron's arguments are set."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, List, Set

from megatron.core.pipeline_parallel.zerobubble import runtime  # type: ignore[import]
from megatron.core.pipeline_parallel.zerobubble.scheduler.graph import CommDirection, FuncType, ScheduledNode  # type: ignore[import]


def load(path: str) -> List[List[Any]]:
    """For each rank its nodes."""
    with open(path, encoding="utf-8") as file:
        stream = json.load(file)
    # Releases before activation offload know neither need_recompute nor should_offload.
    known = {field.name for field in dataclasses.fields(ScheduledNode)}
    return [[_node(told, known) for told in stage] for stage in stream["stages"]]


def install(path: str) -> None:
    """Takes the place of the runtime's own scheduler, for good."""
    runtime.schedule_cache = load(path)
    runtime.is_auto_schedule = True


def _node(told: Dict[str, Any], known: Set[str]) -> Any:
    values = {key: value for key, value in told.items() if key in known}
    values["type"] = FuncType[told["type"]]
    if told["comm_direction"] is not None:
        values["comm_direction"] = CommDirection[told["comm_direction"]]
    return ScheduledNode(**values)
