"""``verify``: somebody's order, replayed with the profile's times and checked rule by rule."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from .arguments import check_seconds, with_known_arguments
from .order import OrderLike, order_of
from .request import ProfileLike, dumps, request_of
from .service import Deadline, connect


@with_known_arguments
def verify(
    profile: ProfileLike,
    order: OrderLike,
    *,
    options: Optional[Mapping[str, Any]] = None,
    store: Optional[bool] = None,
    timeout: float = 60.0,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """What an order costs, or the rules that it breaks.

    Args:
        profile: What ``get_schedule`` takes.
        order: A file: the CSV of torch.distributed.pipelining, with or without communication, a native stream, or an answer of the
            service; or what such a file of JSON holds; or for each device its operations. Where these have times, they are checked too.
        options: ``objective`` and ``splitBackward``; the rest does not count.
        store: Whether the service keeps an order that breaks no rule, under an id of its own. By default it does where the key may have
            searches stored too.
        timeout: Seconds for everything together.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``POST /schedules/verify`` answers: ``valid``, ``violations``, and for a complete order ``makespan``, ``span``, ``lowerBound``,
        ``gap``, ``bubbleRatio``, ``meanIdle``, ``limitedBy``, ``idle`` of each device by phase and in ``causes`` by cause, and
        ``peakMemory``, in the profile's own units; ``criticalPath``, ``searched`` (the searched schedule of the same problem and what
        the order loses beside it), and ``id``, by which a kept order is fetched, drawn and compared as any schedule.

    Raises:
        InvalidRequest: The profile, the order or an argument cannot be read.
        Infeasible: No schedule can meet the request.
        Unavailable: There is no answer in time.
        ServiceFailed: The service failed.
    """
    request = request_of(profile, options)
    body: Dict[str, Any] = {"profile": request.profile, "options": request.options, "devices": order_of(order)}
    if store is not None:
        body["store"] = store
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    return service.post("/schedules/verify", dumps(body), {}).json()
