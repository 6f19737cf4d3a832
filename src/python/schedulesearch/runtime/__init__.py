"""A reference executor of native instruction streams over torch.distributed (PyTorch 1.13 and later)."""

from .executor import Pipeline, Result
from .record import Record, Step
from .stage import Stage, Tape
from .stream import Instruction, Stream

__all__ = ["Instruction", "Pipeline", "Record", "Result", "Stage", "Step", "Stream", "Tape"]
