# mypy: no-warn-unused-ignores, allow-subclassing-any
"""A JaxPP schedule from a stream of the format jaxpp: StoredSchedule.load("schedule.json")."""

from __future__ import annotations

import json
from typing import Any, Dict, List

from jaxpp import schedules  # type: ignore[import]


class StoredSchedule(schedules.BaseSchedule):
    """Lists the tasks as they stand in the file."""

    stream: Dict[str, Any]

    @classmethod
    def load(cls, path: str) -> StoredSchedule:
        """The schedule of a file."""
        with open(path, encoding="utf-8") as file:
            stream = json.load(file)
        stored = cls(num_stages=int(stream["settings"]["num_stages"]))
        # Some releases freeze their schedules.
        object.__setattr__(stored, "stream", stream)
        object.__setattr__(stored, "is_partial_bwd", stream["is_partial_bwd"])
        return stored

    def __eq__(self, other: object) -> bool:
        # What is compiled for one schedule is taken for another that is equal to it.
        return isinstance(other, StoredSchedule) and self.stream == other.stream

    def __hash__(self) -> int:
        return hash(self.stream["id"])

    def get_mpmd_idx(self, stage_id: int) -> int:
        """The rank of a stage."""
        return int(self.stream["placement"]["ranksOfStages"][0][stage_id])

    def tasks(self, n_mubatches: int) -> List[List[Any]]:
        """By rank its tasks. Raises ``ValueError`` for another number of microbatches than the stream was made for."""
        if n_mubatches != self.stream["microbatches"]:
            raise ValueError("the stream was made for %d microbatches" % self.stream["microbatches"])
        # Releases of 2025 have both names from jaxpp.types, and tasks that are made without make().
        make = getattr(schedules.Task, "make", schedules.Task)
        return [
            [make(task["stage_id"], task["mubatch_idx"], schedules.TaskType[task["task_type"]]) for task in tasks]
            for tasks in self.stream["tasks"]
        ]
