"""Where the profile leaves its placement or more open, and the format does not carry the schedule that leads: the best of those that it carries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .errors import Infeasible, Unavailable
from .fetch import fetch
from .placing import closed
from .progress import Progress
from .request import Request
from .schedule import Schedule
from .search import search
from .service import Service

_QUICK_SECONDS = 0.1

# A format that refuses for these refuses every schedule of an alternative; else another schedule of it might be carried.
_SHAPE = ("$.profile.pipeline.placement", "$.profile.pipeline.chunks", "$.profile.vocabulary.parallel", "$.profile.recompute")


def search_carried(request: Request, service: Service, progress: Progress) -> Schedule:
    """Has the schedule searched that the format of the request carries.

    Raises ``Infeasible`` when there is none, ``Unavailable`` when nothing is found in time, ``ServiceFailed``.
    """
    answer = search(request, service, progress)
    try:
        return fetch(request, service, answer)
    except Infeasible as refusal:
        if not answer.get("alternatives"):
            raise
        return _best(request, answer, refusal, service, progress)


def _best(request: Request, answer: Mapping[str, Any], refusal: Infeasible, service: Service, progress: Progress) -> Schedule:
    """The best of the alternatives that are carried, each searched as the request says; those first of which the least is proved."""
    leader, others = _possible(answer)
    found: Optional[Schedule] = None
    bounds = [] if _is_of_shape(refusal) else [float(one["lowerBound"]) for one in leader]
    if _leaves_ways_out(request.profile) and not _is_of_shape(refusal):
        bounds.append(float(answer["lowerBound"]))
    refusals = [refusal]
    for other in sorted(others, key=lambda one: float(one["lowerBound"])):
        bound = float(other["lowerBound"])
        profile = None if found is not None and bound >= _value(found) else closed(request.profile, other)
        if profile is None:
            bounds.append(bound)
            continue
        asked = replace(request, profile=profile)
        try:
            _searched(replace(asked, options=_quick(request)), service, progress)
            one = replace(_searched(asked, service, progress), placement=other["placement"], chunks=other["chunks"], chosen=other.get("with"))
        except Infeasible as other_refusal:
            refusals.append(other_refusal)
            bounds += [] if _is_of_shape(other_refusal) else [bound]
            continue
        except Unavailable:
            if found is None:
                raise
            bounds.append(bound)
            continue
        bounds.append(bound if one.lower_bound is None else one.lower_bound)
        found = one if found is None or _value(one) < _value(found) else found
    if found is None:
        raise _united(refusals)
    return _judged(found, min(bounds))


def _quick(request: Request) -> Dict[str, Any]:
    """Options by which a first schedule is made and hardly improved, to see whether the format carries such a one."""
    kept = {name: value for name, value in request.options.items() if name in ("objective", "splitBackward")}
    return {**kept, "timeLimitSeconds": _QUICK_SECONDS}


def _possible(answer: Mapping[str, Any]) -> Tuple[List[Dict[str, Any]], List[Dict[str, Any]]]:
    """The alternative that leads, and the others that can be had."""
    possible = [other for other in answer["alternatives"] if "lowerBound" in other]
    leading = [other for other in possible if other.get("id") == answer.get("leader")]
    return leading, [other for other in possible if other not in leading]


def _leaves_ways_out(profile: Mapping[str, Any]) -> bool:
    """Whether there may be ways to close the profile that are no alternatives; the answer's bound holds for them too."""
    recompute = profile.get("recompute")
    return isinstance(recompute, Mapping) and bool(recompute.get("choose") == "search")


def _is_of_shape(refusal: Infeasible) -> bool:
    return any(member in refusal.errors for member in _SHAPE)


def _searched(request: Request, service: Service, progress: Progress) -> Schedule:
    return fetch(request, service, search(request, service, progress))


def _judged(schedule: Schedule, bound: float) -> Schedule:
    """A schedule beside what is proved of all alternatives that the format may carry."""
    value = _value(schedule)
    status = "feasible" if schedule.status == "optimal" and bound < value else schedule.status
    return replace(schedule, lower_bound=min(bound, value), gap=max(0.0, (value - bound) / value), status=status)


def _value(schedule: Schedule) -> float:
    return float(schedule.span if schedule.objective == "span" else schedule.makespan)


def _united(refusals: Sequence[Infeasible]) -> Infeasible:
    """All that is said against any of the alternatives."""
    errors: Dict[str, List[str]] = {}
    for refusal in refusals:
        for member, texts in refusal.errors.items():
            known = errors.setdefault(member, [])
            known += [text for text in texts if text not in known]
    return Infeasible("The format carries the schedule of no alternative that was tried.", errors)
