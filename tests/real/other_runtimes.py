"""JaxPP's own schedules, nnScaler's own SchedulePlan and the zero-bubble scheduler's own nodes, with what they import stood in for where it is not theirs."""

import ast
import abc
import collections
import dataclasses
import enum
import typing

from sources import module, part


def jaxpp(source, path, loader):
    """The tasks of a stream, prepared as JaxPP's compiler does; how many there are."""
    types = module("jaxpp.types", MpmdIdx=typing.NewType("MpmdIdx", int), Enum=enum.Enum)
    exec(part(source.read("src/jaxpp/types.py"), "TaskType"), types.__dict__)
    text = source.read("src/jaxpp/schedules.py")
    names = {alias.name for node in ast.parse(text).body if isinstance(node, ast.ImportFrom) and node.module == "jaxpp.types" for alias in node.names}
    schedules = module(
        "jaxpp.schedules", text, dataclasses=dataclasses, dataclass=dataclasses.dataclass, field=dataclasses.field, ABCMeta=abc.ABCMeta,
        abstractmethod=abc.abstractmethod, defaultdict=collections.defaultdict, Any=typing.Any, Sequence=typing.Sequence,
        **{name: getattr(types, name) for name in names},
    )
    stored = loader("jaxpp_schedule").StoredSchedule.load(path)
    tasks = schedules.preprocess_schedule_tasks(stored.tasks(stored.stream["microbatches"]), first_stage_id=0, unpack_fused_tasks=False)
    return sum(map(len, tasks))


def megatron_zb(source, path, loader):
    """The nodes of a stream; how many there are. Every message has two ends."""
    folder = "megatron/core/pipeline_parallel/zerobubble/"
    module("megatron.core.pipeline_parallel.zerobubble.runtime", schedule_cache=None, is_auto_schedule=False)
    module(
        "megatron.core.pipeline_parallel.zerobubble.scheduler.graph", source.read(folder + "scheduler/graph.py"),
        dataclass=dataclasses.dataclass, Enum=enum.Enum, List=typing.List, Optional=typing.Optional,
    )
    ranks = loader("megatron_nodes").load(path)
    ends = collections.defaultdict(list)
    for node in (node for rank in ranks for node in rank if node.type.is_communication() and node.comm_pair_id is not None):
        ends[node.comm_pair_id].append(node)
    for pair in ends.values():
        assert len(pair) == 2 and pair[0].type.peer_type() == pair[1].type, pair
        assert pair[0].comm_peer_stage == pair[1].stage and pair[1].comm_peer_stage == pair[0].stage, pair
    return sum(map(len, ranks))


class _Cell:
    count = 0

    def __init__(self, *device):
        _Cell.count += 1
        self.device, self.cid, self.name = device, _Cell.count, type(self).__name__

    def isfw(self):
        return True


class _Segment(_Cell):
    def __init__(self, stage, rank, forward=None):
        super().__init__(rank)
        self.stage, self.forward, self.mirror = stage, forward, None
        if forward is None:
            self.mirror = _Segment(stage, rank, self)

    def isfw(self):
        return self.forward is None


class _Loader(_Cell):
    def __init__(self, feeds):
        super().__init__(*feeds.device)
        self.feeds = feeds


class _Adapter(_Cell):
    def __init__(self, sender, receiver):
        super().__init__(*sender.device, *receiver.device)
        self.sender, self.receiver = sender, receiver


class _Reducer(_Cell):
    pass


class _Graph:
    """A line of stages: the first takes samples, the last labels, and neighbours are joined by an adapter each way."""

    def __init__(self, ranks):
        forwards = [_Segment(stage, rank) for stage, rank in enumerate(ranks)]
        pairs = list(zip(forwards, forwards[1:]))
        ways = pairs + [(after.mirror, before.mirror) for before, after in pairs]
        self._cells = [
            *forwards, *(segment.mirror for segment in forwards), *(_Loader(segment) for segment in {forwards[0], forwards[-1]}),
            *(_Adapter(*way) for way in ways),
        ]
        self._ways = {way for way in ways} | {(segment, segment.mirror) for segment in forwards}

    def select(self, name=None, ntype=None, flatten=True):
        return [cell for cell in self._cells if isinstance(cell, ntype)]

    def depends(self, before, after):
        if isinstance(before, _Loader):
            return before.feeds is after
        if isinstance(before, _Adapter):
            return before.receiver is after
        if isinstance(after, _Adapter):
            return after.sender is before
        return (before, after) in self._ways

    def _bind_schedule(self, schedule):
        self.schedule = schedule


def nnscaler(source, path, loader, ranks, span=1):
    """The sequence that nnScaler makes of a stream's plan; how many blocks it has. `span` makes every block take so many steps."""
    module("nnscaler.graph.segment", IRSegment=_Segment)
    plans = module(
        "nnscaler.graph.schedule.schedplan", source.read("nnscaler/graph/schedule/schedplan.py"), Dict=typing.Dict, List=typing.List,
        Optional=typing.Optional, Tuple=typing.Tuple, Set=typing.Set, IRCell=_Cell, IRAdapter=_Adapter, IRWeightReducer=_Reducer, IRDataOperation=_Loader,
        IRGraph=_Graph, IRSegment=_Segment,
    )
    add = plans.SchedulePlan.add_segment
    plans.SchedulePlan.add_segment = lambda plan, segment, microbatch, step, span=1, longer=span: add(plan, segment, microbatch, step * longer, longer)
    graph = _Graph(ranks)
    plan = loader("nnscaler_plan").plan(graph, path)
    plan.apply()
    seen = set()
    for block in plan.nodes():
        cell = block.content
        if isinstance(cell, _Segment):
            needed = [other for other in graph._cells if isinstance(other, (_Loader, _Adapter)) and graph.depends(other, cell)]
            assert all((other, block.mid) in seen for other in needed), "%s begins before its sample or message is there" % block
        elif isinstance(cell, _Adapter):
            assert (cell.sender, block.mid) in seen, "%s is sent before it is made" % block
        seen.add((cell, block.mid))
    return len(seen)


def missing_flags(source, settings):
    """Which of the settings that begin with parallelism. torchtitan's ParallelismConfig does not have."""
    text = source.read("torchtitan/config/configs.py") or ""
    config = next((node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == "ParallelismConfig"), None)
    known = {node.target.id for node in config.body if isinstance(node, ast.AnnAssign)} if config else set()
    return sorted(name for name in settings if name.startswith("parallelism.") and name.partition(".")[2] not in known)
