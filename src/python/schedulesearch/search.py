"""Has a schedule searched, and waits for it."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .errors import ServiceFailed
from .events import events_of
from .progress import Progress
from .request import Request
from .service import Reply, Service, is_id

UNFINISHED = ("queued", "running")

# No request is held open longer, since proxies cut what is silent for a minute; nor longer than this by one who watches.
_HELD_SECONDS, _WATCHED_SECONDS = 20.0, 1.0


def search(request: Request, service: Service, progress: Progress) -> Dict[str, Any]:
    """The answer when the search has ended, or the best so far when time is nearly up. Raises ``Unavailable`` when there is none."""
    return wait_for("/schedules/solve", request, service, progress)


def wait_for(path: str, request: Request, service: Service, progress: Progress) -> Dict[str, Any]:
    """As ``search``, of any path that takes what solve does."""
    progress.show("asking " + service.url)
    longest = _WATCHED_SECONDS if progress.is_on else _HELD_SECONDS
    held = max(1, int(min(longest, service.deadline.remaining() - _reserve(service))))
    reply = service.post(path, request.body, {"Prefer": f"wait={held}"})
    return wait(reply, request.objective, service, progress)


def wait(reply: Reply, objective: str, service: Service, progress: Progress) -> Dict[str, Any]:
    """What becomes of a search that was answered with, judged by an objective: by its events, and by polling when they break off."""
    reserve = _reserve(service)
    answer = answer_of(reply)
    is_watched = False
    tag: Optional[str] = None
    while answer.get("status") in UNFINISHED:
        progress.show_answer(answer)
        left = service.deadline.remaining() - reserve
        if left <= 0 and "makespan" in answer:
            return answer
        path = f"/schedules/{answer['id']}"
        if is_watched or not _watch(f"{path}/events", objective, left, service, progress):
            pause = min(reply.pause(), max(0.0, left)) if "makespan" in answer else reply.pause()
            service.sleep(pause, f"The search is {answer['status']} and has found nothing yet.")
        is_watched = True
        reply = service.get(path, {"If-None-Match": tag} if tag else {})
        if reply.status != 304:
            answer, tag = answer_of(reply), reply.headers.get("etag")
    return answer


def answer_of(reply: Reply) -> Dict[str, Any]:
    """An answer about one problem. Raises ``ServiceFailed`` when it is none."""
    answer = reply.json()
    if not is_id(answer.get("id")):
        raise ServiceFailed("The answer has no id of a problem: is this a ScheduleSearch service?")
    return answer


def _watch(path: str, objective: str, seconds: float, service: Service, progress: Progress) -> bool:
    """Shows each better schedule; whether the search has ended, or ``seconds`` have passed, before the events broke off."""
    end = service.deadline.remaining() - seconds
    for event in events_of(service.lines(path, seconds)):
        if event.name == "end":
            return True
        progress.show_event(objective, event.data)
    return service.deadline.remaining() <= end


def _reserve(service: Service) -> float:
    """Seconds at the end of the total time for fetching the best so far."""
    return min(10.0, 0.2 * service.deadline.seconds)
