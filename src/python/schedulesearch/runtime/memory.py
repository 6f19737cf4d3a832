"""Counts the bytes that autograd really keeps alive."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Dict, Iterable
from weakref import WeakSet

import torch
from torch import Tensor


class _Held:
    """Lives as long as the graph holds the tensor."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor: Tensor = tensor.detach()


class SavedTensors:
    """The tensors that the operations run within `watch` have saved for their backward and not freed yet."""

    def __init__(self) -> None:
        self._held: "WeakSet[_Held]" = WeakSet()

    def watch(self) -> AbstractContextManager[Any]:
        """Notes what is saved while it is open."""

        def pack(tensor: Tensor) -> _Held:
            held = _Held(tensor)
            self._held.add(held)
            return held

        def unpack(held: _Held) -> Tensor:
            return held.tensor

        watching: AbstractContextManager[Any] = torch.autograd.graph.saved_tensors_hooks(pack, unpack)
        return watching

    def bytes(self, also: Iterable[Tensor], without: Iterable[Tensor]) -> int:
        """Bytes of the storages alive, those of `also` among them and those of `without` (weights) not. Shared ones count once."""
        storages: Dict[int, int] = {}
        for tensor in [*(held.tensor for held in self._held), *also]:
            storages.update([_storage(tensor)])
        for tensor in without:
            storages.pop(_storage(tensor)[0], None)
        return sum(storages.values())


def _storage(tensor: Tensor) -> "tuple[int, int]":
    """Address and bytes. Before torch 2 a tensor has no untyped storage."""
    make: Any = tensor.untyped_storage if hasattr(tensor, "untyped_storage") else tensor.storage
    storage = make()
    return storage.data_ptr(), storage.nbytes()
