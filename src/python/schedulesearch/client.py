"""``get_schedule``: the schedule of a launch, the same on every rank, whatever state the service is in."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from typing import Any, Dict, Mapping, Optional
from urllib.parse import quote

from . import fallback as local
from .cache import DiskCache, OutputFile, PathLike, default_folder
from .errors import InvalidRequest, Replaced, ScheduleSearchError, ServiceFailed, Unavailable
from .progress import Progress
from .ranks import launch_of, rank_of
from .request import ProfileLike, Request, request_of
from .schedule import Schedule
from .service import Deadline, Reply, Service, is_id

DEFAULT_URL = "http://127.0.0.1:5080"

# Beyond the search itself: for queues, retries and the transfer.
_SPARE_SECONDS = 60.0

# How much longer the other ranks wait than rank 0, which may have started later.
_RANK_SECONDS = 30.0

# No request is held open longer, since proxies cut what is silent for a minute.
_HELD_SECONDS = 20

# How often a schedule that a better one replaced before its stream was fetched is asked for anew.
_TIMES_REPLACED = 5

_UNFINISHED = ("queued", "running")


def get_schedule(
    profile: ProfileLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    format: str = "native",
    output: Optional[PathLike] = None,
    timeout: Optional[float] = None,
    fallback: bool = True,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    rank: Optional[int] = None,
    cache: bool = True,
    cache_folder: Optional[PathLike] = None,
    progress: Optional[bool] = None,
) -> Schedule:
    """The schedule of a profile as a runtime's instruction stream.

    Rank 0 asks the service, or reads its cache, and writes ``output``; every other rank waits for that file and reads it. An output
    that already answers the same request is used as it is: remove it to ask anew.

    Args:
        profile: What ``POST /schedules/solve`` takes as ``profile``, or the whole body, or the path of a JSON file with either.
        options: What it takes as ``options``; these stand above those of a body.
        format: ``native``, ``pytorch``, or another format of the service.
        output: The file to write, on a file system that all ranks share. Required on ranks other than 0. One launch, one file.
        timeout: Seconds for everything together; by default the search's time limit and a minute. Other ranks wait 30 s more.
        fallback: Whether 1F1B is made locally when the service gives nothing in time. It is told on stderr and in the result.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``, or ``SCHEDULESEARCH_API_KEY``, its older name.
        rank: This process's rank; by default what torchrun, Open MPI, PMI or Slurm set, else 0.
        cache: Whether answers are kept on this machine's disk.
        cache_folder: Where; by default ``SCHEDULESEARCH_CACHE``, else the user's cache folder.
        progress: Whether a line on stderr follows the search; by default when that is a terminal.

    Raises:
        InvalidRequest: The profile, the options, a setting or the key is wrong (4xx but 422).
        Infeasible: No schedule can meet the request (422).
        Unavailable: Nothing in time, and there is no fallback.
        ServiceFailed: The service failed, and there is no fallback.
        OSError: The output cannot be written.
    """
    request = request_of(profile, options, format)
    total = request.seconds + _SPARE_SECONDS if timeout is None else timeout
    if not total > 0:
        raise InvalidRequest(f"The time-out is {total}; it must be above 0.")
    rank = rank_of() if rank is None else rank
    target = None if output is None else OutputFile(output, request, launch_of())
    if rank != 0:
        if target is None:
            raise InvalidRequest(f"Rank {rank} reads what rank 0 writes: give output, a file that all ranks share.")
        return target.wait(total + _RANK_SECONDS)

    written = target.find() if target else None
    if written is not None:
        return written
    folder = (cache_folder or default_folder()) if cache else None
    store = None if folder is None else DiskCache(folder)
    try:
        schedule = _obtain(request, Deadline(total), store, fallback, url, api_key, Progress(progress))
    except ScheduleSearchError as error:
        if target:
            target.write_failure(error)
        raise
    if target is None:
        return schedule
    target.write(schedule)
    return replace(schedule, path=str(target.path))


def _obtain(
    request: Request,
    deadline: Deadline,
    store: Optional[DiskCache],
    may_fall_back: bool,
    url: Optional[str],
    api_key: Optional[str],
    progress: Progress,
) -> Schedule:
    kept = store.find(request) if store else None
    if kept is not None:
        return kept
    url = url or os.environ.get("SCHEDULESEARCH_URL") or DEFAULT_URL
    key = api_key or os.environ.get("SCHEDULESEARCH_KEY") or os.environ.get("SCHEDULESEARCH_API_KEY") or None
    service = Service(url, key, deadline)
    try:
        with progress:
            schedule = _solve(request, service, progress)
    except (Unavailable, ServiceFailed) as error:
        if not may_fall_back or not local.serves(request):
            raise
        schedule = local.make(request, reason=str(error))
        print(f"schedulesearch: FALLBACK to a local {schedule.method}, not searched: {error}", file=sys.stderr, flush=True)
        return schedule
    if store:
        store.keep(request, schedule)
    return schedule


def _solve(request: Request, service: Service, progress: Progress) -> Schedule:
    answer = _search(request, service, progress)
    replaced = 0
    while True:
        if "makespan" not in answer:
            problem = answer.get("problem")
            detail = problem.get("detail") if isinstance(problem, dict) else None
            raise ServiceFailed(f"The search is {answer.get('status')}: {detail or 'it found no schedule'}.")
        try:
            return _schedule(request, answer, service.get(_stream_of(answer, request.format)))
        except Replaced:
            replaced += 1
            if replaced == _TIMES_REPLACED:
                raise
            answer = _answer(service.get(f"/schedules/{answer['id']}"))


def _stream_of(answer: Mapping[str, Any], format: str) -> str:
    """The stream of the very schedule that was answered with. A service that names no revisions has no other."""
    path = f"/schedules/{answer['id']}/instructions?format={quote(format, safe='')}"
    revision = answer.get("revision")
    return f"{path}&revision={quote(revision, safe='')}" if isinstance(revision, str) else path


def _search(request: Request, service: Service, progress: Progress) -> Dict[str, Any]:
    """The answer when the search has ended, or the best so far when time is nearly up."""
    # What is left then is for fetching the best so far.
    reserve = min(10.0, 0.2 * service.deadline.seconds)
    progress.show("asking " + service.url)
    held = max(1, int(min(_HELD_SECONDS, service.deadline.remaining() - reserve)))
    reply = service.post("/schedules/solve", request.body, {"Prefer": f"wait={held}"})
    answer = _answer(reply)
    tag = None
    while answer.get("status") in _UNFINISHED:
        progress.show_answer(answer)
        pause = reply.pause()
        left = service.deadline.remaining() - reserve
        if pause >= left and "makespan" in answer:
            time.sleep(max(0.0, min(left, pause)))
            return answer
        service.sleep(pause, f"The search is {answer['status']} and has found nothing yet.")
        reply = service.get(f"/schedules/{answer['id']}", {"If-None-Match": tag} if tag else {})
        if reply.status != 304:
            answer, tag = _answer(reply), reply.headers.get("etag")
    return answer


def _answer(reply: Reply) -> Dict[str, Any]:
    answer = reply.json()
    if not is_id(answer.get("id")):
        raise ServiceFailed("The answer has no id of a problem: is this a ScheduleSearch service?")
    return answer


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
        )
    except (KeyError, UnicodeDecodeError) as error:
        raise ServiceFailed(f"The answer is not one of this service: {error!r}.") from error
