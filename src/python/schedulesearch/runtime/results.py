"""What a rank's operations have made, or other ranks have sent, until it is read."""

from __future__ import annotations

from typing import Dict, Optional, Tuple

from torch import Tensor

from .instruction import Instruction, Key


class Results:
    """Results that wait for the rank that reads them: this one, or another to which a send takes it. Each rank reads a result once."""

    def __init__(self) -> None:
        self._waiting: Dict[Tuple[str, Key, int], Optional[Tensor]] = {}

    def put(self, what: str, key: Key, reader: int, value: Optional[Tensor]) -> None:
        """Keeps it for a rank. A gradient that nobody can have is None, and counts as not there."""
        self._waiting[what, key, reader] = value

    def has(self, what: str, key: Key, reader: int) -> bool:
        """Whether it is there for a rank, or is known to be there for nobody."""
        return (what, key, reader) in self._waiting

    def take(self, what: str, key: Key, reader: int, instruction: Instruction) -> Tensor:
        """What a rank reads. Raises `ValueError` when it is not there."""
        value = self._waiting.pop((what, key, reader), None)
        if value is None:
            raise ValueError(f"{instruction}: the {what} of stage {key.stage} that it needs is not there.")
        return value
