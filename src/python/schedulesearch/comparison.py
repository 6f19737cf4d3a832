"""``compare``: the published schedules of a profile's placement beside the searched one."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .arguments import check_seconds, with_known_arguments
from .progress import Progress
from .request import ProfileLike, request_of
from .search import answer_of, wait
from .service import Deadline, connect


@with_known_arguments
def compare(
    profile: ProfileLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    timeout: Optional[float] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    progress: Optional[bool] = None,
) -> Dict[str, Any]:
    """Has the profile searched, and sets every schedule family of its placement beside what was found.

    Args:
        profile: What ``get_schedule`` takes, with a placement that is not ``best``.
        options: What it takes; a family does not count.
        timeout: Seconds for everything together; by default the search's time limit and a minute. When they are up in the middle of the
            search, its best so far is compared.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.
        progress: Whether a line on stderr follows the search; by default when that is a terminal.

    Returns:
        What ``POST /schedules/compare`` answers: ``id``, ``objective``, ``lowerBound``, and ``rows``, the searched schedule last.

    Raises:
        InvalidRequest: An argument, the profile or the options are wrong.
        Infeasible: No schedule can meet the request.
        Unavailable: There is nothing in time.
        ServiceFailed: The service failed.
    """
    request = request_of(profile, options)
    service = connect(url, api_key, Deadline(request.patience if timeout is None else check_seconds(timeout)))
    at_once = {"Prefer": "respond-async"}
    with Progress(progress) as shown:
        begun = answer_of(service.post("/schedules/compare", request.body, at_once))
        wait(service.get(f"/schedules/{begun['id']}"), request.objective, service, shown)
    return service.post("/schedules/compare", request.body, at_once).json()
