"""``solve_batch``: the schedules of many profiles at once, as figures."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Mapping, Optional

from .arguments import check_seconds, with_known_arguments
from .errors import ServiceFailed
from .request import ProfileLike, request_of
from .service import Deadline, connect

_RUNNING = "running"


@with_known_arguments
def solve_batch(
    profiles: Iterable[ProfileLike],
    *,
    options: Optional[Mapping[str, Any]] = None,
    timeout: float,
    devices: bool = False,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> List[Dict[str, Any]]:
    """Has many profiles searched, and waits for all of them.

    A batch that was sent but whose answer was lost on the way is sent again: each of its problems is searched once all the same.

    Args:
        profiles: Each what ``get_schedule`` takes as ``profile``.
        options: What ``POST /schedules/solve`` takes as ``options``, for all of them; these stand above those of a body.
        timeout: Seconds for everything together.
        devices: Whether results hold the operations of each device.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``, or ``SCHEDULESEARCH_API_KEY``, its older name.

    Returns:
        For each profile, in order, what ``GET /schedules/{id}`` answers, with its ``index``. Look at ``status``: one may have failed alone.

    Raises:
        InvalidRequest: A profile, an option, a setting or the key is wrong; nothing was searched.
        Infeasible: No schedule can meet a request, or there are more than the service takes at once; nothing was searched.
        Unavailable: Not all are done in time. What was sent goes on.
        ServiceFailed: The service failed.
    """
    requests = [request_of(profile, options) for profile in profiles]
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    body = b"[" + b",".join(request.body for request in requests) + b"]"
    reply = service.post("/batches", body, {})
    batch = reply.json()
    path = f"/batches/{batch.get('id')}"
    while batch.get("status") == _RUNNING:
        service.sleep(reply.pause(), f"The batch {batch.get('id')} has {batch.get('done')} of {batch.get('count')} requests done.")
        reply = service.get(path)
        batch = reply.json()
    return _results(service.get(f"{path}/results{'?devices=true' if devices else ''}").body, len(requests))


def _results(body: bytes, count: int) -> List[Dict[str, Any]]:
    try:
        results = [json.loads(line) for line in body.splitlines() if line]
    except ValueError as error:
        raise ServiceFailed(f"The results are not JSON lines: {error}.") from error
    if [result.get("index") if isinstance(result, dict) else None for result in results] != list(range(count)):
        raise ServiceFailed(f"The service gave {len(results)} results of {count}.")
    return results
