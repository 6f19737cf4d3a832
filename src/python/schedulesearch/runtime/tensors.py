"""Takes the tensors out of nested values, and puts others in their places."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Sequence, Tuple

import torch


class _Place(NamedTuple):
    position: int


def take_out(value: Any) -> Tuple[Any, List[torch.Tensor]]:
    """The value with its tensors replaced by places, and the tensors. A tensor that occurs twice has one place.

    Tuples, lists and dictionaries are looked into; any other value is left as it is.
    """
    tensors: List[torch.Tensor] = []
    places: Dict[int, _Place] = {}

    def visit(part: Any) -> Any:
        if isinstance(part, torch.Tensor):
            if id(part) not in places:
                places[id(part)] = _Place(len(tensors))
                tensors.append(part)
            return places[id(part)]
        return _rebuild(part, visit)

    return visit(value), tensors


def put_back(shape: Any, tensors: Sequence[torch.Tensor]) -> Any:
    """The value that `take_out` made a shape of, with other tensors in its places."""

    def visit(part: Any) -> Any:
        return tensors[part.position] if isinstance(part, _Place) else _rebuild(part, visit)

    return visit(shape)


def _rebuild(part: Any, visit: Any) -> Any:
    if isinstance(part, dict):
        return {key: visit(item) for key, item in part.items()}
    if isinstance(part, tuple) and hasattr(part, "_fields"):
        return type(part)(*map(visit, part))
    if isinstance(part, (tuple, list)):
        return type(part)(map(visit, part))
    return part
