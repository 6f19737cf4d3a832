"""A pipeline schedule of torch.distributed from a stream of the format pytorch or pytorch-comms."""

from torch.distributed.pipelining.schedules import _PipelineScheduleRuntime


def load(path, stages, n_microbatches, loss_fn, with_comms=False):
    """The schedule of this rank's stages, built as placement.ranksOfStages says; then call its step() as usual.

    with_comms: the file is of the format pytorch-comms.
    """
    schedule = _PipelineScheduleRuntime(stages, n_microbatches, loss_fn=loss_fn)
    schedule._load_csv(path, format="compute_comms" if with_comms else "compute_only")
    return schedule
