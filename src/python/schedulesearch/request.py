"""The request that a launcher makes, and its content hash."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Union

from .arguments import check_options, check_profile, check_text
from .errors import InvalidRequest

ProfileLike = Union[Mapping[str, Any], str, "os.PathLike[str]"]

# Hashed along, so that files of another layout are never taken for this one's.
_VERSION = 2
_DEFAULT_SECONDS = 10.0

# The words by which a profile leaves a choice to the service, and the format that carries whatever is chosen.
_OPEN = ("best", "search")
_CARRIES_ALL = "native"

# Beyond the search itself: for queues, retries and the transfer.
_SPARE_SECONDS = 60.0


@dataclass(frozen=True)
class Request:
    """A profile with options, to be answered in a format, of one of its runtime's releases where these differ."""

    profile: Mapping[str, Any]
    options: Mapping[str, Any]
    format: str
    version: Optional[str] = None

    @property
    def hash(self) -> str:
        """SHA-256 of what decides the answer, 64 hex digits. The profile's name is no part of it; 1 and 1.0 are the same."""
        problem = {member: value for member, value in self.profile.items() if member != "name"}
        content = [_VERSION, _canonical(problem), _canonical(self.options), self.format, self.version]
        return hashlib.sha256(dumps(content, sort_keys=True)).hexdigest()

    @property
    def body(self) -> bytes:
        """What ``POST /schedules/solve`` takes: where the profile leaves something open, the format decides what may be chosen."""
        restricts = self._leaves_open and self.format != _CARRIES_ALL and not {"formats", "runtime"}.intersection(self.options)
        options = {**self.options, "formats": [self.format]} if restricts else self.options
        return dumps({"profile": self.profile, "options": options})

    @property
    def _leaves_open(self) -> bool:
        """Whether the service is to choose the placement, or how a feature is used."""
        words = [self.placement]
        for name, member in (("recompute", "choose"), ("vocabulary", "parallel")):
            section = self.profile.get(name)
            words.append(section.get(member) if isinstance(section, Mapping) else None)
        return any(word in _OPEN for word in words if isinstance(word, str))

    @property
    def placements(self) -> Optional[List[Any]]:
        """The placements that the options let the service choose from; None for all."""
        given = self.options.get("placements")
        return list(given) if isinstance(given, (list, tuple)) else None

    @property
    def placement(self) -> Any:
        """The placement that the profile names."""
        shape = self.profile.get("pipeline")
        return shape.get("placement", "linear") if isinstance(shape, Mapping) else None

    @property
    def seconds(self) -> float:
        """How long the search may take."""
        given = self.options.get("timeLimitSeconds", _DEFAULT_SECONDS)
        return float(given) if isinstance(given, (int, float)) and math.isfinite(given) and given > 0 else _DEFAULT_SECONDS


    @property
    def patience(self) -> float:
        """Seconds that a caller who says nothing waits for everything together."""
        return self.seconds + _SPARE_SECONDS

    @property
    def objective(self) -> str:
        """What schedules are judged by."""
        return str(self.options.get("objective", "makespan"))


def request_of(
    profile: ProfileLike, options: Optional[Mapping[str, Any]], format: str = "native", version: Optional[str] = None
) -> Request:
    """Makes a request of a profile, of a whole body ``{"profile": ..., "options": ...}``, or of a file with either.

    Options given here stand above those of the body. Raises ``InvalidRequest``.
    """
    check_profile(profile)
    check_options(options)
    check_text("format", format, required=True)
    check_text("version", version)
    content = profile if isinstance(profile, Mapping) else read_object(profile)
    given: Dict[str, Any] = {}
    if "profile" in content:
        unknown = sorted(set(content) - {"profile", "options"})
        if unknown:
            raise InvalidRequest(f"Beside profile and options there is {', '.join(unknown)}.")
        given, content = content.get("options") or {}, content["profile"]
    if not isinstance(content, Mapping) or not isinstance(given, Mapping):
        raise InvalidRequest("The profile and the options must be JSON objects.")
    request = Request(content, {**given, **(options or {})}, format, version)
    _ = (request.hash, request.body)  # what JSON cannot carry fails here, not later
    return request


def object_of(given: Any, name: str) -> Mapping[str, Any]:
    """A JSON object as it was given, or that of a file. Raises ``InvalidRequest`` when it is neither."""
    if isinstance(given, Mapping):
        return given
    if not isinstance(given, (str, os.PathLike)):
        raise InvalidRequest(f"The {name} must be an object or the name of a file.")
    return read_object(given)


def read_object(source: Union[str, "os.PathLike[str]"]) -> Mapping[str, Any]:
    """The JSON object in a file. Raises ``InvalidRequest`` when it cannot be read, or holds none."""
    path = Path(source)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InvalidRequest(f"{path} is not JSON: {error}.") from error
    if not isinstance(content, Mapping):
        raise InvalidRequest(f"{path} must hold a JSON object.")
    return content


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(member): _canonical(item) for member, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def dumps(value: Any, sort_keys: bool = False) -> bytes:
    """JSON without white space. Raises ``InvalidRequest`` for what JSON cannot carry."""
    try:
        return json.dumps(value, sort_keys=sort_keys, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError) as error:
        raise InvalidRequest(f"The request cannot be written as JSON: {error}.") from error
