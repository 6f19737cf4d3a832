"""What can be seen wrong in a stream before it runs.

In which order a rank's operations may stand is for the iteration to say; here it is counted that nothing is missing and that both ends
of what two ranks do together agree.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, DefaultDict, Dict, List, Sequence, Tuple

from .instruction import PASSES, Instruction, Key

if TYPE_CHECKING:
    from .stream import Stream

_WHOLE = (["backward", "forward"], ["backwardInput", "backwardWeight", "forward"])
_FROZEN = (["forward"],)

_OUTPUT = ("vocabularyForward", "vocabularyBackward")


def check(stream: "Stream") -> None:
    """Raises `ValueError` for a stream that cannot give the gradients of all microbatches.

    Each stage of a rank carries out all operations of every slice of every microbatch of its pipe, once, those that are frozen their forwards
    alone; and where the vocabulary is in shards, each rank all passes under its first stage. With two pipes each of a rank's
    other stages has one `allReduce` after its last gradient. Where the document has both ranks of a pair, their transfers and their sums match.
    """
    owners = stream.ranks_of_stages
    if len(owners) not in (1, 2) or len(owners[0]) != len(owners[-1]):
        raise ValueError(f"There are one or two pipes of the same number of stages, not the ranks {owners}.")
    if stream.passes and (len(owners) > 1 or stream.slices > 1 or not stream.passes.issuperset(_OUTPUT)):
        raise ValueError(f"Shards of the vocabulary need one pipe, whole microbatches, and the passes {', '.join(_OUTPUT)}.")
    operations = {rank: _operations(stream, rank) for rank in stream.ranks}
    pipes = _pipes_of_microbatches(stream, operations)
    for rank, done in operations.items():
        _check_nothing_is_missing(stream, rank, done, pipes)
        _check_sums(stream, rank)
    _check_meetings(stream)


def _operations(stream: "Stream", rank: int) -> Dict[Key, List[str]]:
    done: DefaultDict[Key, List[str]] = defaultdict(list)
    for instruction in stream.ranks[rank]:
        for one in instruction.operations or (instruction,):
            pipe, stage, microbatch, part = one.key
            if pipe >= len(stream.ranks_of_stages) or stage >= len(stream.ranks_of_stages[0]):
                raise ValueError(f"Rank {rank}: {instruction}: there is no such stage.")
            if microbatch >= stream.microbatches or part >= stream.slices:
                raise ValueError(f"Rank {rank}: {instruction}: there is no such microbatch or slice.")
            holder = stream.ranks_of_stages[pipe][stage]
            if one.is_compute:
                done[one.key].append(one.op)
            if one.op != "allReduce" and holder != (one.peer if one.op == "receive" else rank):
                raise ValueError(f"Rank {rank}: {instruction}: the stage lies on rank {holder}.")
    return dict(done)


def _pipes_of_microbatches(stream: "Stream", operations: Dict[int, Dict[Key, List[str]]]) -> Dict[int, int]:
    pipes: Dict[int, int] = {}
    for rank, done in operations.items():
        for key in done:
            if pipes.setdefault(key.microbatch, key.pipe) != key.pipe:
                raise ValueError(f"Rank {rank}: microbatch {key.microbatch} runs in pipe {key.pipe} and in pipe {pipes[key.microbatch]}.")
    if len(stream.ranks) == stream.devices:
        missing = sorted(set(range(stream.microbatches)) - set(pipes))
        if missing:
            raise ValueError(f"No rank runs the microbatches {missing}.")
    return pipes


def _check_nothing_is_missing(stream: "Stream", rank: int, done: Dict[Key, List[str]], pipes: Dict[int, int]) -> None:
    for microbatch, pipe in pipes.items():
        for stage in stream.stages_of(rank, pipe):
            for part in range(stream.slices):
                found = sorted(done.get(Key(pipe, stage, microbatch, part), []))
                passes = sorted(stream.passes) if stage == stream.stages_of(rank, pipe)[0] else []
                whole = [op for op in found if op != "recompute" and op not in PASSES]
                is_frozen = stage < stream.frozen
                is_whole = whole in (_FROZEN if is_frozen else _WHOLE) and found.count("recompute") <= (not is_frozen)
                if not is_whole or [op for op in found if op in PASSES] != passes:
                    where = f"pipe {pipe}, stage {stage}, microbatch {microbatch}, slice {part}"
                    needed = ", ".join(["a forward and no backward" if is_frozen else "a forward and its backward", *passes])
                    raise ValueError(f"Rank {rank}: {where} needs {needed} once, and has {', '.join(found) or 'nothing'}.")


def _check_sums(stream: "Stream", rank: int) -> None:
    owners = stream.ranks_of_stages
    held = {stage for pipe in range(len(owners)) for stage in stream.stages_of(rank, pipe) if stage >= stream.frozen}
    stages = sorted(held) if len(owners) == 2 else []
    left = set(stages)
    instructions = stream.ranks[rank]
    for place, instruction in enumerate(instructions):
        if instruction.op != "allReduce":
            continue
        stage = instruction.stage
        if stage not in left or list(instruction.ranks) != [pipe[stage] for pipe in owners]:
            raise ValueError(f"Rank {rank}: {instruction}, ranks {list(instruction.ranks)}: those are not its owners, or it has been summed.")
        left.remove(stage)
        for later in instructions[place:]:
            if any(one.stage == stage and one.op.startswith("backward") for one in later.operations):
                raise ValueError(f"Rank {rank}: {instruction}: {later} adds to its gradients after it.")
    if left:
        raise ValueError(f"Rank {rank}: the gradients of the stages {sorted(left)} are summed over both pipes by no allReduce.")


def _check_meetings(stream: "Stream") -> None:
    # By the two ranks, what the first and what the second one has.
    ends: DefaultDict[Tuple[str, int, int], Tuple[List[Instruction], List[Instruction]]] = defaultdict(lambda: ([], []))
    for rank, instructions in stream.ranks.items():
        for one in instructions:
            if one.op == "allReduce":
                lower, higher = sorted(one.ranks)
                if lower != higher:
                    ends["sum", lower, higher][rank == higher].append(one)
            elif one.peer is not None:
                received = one.op == "receive"
                sender, receiver = (one.peer, rank) if received else (rank, one.peer)
                ends["transfer", sender, receiver][received].append(one)
    for (_, first, second), (ours, theirs) in ends.items():
        if first in stream.ranks and second in stream.ranks:
            _check_same(first, ours, second, theirs)


def _check_same(first: int, ours: Sequence[Instruction], second: int, theirs: Sequence[Instruction]) -> None:
    for one, other in zip_longest(ours, theirs):
        if one is None or other is None or not _is_same(one, other):
            raise ValueError(f"Where rank {first} has {one or 'nothing'}, rank {second} has {other or 'nothing'}.")


def _is_same(one: Instruction, other: Instruction) -> bool:
    return (one.what, one.key) == (other.what, other.key)
