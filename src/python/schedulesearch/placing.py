"""What a profile that leaves its placement or more open stands for: the same profile with that closed one way or another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Dict, List, Mapping, Optional, Set, Tuple, Union

from .pipeline import OPEN, Pipeline, count_of, layout_of, member_of, numbers_of, pipeline_of

# Those of one pipe. Some take certain numbers of chunks only.
NAMES = ("linear", "interleaved", "v", "wave")

# What is stated for each stage, and adds up when stages become one.
_SUMMED = {"times": ("forward", "backwardInput", "backwardWeight", "backward"), "memory": ("activation", "retained", "weights")}

# The members that say nothing of stages, beside those two.
_APART = ("name", "mode", "pipeline", "times", "memory", "layers", "microbatchScale", "backward")


def closed(profile: Mapping[str, Any], alternative: Mapping[str, Any]) -> Optional[Dict[str, Any]]:
    """A profile with what it leaves open closed as an alternative of the service closes it. None and raises as ``placed``."""
    found: Optional[Dict[str, Any]] = dict(profile)
    if member_of(profile, "pipeline").get("placement") == OPEN:
        found = placed(profile, str(alternative["placement"]), int(alternative["chunks"]))
    if found is None:
        return None
    for member, value in (alternative.get("with") or {}).items():
        *sections, last = member.split(".")
        owner = found
        for section in sections:
            # What is left open without a word has no section.
            owner[section] = dict(owner.get(section) or {})
            owner = owner[section]
        owner[last] = value
    return found


def placed(profile: Mapping[str, Any], placement: str, chunks: int) -> Optional[Dict[str, Any]]:
    """A profile on a placement. Where that has fewer chunks than the profile, consecutive stages are one, as the service has it.

    None when a member says of each stage what does not add up. Raises ``InvalidRequest`` for a list of another length than the stages.
    """
    shape = member_of(profile, "pipeline")
    finest = count_of(shape, "chunks", 1)
    size, stages = finest // chunks, count_of(shape, "devices") * finest
    found = {**profile, "pipeline": {**shape, "placement": placement, "chunks": chunks}}
    if size == 1:
        return found
    if any(value is not None for member, value in profile.items() if member not in _APART):
        return None
    for section, members in _SUMMED.items():
        given = member_of(profile, section)
        sums = {member: _sums(given, section, member, stages, size) for member in members if member in given}
        if given:
            found[section] = {**given, **sums}
    communication = member_of(profile, "times").get("communication")
    if isinstance(communication, Mapping) and isinstance(communication.get("bytes"), list):
        # What a stage sends on is what the last of those that it is made of sends.
        found["times"]["communication"] = {**communication, "bytes": communication["bytes"][size - 1 :: size]}
    return found


def pipelines_of(profile: Mapping[str, Any]) -> List[Pipeline]:
    """A known profile in integers; where its placement is left open, on each that can be laid out here, fewer chunks first.

    Raises ``InvalidRequest``.
    """
    shape = member_of(profile, "pipeline")
    if shape.get("placement") != OPEN:
        return [pipeline_of(profile)]
    devices, chunks = count_of(shape, "devices"), count_of(shape, "chunks", 1)
    # Maps that come out the same are one alternative.
    maps: Set[Tuple[int, ...]] = set()
    found: List[Pipeline] = []
    for fewer in (number for number in range(1, chunks + 1) if chunks % number == 0):
        for name in NAMES:
            stage_devices = layout_of(name, devices, fewer)
            on_it = None if stage_devices is None or tuple(stage_devices) in maps else placed(profile, name, fewer)
            if stage_devices is not None and on_it is not None:
                maps.add(tuple(stage_devices))
                found.append(pipeline_of(on_it))
    return found


def _sums(owner: Mapping[str, Any], section: str, member: str, stages: int, size: int) -> List[Union[int, float]]:
    numbers = numbers_of(owner, section, member, stages)
    sums = [sum(numbers[first : first + size], Decimal(0)) for first in range(0, stages, size)]
    return [int(number) if number == number.to_integral_value() else float(number) for number in sums]
