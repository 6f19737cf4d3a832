"""``estimate``: a profile of layers from a model's configuration, before anything is measured."""

from __future__ import annotations

import os
from typing import Any, Dict, Mapping, Optional, Union

from .arguments import check_seconds, with_known_arguments
from .errors import InvalidRequest
from .request import dumps, read_object
from .service import Deadline, connect

ConfigLike = Union[Mapping[str, Any], str, "os.PathLike[str]"]

# What only a whole request or the sizes of Megatron have, and no configuration of Hugging Face.
_OF_REQUEST, _OF_SIZES = ("config", "model"), ("hidden", "heads")


@with_known_arguments
def estimate(
    config: ConfigLike,
    *,
    settings: Optional[Mapping[str, Any]] = None,
    timeout: float = 30.0,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """Times and memory of a model's layers as they follow from its sizes and a device's data sheet.

    Args:
        config: A Hugging Face ``config.json``, sizes as Megatron has them (``hidden``, ``layers``, ``heads``, ...), or a whole body of
            ``POST /profiles/estimate``: as a mapping, or as the path of a JSON file.
        settings: The other members of the body, such as ``sequence``, ``device`` and ``pipeline``; these stand above those of a whole body.
        timeout: Seconds for everything together.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``POST /profiles/estimate`` answers: ``profile``, which ``get_schedule`` takes, ``layers`` with the formulas of their numbers,
        ``parameters``, ``ranks`` with the memory of each, ``device``, ``warnings``.

    Raises:
        InvalidRequest: An argument, the configuration or a setting is wrong.
        Infeasible: The settings do not go together.
        Unavailable: There is no answer in time.
        ServiceFailed: The service failed.
    """
    if not isinstance(config, (Mapping, str, os.PathLike)):
        raise InvalidRequest(f"config is {config!r}; it must be a mapping, or the path of a JSON file.")
    if settings is not None and not isinstance(settings, Mapping):
        raise InvalidRequest(f'settings is {settings!r}; it must be a mapping such as {{"sequence": 8192}}.')
    content = config if isinstance(config, Mapping) else read_object(config)
    if any(member in content for member in _OF_REQUEST):
        body = {**content, **(settings or {})}
    elif all(member in content for member in _OF_SIZES):
        body = {"model": content, **(settings or {})}
    else:
        body = {"config": content, **(settings or {})}
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    return service.post("/profiles/estimate", dumps(body), {}).json()
