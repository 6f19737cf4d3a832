"""Reads orders of operations: the CSV of torch.distributed.pipelining, an answer of the service, or a native stream."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence, Union

from .arguments import check_order
from .cache import PathLike
from .errors import InvalidRequest

Devices = List[List[Dict[str, Any]]]
OrderLike = Union[Mapping[str, Any], Sequence[Sequence[Mapping[str, Any]]], PathLike]

_COMPUTE = {"F": "forward", "I": "backwardInput", "W": "backwardWeight", "B": "backward"}
_ACTION = re.compile(r"(\d+)(F|I|W|B)(\d+)")
_PAIR = re.compile(r"\((\d+)F(\d+);(\d+)B(\d+)\)OVERLAP_F_B")
# What a native stream says of an operation because of the others: no part of an order.
_HINTS = ("slack", "priority")
# What moves or prepares data: an order is judged by what computes.
_OTHER = re.compile(r"\d+(UNSHARD|RESHARD|REDUCE_GRAD|(SEND|RECV)_[FB]\d+)")


def order_of(source: OrderLike) -> Devices:
    """For each device its operations in order, as ``POST /schedules/verify`` takes them.

    Args:
        source: A file, or what such a file of JSON holds: a list for each device, an answer of the service, or a native stream.

    Raises:
        InvalidRequest: The file cannot be read, or holds something else; for a CSV with the row and the cell.
    """
    check_order(source)
    if not isinstance(source, (Mapping, list, tuple)):
        return _read(Path(str(source)))
    try:
        return _devices(source)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidRequest(f"The order is no list of operations for each device: {error!r}.") from error


def _devices(source: Union[Mapping[str, Any], Sequence[Sequence[Mapping[str, Any]]]]) -> Devices:
    if not isinstance(source, Mapping):
        return [[dict(operation) for operation in order] for order in source]
    if "ranks" in source:
        streams = sorted(source["ranks"], key=lambda stream: int(stream["rank"]))
        return [[_judged(one) for one in stream["instructions"] if not _moves_data(one)] for stream in streams]
    if "devices" in source:
        return _devices(source["devices"])
    raise InvalidRequest("The order has neither devices, as an answer of the service has, nor ranks, as a native stream has.")


def _read(path: Path) -> Devices:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise InvalidRequest(f"{path} is not text in UTF-8: {error}.") from error
    if not text.lstrip().startswith(("{", "[")):
        rows = [row for row in csv.reader(text.splitlines()) if row]
        return [[one for place, cell in enumerate(row) for one in _cell(cell.strip(), rank, place)] for rank, row in enumerate(rows)]
    try:
        content = json.loads(text)
    except ValueError as error:
        raise InvalidRequest(f"{path} is neither a CSV nor JSON: {error}.") from error
    return order_of(content)


def _cell(text: str, rank: int, place: int) -> List[Dict[str, Any]]:
    action = _ACTION.fullmatch(text)
    if action:
        return [{"op": _COMPUTE[action[2]], **_ids(action[1], action[3])}]
    pair = _PAIR.fullmatch(text)
    if pair:
        return [{"op": "overlapped", "forward": _ids(pair[1], pair[2]), "backward": _ids(pair[3], pair[4])}]
    if not text or _OTHER.fullmatch(text):
        return []
    raise InvalidRequest(f"Row {rank}, cell {place} is {text!r}; it must be stage, letter (F, I, B, W) and microbatch, such as 0F3.")


def _ids(stage: str, microbatch: str) -> Dict[str, Any]:
    return {"stage": int(stage), "microbatch": int(microbatch)}


def _judged(instruction: Mapping[str, Any]) -> Dict[str, Any]:
    return {member: value for member, value in instruction.items() if member not in _HINTS}


def _moves_data(instruction: Mapping[str, Any]) -> bool:
    return "peer" in instruction or instruction.get("op") == "allReduce"
