# mypy: no-warn-unused-ignores
"""A pipeline schedule of torch.distributed from a stream of the format pytorch or pytorch-comms."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence

from torch.distributed.pipelining import schedules  # type: ignore[import]
from torch.distributed.pipelining.schedules import _PipelineScheduleRuntime  # type: ignore[import]


def load(
    path: str,
    stages: Sequence[Any],
    n_microbatches: int,
    loss_fn: Optional[Callable[..., Any]],
    with_comms: bool = False,
    overlap: Optional[Callable[..., Any]] = None,
    rank_of_stage: Optional[Mapping[int, int]] = None,
) -> Any:
    """The schedule of this rank's stages, built as placement.ranksOfStages says; then call its step() as usual.

    with_comms: the file is of the format pytorch-comms.
    overlap: what carries out the two actions of an OVERLAP_F_B together, given the action and a context, from PyTorch 2.10 on. Without it
        one runs after the other, and the iteration takes longer than the schedule says.
    rank_of_stage: the setting stage_index_to_group_rank, for stages that stand neither in loop nor in v order.
    """
    schedule = _PipelineScheduleRuntime(stages, n_microbatches, loss_fn=loss_fn)
    if overlap is not None:
        schedule.register_custom_function(schedules.OVERLAP_F_B, overlap)
    if rank_of_stage is not None:
        # A file with communication does not tell where stages stand, and PyTorch takes them to stand in a loop.
        own: Dict[int, int] = dict(rank_of_stage)
        schedule.stage_index_to_group_rank = own
        for stage in stages:
            stage.stage_index_to_group_rank = own
    schedule._load_csv(path, format="compute_comms" if with_comms else "compute_only")
    return schedule
