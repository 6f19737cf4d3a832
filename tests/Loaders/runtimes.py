"""The few names of DeepSpeed, JaxPP, nnScaler, the zero-bubble runtime and PyTorch that the loaders use, standing in for the runtimes.

facts.json says what the runtimes' own source has under these names; tests hold the stand-ins against it, and tests/real-runtimes the source itself.
"""

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

    def steps(self):
        raise NotImplementedError

    def num_pipe_buffers(self):
        return self.micro_batches


class PipeInstruction:
    def __init__(self, **kwargs):
        self.kwargs = kwargs

    @property
    def told(self):
        return type(self).__name__ + "".join(map(str, self.kwargs.values()))


class BufferOpInstruction(PipeInstruction):
    def __init__(self, buffer_id, **kwargs):
        super().__init__(buffer_id=buffer_id, **kwargs)


_module(
    "deepspeed.runtime.pipe.schedule",
    PipeSchedule=PipeSchedule,
    **{name: type(name, (PipeInstruction,), {}) for name in ("OptimizerStep", "ReduceGrads", "ReduceTiedGrads")},
    **{
        name: type(name, (BufferOpInstruction,), {})
        for name in ("LoadMicroBatch", "ForwardPass", "BackwardPass", "SendActivation", "RecvActivation", "SendGrad", "RecvGrad")
    },
)


@dataclasses.dataclass(eq=True, frozen=True)
class BaseSchedule:
    num_stages: int
    is_partial_bwd: bool = dataclasses.field(default=False, init=False)

    def get_mpmd_idx(self, stage_id):
        return stage_id

    def tasks(self, n_mubatches):
        raise NotImplementedError


class TaskType(enum.Enum):
    FWD = 1
    BWD = 2
    BWD_I = 3
    BWD_W = 4


@dataclasses.dataclass(frozen=True)
class Task:
    stage_id: int
    mubatch_idx: int
    fwd_or_bwd: TaskType
    latency: int

    @classmethod
    def make(cls, stage_id, mubatch_idx, fwd_or_bwd, latency=None):
        return cls(stage_id, mubatch_idx, fwd_or_bwd, latency or 1)

    def __str__(self):
        return "%s_%d__%d" % (self.fwd_or_bwd.name, self.stage_id, self.mubatch_idx)


_module("jaxpp.types", TaskType=TaskType)
_module("jaxpp.schedules", BaseSchedule=BaseSchedule, Task=Task, TaskType=TaskType)

FuncType = enum.Enum(
    "FuncType",
    {
        name: name
        for name in (
            "F B W R BW SEND_FORWARD RECV_FORWARD SEND_BACKWARD RECV_BACKWARD POST_VALIDATION SEND_POST_VALIDATION RECV_POST_VALIDATION"
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
    need_recompute: bool = False
    should_offload: bool = False


_ZERO_BUBBLE = "megatron.core.pipeline_parallel.zerobubble"
_module(_ZERO_BUBBLE + ".runtime", schedule_cache=None, is_auto_schedule=False)
_module(_ZERO_BUBBLE + ".scheduler.graph", FuncType=FuncType, CommDirection=CommDirection, ScheduledNode=ScheduledNode)


class IRSegment:
    def __init__(self, name, mirror=None):
        self.name, self.mirror = name, mirror

    def isfw(self):
        return self.mirror is not None


class IRGraph:
    def __init__(self, stages):
        self.segments = [IRSegment("F%d" % stage, IRSegment("B%d" % stage)) for stage in range(stages)]

    def select(self, name=None, ntype=None, flatten=True):
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
_module("nnscaler.graph.graph", IRGraph=IRGraph)


class PipelineStage:
    """One of the stages of a rank, with as much of its own as the loader looks at."""

    def __init__(self, submodule, stage_index, num_stages, device, input_args=None, output_args=None, group=None, dw_builder=None):
        self.submod, self.stage_index, self.num_stages = submodule, stage_index, num_stages
        # The real ones ask the group.
        self.group_rank, self.group_size = group

    @property
    def is_first(self):
        return self.stage_index == 0

    @property
    def is_last(self):
        return self.stage_index == self.num_stages - 1


class PipelineScheduleMulti:
    _action = re.compile(r"(\d+)(F|I|B|W|UNSHARD|RESHARD|REDUCE_GRAD|SEND_F|RECV_F|SEND_B|RECV_B)(\d*)")
    _pair = re.compile(r"\((.*);(.*)\)OVERLAP_F_B")

    def __init__(
        self,
        stages,
        n_microbatches,
        loss_fn=None,
        args_chunk_spec=None,
        kwargs_chunk_spec=None,
        output_merge_spec=None,
        use_full_backward=None,
        scale_grads=True,
        backward_requires_autograd=True,
    ):
        self.format = None
        self.functions = {}

    def step(self, *args, target=None, losses=None, return_outputs=True, **kwargs):
        raise NotImplementedError


class _PipelineScheduleRuntime(PipelineScheduleMulti):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def register_custom_function(self, computation_type, custom_function):
        self.functions[computation_type] = custom_function

    def _told(self, cell):
        pair = self._pair.fullmatch(cell)
        if pair:
            return self.functions.get("OVERLAP_F_B", "{}|{}".format)(*map(self._told, pair.groups()))
        return "".join(self._action.fullmatch(cell).groups())

    def _load_csv(self, filename, format="compute_only"):
        self.format = format
        with open(filename, newline="") as file:
            self.actions = [[self._told(cell) for cell in row] for row in csv.reader(file)]


_module(
    "torch.distributed.pipelining.schedules",
    PipelineScheduleMulti=PipelineScheduleMulti,
    _PipelineScheduleRuntime=_PipelineScheduleRuntime,
    OVERLAP_F_B="OVERLAP_F_B",
    REDUCE_GRAD="REDUCE_GRAD",
)
_module("torch.distributed.pipelining.stage", PipelineStage=PipelineStage)
sys.modules["torch.distributed.pipelining"].PipelineStage = PipelineStage
