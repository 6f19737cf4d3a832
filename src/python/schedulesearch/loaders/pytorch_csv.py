# mypy: no-warn-unused-ignores
"""A pipeline schedule of torch.distributed from a stream of the format pytorch or pytorch-comms.

PyTorch itself takes a stream that was made for another release, other stages or the other format, and then hangs or computes gradients that are
wrong: load() looks first, and says what to change.
"""

from __future__ import annotations

import csv
import re
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

from torch import distributed
from torch.distributed.pipelining import schedules  # type: ignore[import]
from torch.distributed.pipelining.schedules import _PipelineScheduleRuntime  # type: ignore[import]

_ACTION = re.compile(r"(\d+)(F|I|B|W|UNSHARD|RESHARD|REDUCE_GRAD|SEND_F|RECV_F|SEND_B|RECV_B)(\d*)")
_PAIR = re.compile(r"\((.*);(.*)\)OVERLAP_F_B")
_COMPUTATIONS = ("F", "I", "B", "W")


class StreamError(ValueError):
    """A stream does not go with what it is to run on. The message says what to change."""


class FormatError(StreamError):
    """The file is of the other format, or no stream of PyTorch's at all."""


class VersionError(StreamError):
    """The file is of another release of PyTorch."""


class StagesError(StreamError):
    """The stages of this rank are others than the file's, or stand in another turn."""


class ActionsError(StreamError):
    """What the file has this rank do is not one iteration of its stages."""


class OutputError(RuntimeError):
    """A stage returns what PyTorch cannot split the backward of."""


class _Action(NamedTuple):
    stage: int
    kind: str
    microbatch: Optional[int]


def load(
    path: str,
    stages: Sequence[Any],
    n_microbatches: int,
    loss_fn: Optional[Callable[..., Any]],
    with_comms: Optional[bool] = None,
    overlap: Optional[Callable[..., Any]] = None,
    rank_of_stage: Optional[Mapping[int, int]] = None,
    tied: Sequence[Any] = (),
    tied_group: Any = None,
) -> Any:
    """The schedule of this rank's stages, built as placement.ranksOfStages says, in ascending order; then call its step() as usual.

    loss_fn: on every rank, whichever has the last stage: PyTorch runs no backward on a rank without one.
    with_comms: whether the file is of the format pytorch-comms; None takes it as what it is.
    overlap: what carries out the two actions of an OVERLAP_F_B together, given the action and a context, from PyTorch 2.10 on. Without it
        one runs after the other, and the iteration takes longer than the schedule says.
    rank_of_stage: the setting stage_index_to_group_rank, to be held against the file, which says where stages stand itself.
    tied: this rank's parameters that stages of other ranks have too, such as an embedding that is the output layer's weight. Each rank computes its
        own share of their gradients, and step() sums the shares over tied_group, a process group of the ranks that have them: each of these names
        them in the same turn.

    Raises a StreamError where file, release, stages and n_microbatches do not go together; step() raises an OutputError for a stage whose
    backward is split and that returns several values.
    """
    rows = _rows(path)
    is_with_comms = _format(rows, with_comms)
    _check_version(rows, is_with_comms)
    ranks = _check_stages(rows, stages, rank_of_stage)
    own = _computations(rows[stages[0].group_rank])
    for stage in stages:
        _check_actions(own, stage.stage_index, n_microbatches)
    schedule = _PipelineScheduleRuntime(stages, n_microbatches, loss_fn=loss_fn)
    if overlap is not None:
        schedule.register_custom_function(schedules.OVERLAP_F_B, overlap)
    # Of a file with communication some releases do not read where stages stand, and take them to stand in a loop.
    schedule.stage_index_to_group_rank = ranks
    for stage in stages:
        stage.stage_index_to_group_rank = ranks
        if not stage.is_first and not stage.is_last and any(action.stage == stage.stage_index and action.kind == "I" for action in own):
            stage.submod.register_forward_hook(_detachable)
    schedule._load_csv(path, format="compute_comms" if is_with_comms else "compute_only")
    if tied:
        _sum_shares(schedule, list(tied), tied_group)
    return schedule


def _rows(path: str) -> List[List[str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return [[cell.strip() for cell in row if cell.strip()] for row in csv.reader(file)]


def _actions(cell: str) -> List[_Action]:
    """The actions of a cell: two where a pair overlaps."""
    pair = _PAIR.fullmatch(cell)
    actions = []
    for text in pair.groups() if pair else (cell,):
        action = _ACTION.fullmatch(text.strip())
        if action is None:
            raise FormatError("%r is no action of PyTorch's pipeline schedules: fetch the schedule with format=pytorch or format=pytorch-comms" % cell)
        stage, kind, microbatch = action.groups()
        actions.append(_Action(int(stage), kind, int(microbatch) if microbatch else None))
    return actions


def _computations(row: Sequence[str]) -> List[_Action]:
    return [action for cell in row for action in _actions(cell) if action.kind in _COMPUTATIONS]


def _kinds(rows: Sequence[Sequence[str]]) -> Set[str]:
    return {action.kind for row in rows for cell in row for action in _actions(cell)}


def _format(rows: Sequence[Sequence[str]], with_comms: Optional[bool]) -> bool:
    """Whether the file is of the format pytorch-comms."""
    has_comms = bool(_kinds(rows).difference(_COMPUTATIONS))
    if with_comms is not None and with_comms != has_comms:
        raise FormatError(
            "the file is of the format %s, and with_comms is %s: set with_comms=%s, or fetch the other format"
            % ("pytorch-comms" if has_comms else "pytorch", with_comms, has_comms)
        )
    return has_comms


def _check_version(rows: Sequence[Sequence[str]], with_comms: bool) -> None:
    reduces, has_pairs = "REDUCE_GRAD" in _kinds(rows), any(_PAIR.fullmatch(cell) for row in rows for cell in row)
    fetch = "fetch it again with version= the first two numbers of torch.__version__"
    if with_comms and reduces != hasattr(schedules, "REDUCE_GRAD"):
        raise VersionError(
            "the file is for PyTorch %s: on this release %s: %s"
            % (
                ("2.10 or later", "nothing carries out its REDUCE_GRAD", fetch)
                if reduces
                else ("2.8 or 2.9", "nothing would reduce and scale the gradients, which come out n_microbatches times too large", fetch)
            )
        )
    if has_pairs and not hasattr(schedules, "OVERLAP_F_B"):
        raise VersionError("the file is for PyTorch 2.9 or later, which knows OVERLAP_F_B: " + fetch)


def _check_stages(rows: Sequence[Sequence[str]], stages: Sequence[Any], rank_of_stage: Optional[Mapping[int, int]]) -> Dict[int, int]:
    """By stage the rank that the file has it on."""
    if not stages:
        raise StagesError("this rank has no stages: give load() those that it builds")
    ranks: Dict[int, int] = {}
    for rank, row in enumerate(rows):
        for action in _computations(row):
            if ranks.setdefault(action.stage, rank) != rank:
                raise ActionsError("the file has stage %d on the ranks %d and %d: fetch it again" % (action.stage, ranks[action.stage], rank))
    rank, ranks_built, stages_built = stages[0].group_rank, stages[0].group_size, stages[0].num_stages
    if (len(rows), len(ranks)) != (ranks_built, stages_built):
        raise StagesError(
            "the file has %d stages on %d ranks, and there are %d on %d: solve for the pipeline that is built" % (len(ranks), len(rows), stages_built, ranks_built)
        )
    built, told = [stage.stage_index for stage in stages], sorted(stage for stage in ranks if ranks[stage] == rank)
    if sorted(built) != told:
        raise StagesError(
            "the file has the stages %s on rank %d, which builds %s: build each rank's PipelineStages as placement.ranksOfStages of /runtime says (%s)"
            % (told, rank, sorted(built), ", ".join("%d on %d" % item for item in sorted(ranks.items())))
        )
    if built != told:
        raise StagesError("the stages stand in the turn %s: give them in ascending order, as PyTorch initializes them in the turn in which they stand" % built)
    if rank_of_stage is not None and dict(rank_of_stage) != ranks:
        raise StagesError("rank_of_stage is %s, and the file has %s: leave it out, or fetch the file again" % (dict(rank_of_stage), dict(sorted(ranks.items()))))
    return dict(sorted(ranks.items()))


def _check_actions(own: Sequence[_Action], stage: int, n_microbatches: int) -> None:
    """Each microbatch forward, then backward, or its halves in turn; each once."""
    seen: Dict[Optional[int], str] = {}
    for action in own:
        if action.stage != stage:
            continue
        before = seen.get(action.microbatch, "")
        if before + action.kind not in ("F", "FB", "FI", "FIW"):
            raise ActionsError("the file has %s of microbatch %s after %r on stage %d: fetch it again" % (action.kind, action.microbatch, before, stage))
        seen[action.microbatch] = before + action.kind
    if set(seen) != set(range(n_microbatches)):
        raise ActionsError(
            "the file has %d microbatches on stage %d, and n_microbatches is %d: solve for as many as each step has" % (len(seen), stage, n_microbatches)
        )
    open_ones = sorted(str(microbatch) for microbatch, kinds in seen.items() if kinds in ("F", "FI"))
    if open_ones:
        raise ActionsError("the file has no whole backward of microbatch %s on stage %d: fetch it again" % (open_ones[0], stage))


def _detachable(module: Any, inputs: Tuple[Any, ...], output: Any) -> Any:
    """What the stage returns in a form that PyTorch can take out of the graph after an input gradient: no view."""
    values = output if isinstance(output, (tuple, list)) else (output,)
    if len(values) != 1:
        raise OutputError(
            "the stage %s returns %d values, and the schedule splits its backward: return one tensor, or solve with splitBackward: false"
            % (type(module).__name__, len(values))
        )
    if not values[0]._is_view():
        return None
    whole = values[0].clone()
    return whole if values[0] is output else type(output)((whole,))


def _sum_shares(schedule: Any, tied: List[Any], group: Any) -> None:
    """Has step() sum the gradients of tied parameters over the ranks that have them, with what they had before it left as it was."""
    step = schedule.step

    def step_and_sum(*args: Any, **kwargs: Any) -> Any:
        before = [parameter.grad for parameter in tied]
        for parameter in tied:
            parameter.grad = None
        result = step(*args, **kwargs)
        for parameter, had in zip(tied, before):
            share = parameter.new_zeros(parameter.shape) if parameter.grad is None else parameter.grad
            distributed.all_reduce(share, group=group)
            parameter.grad = share if had is None else had + share
        return result

    schedule.step = step_and_sum
