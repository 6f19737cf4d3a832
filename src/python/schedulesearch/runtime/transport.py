"""Moves tensors between ranks in the order of the stream."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple
from zlib import crc32

import torch
import torch.distributed as dist
from torch import Tensor

_TYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
_MOST_DIMENSIONS = 14


class Transport:
    """Point-to-point transfers of one rank with the default process group, which must have one process for each rank.

    The first transfer of a name to a peer is preceded by the tensor's shape; all later ones of that name must have the same. Where the
    backend has tags (gloo), a receive takes no other message than its own, so that ranks that disagree time out.

    Args:
        device: Where received tensors are made.
        blocking: Whether a send waits until its receive is posted. Otherwise sends are posted in order and `finish` waits for them.
    """

    def __init__(self, device: torch.device, blocking: bool) -> None:
        self._device = device
        self.blocking = blocking
        self._shapes: Dict[Tuple[str, int, str], Tuple[torch.dtype, List[int]]] = {}
        self._pending: List[Tuple[Any, Tensor]] = []

    def send(self, tensor: Tensor, peer: int, name: str, microbatch: int = 0) -> None:
        """Sends a tensor of floating-point numbers. Raises `ValueError` when its shape is not that of the first one."""
        shape = (tensor.dtype, list(tensor.shape))
        known = self._shapes.get((name, peer, "send"))
        tag = _tag(name, microbatch)
        if known is None:
            self._shapes[name, peer, "send"] = shape
            self._post(_header(tensor).to(self._device), peer, tag)
        elif known != shape:
            raise ValueError(f"All microbatches must have one shape: {name} was {known} and is {shape}.")
        self._post(tensor.contiguous(), peer, tag)

    def receive(self, peer: int, name: str, microbatch: int = 0) -> Tensor:
        """Waits for the tensor."""
        tag = _tag(name, microbatch)
        if (name, peer, "receive") not in self._shapes:
            header = torch.empty(_MOST_DIMENSIONS + 2, dtype=torch.int64, device=self._device)
            dist.recv(header, peer, tag=tag)
            kind, dimensions, *sizes = header.tolist()
            self._shapes[name, peer, "receive"] = (_TYPES[kind], sizes[:dimensions])
        dtype, shape = self._shapes[name, peer, "receive"]
        tensor = torch.empty(shape, dtype=dtype, device=self._device)
        dist.recv(tensor, peer, tag=tag)
        return tensor

    def exchange(self, tensor: Tensor, peer: int, name: str) -> Tensor:
        """Sends a tensor and gives the one that the peer sends for it; the lower rank sends first."""
        if dist.get_rank() < peer:
            self.send(tensor, peer, name)
            return self.receive(peer, name)
        received = self.receive(peer, name)
        self.send(tensor, peer, name)
        return received

    def finish(self) -> None:
        """Waits until everything that was sent has been received."""
        while self._pending:
            self._pending.pop(0)[0].wait()

    def _post(self, tensor: Tensor, peer: int, tag: int) -> None:
        if self.blocking:
            dist.send(tensor, peer, tag=tag)
            return
        self._pending = [(work, sent) for work, sent in self._pending if not work.is_completed()]
        work: Optional[Any] = dist.isend(tensor, peer, tag=tag)
        self._pending.append((work, tensor))


def _header(tensor: Tensor) -> Tensor:
    if tensor.dtype not in _TYPES or tensor.dim() > _MOST_DIMENSIONS:
        raise ValueError(f"Stages hand on floating-point tensors of at most {_MOST_DIMENSIONS} dimensions, not {tensor.dtype} of {tensor.dim()}.")
    sizes = list(tensor.shape) + [0] * (_MOST_DIMENSIONS - tensor.dim())
    return torch.tensor([_TYPES.index(tensor.dtype), tensor.dim(), *sizes], dtype=torch.int64)


def _tag(name: str, microbatch: int) -> int:
    """The same number on both sides, from 0 to 2^31 - 1."""
    return crc32(f"{name}, microbatch {microbatch}".encode()) & 0x7FFFFFFF
