"""Times and instruction streams of an order of forwards and fused backwards, as the service would write them."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, List

from .pipeline import Pipeline

if TYPE_CHECKING:
    from .fallback import Operation, Orders


@dataclass(frozen=True)
class Timeline:
    """Orders with times: every operation as early as it can be."""

    pipeline: Pipeline
    orders: "Orders"
    sequence: "List[Operation]"
    """All operations, each after what it waits for."""
    starts: "Dict[Operation, int]"

    def end(self, operation: "Operation") -> int:
        durations = self.pipeline.backward if operation.is_backward else self.pipeline.forward
        return self.starts[operation] + durations[operation.stage]

    @property
    def makespan(self) -> int:
        return max(self.end(order[-1]) for order in self.orders) - min(self.starts[order[0]] for order in self.orders)

    @property
    def span(self) -> int:
        return max(self.end(order[-1]) - self.starts[order[0]] for order in self.orders)

    def peaks(self) -> List[int]:
        """The most memory that each device holds at once."""
        peaks = []
        for order in self.orders:
            held = peak = 0
            for operation in order:
                if operation.is_backward:
                    peak = max(peak, held + self.pipeline.growth[operation.stage])
                held += (-1 if operation.is_backward else 1) * self.pipeline.activation[operation.stage]
                peak = max(peak, held)
            peaks.append(peak)
        return peaks


def replay(pipeline: Pipeline, orders: "Orders") -> Timeline:
    """The times of an order. Raises ``RuntimeError`` when operations wait for each other in a circle: a defect of the order."""
    following = {order[place]: order[place + 1] for order in orders for place in range(len(order) - 1)}
    previous = {after: before for before, after in following.items()}
    known = {operation for order in orders for operation in order}
    waiting = {operation: len(_dependencies(pipeline, operation)) + (operation in previous) for operation in known}
    # The service counts its operations by microbatch, forwards up the stages and backwards down: ties go by that.
    ready = deque(sorted((operation for operation in known if waiting[operation] == 0), key=lambda operation: operation.microbatch))
    sequence: List[Any] = []
    starts: Dict[Any, int] = {}
    timeline = Timeline(pipeline, orders, sequence, starts)
    while ready:
        operation = ready.popleft()
        sequence.append(operation)
        before = previous.get(operation)
        start = 0 if before is None else timeline.end(before)
        for dependency in _dependencies(pipeline, operation):
            start = max(start, timeline.end(dependency) + pipeline.lag(dependency.stage, operation.stage))
        starts[operation] = start
        after = following.get(operation)
        for dependent in [*_dependents(pipeline, operation), *([] if after is None else [after])]:
            waiting[dependent] -= 1
            if waiting[dependent] == 0:
                ready.append(dependent)
    if len(sequence) < len(known):
        raise RuntimeError("The local schedule waits for itself.")
    return timeline


def _dependencies(pipeline: Pipeline, operation: "Operation") -> "List[Operation]":
    is_backward, stage, _ = operation
    if not is_backward:
        return [operation._replace(stage=stage - 1)] if stage > 0 else []
    own = operation._replace(is_backward=False)
    return [operation._replace(stage=stage + 1), own] if stage + 1 < pipeline.stages else [own]


def _dependents(pipeline: Pipeline, operation: "Operation") -> "List[Operation]":
    is_backward, stage, _ = operation
    if is_backward:
        return [operation._replace(stage=stage - 1)] if stage > 0 else []
    own = operation._replace(is_backward=True)
    return [operation._replace(stage=stage + 1), own] if stage + 1 < pipeline.stages else [own]


def _instructions(timeline: Timeline) -> List[List[Dict[str, Any]]]:
    """Each rank's operations, sends and receives, so that no rank waits for ever even where a send blocks until it is received.

    All ranks follow one global order, operations at their starts and transfers at their producers' ends.
    """
    pipeline = timeline.pipeline
    events = []
    for place, operation in enumerate(timeline.sequence):
        events.append((timeline.starts[operation], 2 * place, operation))
        events.append((timeline.end(operation), 2 * place + 1, operation))
    ranks: List[List[Dict[str, Any]]] = [[] for _ in range(pipeline.devices)]
    for _, place, operation in sorted(events):
        rank = pipeline.stage_devices[operation.stage]
        ids: Dict[str, Any] = {"stage": operation.stage, "microbatch": operation.microbatch}
        if place % 2 == 0:
            times = {"start": pipeline.time.number(timeline.starts[operation]), "end": pipeline.time.number(timeline.end(operation))}
            ranks[rank].append({"op": "backward" if operation.is_backward else "forward", **ids, **times})
            continue
        for dependent in _dependents(pipeline, operation):
            peer = pipeline.stage_devices[dependent.stage]
            if peer != rank:
                what = {"what": "gradient" if operation.is_backward else "activation", **ids}
                ranks[rank].append({"op": "send", "peer": peer, **what})
                ranks[peer].append({"op": "receive", "peer": rank, **what})
    return ranks


def _native(timeline: Timeline, objective: str) -> str:
    pipeline = timeline.pipeline
    document = {
        "format": "native",
        "version": 1,
        "id": None,
        "fallback": "1f1b",
        "timeUnit": pipeline.time_unit,
        "memoryUnit": pipeline.memory_unit,
        "microbatches": pipeline.microbatches,
        "placement": {"name": pipeline.placement, "ranksOfStages": [pipeline.stage_devices]},
        "objective": objective,
        "makespan": pipeline.time.number(timeline.makespan),
        "span": pipeline.time.number(timeline.span),
        "peakMemory": [pipeline.memory.number(peak) for peak in timeline.peaks()],
        "ranks": [{"rank": rank, "instructions": stream} for rank, stream in enumerate(_instructions(timeline))],
    }
    return json.dumps(document, separators=(",", ":"))


def _pytorch(timeline: Timeline, objective: str) -> str:
    rows = (",".join(f"{stage}{'B' if is_backward else 'F'}{microbatch}" for is_backward, stage, microbatch in order) for order in timeline.orders)
    return "".join(f"{row}\n" for row in rows)


WRITERS: Dict[str, Callable[[Timeline, str], str]] = {"native": _native, "pytorch": _pytorch}
"""Every format that is made locally, by its name."""
