"""The few names of DeepSpeed, JaxPP, nnScaler, the zero-bubble runtime and PyTorch that the loaders use, standing in for the runtimes."""

import csv
import dataclasses
import enum
import re
import sys
import types


def _module(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        if parent not in sys.modules:
            _module(parent)
        setattr(sys.modules[parent], child, module)
    return module


class PipeSchedule:
    def __init__(self, micro_batches, stages, stage_id):
        self.micro_batches, self.stages, self.stage_id = micro_batches, stages, stage_id


def _instruction(name, has_buffer):
    def with_buffer(self, buffer_id):
        self.told = name + str(buffer_id)

    def without(self):
        self.told = name

    return type(name, (), {"__init__": with_buffer if has_buffer else without})


_module(
    "deepspeed.runtime.pipe.schedule",
    PipeSchedule=PipeSchedule,
    **{name: _instruction(name, False) for name in ("OptimizerStep", "ReduceGrads", "ReduceTiedGrads")},
    **{
        name: _instruction(name, True)
        for name in ("LoadMicroBatch", "ForwardPass", "BackwardPass", "SendActivation", "RecvActivation", "SendGrad", "RecvGrad")
    },
)


@dataclasses.dataclass
class BaseSchedule:
    num_stages: int

    def __post_init__(self):
        self.is_partial_bwd = False


class TaskType(enum.Enum):
    FWD = 1
    BWD = 2
    BWD_I = 3
    BWD_W = 4


class Task:
    @classmethod
    def make(cls, stage_id, mubatch_idx, task_type):
        return "%s_%d__%d" % (task_type.name, stage_id, mubatch_idx)


_module("jaxpp.schedules", BaseSchedule=BaseSchedule)
_module("jaxpp.types", Task=Task, TaskType=TaskType)

FuncType = enum.Enum(
    "FuncType",
    {
        name: name
        for name in (
            "F B W BW SEND_FORWARD RECV_FORWARD SEND_BACKWARD RECV_BACKWARD POST_VALIDATION SEND_POST_VALIDATION RECV_POST_VALIDATION"
        ).split()
    },
)
CommDirection = enum.Enum("CommDirection", {"NEXT": 0, "PREV": 1})


@dataclasses.dataclass
class ScheduledNode:
    type: FuncType
    stage: int
    microbatch: int
    chunk: int = 0
    seq_split_idx: int = 0
    layer_group_idx: int = None
    start_time: float = None
    completion_time: float = None
    recv_peer_stage: int = None
    send_peer_stage: int = None
    comm_direction: CommDirection = None
    comm_peer_stage: int = None
    comm_pair_id: int = None
    rollback: bool = False


_ZERO_BUBBLE = "megatron.core.pipeline_parallel.zerobubble"
_module(_ZERO_BUBBLE + ".runtime", schedule_cache=None, is_auto_schedule=False)
_module(_ZERO_BUBBLE + ".scheduler.graph", FuncType=FuncType, CommDirection=CommDirection, ScheduledNode=ScheduledNode)


class IRSegment:
    def __init__(self, name, mirror=None):
        self.name, self.mirror = name, mirror

    def isfw(self):
        return self.mirror is not None


class Graph:
    def __init__(self, stages):
        self.segments = [IRSegment("F%d" % stage, IRSegment("B%d" % stage)) for stage in range(stages)]

    def select(self, ntype, flatten):
        return self.segments + [segment.mirror for segment in self.segments]


class SchedulePlan:
    def __init__(self, graph, num_microbatches):
        self.blocks, self.finished = [], False

    def add_segment(self, seg, micro_batch_id, step, span=1):
        self.blocks.append((step, span, seg.name, micro_batch_id))

    def finish(self):
        self.finished = True


_module("nnscaler.graph.schedule.schedplan", SchedulePlan=SchedulePlan)
_module("nnscaler.graph.segment", IRSegment=IRSegment)


class _PipelineScheduleRuntime:
    _action = re.compile(r"(\d+)(F|I|B|W|UNSHARD|RESHARD|REDUCE_GRAD|SEND_F|RECV_F|SEND_B|RECV_B)(\d*)")
    _pair = re.compile(r"\((.*);(.*)\)OVERLAP_F_B")

    def __init__(self, stages, n_microbatches, loss_fn):
        self.format = None
        self.functions = {}

    def register_custom_function(self, computation_type, custom_function):
        self.functions[computation_type] = custom_function

    def _told(self, cell):
        pair = self._pair.fullmatch(cell)
        if pair:
            return self.functions["OVERLAP_F_B"](*map(self._told, pair.groups()))
        return "".join(self._action.fullmatch(cell).groups())

    def _load_csv(self, filename, format="compute_only"):
        self.format = format
        with open(filename, newline="") as file:
            self.actions = [[self._told(cell) for cell in row] for row in csv.reader(file)]


_module("torch.distributed.pipelining.schedules", _PipelineScheduleRuntime=_PipelineScheduleRuntime, OVERLAP_F_B="OVERLAP_F_B")
