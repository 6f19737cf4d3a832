"""A small transformer, cut into stages."""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Sequence, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional


class Shape(NamedTuple):
    """Sizes of the model and of one microbatch."""

    layers: int
    hidden: int
    sequence: int
    batch: int
    vocabulary: int
    heads: int = 4


class Block(nn.Module):
    """Causal attention and a feed-forward network, each after a norm and beside a residual."""

    def __init__(self, hidden: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(hidden)
        self.queries_keys_values = nn.Linear(hidden, 3 * hidden)
        self.projection = nn.Linear(hidden, hidden)
        self.network_norm = nn.LayerNorm(hidden)
        self.up = nn.Linear(hidden, 4 * hidden)
        self.down = nn.Linear(4 * hidden, hidden)

    def forward(self, value: Tensor) -> Tensor:
        """Takes and returns batch x sequence x hidden."""
        return self.forward_slice(value, ())[0]

    def forward_slice(self, value: Tensor, past: Sequence[Tensor]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        """A slice of a sequence after the keys and values of all slices before it, none or batch x heads x positions x width each.

        Returns batch x positions of the slice x hidden, and the keys and values with those of this slice.
        """
        packed = self.queries_keys_values(self.attention_norm(value))
        batch, length, width = packed.shape
        queries, keys, values = packed.view(batch, length, 3, self.heads, width // 3 // self.heads).permute(2, 0, 3, 1, 4)
        if past:
            keys, values = torch.cat([past[0], keys], -2), torch.cat([past[1], values], -2)
        value = value + self.projection(_attend(queries, keys, values).transpose(1, 2).reshape(batch, length, width // 3))
        return value + self.down(functional.gelu(self.up(self.network_norm(value)))), (keys, values)


def _attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Each position sees those up to itself; the queries are the last of all positions."""
    scores = queries @ keys.transpose(-2, -1) * queries.shape[-1] ** -0.5
    length, positions = scores.shape[-2:]
    hidden_from = torch.ones(length, positions, dtype=torch.bool, device=scores.device).triu(1 + positions - length)
    attended: Tensor = scores.masked_fill(hidden_from, float("-inf")).softmax(-1) @ values
    return attended


class Layers(nn.Sequential):
    """A stage: blocks, and what works position by position before and after them."""

    def forward_slice(self, value: Tensor, past: Tuple[Tensor, ...]) -> Tuple[Tensor, Tuple[Tensor, ...]]:
        """As a block's, with the keys and values of all blocks one after the other."""
        present: Tuple[Tensor, ...] = ()
        for layer in self:
            if isinstance(layer, Block):
                value, made = layer.forward_slice(value, past[len(present):len(present) + 2])
                present += made
            else:
                value = layer(value)
        return value, present


def stages_of(shape: Shape, layers_of_stages: Sequence[int], seed: int = 0) -> List[nn.Module]:
    """One module for each stage: the embedding before the first layers, the norm and the vocabulary after the last ones."""
    torch.manual_seed(seed)
    stages: List[List[nn.Module]] = [[Block(shape.hidden, shape.heads) for _ in range(count)] for count in layers_of_stages]
    parts = [[nn.Embedding(shape.vocabulary, shape.hidden), *stages[0]], *stages[1:]]
    parts[-1] += [nn.LayerNorm(shape.hidden), nn.Linear(shape.hidden, shape.vocabulary, bias=False)]
    return [Layers(*part) for part in parts]


def loss(output: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy of the next token."""
    return functional.cross_entropy(output.flatten(0, 1), target.flatten())


def tokens(shape: Shape, microbatches: int, seed: int = 0) -> Tensor:
    """Random tokens, microbatches x batch x (sequence + 1): the targets are the inputs moved by one."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(shape.vocabulary, (microbatches, shape.batch, shape.sequence + 1), generator=generator)


def even(layers: int, stages: int) -> List[int]:
    """Layers by stage, the first stages taking what is left over."""
    return [layers // stages + (stage < layers % stages) for stage in range(stages)]


def whole_gradients(
    stages: Sequence[nn.Module], data: Tensor, loss_of: Callable[[Tensor, Tensor], Tensor] = loss
) -> List[List[Tensor]]:
    """By stage the gradients of the model in this process alone, summed over microbatches. Leaves every `.grad` empty."""
    for sequences in data:
        torch.autograd.backward(loss_of(nn.Sequential(*stages)(sequences[:, :-1]), sequences[:, 1:]))
    found = [[parameter.grad for parameter in stage.parameters() if parameter.grad is not None] for stage in stages]
    for stage in stages:
        for parameter in stage.parameters():
            parameter.grad = None
    return found
