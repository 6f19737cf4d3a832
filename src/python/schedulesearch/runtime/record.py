"""What a rank has done in one iteration."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence, Tuple

from .stream import Instruction


class Step(NamedTuple):
    """An instruction that was carried out, and when: seconds since the iteration began on this rank."""

    instruction: Instruction
    start: float
    end: float


class Record(NamedTuple):
    """The instructions of a rank in the order in which they were carried out.

    Attributes:
        steps: All of them.
        held: After each step, the microbatches of which a stage holds all (`True`) or what the weight gradient needs (`False`).
        peak_bytes: The most bytes of activations that autograd kept after any step; 0 when they were not counted.
    """

    steps: List[Step]
    held: List[Dict[Tuple[int, int], bool]]
    peak_bytes: int

    @property
    def order(self) -> List[Instruction]:
        """The executed order."""
        return [step.instruction for step in self.steps]

    def peak_memory(self, activation: Sequence[float], retained: Sequence[float]) -> float:
        """The most that was held at once, where a microbatch on stage s takes `activation[s]`, and `retained[s]` until backwardWeight."""
        return max(sum((activation if whole else retained)[stage] for (stage, _), whole in held.items()) for held in self.held)

    @property
    def peak_activations(self) -> int:
        """The most microbatches, counted by stage, of which anything was held at once."""
        return max(map(len, self.held))
