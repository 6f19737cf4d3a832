"""Fetches the instruction stream of a schedule that was answered with."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping
from urllib.parse import urlencode

from .errors import Infeasible, Replaced, ServiceFailed
from .request import Request
from .schedule import Schedule
from .search import UNFINISHED, answer_of
from .service import Reply, Service

# How often a schedule that a better one replaced before its stream was fetched is asked for anew.
_TIMES_REPLACED = 5


def fetch(request: Request, service: Service, answer: Mapping[str, Any]) -> Schedule:
    """The answer's schedule in the format of the request.

    Where the placement was left open and the format does not carry the schedule that leads, it is the best of the alternatives that it
    carries. Raises ``Infeasible`` when it carries none, ``ServiceFailed`` when there is no schedule.
    """
    try:
        return _stream(request, service, answer)
    except Infeasible as refusal:
        for other in _others(service, answer):
            try:
                return _stream(request, service, other)
            except Infeasible:
                continue
        raise refusal


def _stream(request: Request, service: Service, answer: Mapping[str, Any]) -> Schedule:
    replaced = 0
    while True:
        if "makespan" not in answer:
            problem = answer.get("problem")
            detail = problem.get("detail") if isinstance(problem, dict) else None
            raise ServiceFailed(f"The search is {answer.get('status')}: {detail or 'it found no schedule'}.")
        try:
            return _schedule(request, answer, service.get(_path(request, answer)))
        except Replaced:
            replaced += 1
            if replaced == _TIMES_REPLACED:
                raise
            chosen = {member: answer[member] for member in ("placement", "chunks") if member in answer}
            answer = {**answer_of(service.get(f"/schedules/{answer['id']}")), **chosen}


def _path(request: Request, answer: Mapping[str, Any]) -> str:
    """The stream of the very schedule that was answered with. A service that names no revisions has no other."""
    query = {"format": request.format, "version": request.version, "revision": answer.get("revision")}
    given = {name: value for name, value in query.items() if isinstance(value, str)}
    return f"/schedules/{answer['id']}/instructions?{urlencode(given)}"


def _others(service: Service, answer: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    """The alternatives to the placement that leads, the best first, each judged by what is proved of all placements."""
    judged_by = answer.get("objective", "makespan")
    leader = (answer.get("placement"), answer.get("chunks"))
    found = [other for other in answer.get("alternatives") or [] if judged_by in other]
    for other in sorted(found, key=lambda one: float(one[judged_by])):
        place = (other.get("placement"), other.get("chunks"))
        if place == leader:
            continue
        own = answer_of(service.get(f"/schedules/{other['id']}"))
        bound, value = answer.get("lowerBound"), own.get(judged_by)
        proved = {} if bound is None or not value else {"lowerBound": bound, "gap": (value - bound) / value}
        is_best = proved.get("gap") == 0
        status = answer["status"] if answer["status"] in UNFINISHED else "optimal" if is_best else "feasible"
        yield {**own, **proved, "status": status, "placement": place[0], "chunks": place[1]}


def _schedule(request: Request, answer: Mapping[str, Any], stream: Reply) -> Schedule:
    try:
        return Schedule(
            format=request.format,
            text=stream.body.decode("utf-8"),
            source="service",
            status=answer["status"],
            method=answer["method"],
            objective=answer["objective"],
            makespan=answer["makespan"],
            span=answer["span"],
            lower_bound=answer.get("lowerBound"),
            gap=answer.get("gap"),
            id=answer["id"],
            revision=answer.get("revision"),
            placement=answer.get("placement"),
            chunks=answer.get("chunks"),
        )
    except (KeyError, UnicodeDecodeError) as error:
        raise ServiceFailed(f"The answer is not one of this service: {error!r}.") from error
