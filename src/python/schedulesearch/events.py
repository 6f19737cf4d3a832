"""Server-sent events, as https://html.spec.whatwg.org/multipage/server-sent-events.html defines their text."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple


class Event(NamedTuple):
    """An event whose data is a JSON object."""

    name: str
    data: Dict[str, Any]


def events_of(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream's lines. What is no JSON object is passed over, and so is an event that is cut off."""
    name = "message"
    data: List[str] = []
    for line in lines:
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif not line:
            yield from _event(name, data)
            name, data = "message", []


def _event(name: str, data: List[str]) -> Iterator[Event]:
    try:
        content = json.loads("\n".join(data))
    except ValueError:
        return
    if isinstance(content, dict):
        yield Event(name, content)
