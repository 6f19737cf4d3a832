"""``sweep``: one request with members that vary. ``least_memory``: the least limit at which a makespan is reached."""

from __future__ import annotations

import os
import uuid
from typing import Any, Dict, Mapping, Optional, Union

from .arguments import check_options, check_seconds, with_known_arguments
from .errors import InvalidRequest, ServiceFailed
from .request import ProfileLike, dumps, object_of, request_of
from .service import Deadline, connect

SweepLike = Union[Mapping[str, Any], str, "os.PathLike[str]"]

_RUNNING = "running"


@with_known_arguments
def sweep(
    request: SweepLike,
    *,
    timeout: float,
    key: Optional[str] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """Has one request searched at many points, and waits for all of them.

    Args:
        request: What ``POST /sweeps`` takes, or a file with it: ``base`` and ``axes``, and perhaps ``timeLimitSeconds``, ``tokens`` and ``price``.
        timeout: Seconds for everything together.
        key: By which the service knows the sweep when it is sent again, by another launch too; by default one of its own.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``GET /sweeps/{id}`` answers: ``id``, ``axes`` and ``points``, a row for each. Look at the ``status`` of each: one may be invalid alone.

    Raises:
        InvalidRequest: The sweep, a setting or the key is wrong; nothing was searched.
        Infeasible: No point has a schedule, or there are more than the service takes; nothing was searched.
        Unavailable: Not all are done in time. What was sent goes on.
        ServiceFailed: The service failed.
    """
    body = dumps(object_of(request, "sweep"))
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    reply = service.post("/sweeps", body, {"Idempotency-Key": key or str(uuid.uuid4())})
    found = reply.json()
    while found.get("status") == _RUNNING:
        service.sleep(reply.pause(), f"The sweep {found.get('id')} has {found.get('done')} of {found.get('count')} points done.")
        reply = service.get(f"/sweeps/{found.get('id')}")
        found = reply.json()
    if not isinstance(found.get("points"), list):
        raise ServiceFailed("The answer is not a sweep of this service.")
    return found


@with_known_arguments
def sweep_as(
    sweep_id: str,
    form: str,
    *,
    timeout: float = 60.0,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> str:
    """A sweep that was sent, as a table (``csv``) or as a chart of time against memory (``svg``). Arguments and errors are those of ``sweep``."""
    if form not in ("csv", "svg"):
        raise InvalidRequest(f"form is {form!r}; it must be csv or svg.")
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    return service.get(f"/sweeps/{sweep_id}?format={form}").body.decode("utf-8")


@with_known_arguments
def least_memory(
    profile: ProfileLike,
    *,
    makespan: Optional[float] = None,
    within: Optional[float] = None,
    options: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """The least limit of a device at which a makespan is reached, with its schedule and what is proved.

    Args:
        profile: What ``get_schedule`` takes, without ``memory.limit``, which is looked for.
        makespan: What is to be reached, in the profile's unit of time; either this or ``within``.
        within: What is to be reached, in percent above what unlimited memory gives.
        options: What ``get_schedule`` takes; ``timeLimitSeconds`` is for all searches together.
        timeout: Seconds for everything together; by default the time limit and a minute.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``POST /schedules/least-memory`` answers: ``status``, ``limit``, ``tooLittle``, ``found`` with the schedule's ``id``, and what was tried.

    Raises:
        InvalidRequest: An argument, the profile or the options are wrong.
        Infeasible: No schedule reaches it, however much memory there is.
        Unavailable: There is nothing in time.
        ServiceFailed: The service failed.
    """
    check_options(options)
    if (makespan is None) == (within is None):
        raise InvalidRequest("Either makespan or within must be given, and not both.")
    request = request_of(profile, options)
    target = {"makespan": makespan} if within is None else {"within": within}
    asked: Dict[str, Any] = {"profile": request.profile, "options": request.options, **target}
    service = connect(url, api_key, Deadline(request.patience if timeout is None else check_seconds(timeout)))
    return service.post("/schedules/least-memory", dumps(asked), {}).json()
