"""Ranks that run what is ready: their memory, their gradients, and what they gain where times are not those of the profile."""

import heapq
import random
import time
import unittest

import torch
from torch import nn

import processes
from handmade import Op, chimera, document, gpipe, peak, seq_1f1b, split
from schedulesearch.runtime import Instruction, Pipeline, Stream
from schedulesearch.runtime.ready import ReadyOrder, check_ready

MICROBATCHES = 6
MAKES = {"backwardInput": "gradient", "backward": "gradient"}


def one_f_one_b(devices, microbatches):
    """1F1B in halves of backwards, the weight gradient right after each."""
    orders = seq_1f1b(devices, microbatches, 1)
    return [
        [half for op in order for half in ([op._replace(kind="backwardInput"), op._replace(kind="backwardWeight")] if op.kind == "backward" else [op])]
        for order in orders
    ]


def v_shaped(devices, microbatches):
    """Two stages on each rank in a V, each microbatch after the other but for weight gradients, which wait for the next one's forwards."""
    orders = [[] for _ in range(devices)]
    pending = [[] for _ in range(devices)]
    for microbatch in range(microbatches):
        for stage in range(2 * devices):
            orders[min(stage, 2 * devices - 1 - stage)].append(Op("forward", stage, microbatch))
        for order, waiting in zip(orders, pending):
            order += waiting
            waiting.clear()
        for stage in reversed(range(2 * devices)):
            rank = min(stage, 2 * devices - 1 - stage)
            orders[rank].append(Op("backwardInput", stage, microbatch))
            pending[rank].append(Op("backwardWeight", stage, microbatch))
    return [order + waiting for order, waiting in zip(orders, pending)]


def simulate(owners, orders, seconds, by_priority):
    """By rank the executed order, and the last end, where operations take what `seconds` says and a message takes 0.1."""
    instructions = [[Instruction(op.kind, op.stage, op.microbatch) for op in order] for order in orders]
    left = [ReadyOrder(order) for order in instructions]
    done, free, clock, executed = {}, [0.0] * len(orders), 0.0, [[] for _ in orders]
    moments = [0.0]

    def needs(one):
        if one.op == "forward":
            return [("forward", one.stage - 1)] if one.stage else []
        if one.op == "backwardWeight":
            return [("gradient", one.stage)]
        return [("forward", one.stage)] + ([("gradient", one.stage + 1)] if one.stage + 1 < len(owners) else [])

    def is_ready(one):
        def is_there(kind, stage):
            end = done.get((kind, stage, one.microbatch))
            return end is not None and end + (0.1 if owners[stage] != owners[one.stage] else 0) <= clock + 1e-9

        return all(is_there(*need) for need in needs(one))

    def next_of(rank):
        if by_priority:
            return left[rank].take(is_ready)
        first = instructions[rank][len(executed[rank])] if len(executed[rank]) < len(instructions[rank]) else None
        return first if first is not None and is_ready(first) else None

    while moments:
        clock = heapq.heappop(moments)
        for rank in range(len(orders)):
            one = next_of(rank) if free[rank] <= clock + 1e-9 else None
            if one is not None:
                free[rank] = clock + seconds[one.op, one.stage, one.microbatch]
                done[MAKES.get(one.op, one.op), one.stage, one.microbatch] = free[rank]
                executed[rank].append(Op(one.op, one.stage, one.microbatch))
                heapq.heappush(moments, free[rank])
                heapq.heappush(moments, free[rank] + 0.1)
    return executed, max(free)


class ReadyOrders(unittest.TestCase):
    def test_memory_is_kept_nothing_waits_for_ever_and_time_is_gained(self):
        cases = [([0, 1, 2, 3], one_f_one_b(4, 8)), ([0, 1, 1, 0], v_shaped(2, 6)), ([0, 1, 2], split(gpipe(3, 5))), ([0, 1, 2, 3], seq_1f1b(4, 8, 1))]
        in_turn, ready = 0.0, 0.0
        for seed in range(60):
            draw = random.Random(seed)
            owners, orders = cases[seed % len(cases)]
            seconds = {tuple(op[:3]): draw.uniform(0.3, 1.7) for order in orders for op in order}
            executed, end = simulate(owners, orders, seconds, by_priority=True)
            for order, planned in zip(executed, orders):
                self.assertEqual(sorted(order), sorted(planned))
                self.assertLessEqual(peak(order), peak(planned))
            _, before = simulate(owners, orders, seconds, by_priority=False)
            in_turn, ready = in_turn + before, ready + end
        self.assertLess(ready, 0.98 * in_turn)

    def test_nothing_that_takes_memory_overtakes_what_frees_it(self):
        first, second = Instruction("backward", 0, 0), Instruction("forward", 0, 1)
        self.assertIsNone(ReadyOrder([first, second]).take(lambda one: one == second))
        forward, weight = Instruction("forward", 0, 1), Instruction("backwardWeight", 0, 0)
        self.assertEqual(ReadyOrder([first, forward, weight]).take(lambda one: one == weight), weight)
        self.assertEqual(ReadyOrder([forward, first]).take(lambda one: one == first), first)
        order = ReadyOrder([forward, first])
        self.assertEqual([order.take(lambda one: True), order.take(lambda one: True), order.is_done], [forward, first, True])

    def test_streams_of_which_more_is_asked_are_refused(self):
        check_ready(Stream.parse(document([[0, 1]], gpipe(2, 2))))
        for stream, what in (
            (document([[0, 1], [1, 0]], chimera(2, 2)), "allReduce"),
            (document([[0, 1]], gpipe(2, 2, recompute=True)), "recompute"),
            (document([[0, 1]], seq_1f1b(2, 2, 2), slices=2), "slices"),
        ):
            with self.assertRaisesRegex(ValueError, what):
                check_ready(Stream.parse(stream))


class Late(nn.Module):
    """A layer that takes its time now and then."""

    def __init__(self, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.layer = nn.Linear(4, 4)
        self.draw = random.Random(seed)

    def forward(self, x):
        time.sleep(self.draw.choice([0, 0, 0.01, 0.03]))
        return torch.tanh(self.layer(x))


def squares(output, target):
    return (output - target).square().mean()


def run_late(rank, argument):
    """How far a rank's gradients are from those of the model in one process, what it held at most, its order and its losses."""
    stream = Stream.parse(argument["stream"])
    stages = [Late(seed).double() for seed in range(len(stream.ranks_of_stages[0]))]
    draws = torch.Generator().manual_seed(7)
    inputs = [torch.randn(2, 4, generator=draws, dtype=torch.float64) for _ in range(stream.microbatches)]
    targets = [torch.randn(2, 4, generator=draws, dtype=torch.float64) for _ in range(stream.microbatches)]
    sum(squares(nn.Sequential(*stages)(x), y) for x, y in zip(inputs, targets)).backward()
    own = [Late(stage).double() for stage in stream.stages_of(rank)]
    pipeline = Pipeline(own, stream.ranks_of_stages, squares)
    result = pipeline.run(stream, inputs, targets, by_priority=True)
    pairs = [pair for module, stage in zip(own, stream.stages_of(rank)) for pair in zip(module.parameters(), stages[stage].parameters())]
    return {
        "difference": max(float((one.grad - other.grad).abs().max()) for one, other in pairs),
        "peak": result.record.peak_memory([1.0] * len(stages), [0.5] * len(stages)),
        "operations": [[one.op, one.stage, one.microbatch] for one in result.record.order if one.is_compute],
        "transfers": sum(one.is_transfer for one in result.record.order),
        "losses": result.losses,
    }


class RealRanks(unittest.TestCase):
    def test_gradients_and_memory_are_those_of_the_stream_whatever_comes_late(self):
        owners, orders = [0, 1, 1, 0], v_shaped(2, MICROBATCHES)
        stream = document([owners], orders)
        ranks = processes.run(run_late, len(orders), {"stream": stream}, seconds=60)
        for rank, found in enumerate(ranks):
            self.assertLess(found["difference"], 1e-12)
            self.assertLessEqual(found["peak"], stream["peakMemory"][rank])
            self.assertEqual(sorted(map(tuple, found["operations"])), sorted((op.kind, op.stage, op.microbatch) for op in orders[rank]))
            transfers = sum(item["op"] in ("send", "receive") for item in stream["ranks"][rank]["instructions"])
            self.assertEqual(found["transfers"], transfers)
        self.assertEqual(len(ranks[owners[-1]]["losses"]), MICROBATCHES)


if __name__ == "__main__":
    unittest.main()
