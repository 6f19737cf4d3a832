"""Why there is no schedule."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional, Sequence, Type


class ScheduleSearchError(Exception):
    """There is no schedule. ``errors`` has, by the JSON path of each offending member, what is wrong with it."""

    exit_code = 1

    def __init__(self, message: str, errors: Optional[Mapping[str, Sequence[str]]] = None) -> None:
        super().__init__(message)
        self.errors: Dict[str, List[str]] = {member: list(texts) for member, texts in (errors or {}).items()}

    def __str__(self) -> str:
        message = super().__str__()
        members = (f"{member}: {text}" for member, texts in self.errors.items() for text in texts)
        return "\n  ".join([message, *(line for line in members if line != message)])


class InvalidRequest(ScheduleSearchError):
    """The profile, the options or the settings are wrong; asking again changes nothing. Every 4xx but 422 and 429."""

    exit_code = 2


class Infeasible(ScheduleSearchError):
    """The request is well formed and cannot be met (422): too little memory, a broken condition, larger than the server's limits."""

    exit_code = 3


class Unavailable(ScheduleSearchError):
    """Nothing came in time: the service is absent, overloaded or slow, or rank 0 wrote no schedule."""

    exit_code = 4


class ServiceFailed(ScheduleSearchError):
    """The service answered with a failure that trying again does not mend."""


class Replaced(ServiceFailed):
    """A better schedule has replaced the revision that was asked for, which is not kept (410)."""


KINDS: Dict[str, Type[ScheduleSearchError]] = {
    kind.__name__: kind for kind in (ScheduleSearchError, InvalidRequest, Infeasible, Unavailable, ServiceFailed)
}
