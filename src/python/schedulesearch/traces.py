"""``import_trace``: a profile with the medians of a recorded run."""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence, Union

from .arguments import check_seconds, check_text, with_known_arguments
from .errors import InvalidRequest
from .service import Deadline, connect

TraceLike = Union[str, "os.PathLike[str]"]

# Bytes of a file after decompression: more than the service takes of all together.
_LARGEST = 1 << 28

_GZIP = b"\x1f\x8b"

# An object, or a list of objects: lines of logs begin with brackets too.
_JSON = re.compile(rb"\s*(\{|\[\s*[{\]])")


@with_known_arguments
def import_trace(
    files: Sequence[TraceLike],
    *,
    name: Optional[str] = None,
    warm_up_steps: Optional[int] = None,
    time_unit: Optional[str] = None,
    pipeline: Optional[Mapping[str, Any]] = None,
    timeout: float = 120.0,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
) -> Dict[str, Any]:
    """A profile with the medians of a recorded run, and how far they are to be trusted.

    Args:
        files: The files of one run, plain or compressed by gzip: traces of PyTorch's profiler, a file for each rank; timelines of ByteDance's straggler
            analysis; the ``pp_data`` of Primus; logs with the timers of Megatron or of the zero-bubble runtime; or tables
            ``rank,stage,kind,microbatch,start,duration[,step][,replica]``.
        name: What the profile is called.
        warm_up_steps: The first steps that are left out; by default those that take more than one and a half times the median.
        time_unit: ``us``, ``ms`` (default) or ``s``: of times in tables.
        pipeline: ``devices``, ``microbatches`` and, for several stages a rank, ``chunks`` and ``placement``: of logs without the arguments of the run.
        timeout: Seconds for everything together.
        url: The service; by default ``SCHEDULESEARCH_URL``, else ``http://127.0.0.1:5080``.
        api_key: Sent as a bearer token; by default ``SCHEDULESEARCH_KEY``.

    Returns:
        What ``POST /profiles/import`` answers: ``profile``, which ``get_schedule`` takes, ``samples``, which ``evaluate`` takes as ``noise.samples``,
        ``durations``, ``ranks``, ``communication``, ``fidelity``, ``untold``, ``warnings``. Logs with timers have neither ``samples`` nor ``fidelity``.

    Raises:
        InvalidRequest: An argument or a file is wrong.
        Infeasible: The files hold no whole step of one pipeline.
        Unavailable: There is no answer in time.
        ServiceFailed: The service failed.
    """
    if isinstance(files, (str, os.PathLike)) or not files:
        raise InvalidRequest("files must be a list of at least one file.")
    check_text("name", name)
    check_text("time_unit", time_unit)
    named = {"name": name, "warmUpSteps": warm_up_steps, "timeUnit": time_unit, "pipeline": None if pipeline is None else dict(pipeline)}
    head = json.dumps({member: value for member, value in named.items() if value is not None})[:-1]
    parts = b",".join(_part(Path(file)) for file in files)
    body = head.encode() + (b", " if len(head) > 1 else b"") + b'"files": [' + parts + b"]}"
    service = connect(url, api_key, Deadline(check_seconds(timeout)))
    return service.post("/profiles/import", gzip.compress(body, 6), {"Content-Encoding": "gzip"}).json()


def _part(path: Path) -> bytes:
    """A file as a member of the body. What is JSON goes as it is: a trace is read once, by the service."""
    content = _read(path)
    if not _JSON.match(content):
        try:
            content = json.dumps(content.decode("utf-8")).encode()
        except UnicodeDecodeError as error:
            raise InvalidRequest(f"{path} is neither JSON nor a table or a log in UTF-8.") from error
    return b'{"name": ' + json.dumps(path.name).encode() + b', "content": ' + content + b"}"


def _read(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            is_packed = file.read(2) == _GZIP
            file.seek(0)
            with gzip.GzipFile(fileobj=file) if is_packed else file as plain:
                content = plain.read(_LARGEST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidRequest(f"{path} is not the gzip that it begins as: {error}.") from error
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > _LARGEST:
        raise InvalidRequest(f"{path} holds more than {_LARGEST >> 20} MiB.")
    return bytes(content)
