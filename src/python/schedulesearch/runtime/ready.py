"""What a rank runs next where whatever is ready may run, instead of the next instruction of its stream."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING, Callable, DefaultDict, List, Optional, Sequence, Tuple

from .instruction import Instruction

if TYPE_CHECKING:
    from .stream import Stream

_OPERATIONS = ("forward", "backwardInput", "backwardWeight", "backward")


def check_ready(stream: "Stream") -> None:
    """Raises `ValueError` for a stream whose memory other orders of a rank might not keep, or whose ranks do more than send and receive."""
    others = sorted({
        one.op for instructions in stream.ranks.values() for one in instructions if not one.is_transfer and one.op not in _OPERATIONS
    })
    if others or len(stream.ranks_of_stages) > 1 or stream.slices > 1 or stream.frozen:
        what = ", ".join(others) or ("two pipes" if len(stream.ranks_of_stages) > 1 else "slices" if stream.slices > 1 else "frozen stages")
        raise ValueError(f"By priority run streams of whole microbatches in one pipe, all stages of it trained: this one has {what}.")


class ReadyOrder:
    """A rank's operations, the highest priority first among those that may run.

    Along a rank of a stream priorities never grow, so the order of the stream is that of priority. Any operation may overtake forwards, and
    `backwardWeight`, which takes no memory, whatever stands before it: so nothing that takes memory overtakes what frees some, and a rank never
    holds more than in the order of the stream. What stands first can always run once its inputs are there, so that no rank waits for ever.
    """

    def __init__(self, operations: Sequence[Instruction]) -> None:
        self._left = list(operations)

    @property
    def is_done(self) -> bool:
        """Whether all have been taken."""
        return not self._left

    def take(self, is_ready: Callable[[Instruction], bool]) -> Optional[Instruction]:
        """The next one, which counts as done from then on; None when none that may run is ready."""
        overtakes_forwards = True
        for place, operation in enumerate(self._left):
            if (overtakes_forwards or operation.op == "backwardWeight") and is_ready(operation):
                return self._left.pop(place)
            overtakes_forwards = overtakes_forwards and operation.op == "forward"
        return None


class Arrivals:
    """Receives beside the computation: the messages of a stage from a peer in the order of the stream, those of different ones at once.

    Args:
        instructions: Those of a rank; all but its receives are left to others.
        receive: Waits for the message of an instruction. Called by threads of their own; what it raises, `wait` raises.
    """

    def __init__(self, instructions: Sequence[Instruction], receive: Callable[[Instruction], None]) -> None:
        self._receive = receive
        self._changed = threading.Condition()
        self._count = 0
        self._error: Optional[BaseException] = None
        chains: DefaultDict[Tuple[Optional[int], Optional[str], int], List[Instruction]] = defaultdict(list)
        for one in instructions:
            if one.op == "receive":
                chains[one.peer, one.what, one.stage].append(one)
        # A computation that fails does not wait for messages that may never come.
        self._threads = [threading.Thread(target=self._take, args=(chain,), daemon=True) for chain in chains.values()]
        for thread in self._threads:
            thread.start()

    @property
    def count(self) -> int:
        """How many messages have come."""
        with self._changed:
            return self._count

    def wait(self, seen: int) -> None:
        """Returns as soon as more messages have come than were seen; raises what receiving raised."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > seen or self._error is not None)
            if self._error is not None:
                raise self._error

    def _take(self, chain: Sequence[Instruction]) -> None:
        try:
            for one in chain:
                self._receive(one)
                with self._changed:
                    self._count += 1
                    self._changed.notify_all()
        except (RuntimeError, ValueError) as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()
