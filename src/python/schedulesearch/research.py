"""``research``: a stored schedule searched again with other times or limits, from its own order on."""

from __future__ import annotations

from typing import Any, Mapping, Optional
from urllib.parse import quote

from .arguments import check_seconds, check_text, with_known_arguments
from .errors import InvalidRequest
from .fetch import fetch
from .progress import Progress
from .request import ProfileLike, request_of
from .schedule import Schedule
from .search import wait_for
from .service import Deadline, connect


@with_known_arguments
def research(
    schedule_id: str,
    profile: ProfileLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    format: str = "native",
    version: Optional[str] = None,
    revision: Optional[str] = None,
    timeout: Optional[float] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    progress: Optional[bool] = None,
) -> Schedule:
    """The schedule of a changed profile, searched from a stored schedule's order on.

    Args:
        schedule_id: The id of a stored schedule, or its first digits.
        profile: A whole profile of the schedule's shape, or without ``pipeline`` the members that change, which are merged into the schedule's;
            or the path of a JSON file with either, or with a body that has options too.
        options: What ``get_schedule`` takes; objective and ``splitBackward`` are the schedule's where they are left out.
        format: As ``get_schedule``'s.
        version: As ``get_schedule``'s.
        revision: The revision of the schedule to begin with, as an answer names it.
        timeout: Seconds for everything together; by default the search's time limit and a minute.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.
        progress: Whether a line on stderr follows the search; by default when that is a terminal.

    Raises:
        InvalidRequest: An argument or the profile is wrong, or there is no such schedule.
        Infeasible: The shape is another one, or no schedule can meet the request.
        Unavailable: There is nothing in time.
        ServiceFailed: The service failed.
    """
    check_text("schedule_id", schedule_id, required=True)
    check_text("revision", revision)
    if not schedule_id.isalnum() or not (revision or "0").isalnum():
        raise InvalidRequest("schedule_id and revision have hex digits alone.")
    request = request_of(profile, options, format, version)
    service = connect(url, api_key, Deadline(request.patience if timeout is None else check_seconds(timeout)))
    which = "" if revision is None else f"?revision={quote(revision)}"
    with Progress(progress) as shown:
        answer = wait_for(f"/schedules/{schedule_id}/research{which}", request, service, shown)
    return fetch(request, service, answer)
