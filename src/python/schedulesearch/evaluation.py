"""``evaluate``: a stored schedule replayed many times with durations that vary."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional, Union

from .arguments import check_seconds, check_text, with_known_arguments
from .errors import InvalidRequest
from .request import dumps, read_object
from .service import Deadline, connect

RequestLike = Union[Mapping[str, Any], str, "os.PathLike[str]"]


@with_known_arguments
def evaluate(
    schedule_id: str,
    request: Optional[RequestLike] = None,
    *,
    revision: Optional[str] = None,
    timeout: float = 120.0,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """What a schedule takes when durations vary, and the published families beside it with the same durations.

    Args:
        schedule_id: The id of a stored schedule, or its first digits.
        request: What ``POST /schedules/{id}/evaluate`` takes: ``replays``, ``seed``, ``families`` and ``noise``; or the path of a JSON file with it.
            Left out, nothing varies.
        revision: The revision of the schedule, as an answer names it.
        timeout: Seconds for everything together.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What the service answers: ``schedule`` and ``families`` with ``mean``, ``p50``, ``p95`` and ``p99``, ``operations`` and ``mostCritical``
        with how often they are critical, ``devices`` and ``links`` with their ``slack``.

    Raises:
        InvalidRequest: An argument or the noise is wrong, or there is no such schedule.
        Infeasible: More replays are asked for than the service takes.
        Unavailable: There is no answer in time.
        ServiceFailed: The service failed.
    """
    check_text("schedule_id", schedule_id, required=True)
    check_text("revision", revision)
    if not schedule_id.isalnum() or not (revision or "0").isalnum():
        raise InvalidRequest("schedule_id and revision have hex digits alone.")
    content = {} if request is None else request if isinstance(request, Mapping) else read_object(request)
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    which = "" if revision is None else f"?revision={revision}"
    return service.post(f"/schedules/{schedule_id}/evaluate{which}", dumps(content), {}).json()
