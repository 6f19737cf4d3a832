"""The service's native stream, as the executor reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Union

COMPUTE = ("forward", "backwardInput", "backwardWeight", "backward")
TRANSFERS = ("send", "receive")


class Instruction(NamedTuple):
    """One step of a rank. The stage of a transfer is the one that made the result."""

    op: str
    stage: int
    microbatch: int
    peer: Optional[int] = None
    what: Optional[str] = None

    @property
    def is_compute(self) -> bool:
        """Whether it is an operation, not one end of a transfer."""
        return self.op in COMPUTE

    def __str__(self) -> str:
        transfer = "" if self.is_compute else f" of the {self.what}, peer {self.peer},"
        return f"{self.op}{transfer} of stage {self.stage}, microbatch {self.microbatch}"


class Stream(NamedTuple):
    """What each rank does, first to last, and what that promises in the profile's own units."""

    microbatches: int
    ranks_of_stages: List[int]
    ranks: Dict[int, List[Instruction]]
    makespan: float
    span: float
    peak_memory: List[float]

    @property
    def devices(self) -> int:
        """How many ranks there are."""
        return max(self.ranks_of_stages) + 1

    def stages_of(self, rank: int) -> List[int]:
        """The stages of a rank, ascending."""
        return [stage for stage, owner in enumerate(self.ranks_of_stages) if owner == rank]

    @staticmethod
    def load(path: Union[str, Path]) -> "Stream":
        """Reads a file. Raises `ValueError` as `parse` does, and `OSError`."""
        return Stream.parse(json.loads(Path(path).read_text("utf-8")))

    @staticmethod
    def parse(document: Mapping[str, Any]) -> "Stream":
        """Reads `GET /schedules/{id}/instructions?format=native`, of all ranks or of some.

        Raises `ValueError` for another format or version, for two pipes, and for operations that this executor does not know.
        """
        if (document.get("format"), document.get("version")) != ("native", 1):
            raise ValueError("This is no stream of the format native, version 1.")
        pipes: Sequence[List[int]] = document["placement"]["ranksOfStages"]
        if len(pipes) != 1:
            raise ValueError("A stream of two pipes needs two replicas of each stage, which this executor does not hold.")
        return Stream(
            document["microbatches"],
            list(pipes[0]),
            {entry["rank"]: [_instruction(item) for item in entry["instructions"]] for entry in document["ranks"]},
            document["makespan"],
            document["span"],
            document["peakMemory"],
        )


def _instruction(item: Mapping[str, Any]) -> Instruction:
    if item["op"] not in COMPUTE + TRANSFERS or (item["op"] in TRANSFERS and item["what"] not in ("activation", "gradient")):
        raise ValueError(f"This executor does not know the instruction {dict(item)}.")
    return Instruction(item["op"], item["stage"], item["microbatch"], item.get("peer"), item.get("what"))
