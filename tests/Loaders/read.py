"""Reads a stream with its loader and prints what the runtime would be given: read.py FORMAT FILE."""

import os
import re
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
import runtimes


def deepspeed(path):
    from deepspeed.runtime.pipe import schedule
    from schedulesearch.loaders import deepspeed_schedule

    deepspeed_schedule.StoredSchedule.install(path)
    stream = schedule.TrainSchedule.stream
    for stage in range(len(stream["stages"])):
        stored = schedule.TrainSchedule(micro_batches=stream["microbatches"], stages=len(stream["stages"]), stage_id=stage)
        print(stored.num_pipe_buffers(), *(instruction.told for step in stored.steps() for instruction in step))


def jaxpp(path):
    from schedulesearch.loaders import jaxpp_schedule

    stored = jaxpp_schedule.StoredSchedule.load(path)
    print(stored.is_partial_bwd, *(stored.get_mpmd_idx(stage) for stage in range(stored.num_stages)))
    for tasks in stored.tasks(stored.stream["microbatches"]):
        print(*tasks)


def megatron_zb(path):
    from megatron.core.pipeline_parallel.zerobubble import runtime
    from schedulesearch.loaders import megatron_nodes

    megatron_nodes.install(path)
    for nodes in runtime.schedule_cache:
        print(*("%s%d.%d" % (node.type.name, node.microbatch, node.chunk) for node in nodes))


def nnscaler(path):
    from schedulesearch.loaders import nnscaler_plan

    plan = nnscaler_plan.plan(runtimes.IRGraph(2), path)
    assert plan.finished
    for block in plan.blocks:
        print(*block)


def _stages(path):
    """The stages of rank 0 as the file has them, and its microbatches."""
    with open(path, newline="") as file:
        rows = [set(re.findall(r"(\d+)F(\d+)", line)) for line in file]
    stages = {int(stage) for row in rows for stage, _ in row}
    own = sorted({int(stage) for stage, _ in rows[0]})
    return [runtimes.PipelineStage(Module(), stage, len(stages), None, group=(0, len(rows))) for stage in own], len({microbatch for _, microbatch in rows[0]})


class Module:
    def register_forward_hook(self, hook):
        pass


def pytorch(path):
    from schedulesearch.loaders import pytorch_csv

    for row in pytorch_csv.load(path, *_stages(path), None, overlap=lambda forward, backward: forward + "+" + backward).actions:
        print(*row)


def pytorch_comms(path):
    from schedulesearch.loaders import pytorch_csv

    schedule = pytorch_csv.load(path, *_stages(path), None)
    assert schedule.format == "compute_comms"
    for row in schedule.actions:
        print(*row)


globals()[sys.argv[1].replace("-", "_")](sys.argv[2])
