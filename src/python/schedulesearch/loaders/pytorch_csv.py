# mypy: no-warn-unused-ignores
"""A pipeline schedule of torch.distributed from a stream of the format pytorch or pytorch-comms."""

from __future__ import annotations

from typing import Any, Callable, Optional, Sequence

from torch.distributed.pipelining import schedules  # type: ignore[import]
from torch.distributed.pipelining.schedules import _PipelineScheduleRuntime  # type: ignore[import]


def load(
    path: str,
    stages: Sequence[Any],
    n_microbatches: int,
    loss_fn: Optional[Callable[..., Any]],
    with_comms: bool = False,
    overlap: Optional[Callable[..., Any]] = None,
) -> Any:
    """The schedule of this rank's stages, built as placement.ranksOfStages says; then call its step() as usual.

    with_comms: the file is of the format pytorch-comms.
    overlap: what carries out the two actions of an OVERLAP_F_B together, given the action and a context, from PyTorch 2.10 on. Without it
        one runs after the other, and the iteration takes longer than the schedule says.
    """
    schedule = _PipelineScheduleRuntime(stages, n_microbatches, loss_fn=loss_fn)
    if overlap is not None:
        schedule.register_custom_function(schedules.OVERLAP_F_B, overlap)
    schedule._load_csv(path, format="compute_comms" if with_comms else "compute_only")
    return schedule
