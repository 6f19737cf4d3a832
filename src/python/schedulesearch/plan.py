"""``plan``: how the layers of a model are dealt out to stages, as settings of a runtime. ``plan_cluster``: how a model is divided among devices."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional, Union
from urllib.parse import quote

from .arguments import check_options, check_seconds, with_known_arguments
from .errors import InvalidRequest
from .progress import Progress
from .request import ProfileLike, dumps, object_of, request_of
from .search import search
from .service import Deadline, connect

PlanLike = Union[Mapping[str, Any], str, "os.PathLike[str]"]

# What the service takes where a request says nothing, and what it is waited for beyond that.
_SECONDS, _SPARE_SECONDS = 10.0, 60.0


@with_known_arguments
def plan(
    profile: ProfileLike,
    *,
    layout: str = "counts",
    options: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    progress: Optional[bool] = None,
) -> Dict[str, Any]:
    """Has the split of a profile's layers searched together with its schedule.

    Args:
        profile: What ``get_schedule`` takes, with ``layers`` in the place of what it says of stages.
        layout: ``counts``, ``megatron``, ``torchtitan`` or ``nemo``.
        options: What ``get_schedule`` takes; a family does not go with layers.
        timeout: Seconds for everything together; by default the search's time limit and a minute.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.
        progress: Whether a line on stderr follows the search; by default when that is a terminal.

    Returns:
        What ``GET /schedules/{id}/layout`` answers, ``stages`` and ``settings`` among it, and as ``schedule`` the figures of the schedule that
        leads: ``id``, ``status``, ``makespan``, ``span``, ``lowerBound`` and ``gap``.

    Raises:
        InvalidRequest: An argument, the profile or the options are wrong.
        Infeasible: No schedule can meet the request, or the runtime has no settings for the layout.
        Unavailable: There is nothing in time.
        ServiceFailed: The service failed.
    """
    request = request_of(profile, options)
    service = connect(url, api_key, Deadline(request.patience if timeout is None else check_seconds(timeout)))
    with Progress(progress) as shown:
        answer = search(request, service, shown)
    found: Dict[str, Any] = service.get(f"/schedules/{answer['id']}/layout?format={quote(layout, safe='')}").json()
    return {**found, "schedule": {member: answer.get(member) for member in ("id", "status", "makespan", "span", "lowerBound", "gap")}}


@with_known_arguments
def plan_cluster(
    request: PlanLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """Tensor, pipeline and data parallel sizes of a model on a cluster, estimated and ranked, the best ones searched.

    Args:
        request: What ``POST /plans`` takes, or a file with it: ``base``, ``cluster``, ``globalBatch`` and what may vary.
        options: ``timeLimitSeconds``, for all searches together, and the other options of the body; these stand above those of the request.
        timeout: Seconds for everything together; by default the time limit and a minute.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``POST /plans`` answers: ``plans``, a row for each with what it is estimated to take, those that were searched first; ``notModelled``.

    Raises:
        InvalidRequest: An argument or the request is wrong.
        Infeasible: The sizes do not go with the cluster, or there are more plans than the service takes.
        Unavailable: There is no answer in time.
        ServiceFailed: The service failed.
    """
    check_options(options)
    body = dict(object_of(request, "plan"))
    given = body.get("options") or {}
    if not isinstance(given, Mapping):
        raise InvalidRequest("The options of the plan must be an object.")
    body["options"] = {**given, **(options or {})}
    limit = body["options"].get("timeLimitSeconds", _SECONDS)
    patience = _SPARE_SECONDS + (float(limit) if isinstance(limit, (int, float)) and limit > 0 else _SECONDS)
    service = connect(url, api_key, Deadline(patience if timeout is None else check_seconds(timeout)))
    return service.post("/plans", dumps(body), {}).json()
