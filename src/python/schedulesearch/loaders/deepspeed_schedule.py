# mypy: no-warn-unused-ignores, allow-subclassing-any
"""Runs a stream of the format deepspeed: StoredSchedule.install("schedule.json") before DeepSpeed's train_batch."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List

from deepspeed.runtime.pipe import schedule  # type: ignore[import]


class StoredSchedule(schedule.PipeSchedule):
    """Yields the steps of one stage as they stand in the file."""

    stream: Dict[str, Any] = {}

    def __init__(self, micro_batches: int, stages: int, stage_id: int) -> None:
        super().__init__(micro_batches, stages, stage_id)
        if (micro_batches, stages) != (self.stream["microbatches"], len(self.stream["stages"])):
            raise ValueError("the stream was made for other numbers of microbatches or stages")
        self._stage = self.stream["stages"][stage_id]

    def steps(self) -> Iterator[List[Any]]:
        """By step its instructions."""
        for step in self._stage["steps"]:
            yield [
                getattr(schedule, told["name"])(**{key: told[key] for key in told if key != "name"})
                for told in step
            ]

    def num_pipe_buffers(self) -> int:
        """How many buffers the instructions name."""
        return int(self._stage["num_pipe_buffers"])

    @classmethod
    def install(cls, path: str) -> None:
        """Lets PipelineEngine use the file in place of its own training schedule."""
        with open(path, encoding="utf-8") as file:
            stream = json.load(file)
        schedule.TrainSchedule = type("TrainSchedule", (cls,), {"stream": stream})
