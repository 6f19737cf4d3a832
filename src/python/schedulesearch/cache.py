"""Schedules on disk: this machine's cache, and the output file that the ranks of a launch share.

Every file is replaced as a whole (``os.replace``), so a reader sees the old or the new one and never a part.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from pathlib import Path
from typing import Any, Dict, Mapping, NamedTuple, Optional, Union

from .errors import KINDS, ScheduleSearchError, Unavailable
from .request import Request
from .schedule import FALLBACK, Schedule, from_record, to_record

PathLike = Union[str, "os.PathLike[str]"]

_STORED = ("optimal", "feasible")
_FIRST_LOOK, _LONGEST_LOOK = 0.05, 1.0


def default_folder() -> Optional[Path]:
    """``SCHEDULESEARCH_CACHE``, else the folder ``schedulesearch`` of the user's cache; None for a user who has no home."""
    given = os.environ.get("SCHEDULESEARCH_CACHE")
    if given:
        return Path(given)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "schedulesearch"
    except RuntimeError:
        return None


class DiskCache:
    """Answers of the service, one file for each request, named by its content hash. A fallback is never kept.

    A disk that cannot be read or written is as good as an empty cache.
    """

    def __init__(self, folder: PathLike) -> None:
        self._folder = Path(folder)

    def find(self, request: Request) -> Optional[Schedule]:
        try:
            record = json.loads((self._folder / f"{request.hash}.json").read_text(encoding="utf-8"))
            if record["request"] != request.hash or record["content"] != _hash(record["text"]):
                return None
            return from_record(record["schedule"], record["text"], "cache")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, request: Request, schedule: Schedule) -> None:
        if schedule.status not in _STORED:
            return
        record = {
            "request": request.hash,
            "content": _hash(schedule.text),
            "schedule": to_record(schedule),
            "text": schedule.text,
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _replace(self._folder / f"{request.hash}.json", json.dumps(record))
        except OSError:
            pass


class _Found(NamedTuple):
    """What stands in the output file: a schedule, or why there is none. Each writing of the file has a nonce of its own."""

    schedule: Optional[Schedule] = None
    failure: Optional[Mapping[str, Any]] = None
    nonce: Optional[str] = None


class OutputFile:
    """The file that rank 0 writes and all ranks read, with a record beside it (``.meta.json``) of what it answers.

    A file is taken when its record has this request's content hash and the file's own, by the same rule on every rank; so no two ranks of
    a launch ever follow different schedules. A fallback stands in for one launch: rank 0 withdraws the one that it finds and asks anew,
    and the other ranks take none of another launch, nor one that may be of an earlier launch of the same name before rank 0 has had the
    time to withdraw it.
    """

    def __init__(self, path: PathLike, request: Request, launch: str) -> None:
        self.path = Path(path)
        self._record_path = Path(f"{self.path}.meta.json")
        self._request = request
        self._launch = launch

    def take(self) -> Optional[Schedule]:
        """The schedule that rank 0 uses as it is; None when it has to ask. A fallback is withdrawn. Raises ``OSError``."""
        schedule = self._look().schedule
        if schedule is None or not schedule.is_fallback:
            return schedule
        self._record_path.unlink(missing_ok=True)
        return None

    def write(self, schedule: Schedule) -> None:
        """Replaces the file, then its record. Raises ``OSError``."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _replace(self.path, schedule.text)
        self._write_record({"content": _hash(schedule.text), "schedule": to_record(schedule)})

    def write_failure(self, error: ScheduleSearchError) -> None:
        """Lets the waiting ranks know that there will be no schedule."""
        failure = {"kind": type(error).__name__, "message": error.args[0], "errors": error.errors}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._write_record({"failure": failure})
        except OSError:
            pass

    def wait(self, seconds: float, late: float) -> Schedule:
        """Waits for rank 0, which may start ``late`` seconds after this rank.

        Raises what rank 0 failed with, or ``Unavailable`` when it wrote nothing within ``seconds``.
        """
        start = time.monotonic()
        pause = _FIRST_LOOK
        first = found = self._look()
        while True:
            waited = time.monotonic() - start
            # What stood here from the start may be of an earlier launch.
            is_new = found.nonce != first.nonce
            if found.schedule is not None and (is_new or waited >= late or not found.schedule.is_fallback):
                return found.schedule
            if found.failure is not None and is_new:
                raise _error_of(found.failure)
            if waited >= seconds:
                raise Unavailable(
                    f"Rank 0 wrote no schedule to {self.path} within {seconds:.0f} s. Is it on a file system that all ranks share, "
                    "and do all ranks ask for the same profile, options and format?"
                )
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_LOOK)
            found = self._look()

    def _look(self) -> _Found:
        try:
            record = json.loads(self._record_path.read_text(encoding="utf-8"))
            if record["request"] != self._request.hash:
                return _Found()
            if "failure" in record:
                return _Found(failure=record["failure"], nonce=record["nonce"])
            if record["schedule"]["status"] == FALLBACK and record["launch"] != self._launch:
                return _Found()
            text = self.path.read_bytes().decode("utf-8")
            if _hash(text) != record["content"]:
                return _Found()
            return _Found(schedule=from_record(record["schedule"], text, "file", str(self.path)), nonce=record["nonce"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return _Found()

    def _write_record(self, content: Dict[str, Any]) -> None:
        record = {"request": self._request.hash, "launch": self._launch, "nonce": secrets.token_hex(8), **content}
        _replace(self._record_path, json.dumps(record, indent=1) + "\n")


def _error_of(failure: Mapping[str, Any]) -> ScheduleSearchError:
    kind = KINDS.get(str(failure.get("kind")), ScheduleSearchError)
    return kind(f"Rank 0: {failure.get('message')}", failure.get("errors"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
