"""Sums the gradients of a stage that is held twice, once in each pipe."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Dict, Iterator, List, Mapping, Sequence, Tuple

import torch
from torch import Tensor, nn

from .instruction import Instruction
from .transport import Transport


class Replicas:
    """This rank's stages in both pipes.

    Args:
        modules: By pipe and stage.
        rank: This one.
        transport: What reaches the ranks of the other replicas.
    """

    def __init__(self, modules: Mapping[Tuple[int, int], nn.Module], rank: int, transport: Transport) -> None:
        self._modules = modules
        self._rank = rank
        self._transport = transport
        self._earlier: Dict[int, Tuple[nn.Parameter, Tensor]] = {}

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Within it gradients of earlier iterations are aside: those have been summed, and would count twice."""
        for module in self._modules.values():
            for parameter in module.parameters():
                if parameter.grad is not None:
                    self._earlier[id(parameter)] = parameter, parameter.grad
                    parameter.grad = None
        try:
            yield
        finally:
            for parameter, _ in list(self._earlier.values()):
                self._add_earlier(parameter)

    def sum(self, instruction: Instruction) -> None:
        """Gives both replicas of a stage the sum of their gradients; a parameter without one in both stays so.

        Raises `ValueError` when they are not of one shape, `RuntimeError` when the other one's rank does not answer.
        """
        stage = instruction.stage
        own = [_trainable(self._modules[pipe, stage]) for pipe, rank in enumerate(instruction.ranks) if rank == self._rank]
        if len(own) == 2:
            self._sum_here(instruction, *own)
        else:
            peer = next(rank for rank in instruction.ranks if rank != self._rank)
            for dtype in sorted({parameter.dtype for parameter in own[0]}, key=str):
                self._exchange(instruction, [parameter for parameter in own[0] if parameter.dtype == dtype], peer)
        for parameter in (parameter for part in own for parameter in part):
            self._add_earlier(parameter)

    def _sum_here(self, instruction: Instruction, first: Sequence[nn.Parameter], second: Sequence[nn.Parameter]) -> None:
        if [parameter.shape for parameter in first] != [parameter.shape for parameter in second]:
            raise ValueError(f"{instruction}: the two replicas have other parameters.")
        for one, other in zip(first, second):
            if one is not other:
                grads = [parameter.grad for parameter in (one, other) if parameter.grad is not None]
                if grads:
                    one.grad = grads[0] + grads[1] if len(grads) == 2 else grads[0]
                    other.grad = one.grad.clone()

    def _exchange(self, instruction: Instruction, parameters: Sequence[nn.Parameter], peer: int) -> None:
        """Each side sends what it has, and which of it is there at all, as one tensor."""
        ours = torch.cat([torch.tensor([parameter.grad is not None for parameter in parameters]).to(parameters[0]), *map(_flat, parameters)])
        theirs = self._transport.exchange(ours, peer, f"the {ours.dtype} gradients of stage {instruction.stage}")
        if theirs.shape != ours.shape:
            raise ValueError(f"{instruction}: the replica on rank {peer} has other parameters.")
        # Not in place: what this side sends may still be on its way.
        there, *totals = torch.split(ours + theirs, [len(parameters), *(parameter.numel() for parameter in parameters)])
        for parameter, total, count in zip(parameters, totals, there.tolist()):
            if count > 0:
                parameter.grad = total.view_as(parameter)

    def _add_earlier(self, parameter: nn.Parameter) -> None:
        _, earlier = self._earlier.pop(id(parameter), (parameter, None))
        if earlier is not None:
            parameter.grad = earlier if parameter.grad is None else earlier.add_(parameter.grad)


def _trainable(module: nn.Module) -> List[nn.Parameter]:
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def _flat(parameter: nn.Parameter) -> Tensor:
    return (torch.zeros_like(parameter) if parameter.grad is None else parameter.grad).detach().flatten()
