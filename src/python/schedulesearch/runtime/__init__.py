"""A reference executor of native instruction streams over torch.distributed (PyTorch 1.13 and later)."""

from .executor import Pipeline, Result
from .instruction import Instruction, Key
from .record import Held, Record, Step
from .stage import Stage
from .stream import Stream
from .tape import Tape
from .vocabulary import Vocabulary

__all__ = ["Held", "Instruction", "Key", "Pipeline", "Record", "Result", "Stage", "Step", "Stream", "Tape", "Vocabulary"]
