"""A rank's shard of the output layer and of the input embedding, and what the shards of all ranks give together."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence, Tuple

import torch
from torch import Tensor, nn

STATISTICS = 3
"""Numbers that a rank tells of each position: the largest logit of its shard, the sum of exponentials below it, the label's logit."""


class Vocabulary(NamedTuple):
    """This rank's rows of the output layer and of the input embedding. They follow those of the ranks before it.

    Attributes:
        sizes: Entries on each rank, by rank, at least one; they may differ.
        output: Entries of this rank x hidden.
        embedding: Entries of this rank x hidden; None where the first stage has the whole embedding.
    """

    sizes: Sequence[int]
    output: nn.Parameter
    embedding: Optional[nn.Parameter] = None

    def check(self, rank: int, ranks: int) -> None:
        """Raises `ValueError` when these are not the shards of that rank."""
        if len(self.sizes) != ranks or min(self.sizes) < 1:
            raise ValueError(f"Each of the {ranks} ranks has one entry of the vocabulary or more, not {list(self.sizes)}.")
        for weight in (self.output, self.embedding):
            if weight is not None and (weight.dim() != 2 or len(weight) != self.sizes[rank]):
                raise ValueError(f"Rank {rank}: a shard has {self.sizes[rank]} entries x hidden, not the shape {list(weight.shape)}.")

    def rows(self, rank: int, entries: Tensor) -> Tuple[Tensor, Tensor]:
        """For each entry its row in a rank's shard, 0 for those of other ranks, and whether it is there.

        Raises `ValueError` for an entry that no rank has.
        """
        count = sum(self.sizes)
        if entries.numel() > 0 and not 0 <= int(entries.min()) <= int(entries.max()) < count:
            raise ValueError(f"The vocabulary has the entries 0 to {count - 1}, and is asked for {int(entries.min())} to {int(entries.max())}.")
        rows = entries - sum(self.sizes[:rank])
        own = (rows >= 0) & (rows < self.sizes[rank])
        return rows * own, own


class Softmax(NamedTuple):
    """The softmax of a microbatch over the whole vocabulary. Each tensor has a row for each position.

    Attributes:
        maximum: The largest logit.
        total: The sum of exponentials below it.
        loss: The cross-entropy with the label.
        gradient: By the hidden state, of the sum of those; None where the ranks have not told their parts of it.
    """

    maximum: Tensor
    total: Tensor
    loss: Tensor
    gradient: Optional[Tensor]


class OutputShard:
    """A microbatch between the two passes over a rank's shard of the output layer.

    Args:
        weight: Entries x hidden.
        hidden: What the last stage gave; its last dimension is the hidden one, all others are positions.
        rows: For each position its label's row in the shard.
        own: Whether it is there.
    """

    def __init__(self, weight: Tensor, hidden: Tensor, rows: Tensor, own: Tensor) -> None:
        self.hidden = hidden.flatten(0, -2)
        self._weight = weight
        self._rows = rows.flatten()
        self._of_others = ~own.reshape(-1, 1)
        logits = self.hidden @ weight.t()
        self._of_label = logits.gather(1, self._rows.unsqueeze(1)).masked_fill(self._of_others, 0)
        self._maximum = logits.amax(1, keepdim=True)
        self._exponentials = logits.sub_(self._maximum).exp_()

    def statistics(self) -> Tensor:
        """Positions x `STATISTICS`."""
        return torch.cat([self._maximum, self._exponentials.sum(1, keepdim=True), self._of_label], 1)

    def products(self) -> Tensor:
        """Positions x 2 hidden: the parts of the gradient by the hidden state that come from all entries, not yet divided, and from the label."""
        return torch.cat([self._exponentials @ self._weight, self._weight[self._rows].masked_fill(self._of_others, 0)], 1)

    def by_logits(self, softmax: Softmax) -> Tensor:
        """The gradient of the sum of losses by this shard's logits, positions x entries, in the place of what was held."""
        gradient = self._exponentials.mul_((self._maximum - softmax.maximum).exp() / softmax.total)
        return gradient.scatter_add_(1, self._rows.unsqueeze(1), self._of_others.to(gradient.dtype) - 1)

    def bytes(self) -> int:
        """Bytes held from the one pass to the other, labels aside."""
        held: List[Tensor] = [self.hidden, self._exponentials, self._maximum, self._of_label]
        return sum(tensor.numel() * tensor.element_size() for tensor in held)


def joined(parts: Sequence[Tensor]) -> Softmax:
    """From each rank's statistics, all of them with their products or none."""
    stacked = torch.stack(list(parts))
    maxima, totals, of_label, products = stacked.split([1, 1, 1, stacked.shape[-1] - STATISTICS], -1)
    maximum = maxima.amax(0)
    scales = (maxima - maximum).exp()
    total = (totals * scales).sum(0)
    gradient: Optional[Tensor] = None
    if products.shape[-1] > 0:
        of_all, of_labels = products.chunk(2, -1)
        gradient = (of_all * scales).sum(0) / total - of_labels.sum(0)
    return Softmax(maximum, total, total.log() + maximum - of_label.sum(0), gradient)
