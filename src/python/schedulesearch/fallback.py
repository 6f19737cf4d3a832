"""1F1B made locally, for when the service gives nothing: valid and within the memory limit, neither searched nor proved.

Stage s of S holds at most min(S - s, K) microbatches, where K is as large as the memory limits allow. A device with one stage takes in that
many, then alternates one backward and one forward, as in PipeDream and DAPPLE (arXiv:1806.03377, arXiv:2007.01045): on the placement
``linear``, unless memory is short, that is the service's schedule family ``1f1b``. A device with several stages carries out whichever
operation can start first, backwards before forwards and later stages before earlier ones.

No device ever waits in a circle, since no stage holds fewer microbatches than a later one: the oldest microbatch can always go on.
"""

from __future__ import annotations

import heapq
from typing import Dict, List, NamedTuple, Optional, Sequence, Set, Tuple

from .errors import Infeasible
from .pipeline import OPEN, Pipeline, is_known, lacking
from .placing import NAMES, pipelines_of
from .request import Request
from .schedule import FALLBACK, Schedule
from .streams import WRITERS, replay


class Operation(NamedTuple):
    """A forward or a fused backward of a stage on a microbatch."""

    is_backward: bool
    stage: int
    microbatch: int


Orders = List[List[Operation]]


def serves(request: Request) -> bool:
    """Whether there is a fallback for a request's format and placement, or one of the placements that its options allow."""
    names = request.placements
    may_be_made = request.placement != OPEN or names is None or any(name in NAMES for name in names)
    return request.format in WRITERS and is_known(request.profile) and may_be_made


def make(request: Request, reason: str) -> Schedule:
    """The fallback of a request that ``serves`` admits; where the placement is left open, on the first that fits, fewer chunks first.

    Raises ``InvalidRequest``, or ``Infeasible`` when no order fits the memory.
    """
    pipeline, in_flight = _first_that_fits(_allowed(request))
    timeline = replay(pipeline, _orders(pipeline, in_flight))
    objective = request.objective
    is_open = request.placement == OPEN
    shortened = in_flight < min(pipeline.stages, pipeline.microbatches)
    return Schedule(
        format=request.format,
        text=WRITERS[request.format](timeline, objective),
        source=FALLBACK,
        status=FALLBACK,
        method=f"1F1B, {in_flight} in flight to fit the memory" if shortened else "1F1B",
        objective=objective,
        makespan=pipeline.time.number(timeline.makespan),
        span=pipeline.time.number(timeline.span),
        reason=reason,
        placement=pipeline.placement if is_open else None,
        chunks=pipeline.chunks if is_open else None,
    )


def _allowed(request: Request) -> List[Pipeline]:
    """The pipelines of a request, those only that its options let the service choose. Raises ``Infeasible`` when there is none."""
    pipelines = pipelines_of(request.profile)
    names = request.placements
    if names is None:
        return pipelines
    allowed = [pipeline for pipeline in pipelines if pipeline.placement in names]
    if not allowed:
        raise Infeasible("None of the placements that the options allow can be made locally.", {"$.options.placements": [", ".join(map(str, names))]})
    return allowed


def _first_that_fits(pipelines: Sequence[Pipeline]) -> Tuple[Pipeline, int]:
    """A pipeline and its K."""
    misfits: List[Infeasible] = []
    for pipeline in pipelines:
        try:
            return pipeline, _in_flight(pipeline)
        except Infeasible as misfit:
            misfits.append(misfit)
    raise misfits[0]


def _in_flight(pipeline: Pipeline) -> int:
    """K: the most microbatches in flight that fit every device. Raises ``Infeasible`` when not even one does."""
    most = min(pipeline.stages, pipeline.microbatches)
    if pipeline.limit is None:
        return most
    for device in range(pipeline.devices):
        while pipeline.held(device, most) > pipeline.limit[device]:
            if most == 1:
                raise lacking(pipeline, device)
            most -= 1
    return most


def _orders(pipeline: Pipeline, in_flight: int) -> Orders:
    held = [min(pipeline.stages - stage, in_flight) for stage in range(pipeline.stages)]
    if pipeline.stages > pipeline.devices:
        return _Race(pipeline, held).run()
    orders: Orders = [[] for _ in range(pipeline.devices)]
    for stage, device in enumerate(pipeline.stage_devices):
        orders[device] = _alternating(stage, held[stage], pipeline.microbatches)
    return orders


def _alternating(stage: int, held: int, microbatches: int) -> List[Operation]:
    order = [Operation(False, stage, microbatch) for microbatch in range(min(held - 1, microbatches))]
    for microbatch in range(microbatches):
        if microbatch + held - 1 < microbatches:
            order.append(Operation(False, stage, microbatch + held - 1))
        order.append(Operation(True, stage, microbatch))
    return order


class _Race:
    """Lets time run: of all operations that may be next, the one that can start first is carried out, on and on."""

    def __init__(self, pipeline: Pipeline, held: List[int]) -> None:
        self._pipeline = pipeline
        self._held = held
        self._free = [0] * pipeline.devices
        self._done = ([0] * pipeline.stages, [0] * pipeline.stages)
        self._ends: Dict[Operation, int] = {}
        self._offered: Set[Operation] = set()
        # Start, then what decides between equal starts.
        self._waiting: List[Tuple[int, bool, int, int]] = []

    def run(self) -> Orders:
        orders: Orders = [[] for _ in range(self._pipeline.devices)]
        self._offer(False, 0)
        while self._waiting:
            start, is_forward, negative_stage, microbatch = heapq.heappop(self._waiting)
            operation = Operation(not is_forward, -negative_stage, microbatch)
            device = self._pipeline.stage_devices[operation.stage]
            if start < self._free[device]:
                heapq.heappush(self._waiting, (self._free[device], is_forward, negative_stage, microbatch))
                continue
            orders[device].append(operation)
            self._carry_out(operation, device, start)
        return orders

    def _carry_out(self, operation: Operation, device: int, start: int) -> None:
        is_backward, stage, _ = operation
        durations = self._pipeline.backward if is_backward else self._pipeline.forward
        self._ends[operation] = self._free[device] = start + durations[stage]
        self._done[is_backward][stage] += 1
        self._offer(False, stage)
        self._offer(True, stage)
        self._offer(is_backward, stage - 1 if is_backward else stage + 1)

    def _offer(self, is_backward: bool, stage: int) -> None:
        """Puts a stage's next forward or backward in the race when nothing but its device is in its way."""
        if not 0 <= stage < self._pipeline.stages:
            return
        forwards, backwards = self._done[False][stage], self._done[True][stage]
        operation = Operation(is_backward, stage, backwards if is_backward else forwards)
        in_flight = forwards - backwards
        may = in_flight > 0 if is_backward else forwards < self._pipeline.microbatches and in_flight < self._held[stage]
        ready = self._ready(operation)
        if may and ready is not None and operation not in self._offered:
            self._offered.add(operation)
            start = max(ready, self._free[self._pipeline.stage_devices[stage]])
            heapq.heappush(self._waiting, (start, not is_backward, -stage, operation.microbatch))

    def _ready(self, operation: Operation) -> Optional[int]:
        """When the message arrives that an operation waits for; None while it has not been sent."""
        pipeline, stage = self._pipeline, operation.stage
        before = stage + 1 if operation.is_backward else stage - 1
        if not 0 <= before < pipeline.stages:
            return 0
        end = self._ends.get(operation._replace(stage=before))
        return None if end is None else end + pipeline.lag(before, stage)
