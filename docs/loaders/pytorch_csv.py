"""A pipeline schedule of torch.distributed from a stream of the format pytorch or pytorch-comms."""

from torch.distributed.pipelining import schedules
from torch.distributed.pipelining.schedules import _PipelineScheduleRuntime


def load(path, stages, n_microbatches, loss_fn, with_comms=False, overlap=None):
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
