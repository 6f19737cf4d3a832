"""``plan``: how the layers of a model are dealt out to stages, as settings of a runtime."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional
from urllib.parse import quote

from .arguments import check_seconds, with_known_arguments
from .progress import Progress
from .request import ProfileLike, request_of
from .search import search
from .service import Deadline, connect


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
