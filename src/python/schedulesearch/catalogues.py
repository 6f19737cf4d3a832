"""What the service knows: its schedule families, devices to estimate for, and requests to start from."""

from __future__ import annotations

from typing import Any, List, Optional

from .arguments import check_seconds, with_known_arguments
from .service import Deadline, connect


@with_known_arguments
def families(*, timeout: float = 30.0, url: Optional[str] = None, api_key: Optional[str] = None) -> List[Any]:
    """What ``GET /families`` answers: for each ``name``, ``placement``, ``conditions``, ``source``, ``description`` and more.

    Raises ``Unavailable`` when there is no answer within ``timeout`` seconds, ``InvalidRequest`` for wrong arguments, ``ServiceFailed``.
    """
    return _catalogue("/families", timeout, url, api_key)


@with_known_arguments
def examples(*, timeout: float = 30.0, url: Optional[str] = None, api_key: Optional[str] = None) -> List[Any]:
    """What ``GET /examples`` answers: for each ``name``, ``description`` and ``request``, which ``get_schedule`` takes. Raises as ``families``."""
    return _catalogue("/examples", timeout, url, api_key)


@with_known_arguments
def devices(*, timeout: float = 30.0, url: Optional[str] = None, api_key: Optional[str] = None) -> List[Any]:
    """What ``GET /devices`` answers: for each ``name``, ``source``, ``flopsPerSecond``, ``memory``, bandwidths and efficiencies. Raises as ``families``."""
    return _catalogue("/devices", timeout, url, api_key)


def _catalogue(path: str, timeout: float, url: Optional[str], api_key: Optional[str]) -> List[Any]:
    return connect(url, api_key, Deadline(check_seconds(timeout))).get(path).list()
