"""The collectives of torch.distributed that this package needs, with the types that PyTorch leaves out."""

from __future__ import annotations

from typing import Any, Callable, List

import torch
import torch.distributed as dist

barrier: Callable[[], Any] = dist.barrier
"""Waits until all ranks are here."""

_send: Callable[..., Any] = dist.broadcast
_gather: Callable[..., Any] = dist.all_gather_object
_broadcast: Callable[..., Any] = dist.broadcast_object_list
_reduce: Callable[..., Any] = dist.all_reduce


def gathered(own: Any) -> List[Any]:
    """What each rank has, by rank, on every rank."""
    parts: List[Any] = [None] * dist.get_world_size()
    _gather(parts, own)
    return parts


def from_first(own: Any) -> Any:
    """What rank 0 has, on every rank."""
    values = [own]
    _broadcast(values)
    return values[0]


def broadcast(tensor: torch.Tensor, source: int) -> None:
    """Gives every rank's tensor, all of one shape, the numbers of the source's."""
    _send(tensor, source)


def largest(own: float) -> float:
    """The largest number that any rank has, on every rank."""
    number = torch.tensor(own, dtype=torch.float64)
    _reduce(number, dist.ReduceOp.MAX)
    return float(number)
