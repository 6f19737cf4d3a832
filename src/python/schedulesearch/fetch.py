"""Fetches the instruction stream of a schedule that was answered with."""

from __future__ import annotations

from typing import Any, Mapping
from urllib.parse import urlencode

from .errors import Replaced, ServiceFailed
from .request import Request
from .schedule import Schedule
from .search import answer_of
from .service import Reply, Service

# How often a schedule that a better one replaced before its stream was fetched is asked for anew.
_TIMES_REPLACED = 5


def fetch(request: Request, service: Service, answer: Mapping[str, Any]) -> Schedule:
    """The answer's schedule in the format of the request.

    Raises ``Infeasible`` when the format does not carry it, ``ServiceFailed`` when there is none.
    """
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
            answer = answer_of(service.get(f"/schedules/{answer['id']}"))


def _path(request: Request, answer: Mapping[str, Any]) -> str:
    """The stream of the very schedule that was answered with. A service that names no revisions has no other."""
    query = {"format": request.format, "version": request.version, "revision": answer.get("revision")}
    given = {name: value for name, value in query.items() if isinstance(value, str)}
    return f"/schedules/{answer['id']}/instructions?{urlencode(given)}"


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
            chosen=answer.get("with"),
        )
    except (KeyError, UnicodeDecodeError) as error:
        raise ServiceFailed(f"The answer is not one of this service: {error!r}.") from error
