"""The passes of a rank over its shards of the vocabulary in one iteration."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Tuple

import torch
from torch import Tensor

from .collectives import broadcast
from .data import Data
from .ends import Ends
from .instruction import Instruction
from .results import Results
from .units import accumulate
from .vocabulary import OutputShard, Softmax, Vocabulary, joined


class ShardedEnds(Ends):
    """The input embedding before the first stage and the output layer with the cross-entropy after the last one, in shards on all ranks.

    A barrier is what every rank tells those that wait for it: the stream has a transfer for each, so that a rank that goes on without one
    is seen. A rank's passes are known by its first stage.

    Args:
        data: What this rank was given: targets, and for shards of the embedding inputs too.
        vocabulary: This rank's shards.
        rank: This one.
        owners: For each stage the rank that holds it.
        barriers: 1 when the passes before the barrier give the gradient of the hidden state, 2 when those after it do.
        results: What the ranks hand on.
    """

    def __init__(self, data: Data, vocabulary: Vocabulary, rank: int, owners: Sequence[int], barriers: int, results: Results) -> None:
        super().__init__(data)
        self._vocabulary = vocabulary
        self._rank = rank
        self._owners = owners
        self._barriers = barriers
        self._results = results
        self._ranks = range(len(vocabulary.sizes))
        self._shards: Dict[int, OutputShard] = {}
        self._read: Dict[int, Softmax] = {}
        self._embedded: Dict[int, Instruction] = {}
        self._input_gradients: Dict[int, Tensor] = {}

    @property
    def held(self) -> int:
        """Of how many microbatches the shard of the logits is held."""
        return len(self._shards)

    def bytes(self) -> int:
        """Bytes of these, and of the hidden states that made them."""
        return sum(shard.bytes() for shard in self._shards.values())

    def input(self, operation: Instruction) -> Tensor:
        """The sum of what the ranks have looked up."""
        if self._vocabulary.embedding is None:
            return super().input(operation)
        return torch.stack(self._told("vocabularyInput", operation)).sum(0)

    def target(self, operation: Instruction) -> Tuple[Any, float]:
        """None: the last stage's output is the hidden state."""
        return None, 1.0

    def take_output(self, operation: Instruction, output: Tensor) -> None:
        """Every rank reads the hidden state."""
        for reader in self._ranks:
            self._results.put("activation", operation.key, reader, output)

    def output_gradient(self, operation: Instruction) -> Tensor:
        """By the hidden state, after the last barrier. The loss is known then, too."""
        softmax, labels = self._softmax(operation), self._labels(operation)
        share = self._share(labels)
        self.losses[operation.microbatch] = [softmax.loss.sum() * share]
        gradient = softmax.gradient
        gradient = torch.stack(self._told("vocabularyBackward", operation)).sum(0) if gradient is None else gradient * share
        return gradient.view(*labels.shape, -1)

    def take_input_gradient(self, operation: Instruction, gradient: Optional[Tensor]) -> None:
        """Keeps it for all ranks, which share the gradient of the embedding."""
        if gradient is not None and self._vocabulary.embedding is not None:
            self._input_gradients[operation.microbatch] = gradient

    def compute(self, operation: Instruction) -> None:
        """Carries out a pass."""
        passes = {"vocabularyInput": self._look_up, "vocabularyForward": self._pass_before, "vocabularyBackward": self._pass_after}
        passes[operation.op](operation)

    def finish(self) -> None:
        """Brings the gradients of the embedding to all ranks.

        It is no instruction of the stream. Here all ranks are at the same point; amid the stream it would come between transfers whose order counts.
        """
        embedding = self._vocabulary.embedding
        for microbatch, operation in sorted(self._embedded.items()):
            assert embedding is not None
            rows, own = self._vocabulary.rows(self._rank, self.data.input(operation))
            gradient = self._input_gradients.pop(microbatch, None)
            if gradient is None:
                gradient = embedding.new_zeros(*rows.shape, embedding.shape[1])
            gradient = gradient.contiguous()
            broadcast(gradient, self._owners[0])
            accumulate([embedding], [torch.zeros_like(embedding).index_add_(0, rows[own], gradient[own])])

    def _look_up(self, operation: Instruction) -> None:
        assert self._vocabulary.embedding is not None
        rows, own = self._vocabulary.rows(self._rank, self.data.input(operation))
        value = self._vocabulary.embedding.detach()[rows].masked_fill(~own.unsqueeze(-1), 0)
        self._embedded[operation.microbatch] = operation
        self._results.put(operation.op, operation.key, self._owners[0], value)

    def _pass_before(self, operation: Instruction) -> None:
        last = len(self._owners) - 1
        hidden = self._results.take("activation", operation.key._replace(stage=last), self._rank, operation)
        labels = self._labels(operation)
        if labels.shape != hidden.shape[:-1]:
            raise ValueError(f"{operation}: a hidden state of the shape {list(hidden.shape)} has no labels of the shape {list(labels.shape)}.")
        shard = OutputShard(self._vocabulary.output.detach(), hidden, *self._vocabulary.rows(self._rank, labels))
        self._shards[operation.microbatch] = shard
        statistics = shard.statistics()
        for reader in self._ranks:
            told = torch.cat([statistics, shard.products()], 1) if self._barriers == 1 and reader == self._owners[last] else statistics
            self._results.put(operation.op, operation.key, reader, told)

    def _pass_after(self, operation: Instruction) -> None:
        shard = self._shards.pop(operation.microbatch, None)
        if shard is None:
            raise ValueError(f"{operation}: it does not follow the operation that it needs.")
        by_logits = shard.by_logits(self._softmax(operation)).mul_(self._share(self._labels(operation)))
        accumulate([self._vocabulary.output], [by_logits.t() @ shard.hidden])
        if self._barriers == 2:
            self._results.put(operation.op, operation.key, self._owners[-1], by_logits @ self._vocabulary.output.detach())

    def _softmax(self, operation: Instruction) -> Softmax:
        """From the first barrier. The rank of the last stage reads it twice, in its own second pass and in the last stage's backward."""
        softmax = self._read.pop(operation.microbatch, None)
        if softmax is None:
            softmax = joined(self._told("vocabularyForward", operation))
            if self._rank == self._owners[-1]:
                self._read[operation.microbatch] = softmax
        return softmax

    def _told(self, what: str, operation: Instruction) -> List[Tensor]:
        """What the passes of all ranks have given this one."""
        stages = [self._owners.index(rank) for rank in self._ranks]
        return [self._results.take(what, operation.key._replace(stage=stage), self._rank, operation) for stage in stages]

    def _labels(self, operation: Instruction) -> Tensor:
        labels: Tensor = self.data.target(operation)[0]
        return labels.to(self.data.device)

    def _share(self, labels: Tensor) -> float:
        """By what the loss of a position counts."""
        return 1 / int(labels.numel()) if self.data.mean else 1.0
