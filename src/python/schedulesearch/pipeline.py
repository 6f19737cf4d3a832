"""The numbers of a profile, in integers, for the schedule that is made without the service."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Union

from .errors import Infeasible, InvalidRequest

_PLACEMENTS: Dict[str, Callable[[int, int], List[int]]] = {
    "linear": lambda devices, chunks: list(range(devices)),
    "interleaved": lambda devices, chunks: [stage % devices for stage in range(devices * chunks)],
    "v": lambda devices, chunks: _zigzag(devices, chunks),
    "wave": lambda devices, chunks: _zigzag(devices, chunks),
}
# The name that leaves the placement open.
OPEN = "best"

# The members that a layout made here covers: whatever else a profile has, nobody has shown it for. Pairs that may overlap need not.
_COVERS = frozenset(("name", "pipeline", "times", "memory", "overlap", "backward"))
_CHUNKS: Dict[str, Callable[[int], bool]] = {"linear": lambda v: v == 1, "v": lambda v: v == 2, "wave": lambda v: v % 2 == 0}


class Scale:
    """Decimals as integers: multiplied by the power of ten that makes all of them whole, so that sums are exact."""

    def __init__(self, numbers: Sequence[Decimal]) -> None:
        digits = max((-int(number.normalize().as_tuple().exponent) for number in numbers), default=0)
        self._factor = Decimal(10) ** max(0, digits)

    def ticks(self, number: Decimal) -> int:
        """The number as an integer."""
        return int(number * self._factor)

    def number(self, ticks: int) -> Union[int, float]:
        """The integer in the profile's own unit."""
        whole, part = divmod(ticks, int(self._factor))
        return float(Decimal(ticks) / self._factor) if part else whole


@dataclass(frozen=True)
class Pipeline:
    """A profile in integers: times in ticks and memory in units of the two scales.

    Attributes:
        growth: What a stage's backward holds beyond the activation while it runs: the part of ``memory.retained`` that exceeds it.
    """

    devices: int
    microbatches: int
    placement: str
    chunks: int
    stage_devices: List[int]
    forward: List[int]
    backward: List[int]
    latency: List[List[int]]
    activation: List[int]
    growth: List[int]
    limit: Optional[List[int]]
    time: Scale
    memory: Scale
    time_unit: str
    memory_unit: str

    @property
    def stages(self) -> int:
        return len(self.stage_devices)

    def held(self, device: int, in_flight: int) -> int:
        """The most that a device holds where stage s of S has at most min(S - s, in_flight) microbatches.

        When a stage's backward runs, that microbatch has left the stages after it.
        """
        own = self.stages_on(device)

        def most(after: int) -> int:
            return sum(min(self.stages - stage, in_flight - (stage > after)) * self.activation[stage] for stage in own)

        return max([most(self.stages), *(most(stage) + self.growth[stage] for stage in own)])

    def lag(self, sender: int, receiver: int) -> int:
        """Ticks that a message takes from a stage to a neighbour."""
        source, target = self.stage_devices[sender], self.stage_devices[receiver]
        return 0 if source == target else self.latency[source][target]

    def stages_on(self, device: int) -> List[int]:
        return [stage for stage, owner in enumerate(self.stage_devices) if owner == device]


def is_known(profile: Mapping[str, Any]) -> bool:
    """Whether a profile is one that can be laid out here.

    That is one pipe whose stages all have a backward, latency alone between devices, and no member that is not covered.
    """
    if any(value is not None for member, value in profile.items() if member not in _COVERS):
        return False
    times = profile.get("times")
    if isinstance(times, Mapping) and (isinstance(times.get("communication"), Mapping) or _has_frozen(times)):
        return False
    pipeline = profile.get("pipeline")
    if not isinstance(pipeline, Mapping):
        return True
    name = pipeline.get("placement", "linear")
    return not _has_two_pipes(pipeline) if name == "explicit" else name == OPEN or name in _PLACEMENTS


def pipeline_of(profile: Mapping[str, Any]) -> Pipeline:
    """Reads a profile of a placement that is known. Raises ``InvalidRequest`` or ``Infeasible``."""
    shape, times, memory = (member_of(profile, name) for name in ("pipeline", "times", "memory"))
    devices = count_of(shape, "devices")
    microbatches = count_of(shape, "microbatches")
    chunks = count_of(shape, "chunks", 1)
    placement = shape.get("placement", "linear")
    stage_devices = _layout(shape, placement, devices, chunks)
    stages = len(stage_devices)

    forward, inputs, weights = (numbers_of(times, "times", name, stages) for name in ("forward", "backwardInput", "backwardWeight"))
    # All backwards made here are fused.
    halves = [sum(both, Decimal(0)) for both in zip(inputs, weights)]
    whole = halves if times.get("backward") is None else numbers_of(times, "times", "backward", stages)
    latency = _matrix(times.get("communication", 0), devices)
    activation = numbers_of(memory, "memory", "activation", stages, 0 if "limit" not in memory and "total" not in memory else None)
    retained = numbers_of(memory, "memory", "retained", stages, 0)
    growth = [max(Decimal(0), kept - taken) for kept, taken in zip(retained, activation)]
    limit = _limit(memory, devices, stage_devices)
    time = Scale([*forward, *whole, *(lag for row in latency for lag in row)])
    units = Scale([*activation, *growth, *(limit or [])])
    return Pipeline(
        devices=devices,
        microbatches=microbatches,
        placement=placement,
        chunks=chunks,
        stage_devices=stage_devices,
        forward=[time.ticks(number) for number in forward],
        backward=[time.ticks(number) for number in whole],
        latency=[[time.ticks(lag) for lag in row] for row in latency],
        activation=[units.ticks(number) for number in activation],
        growth=[units.ticks(number) for number in growth],
        limit=None if limit is None else [units.ticks(number) for number in limit],
        time=time,
        memory=units,
        time_unit=times.get("unit", "ms"),
        memory_unit=memory.get("unit", "MiB"),
    )


def _layout(shape: Mapping[str, Any], placement: Any, devices: int, chunks: int) -> List[int]:
    if placement == "explicit":
        given = shape.get("stageDevices")
        if not isinstance(given, (list, tuple)) or set(given) != set(range(devices)):
            raise _wrong("pipeline.stageDevices", f"Must name the device of each stage, each of the {devices} at least once.")
        if chunks != 1 and len(given) != devices * chunks:
            raise _wrong("pipeline.stageDevices", f"Has {len(given)} entries; leave chunks out, or give {devices * chunks}.")
        return list(given)
    found = layout_of(placement, devices, chunks)
    if found is None:
        raise _wrong("pipeline.chunks", f"{chunks} do not go with the placement {placement}.")
    return found


def layout_of(placement: str, devices: int, chunks: int) -> Optional[List[int]]:
    """The device of each stage on a placement that has a name; None when it does not take so many chunks."""
    return _PLACEMENTS[placement](devices, chunks) if _CHUNKS.get(placement, lambda _: True)(chunks) else None


def _has_frozen(times: Mapping[str, Any]) -> bool:
    """Whether the first stage's gradients take no time, so that it has none."""
    given = [times.get(name) for name in ("backwardInput", "backwardWeight")]
    return all((value[0] if isinstance(value, (list, tuple)) and value else value) == 0 for value in given)


def _has_two_pipes(shape: Mapping[str, Any]) -> bool:
    """Two lists of devices, or one list as long as two."""
    given, devices, chunks = shape.get("stageDevices"), shape.get("devices"), shape.get("chunks", 1)
    if not isinstance(given, (list, tuple)) or not given:
        return False
    return isinstance(given[0], (list, tuple)) or (isinstance(devices, int) and isinstance(chunks, int) and len(given) == 2 * devices * chunks)


def _zigzag(devices: int, chunks: int) -> List[int]:
    down = list(range(devices))
    return [device for chunk in range(chunks) for device in (down if chunk % 2 == 0 else down[::-1])]


def _limit(memory: Mapping[str, Any], devices: int, stage_devices: List[int]) -> Optional[List[Decimal]]:
    """What each device may hold of activations: the limit, or what the weights leave of the total."""
    if "total" not in memory:
        return numbers_of(memory, "memory", "limit", devices) if "limit" in memory else None
    weights = numbers_of(memory, "memory", "weights", len(stage_devices), 0)
    held = [sum((weight for weight, owner in zip(weights, stage_devices) if owner == device), Decimal(0)) for device in range(devices)]
    return [total - taken for total, taken in zip(numbers_of(memory, "memory", "total", devices), held)]


def member_of(profile: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section of a profile; an empty one for a profile without memory, or of layers. Raises ``InvalidRequest`` when it is no object."""
    value = profile.get(name)
    if value is None and (name == "memory" or profile.get("layers") is not None):
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(name, "Must be an object.")
    return value


def count_of(shape: Mapping[str, Any], name: str, default: Optional[int] = None) -> int:
    """A count of the pipeline's shape, from 1. Raises ``InvalidRequest``."""
    value = shape.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(f"pipeline.{name}", "Must be an integer of at least 1.")
    return value


def numbers_of(owner: Mapping[str, Any], path: str, name: str, count: int, default: Optional[int] = None) -> List[Decimal]:
    """What a member of a section says of each stage or device, of which there are ``count``. Raises ``InvalidRequest``."""
    value = owner.get(name, default)
    values = list(value) if isinstance(value, (list, tuple)) else [value] * count
    if len(values) != count:
        raise _wrong(f"{path}.{name}", f"Has {len(values)} numbers; give one, or {count}.")
    return [_number(f"{path}.{name}", item) for item in values]


def _matrix(value: Any, devices: int) -> List[List[Decimal]]:
    member = "times.communication"
    rows = value if isinstance(value, (list, tuple)) else [[value] * devices] * devices
    if len(rows) != devices or any(not isinstance(row, (list, tuple)) or len(row) != devices for row in rows):
        raise _wrong(member, f"Give one number, or {devices} rows of {devices}.")
    return [[_number(member, lag) for lag in row] for row in rows]


def _number(member: str, value: Any) -> Decimal:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1e12:
        raise _wrong(member, f"{value!r} is not a number from 0 to 10^12.")
    return Decimal(repr(value))


def _wrong(member: str, message: str) -> InvalidRequest:
    return InvalidRequest(f"{member}: {message}", {f"$.profile.{member}": [message]})


def lacking(pipeline: Pipeline, device: int) -> Infeasible:
    """Not even one microbatch fits."""
    assert pipeline.limit is not None
    least = pipeline.memory.number(pipeline.held(device, in_flight=1))
    limit = pipeline.memory.number(pipeline.limit[device])
    beyond = " with what is retained beyond them" if any(pipeline.growth[stage] for stage in pipeline.stages_on(device)) else ""
    message = f"Device {device} needs at least {least} in any order, the activations of its stages{beyond}; the limit is {limit}."
    return Infeasible(message, {"$.profile.memory.limit": [message]})
