"""One line on a terminal that follows a search; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from typing import Any, Mapping, Optional


class Progress:
    """Writes to stderr while its ``with`` block runs, and leaves no trace behind."""

    def __init__(self, wanted: Optional[bool] = None) -> None:
        self.is_on = sys.stderr.isatty() if wanted is None else wanted
        self._start = time.monotonic()
        self._shown = 0

    def __enter__(self) -> "Progress":
        self._start = time.monotonic()
        return self

    def __exit__(self, *_: Any) -> None:
        if self.is_on and self._shown:
            self._write("\r" + " " * self._shown + "\r")

    def show(self, text: str) -> None:
        """Replaces the line."""
        if not self.is_on:
            return
        line = f"schedulesearch: {text}, {time.monotonic() - self._start:.0f} s"
        self._write("\r" + line.ljust(self._shown))
        self._shown = len(line)

    def show_answer(self, answer: Mapping[str, Any]) -> None:
        """The state of a search and the best so far, from an answer."""
        objective = str(answer.get("objective"))
        value = answer.get("span") if objective == "span" else answer.get("makespan")
        self._show_state(answer.get("status"), objective, value, answer.get("gap"))

    def show_event(self, objective: str, event: Mapping[str, Any]) -> None:
        """The same, from an event of a search that is judged by an objective."""
        self._show_state(event.get("status"), objective, event.get("incumbent"), event.get("gap"))

    def _show_state(self, status: Any, objective: str, value: Any, gap: Any) -> None:
        state = str(status)
        if value is not None:
            state += f", {objective} {value:g}"
        if gap is not None:
            state += f", gap {100 * gap:.2f} %"
        self.show(state)

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
