"""The service's native stream, as the executor reads it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Union

from .check import check
from .instruction import PASSES, Instruction, read


class Stream(NamedTuple):
    """What each rank does, first to last, and what that promises in the profile's own units.

    Attributes:
        microbatches: Microbatches of an iteration; each runs in one of the pipes.
        ranks_of_stages: By pipe, for each stage the rank that holds it.
        ranks: The instructions of the ranks that the document names.
        makespan: From the first start to the last end of all ranks.
        span: The longest time of one rank.
        peak_memory: By rank.
        slices: Into how many slices of its sequence a microbatch is cut.
        slice_lengths: Positions of each slice; None for slices as equal as can be, the first ones taking what is left over.
        frozen: How many stages have no backward, from the first on.
    """

    microbatches: int
    ranks_of_stages: List[List[int]]
    ranks: Dict[int, List[Instruction]]
    makespan: float
    span: float
    peak_memory: List[float]
    slices: int = 1
    slice_lengths: Optional[List[int]] = None
    frozen: int = 0

    @property
    def devices(self) -> int:
        """How many ranks there are."""
        return max(max(owners) for owners in self.ranks_of_stages) + 1

    def stages_of(self, rank: int, pipe: int = 0) -> List[int]:
        """The stages of a rank in one pipe, ascending."""
        return [stage for stage, owner in enumerate(self.ranks_of_stages[pipe]) if owner == rank]

    @property
    def passes(self) -> FrozenSet[str]:
        """The kinds of passes over shards of the vocabulary; none where its layers are whole."""
        return frozenset(one.op for instructions in self.ranks.values() for one in instructions if one.op in PASSES)

    @property
    def barriers(self) -> int:
        """Of an output layer in shards: 2 when the passes after the first barrier hand on a result, else 1."""
        handed_on = {one.what for instructions in self.ranks.values() for one in instructions if one.is_transfer}
        return 2 if "vocabularyBackward" in handed_on else 1

    def shares(self) -> List[float]:
        """The part of a microbatch that each slice is."""
        lengths = self.slice_lengths or [1] * self.slices
        return [length / sum(lengths) for length in lengths]

    @staticmethod
    def load(path: Union[str, Path]) -> "Stream":
        """Reads a file. Raises `ValueError` as `parse` does, and `OSError`."""
        return Stream.parse(json.loads(Path(path).read_text("utf-8")))

    @staticmethod
    def parse(document: Mapping[str, Any]) -> "Stream":
        """Reads `GET /schedules/{id}/instructions?format=native`, of all ranks or of some.

        Raises `ValueError` for another format or version, for operations that this executor does not know, and for a stream that would
        not give the gradients of all microbatches (see `check`).
        """
        if (document.get("format"), document.get("version")) != ("native", 1):
            raise ValueError("This is no stream of the format native, version 1.")
        slices, lengths = document.get("slices", 1), document.get("sliceLengths")
        if slices < 1 or (lengths is not None and (len(lengths) != slices or min(lengths) < 1)):
            raise ValueError(f"{slices} slices of the lengths {lengths} are none.")
        stream = Stream(
            document["microbatches"],
            [list(owners) for owners in document["placement"]["ranksOfStages"]],
            {entry["rank"]: [read(item) for item in entry["instructions"]] for entry in document["ranks"]},
            document["makespan"],
            document["span"],
            document["peakMemory"],
            slices,
            lengths,
            document.get("frozenStages", 0),
        )
        check(stream)
        return stream
