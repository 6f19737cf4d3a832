"""Streams that cannot be run end with an error, none waits for ever."""

import time
import unittest

import torch
from torch import nn

import processes
from handmade import chimera, document, with_crossed_sums
from schedulesearch.runtime import Instruction, Pipeline, Stage, Stream
from schedulesearch.runtime.data import Data
from schedulesearch.runtime.ends import Ends
from schedulesearch.runtime.iteration import Iteration
from schedulesearch.runtime.results import Results


def stream(*ranks, owners=(0, 1)):
    return {
        "format": "native", "version": 1, "microbatches": 1, "makespan": 1, "span": 1, "peakMemory": [1] * len(ranks),
        "placement": {"ranksOfStages": [list(owners)]},
        "ranks": [{"rank": rank, "instructions": list(steps)} for rank, steps in enumerate(ranks)],
    }


def compute(op, stage):
    return {"op": op, "stage": stage, "microbatch": 0}


def transfer(op, stage, peer, what="activation"):
    return {**compute(op, stage), "peer": peer, "what": what}


FORWARDS = [compute("forward", 0), transfer("send", 0, 1)], [transfer("receive", 0, 0), compute("forward", 1)]
BACKWARDS = [transfer("receive", 1, 1, "gradient"), compute("backward", 0)], [compute("backward", 1), transfer("send", 1, 0, "gradient")]


def attempt(rank, argument):
    """The kind of error that running a rank's own part of a stream ends with, what it says, and the seconds until then."""
    document = argument["stream"]
    pipes = document["placement"]["ranksOfStages"]
    pipeline = Pipeline([nn.Linear(4, 4) for _ in pipes], pipes, lambda output, target: (output - target).square().sum())
    began = time.monotonic()
    kind, message = None, ""
    try:
        stream = Stream.parse({**document, "ranks": document["ranks"][rank:rank + 1]})
        pipeline.run(stream, [torch.randn(2, 4)] * stream.microbatches, [torch.zeros(2, 4)] * stream.microbatches)
    except (RuntimeError, ValueError) as caught:
        kind, message = type(caught).__name__, str(caught)
    seconds = time.monotonic() - began
    # Keeps the group alive until the other rank has given up, so that a lost connection is not what ends its wait.
    if kind is not None:
        time.sleep(3)
    return [kind, message, seconds]


class BrokenStreams(unittest.TestCase):
    def test_a_missing_send_ends_with_the_time_out(self):
        broken = stream(FORWARDS[0][:1] + BACKWARDS[0], FORWARDS[1] + BACKWARDS[1])
        first, second = processes.run(attempt, 2, {"stream": broken, "patience": 4}, seconds=40)
        for (kind, message, seconds), text in (
            (first, "Rank 0: receive of the gradient, peer 1, of stage 1, microbatch 0: "),
            (second, "Rank 1: receive of the activation, peer 0, of stage 0, microbatch 0: "),
        ):
            self.assertEqual((kind, message[:len(text)]), ("RuntimeError", text))
            self.assertLess(seconds, 20)

    def test_messages_in_another_order_are_not_taken_for_each_other(self):
        broken = with_crossed_sums(document([[0, 1], [1, 0]], chimera(2, 2)))
        for rank, (kind, message, seconds) in enumerate(processes.run(attempt, 2, {"stream": broken, "patience": 4}, seconds=40)):
            self.assertEqual(kind, "RuntimeError")
            self.assertRegex(message, f"Rank {rank}: allReduce of stage .: ")
            self.assertLess(seconds, 20)

    def test_whole_ones_run(self):
        for whole in (stream(FORWARDS[0] + BACKWARDS[0], FORWARDS[1] + BACKWARDS[1]), document([[0, 1], [1, 0]], chimera(2, 2))):
            self.assertEqual([error for error, _, _ in processes.run(attempt, 2, {"stream": whole}, seconds=40)], [None, None])

    def test_an_operation_out_of_place_is_refused(self):
        for name, ops in {
            "weight before input": ("forward", "backwardWeight"),
            "weight twice": ("forward", "backwardInput", "backwardWeight", "backwardWeight"),
            "input twice": ("forward", "backwardInput", "backwardInput"),
            "fused after input": ("forward", "backwardInput", "backward"),
            "backward before forward": ("backward",),
        }.items():
            with self.subTest(name), self.assertRaisesRegex(ValueError, "does not follow"):
                self.iteration(last=0).run([Instruction(op, 0, 0) for op in ops])

    def test_a_result_that_is_not_there_is_missed(self):
        with self.assertRaisesRegex(ValueError, "the gradient of stage 1 that it needs is not there"):
            self.iteration(last=1).run([Instruction("forward", 0, 0), Instruction("backward", 0, 0)])
        with self.assertRaisesRegex(ValueError, "not given the data"):
            self.iteration(last=0).run([Instruction("forward", 0, 3)])

    def test_other_documents_are_refused(self):
        for change in ({"format": "pytorch"}, {"version": 2}):
            with self.subTest(change), self.assertRaisesRegex(ValueError, "no stream of the format native, version 1"):
                Stream.parse({**stream([], []), **change})

    def iteration(self, last):
        stage = Stage(nn.Linear(4, 4), (lambda output, target: output.sum()) if last == 0 else None, is_first=True)
        ends = Ends(Data([torch.randn(2, 4)], [None], 1, None, True, torch.device("cpu")))
        return Iteration(0, {(0, 0): stage}, [[0] * (1 + last)], ends, Results(), None, None, False)
