"""One line on a terminal that follows a search; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from typing import Any, Mapping, Optional


class Progress:
    """Writes to stderr while its ``with`` block runs, and leaves no trace behind."""

    def __init__(self, wanted: Optional[bool] = None) -> None:
        self._on = sys.stderr.isatty() if wanted is None else wanted
        self._start = time.monotonic()
        self._shown = 0

    def __enter__(self) -> "Progress":
        self._start = time.monotonic()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._on and self._shown:
            self._write("\r" + " " * self._shown + "\r")

    def show(self, text: str) -> None:
        """Replaces the line."""
        if not self._on:
            return
        line = f"schedulesearch: {text}, {time.monotonic() - self._start:.0f} s"
        self._write("\r" + line.ljust(self._shown))
        self._shown = len(line)

    def show_answer(self, answer: Mapping[str, Any]) -> None:
        """The state of a search and the best so far."""
        state = str(answer.get("status"))
        objective = answer.get("objective")
        if "makespan" in answer:
            value = answer.get("span") if objective == "span" else answer["makespan"]
            state += f", {objective} {value:g}, gap {100 * answer.get('gap', 1):.2f} %"
        self.show(state)

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
