"""An nnScaler plan from a stream of the format nnscaler: plan(graph, "schedule.json") in the place of a predefined schedule."""

import json

from nnscaler.graph.schedule.schedplan import SchedulePlan
from nnscaler.graph.segment import IRSegment


def plan(graph, path):
    """The graph must be staged into as many forward segments as there are stages, each on the device of its stage."""
    with open(path, encoding="utf-8") as file:
        stream = json.load(file)
    forwards = [segment for segment in graph.select(ntype=IRSegment, flatten=False) if segment.isfw()]
    if len(forwards) != int(stream["settings"]["num_stages"]):
        raise ValueError("the graph has %d stages, the stream another number" % len(forwards))
    sched = SchedulePlan(graph, stream["microbatches"])
    for block in stream["blocks"]:
        segment = forwards[block["stage"]]
        sched.add_segment(
            segment.mirror if block["mirror"] else segment, block["microbatch"], step=block["step"], span=block["span"]
        )
    sched.finish()
    return sched
