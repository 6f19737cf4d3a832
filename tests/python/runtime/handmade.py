"""Native streams written by hand: from each rank's operations in order, their transfers and sums follow.

A pipe is a list of the ranks of its stages; an order is a list of `Op` and of pairs of them, which overlap.
"""

from collections import Counter
from typing import NamedTuple

SIZES = {"activation": 1.0, "retained": 0.5, "stored": 0.25}
"""What a microbatch takes on every stage, in any unit."""


class Op(NamedTuple):
    kind: str
    stage: int
    microbatch: int
    pipe: int = 0
    slice: int = 0


def document(pipes, orders, slices=1, lengths=None):
    """The stream of these orders. Raises `ValueError` when operations wait for each other in a circle."""
    stream = _Writer(pipes, orders, slices, lengths).write()
    return {
        "format": "native", "version": 1, "microbatches": 1 + max(op.microbatch for order in orders for op in _ops(order)), "makespan": 1, "span": 1,
        "placement": {"ranksOfStages": pipes}, "peakMemory": [peak(order, slices, lengths) for order in orders],
        **({"slices": slices} if slices > 1 else {}), **({"sliceLengths": lengths} if lengths else {}),
        "ranks": [{"rank": rank, "instructions": steps} for rank, steps in enumerate(stream)],
    }


def peak(order, slices=1, lengths=None):
    """What a rank holds at most."""
    lengths = lengths or [1] * slices
    stored = {op[1:] for op in _ops(order) if op.kind == "recompute"}
    held, most = {}, 0
    for op in _ops(order):
        kind = "stored" if op.kind == "forward" and op[1:] in stored else {"backwardInput": "retained"}.get(op.kind, "activation")
        held[op[1:]] = SIZES[kind] * lengths[op.slice] / sum(lengths)
        most = max(most, sum(held.values()))
        if op.kind in ("backward", "backwardWeight"):
            del held[op[1:]]
    return most


class _Writer:
    """All ranks follow one order, in which a transfer stands after what made it and a sum after the last gradient."""

    def __init__(self, pipes, orders, slices, lengths):
        self.pipes, self.orders, self.slices = pipes, orders, slices
        self.done, self.streams, self.clock = set(), [[] for _ in orders], 0
        self.gradients = Counter(op.stage for order in orders for op in _ops(order) if _gradient(op.kind, last=True))

    def write(self):
        left = [list(order) for order in self.orders]
        while any(left):
            moved = False
            for rank, order in enumerate(left):
                if order and all(need in self.done for op in _ops(order[:1]) for need in needs(op, len(self.pipes[0]), self.slices)):
                    self.emit(rank, order.pop(0))
                    moved = True
            if not moved:
                raise ValueError("The orders wait for each other.")
        return self.streams

    def emit(self, rank, step):
        ops = _ops([step])
        times = {"start": self.clock, "end": self.clock + 1}
        self.clock += 1
        if len(ops) == 1:
            self.streams[rank].append({"op": ops[0].kind, **self.ids(ops[0]), **times})
        else:
            self.streams[rank].append({"op": "overlapped", **{op.kind: self.ids(op) for op in ops}, **times})
        for op in ops:
            self.done.add(("gradient" if _gradient(op.kind) else op.kind, *op[1:]))
            self.hand_on(rank, op)
            self.gradients[op.stage] -= _gradient(op.kind, last=True)
            if self.gradients[op.stage] == 0 and _gradient(op.kind, last=True) and len(self.pipes) == 2:
                owners = [pipe[op.stage] for pipe in self.pipes]
                for owner in sorted(set(owners)):
                    self.streams[owner].append({"op": "allReduce", "stage": op.stage, "ranks": owners})

    def hand_on(self, rank, op):
        next_stage = op.stage + 1 if op.kind == "forward" else op.stage - 1 if _gradient(op.kind) else -1
        if not 0 <= next_stage < len(self.pipes[0]) or self.pipes[op.pipe][next_stage] == rank:
            return
        peer = self.pipes[op.pipe][next_stage]
        what = {"what": "activation" if op.kind == "forward" else "gradient", **self.ids(op)}
        self.streams[rank].append({"op": "send", "peer": peer, **what})
        self.streams[peer].append({"op": "receive", "peer": rank, **what})

    def ids(self, op):
        pipe = {"pipe": op.pipe} if len(self.pipes) == 2 else {}
        return {**pipe, "stage": op.stage, "microbatch": op.microbatch, **({"slice": op.slice} if self.slices > 1 else {})}


def needs(op, stages, slices):
    """The results that an operation waits for."""
    ids = op[1:]
    found = []
    if op.kind == "forward":
        found += [("forward", *op._replace(stage=op.stage - 1)[1:])] if op.stage else []
        found += [("forward", *op._replace(slice=op.slice - 1)[1:])] if op.slice else []
    elif op.kind == "backwardWeight":
        found += [("gradient", *ids)]
    else:
        found += [("forward", *ids)]
    if _gradient(op.kind):
        found += [("gradient", *op._replace(stage=op.stage + 1)[1:])] if op.stage + 1 < stages else []
        found += [("gradient", *op._replace(slice=op.slice + 1)[1:])] if op.slice + 1 < slices else []
    return found


def _gradient(kind, last=False):
    """Whether it makes the gradient that is handed on, or is the last to add to weight gradients."""
    return kind in (("backward", "backwardWeight") if last else ("backward", "backwardInput"))


def _ops(order):
    return [op for step in order for op in ([step] if isinstance(step, Op) else step)]


def frozen(pipes, orders, count):
    """The stream of these orders without the backwards of the first stages, and without the gradients that they would be sent."""
    stream = document(pipes, orders)
    for rank in stream["ranks"]:
        rank["instructions"] = [
            item for item in rank["instructions"]
            if not (item["op"].startswith("backward") and item["stage"] < count) and not (item.get("what") == "gradient" and item["stage"] <= count)
        ]
    left = [[op for op in order if op.stage >= count] for order in orders]
    return {**stream, "frozenStages": count, "peakMemory": [peak(order) for order in left]}


def with_crossed_sums(stream):
    """A stream of two ranks with its sums at the end, on rank 1 in another order than on rank 0."""
    for rank, step in zip(stream["ranks"], (1, -1)):
        sums = sorted((item for item in rank["instructions"] if item["op"] == "allReduce"), key=lambda item: item["stage"])
        rank["instructions"] = [item for item in rank["instructions"] if item["op"] != "allReduce"] + sums[::step]
    return stream


def gpipe(devices, microbatches, recompute=False):
    """All forwards, then all backwards."""
    return [
        [Op("forward", stage, microbatch) for microbatch in range(microbatches)]
        + [Op(kind, stage, microbatch) for microbatch in range(microbatches) for kind in (["recompute"] if recompute else []) + ["backward"]]
        for stage in range(devices)
    ]


def chimera(devices, microbatches):
    """Two pipes in opposite directions, in the slots of Chimera; even microbatches run in pipe 0."""
    orders = []
    for device in range(devices):
        slots = []
        for pipe, place in ((0, device), (1, devices - 1 - device)):
            for index in range(microbatches // 2):
                base, of_unit = 2 * devices * (index // (devices // 2)), index % (devices // 2)
                for kind, slot in (("forward", place), ("backward", 2 * devices - 1 - place)):
                    slots.append((base + 2 * of_unit + slot, Op(kind, place, 2 * index + pipe, pipe)))
        orders.append([op for _, op in sorted(slots)])
    return orders


def seq_1f1b(devices, microbatches, slices):
    """1F1B over slices, the backwards of a microbatch from its last slice to its first."""
    orders = []
    for stage in range(devices):
        forwards = [Op("forward", stage, microbatch, slice=part) for microbatch in range(microbatches) for part in range(slices)]
        backwards = [Op("backward", stage, microbatch, slice=part) for microbatch in range(microbatches) for part in reversed(range(slices))]
        warm_up = min(devices - 2 - stage + slices, len(forwards))
        order, rest = forwards[:warm_up], forwards[warm_up:]
        for backward in backwards:
            order += [rest.pop(0), backward] if rest else [backward]
        orders.append(order)
    return orders


def greedy(pipes, pipe_of_microbatch, slices=1):
    """Each rank does what can start first, backwards before forwards."""
    stages, devices = len(pipes[0]), 1 + max(pipes[0])
    left = {
        Op(kind, stage, microbatch, pipe, part)
        for kind in ("forward", "backward") for stage in range(stages) for microbatch, pipe in enumerate(pipe_of_microbatch) for part in range(slices)
    }
    ends, free, orders = {}, [0] * devices, [[] for _ in range(devices)]
    while left:
        ready = []
        for op in left:
            wanted = needs(op, stages, slices)
            if all(need in ends for need in wanted):
                rank = pipes[op.pipe][op.stage]
                ready.append((max([free[rank], *(ends[need] for need in wanted)]), op.kind, op, rank))
        start, kind, op, rank = min(ready)
        left.remove(op)
        orders[rank].append(op)
        free[rank] = start + (1 if kind == "forward" else 2)
        ends["gradient" if kind == "backward" else kind, *op[1:]] = free[rank]
    return orders


def dual_of_two():
    """Two devices, two pipes and six microbatches, in steady state each forward overlapped with a backward as in DualPipe."""

    def order(device):
        def op(kind, stage, microbatch):
            # Device 0 holds stage 0 of pipe 0 and stage 1 of pipe 1; device 1 does the same with pipes and microbatches exchanged.
            return Op(kind, stage, microbatch ^ device, stage ^ device)

        return [
            op("forward", 0, 0), op("forward", 0, 2), op("forward", 1, 1),
            (op("forward", 1, 3), op("backward", 1, 1)), (op("forward", 0, 4), op("backward", 0, 0)), (op("forward", 1, 5), op("backward", 1, 3)),
            op("backward", 1, 5), op("backward", 0, 2), op("backward", 0, 4),
        ]

    return [order(0), order(1)]


def split(orders):
    """The same with the weight gradients at the end."""
    return [
        [op._replace(kind="backwardInput") if op.kind == "backward" else op for op in order]
        + [op._replace(kind="backwardWeight") for op in order if op.kind == "backward"]
        for order in orders
    ]


def overlapped(pipes, orders):
    """The same with as many forwards as can be overlapped with the backwards after them."""
    orders = [list(order) for order in orders]
    for order in orders:
        for place in range(len(order) - 1, 0, -1):
            pair = order[place - 1:place + 1]
            if all(isinstance(op, Op) for op in pair) and [op.kind for op in pair] == ["forward", "backward"]:
                order[place - 1:place + 1] = [tuple(pair)]
                try:
                    document(pipes, orders)
                except ValueError:
                    order[place - 1:place] = pair
    return orders
