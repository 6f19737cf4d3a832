"""What a rank has done in one iteration."""

from __future__ import annotations

from enum import Enum
from typing import Dict, List, NamedTuple, Optional, Sequence

from .instruction import Instruction, Key


class Held(Enum):
    """What a stage keeps of a microbatch, or of a slice."""

    INPUT = "the input, until it is recomputed"
    ALL = "all that the backward needs"
    WEIGHT = "what the weight gradient needs"


class Step(NamedTuple):
    """An instruction that was carried out, and when: seconds since the iteration began on this rank."""

    instruction: Instruction
    start: float
    end: float


class Record(NamedTuple):
    """The instructions of a rank in the order in which they were carried out.

    Attributes:
        steps: All of them.
        held: After each operation, both of an overlapped pair among them, what the stages keep.
        shares: The part of a microbatch that each slice is.
        peak_bytes: The most bytes of activations and of shards of logits that were kept after any operation; 0 when they were not counted.
        shards: After each operation, of how many microbatches the shard of the logits was held.
    """

    steps: List[Step]
    held: List[Dict[Key, Held]]
    shares: List[float]
    peak_bytes: int
    shards: List[int]

    @property
    def order(self) -> List[Instruction]:
        """The executed order."""
        return [step.instruction for step in self.steps]

    def peak_memory(self, activation: Sequence[float], retained: Sequence[float], stored: Optional[Sequence[float]] = None, shard: float = 0) -> float:
        """The most that was held at once.

        A microbatch on stage s takes `activation[s]`, `retained[s]` from backwardInput until backwardWeight, and `stored[s]` while only
        the input is kept for `recompute`, which a stream without that does not need. A slice takes its share. A shard of the logits takes
        `shard` from vocabularyForward to vocabularyBackward. It is counted after each operation, so that what a fused backward holds
        beyond the activation while it runs is not in it.
        """
        sizes = {Held.ALL: activation, Held.WEIGHT: retained, Held.INPUT: stored or []}
        stages = (sum(sizes[kind][key.stage] * self.shares[key.slice] for key, kind in held.items()) for held in self.held)
        return max((taken + shard * count for taken, count in zip(stages, self.shards)), default=0)

    @property
    def peak_activations(self) -> int:
        """The most microbatches, or slices, counted by pipe and stage, of which anything was held at once."""
        return max(map(len, self.held), default=0)
