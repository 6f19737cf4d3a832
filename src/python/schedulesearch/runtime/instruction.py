"""One step of a rank."""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Optional, Tuple

COMPUTE = ("forward", "recompute", "backwardInput", "backwardWeight", "backward")
PASSES = ("vocabularyInput", "vocabularyForward", "vocabularyBackward")
"""A rank's passes over its shards of the input embedding and of the output layer, under the number of its first stage."""
TRANSFERS = ("send", "receive")


class Key(NamedTuple):
    """What an operation works on: a microbatch on a stage of a pipe, or a slice of it. Without slices all of it is slice 0."""

    pipe: int
    stage: int
    microbatch: int
    slice: int = 0


class Instruction(NamedTuple):
    """One step of a rank.

    The stage of a transfer is the one that made the result; what a pass made travels under the pass's name. `pipe` is None in a stream of
    one pipe, `slice` in a stream without slices. An `allReduce` has no microbatch (-1), but the two `ranks` that own the stage. An
    `overlapped` stands under the stage and the microbatch of its forward, and has both of its operations in `pair`, forward first.
    """

    op: str
    stage: int
    microbatch: int = -1
    peer: Optional[int] = None
    what: Optional[str] = None
    pipe: Optional[int] = None
    slice: Optional[int] = None
    ranks: Tuple[int, ...] = ()
    pair: Tuple["Instruction", ...] = ()

    @property
    def key(self) -> Key:
        """What it works on."""
        return Key(self.pipe or 0, self.stage, self.microbatch, self.slice or 0)

    @property
    def is_compute(self) -> bool:
        """Whether it is one operation."""
        return self.op in COMPUTE + PASSES

    @property
    def is_transfer(self) -> bool:
        """Whether it is one end of a transfer."""
        return self.op in TRANSFERS

    @property
    def operations(self) -> Tuple["Instruction", ...]:
        """The operations that it stands for: itself, both of a pair, or none."""
        return (self,) if self.is_compute else self.pair

    def __str__(self) -> str:
        if self.pair:
            return f"{self.op} {self.pair[0]} with {self.pair[1]}"
        transfer = f" of the {self.what}, peer {self.peer}," if self.is_transfer else ""
        numbers = [("pipe", self.pipe), ("stage", self.stage), ("microbatch", self.microbatch), ("slice", self.slice)]
        given = ", ".join(f"{name} {number}" for name, number in numbers if number is not None and number >= 0)
        return f"{self.op}{transfer} of {given}"


def read(item: Mapping[str, Any]) -> Instruction:
    """An instruction of a native stream. Raises `ValueError` for one that this executor does not know."""
    try:
        return _read(item)
    except (KeyError, TypeError) as error:
        raise ValueError(f"The instruction {dict(item)} is not complete: {error}.") from error


def _read(item: Mapping[str, Any]) -> Instruction:
    op = item["op"]
    if op == "overlapped":
        pair = tuple(_operation(half, item[half]) for half in ("forward", "backward"))
        return pair[0]._replace(op=op, pair=pair)
    if op == "allReduce":
        return Instruction(op, int(item["stage"]), ranks=tuple(item["ranks"]))
    if op not in COMPUTE + PASSES + TRANSFERS or (op in TRANSFERS and item["what"] not in ("activation", "gradient") + PASSES):
        raise ValueError(f"This executor does not know the instruction {dict(item)}.")
    operation = _operation(op, item)
    return operation._replace(peer=int(item["peer"]), what=item["what"]) if op in TRANSFERS else operation


def _operation(op: str, ids: Mapping[str, Any]) -> Instruction:
    return Instruction(op, int(ids["stage"]), int(ids["microbatch"]), pipe=ids.get("pipe"), slice=ids.get("slice"))
