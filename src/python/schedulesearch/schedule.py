"""What a launcher gets."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Dict, Mapping, Optional, Union

Number = Union[int, float]

FALLBACK = "fallback"


@dataclass(frozen=True)
class Schedule:
    """A schedule in a runtime's format. Times are in the profile's own unit.

    ``source`` says where it comes from: ``service``, ``cache`` (this machine's disk), ``file`` (the output file, written before or by
    rank 0), or ``fallback``: 1F1B made locally, neither searched nor proved, with ``reason`` saying why. ``status`` is the service's:
    ``optimal``, ``feasible``, or ``running`` for the best so far of a search that outlasted the time-out; or ``fallback``. ``revision``
    names the schedule: ``/schedules/{id}/instructions?revision=...`` is this one, whatever the search finds meanwhile. Where the
    profile leaves something open, ``placement`` and ``chunks`` are those of the schedule, and ``chosen`` the values for what is
    open beside the placement, by the member: ``{"vocabulary.parallel": "one-barrier"}`` or ``{"recompute.choose": [0, 1]}``; else they
    are None.
    """

    format: str
    text: str
    source: str
    status: str
    method: str
    objective: str
    makespan: Number
    span: Number
    lower_bound: Optional[Number] = None
    gap: Optional[float] = None
    id: Optional[str] = None
    reason: Optional[str] = None
    path: Optional[str] = None
    revision: Optional[str] = None
    placement: Optional[str] = None
    chunks: Optional[int] = None
    chosen: Optional[Dict[str, Any]] = None

    @property
    def is_fallback(self) -> bool:
        """Whether this is the local 1F1B, whatever it was read from."""
        return self.status == FALLBACK

    def native(self) -> Dict[str, Any]:
        """The parsed stream of the format ``native``."""
        if self.format != "native":
            raise ValueError(f"This schedule is in the format {self.format}; ask for native.")
        stream: Dict[str, Any] = json.loads(self.text)
        return stream

    def summary(self) -> str:
        """One line for people."""
        value = self.span if self.objective == "span" else self.makespan
        where = "" if self.placement is None else f" on {self.placement} with {self.chunks} chunk{'' if self.chunks == 1 else 's'}"
        where += "".join(f", {member} {word}" for member, word in (self.chosen or {}).items())
        line = f"{self.status}: {self.method}{where}, {self.objective} {value:g}"
        return line if self.gap is None else f"{line}, gap {100 * self.gap:.3g} %"


def to_record(schedule: Schedule) -> Dict[str, Any]:
    """All but the text and where the text lies."""
    record = asdict(schedule)
    del record["text"], record["path"], record["source"]
    return record


def from_record(record: Mapping[str, Any], text: str, source: str, path: Optional[str] = None) -> Schedule:
    """The reverse of ``to_record``. Raises ``TypeError`` or ``KeyError`` when the record is another version's."""
    return Schedule(text=text, source=source, path=path, **{member: record[member] for member in _RECORDED})


_RECORDED = [field for field in Schedule.__dataclass_fields__ if field not in ("text", "path", "source")]
