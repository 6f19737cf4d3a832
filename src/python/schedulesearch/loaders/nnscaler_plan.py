# mypy: no-warn-unused-ignores
"""An nnScaler plan from a stream of the format nnscaler: plan(graph, "schedule.json") in the place of a predefined schedule."""

from __future__ import annotations

import json
from typing import Any

from nnscaler.graph.schedule.schedplan import SchedulePlan  # type: ignore[import]
from nnscaler.graph.segment import IRSegment  # type: ignore[import]


def plan(graph: Any, path: str) -> Any:
    """The plan of a file.

    The graph must be staged into as many forward segments as there are stages, each on the device of its stage; else ``ValueError``.
    """
    with open(path, encoding="utf-8") as file:
        stream = json.load(file)
    forwards = [segment for segment in graph.select(ntype=IRSegment, flatten=False) if segment.isfw()]
    if len(forwards) != int(stream["settings"]["num_stages"]):
        raise ValueError("the graph has %d stages, the stream another number" % len(forwards))
    sched = SchedulePlan(graph, stream["microbatches"])
    for block in stream["blocks"]:
        segment = forwards[block["stage"]]
        # A block of several steps would have its sample loaded at its last one, after it has begun.
        sched.add_segment(segment.mirror if block["mirror"] else segment, block["microbatch"], step=block["step"], span=1)
    sched.finish()
    return sched
