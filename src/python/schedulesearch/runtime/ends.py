"""What stands before the first stage and after the last one."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from torch import Tensor

from .data import Data
from .instruction import Instruction


class Ends:
    """The model's inputs before the first stage, and nothing after the last one, which computes the loss itself.

    Args:
        data: What this rank was given.

    Attributes:
        data: The same.
        losses: By microbatch those of its slices, where the last stage is.
    """

    def __init__(self, data: Data) -> None:
        self.data = data
        self.losses: Dict[int, List[Tensor]] = {}

    @property
    def held(self) -> int:
        """Of how many microbatches anything is held beside what the stages hold."""
        return 0

    def bytes(self) -> int:
        """Bytes of that."""
        return 0

    def input(self, operation: Instruction) -> Tensor:
        """The first stage's input."""
        return self.data.input(operation)

    def target(self, operation: Instruction) -> Tuple[Any, float]:
        """What the last stage compares its output with, and by what its loss counts."""
        return self.data.target(operation)

    def take_output(self, operation: Instruction, output: Tensor) -> None:
        """Takes what the last stage's forward gives."""
        self.losses.setdefault(operation.microbatch, []).append(output)

    def output_gradient(self, operation: Instruction) -> Optional[Tensor]:
        """By the last stage's output; None for a loss."""
        return None

    def take_input_gradient(self, operation: Instruction, gradient: Optional[Tensor]) -> None:
        """Takes the gradient by the first stage's input."""

    def compute(self, operation: Instruction) -> None:
        """Carries out an operation that belongs to no stage, of which there are none here."""
        raise AssertionError(f"{operation}: only shards have passes.")

    def finish(self) -> None:
        """Does what is left when all instructions have been carried out. Raises `RuntimeError` when another rank does not do its part."""
