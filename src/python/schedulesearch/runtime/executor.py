"""Runs a rank's instruction stream on PyTorch modules."""

from __future__ import annotations

from typing import Any, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .data import Data
from .ends import Ends
from .iteration import Iteration
from .ready import check_ready
from .record import Record
from .replicas import Replicas
from .results import Results
from .sharded_ends import ShardedEnds
from .stage import Loss, Stage
from .stream import Stream
from .transport import Transport
from .vocabulary import Vocabulary

Modules = Union[Sequence[nn.Module], Mapping[Tuple[int, int], nn.Module]]


class Result(NamedTuple):
    """What an iteration gave.

    Attributes:
        losses: On ranks of a last stage, of each of its microbatches the loss, ascending; else none.
        record: What was done.
        microbatches: Those that the losses are of. With two pipes a rank of a last stage has those of its pipe.
    """

    losses: List[float]
    record: Record
    microbatches: List[int]


class Pipeline:
    """The stages of one rank, ready to run streams of one placement.

    Needs the default process group of torch.distributed (gloo or nccl) with one process for each rank; its time-out is the time-out of
    every transfer. Gradients are added to the parameters' `.grad`, summed over microbatches; zero them between iterations.

    With two pipes each stage is held twice, by modules with equal weights, and both end with the gradients of all microbatches.

    Args:
        stages: The modules of this rank's stages by pipe and stage, or in ascending order of these. Each takes one tensor and returns one
            floating-point tensor; `Stage` says what slices ask of it.
        ranks_of_stages: For each stage of the model the rank that holds it; for two pipes a list of each.
        loss: Takes the last stage's output and a target, returns a scalar. Used on ranks of a last stage. None where the output layer is in
            shards: then the loss is the cross-entropy over the vocabulary, and the last stage's output the hidden state.
        device: Where the stages compute; by default where their first parameter lies.
        blocking: Whether a send waits until its receive is posted. A stream of the service never hangs on that; it only waits longer.
        reduction: `mean` when the loss is a mean over all positions of a sequence, each with the same weight, or `sum`. Only streams
            with slices ask for it, whose losses are added up to that of the whole sequence, and shards of the output layer.
        vocabulary: This rank's shards of the output layer and the input embedding, on every rank, for streams that pass over them.

    Raises:
        ValueError: The modules or the shards are not those that this rank holds, there is not one of a loss and shards, or the reduction is
            another one.
    """

    def __init__(
        self,
        stages: Modules,
        ranks_of_stages: Union[Sequence[int], Sequence[Sequence[int]]],
        loss: Optional[Loss],
        device: Optional[torch.device] = None,
        blocking: bool = False,
        reduction: str = "mean",
        vocabulary: Optional[Vocabulary] = None,
    ) -> None:
        self.rank = dist.get_rank()
        self.ranks_of_stages = _by_pipe(ranks_of_stages)
        own = [(pipe, stage) for pipe, owners in enumerate(self.ranks_of_stages) for stage, rank in enumerate(owners) if rank == self.rank]
        if sorted(stages) != own if isinstance(stages, Mapping) else len(stages) != len(own):
            held: List[Any] = list(own)
            if len(self.ranks_of_stages) == 1:
                held = [stage for _, stage in own]
            given = sorted(stages) if isinstance(stages, Mapping) else len(stages)
            raise ValueError(f"Rank {self.rank} holds the stages {held}; give a module for each, not {given}.")
        if reduction not in ("mean", "sum"):
            raise ValueError(f"A loss is a mean or a sum, not {reduction}.")
        if (loss is None) == (vocabulary is None) or (vocabulary is not None and len(self.ranks_of_stages) > 1):
            raise ValueError("Give a loss, or for one pipe the shards of the output layer.")
        if vocabulary is not None:
            vocabulary.check(self.rank, 1 + max(self.ranks_of_stages[0]))
        modules = dict(stages) if isinstance(stages, Mapping) else dict(zip(own, stages))
        last = len(self.ranks_of_stages[0]) - 1
        takes_data = vocabulary is None or vocabulary.embedding is None
        self.stages = {
            place: Stage(module, loss if place[1] == last else None, is_first=place[1] == 0 and takes_data)
            for place, module in sorted(modules.items())
        }
        first = next((parameter for module in modules.values() for parameter in module.parameters()), torch.empty(0))
        self.device = device or first.device
        self.transport = Transport(self.device, blocking)
        self._replicas = Replicas(modules, self.rank, self.transport) if len(self.ranks_of_stages) > 1 else None
        self._mean = reduction == "mean"
        self._vocabulary = vocabulary

    def run(
        self,
        stream: Stream,
        inputs: Optional[Sequence[Tensor]] = None,
        targets: Optional[Sequence[Any]] = None,
        count_bytes: bool = False,
        by_priority: bool = False,
    ) -> Result:
        """Carries out this rank's part of a stream.

        Args:
            stream: A stream of this placement.
            inputs: By microbatch the first stage's input, on ranks that hold it; for slices batch x sequence x ... . Where the input embedding
                is in shards, the tokens, on all ranks.
            targets: By microbatch what the loss compares with, on ranks of a last stage; for slices all its tensors are of that shape. Where the
                output layer is in shards, the labels, on all ranks.
            count_bytes: Whether to count the bytes that autograd keeps, which takes time.
            by_priority: Whether a rank runs what is ready, the highest priority first, where the next instruction has to wait: it then waits less
                where times are not those of the profile, and holds no more than in the order of the stream. For streams of whole microbatches in
                one pipe, with gloo and without `blocking`.

        Raises:
            ValueError: The stream is for another placement, needs what is not there, or does not run by priority.
            RuntimeError: A transfer failed or timed out.
        """
        if stream.ranks_of_stages != self.ranks_of_stages:
            raise ValueError(f"The stream is for stages on the ranks {stream.ranks_of_stages}, not {self.ranks_of_stages}.")
        if self.rank not in stream.ranks:
            raise ValueError(f"The stream has no instructions for rank {self.rank}.")
        vocabulary = self._vocabulary
        if ("vocabularyForward" in stream.passes, "vocabularyInput" in stream.passes) != (
            vocabulary is not None, vocabulary is not None and vocabulary.embedding is not None
        ):
            passes = ", ".join(sorted(stream.passes)) or "none"
            raise ValueError(f"The stream's passes over shards of the vocabulary ({passes}) are not those that this pipeline has shards for.")
        if by_priority:
            check_ready(stream)
            if self.transport.blocking or dist.get_backend() != "gloo":
                raise ValueError("By priority messages overtake each other: that needs gloo, and sends that do not block.")
        data = Data(inputs, targets, stream.slices, stream.slice_lengths, self._mean, self.device)
        results = Results()
        ends = Ends(data)
        if vocabulary is not None:
            ends = ShardedEnds(data, vocabulary, self.rank, self.ranks_of_stages[0], stream.barriers, results)
        iteration = Iteration(
            self.rank, self.stages, self.ranks_of_stages, ends, results, self.transport, self._replicas, count_bytes, stream.frozen
        )
        if by_priority:
            record = iteration.run_ready(stream.ranks[self.rank])
        elif self._replicas is None:
            record = iteration.run(stream.ranks[self.rank], stream.shares())
        else:
            with self._replicas.apart():
                record = iteration.run(stream.ranks[self.rank], stream.shares())
        losses = iteration.losses()
        return Result(list(losses.values()), record, list(losses))


def _by_pipe(ranks: Any) -> List[List[int]]:
    return [list(owners) for owners in ([ranks] if isinstance(ranks[0], int) else ranks)]
