"""``get_schedule``: the schedule of a launch, the same on every rank, whatever state the service is in."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, Mapping, Optional

from . import fallback as local
from .alternatives import search_carried
from .arguments import check_path, check_rank, check_seconds, check_service, with_known_arguments
from .cache import DiskCache, OutputFile, PathLike, default_folder
from .errors import InvalidRequest, ScheduleSearchError, ServiceFailed, Unavailable
from .progress import Progress
from .ranks import launch_of, rank_of
from .request import ProfileLike, Request, request_of
from .schedule import Schedule
from .service import Deadline, connect

# How much longer the other ranks wait than rank 0, which may have started later.
_RANK_SECONDS = 30.0


@with_known_arguments
def get_schedule(
    profile: ProfileLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    format: str = "native",
    version: Optional[str] = None,
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
    that already answers the same request is used as it is: remove it to ask anew. A fallback is never used twice: rank 0 asks anew.

    Args:
        profile: What ``POST /schedules/solve`` takes as ``profile``, or the whole body, or the path of a JSON file with either.
        options: What it takes as ``options``; these stand above those of a body.
        format: ``native``, ``pytorch``, or another format of the service. Where the profile leaves something open, such as the placement by
            ``best``, the service chooses among what the format carries; ``formats`` and ``placements`` of the options say otherwise.
        version: The runtime's release, where its releases read different streams; by default the newest that the service knows.
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
        InvalidRequest: An argument, the profile, the options, a setting or the key is wrong (4xx but 422).
        Infeasible: No schedule can meet the request (422).
        Unavailable: Nothing in time, and there is no fallback.
        ServiceFailed: The service failed, and there is no fallback.
        OSError: The output cannot be written.
    """
    request = request_of(profile, options, format, version)
    total = request.patience if timeout is None else check_seconds(timeout)
    rank = rank_of() if rank is None else check_rank(rank)
    check_path("output", output)
    check_path("cache_folder", cache_folder)
    check_service(url, api_key)
    target = None if output is None else OutputFile(output, request, launch_of())
    if rank != 0:
        if target is None:
            raise InvalidRequest(f"Rank {rank} reads what rank 0 writes: give output, a file that all ranks share.")
        return target.wait(total + _RANK_SECONDS, late=_RANK_SECONDS)

    written = target.take() if target else None
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
    service = connect(url, api_key, deadline)
    try:
        with progress:
            schedule = search_carried(request, service, progress)
    except (Unavailable, ServiceFailed) as error:
        if not may_fall_back or not local.serves(request):
            raise
        schedule = local.make(request, reason=str(error))
        print(f"schedulesearch: FALLBACK to a local {schedule.method}, not searched: {error}", file=sys.stderr, flush=True)
        return schedule
    if store:
        store.keep(request, schedule)
    return schedule
