"""What the slices of a microbatch hand to each other on one stage."""

from __future__ import annotations

from typing import Dict, Optional, Sequence, Tuple

from torch import Tensor

from .instruction import Instruction, Key


class SliceChain:
    """Keys and values go from each slice to the next one, the gradients by them back from the last slice to the first.

    Without slices, a microbatch is its own first and last slice.
    """

    def __init__(self, slices: int) -> None:
        self._slices = slices
        # By stage and microbatch (slice 0): the slice whose turn it is, and what it is handed.
        self._forwards: Dict[Key, Tuple[int, Tuple[Tensor, ...]]] = {}
        self._backwards: Dict[Key, Tuple[int, Tuple[Optional[Tensor], ...]]] = {}

    def past(self, instruction: Instruction) -> Tuple[Tensor, ...]:
        """Keys and values of all slices before this one. Raises `ValueError` when it is not its turn."""
        turn, past = self._forwards.get(_chain(instruction), (0, ()))
        _check(instruction, turn)
        return past

    def hand_on(self, instruction: Instruction, present: Sequence[Tensor]) -> None:
        """Gives the next slice those with this one's; the last slice's go to none."""
        turn = instruction.key.slice + 1
        if turn < self._slices:
            self._forwards[_chain(instruction)] = (turn, tuple(present))
        else:
            self._forwards.pop(_chain(instruction), None)

    def of_present(self, instruction: Instruction) -> Tuple[Optional[Tensor], ...]:
        """The gradients that later slices' backwards have left. Raises `ValueError` when it is not its turn."""
        turn, gradients = self._backwards.get(_chain(instruction), (self._slices - 1, ()))
        _check(instruction, turn)
        return gradients

    def hand_back(self, instruction: Instruction, of_past: Sequence[Optional[Tensor]]) -> None:
        """Gives the slice before this one its gradients."""
        turn = instruction.key.slice - 1
        if turn >= 0:
            self._backwards[_chain(instruction)] = (turn, tuple(of_past))
        else:
            self._backwards.pop(_chain(instruction), None)


def _chain(instruction: Instruction) -> Key:
    return instruction.key._replace(slice=0)


def _check(instruction: Instruction, turn: int) -> None:
    if instruction.key.slice != turn:
        raise ValueError(f"{instruction}: it does not follow the operation that it needs; it is the turn of slice {turn}.")
