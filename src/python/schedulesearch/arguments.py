"""Checks what callers hand in: a wrong argument is an ``InvalidRequest`` that names it."""

from __future__ import annotations

import difflib
import functools
import inspect
import math
import os
from typing import Any, Callable, Mapping, Optional, TypeVar, cast

from .errors import InvalidRequest

Function = TypeVar("Function", bound=Callable[..., Any])


def with_known_arguments(function: Function) -> Function:
    """The function, with an argument that it does not have told of as every other wrong one is."""
    known = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        for name in named:
            if name not in known:
                close = difflib.get_close_matches(name, known, 1)
                meant = f" Did you mean {close[0]}?" if close else ""
                raise InvalidRequest(f"{name} is not an argument of {function.__name__}; the arguments are {', '.join(known)}.{meant}")
        return function(*given, **named)

    return cast(Function, call)


def check_seconds(value: Any) -> float:
    """A time-out: a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise InvalidRequest(f"The time-out is {value!r}; it must be a number of seconds above 0.")
    return float(value)


def check_rank(value: Any) -> int:
    """A rank: an integer from 0."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong("rank", value, "an integer from 0")
    return value


def check_text(name: str, value: Any, required: bool = False) -> None:
    """A string, or None where the argument may be left out."""
    if not isinstance(value, str) and (required or value is not None):
        raise _wrong(name, value, "a string")


def check_path(name: str, value: Any) -> None:
    """A path, or None where the argument may be left out."""
    if value is not None and not isinstance(value, (str, os.PathLike)):
        raise _wrong(name, value, "a path")


def check_options(value: Any) -> None:
    """A mapping, or None."""
    if value is not None and not isinstance(value, Mapping):
        raise _wrong("options", value, 'a mapping such as {"timeLimitSeconds": 30}')


def check_profile(value: Any) -> None:
    """A mapping, or the path of a file."""
    if not isinstance(value, (Mapping, str, os.PathLike)):
        raise _wrong("profile", value, "a mapping, or the path of a JSON file")


def check_order(value: Any) -> None:
    """A mapping or list, or the path of a file."""
    if not isinstance(value, (Mapping, list, tuple, str, os.PathLike)):
        raise _wrong("order", value, "a list for each device, an answer or native stream, or the path of a file")


def check_service(url: Optional[Any], api_key: Optional[Any]) -> None:
    """Where the service is, and the key to it."""
    check_text("url", url)
    check_text("api_key", api_key)


def _wrong(name: str, value: Any, what: str) -> InvalidRequest:
    given = repr(value)
    return InvalidRequest(f"{name} is {given if len(given) <= 60 else given[:60] + '...'}; it must be {what}.")
