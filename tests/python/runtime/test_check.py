"""Streams that would not give the gradients of all microbatches are refused before they run."""

import copy
import unittest

from handmade import chimera, document, greedy, seq_1f1b, with_crossed_sums
from schedulesearch.runtime import Stream

PASSES = ("vocabularyInput", "vocabularyForward", "vocabularyBackward")
LINEAR, TWO = [[0, 1]], [[0, 1], [1, 0]]


class RefusedStreams(unittest.TestCase):
    def assert_refused(self, stream, message):
        with self.assertRaisesRegex(ValueError, message):
            Stream.parse(stream)

    def one_pipe(self):
        stream = document(LINEAR, seq_1f1b(2, 2, 1))
        return stream, [rank["instructions"] for rank in stream["ranks"]]

    def two_pipes(self):
        stream = document(TWO, chimera(2, 2))
        return stream, [rank["instructions"] for rank in stream["ranks"]]

    def sharded(self, *passes):
        stream, instructions = self.one_pipe()
        for rank, steps in enumerate(instructions):
            steps += [{"op": op, "stage": rank, "microbatch": microbatch} for op in passes for microbatch in (0, 1)]
        return stream, instructions

    def sums(self, instructions):
        return [place for place, item in enumerate(instructions) if item["op"] == "allReduce"]

    def test_without_the_sum_of_a_stage(self):
        for ranks in ([0], [1], [0, 1]):
            stream, instructions = self.two_pipes()
            for rank in ranks:
                del instructions[rank][self.sums(instructions[rank])[0]]
            self.assert_refused(stream, f"Rank {ranks[0]}: the gradients of the stages .* are summed over both pipes by no allReduce")

    def test_with_a_sum_that_comes_too_soon(self):
        stream, (first, _) = self.two_pipes()
        first.insert(0, first.pop(self.sums(first)[-1]))
        self.assert_refused(stream, "Rank 0: allReduce of stage .: backward of pipe ., stage ., microbatch . adds to its gradients after it")

    def test_with_a_sum_of_others(self):
        stream, (first, _) = self.two_pipes()
        first[self.sums(first)[0]]["ranks"] = [0, 0]
        self.assert_refused(stream, r"Rank 0: allReduce of stage ., ranks \[0, 0\]: those are not its owners")
        stream, instructions = self.one_pipe()
        instructions[0].append({"op": "allReduce", "stage": 0, "ranks": [0, 0]})
        self.assert_refused(stream, "not its owners")

    def test_with_sums_in_another_order_on_each_rank(self):
        stream, _ = self.two_pipes()
        self.assert_refused(with_crossed_sums(stream), "Where rank 0 has allReduce of stage ., rank 1 has allReduce of stage .")

    def test_with_transfers_in_another_order_on_each_rank(self):
        stream, (_, second) = self.one_pipe()
        one, other = (place for place, item in enumerate(second) if item["op"] == "receive")
        second[one], second[other] = second[other], second[one]
        message = "Where rank 0 has send of the activation, peer 1, of stage 0, microbatch 0, rank 1 has receive of .* microbatch 1"
        self.assert_refused(stream, message)

    def test_without_a_transfer_s_other_end(self):
        stream, (first, _) = self.one_pipe()
        first.remove(next(item for item in first if item["op"] == "receive"))
        self.assert_refused(stream, "Where rank 1 has send of the gradient, peer 0, of stage 1, microbatch 0, rank 0 has .* microbatch 1")

    def test_without_an_operation_or_with_two(self):
        for op in ("forward", "backward"):
            for twice in (False, True):
                stream, (first, _) = self.one_pipe()
                item = next(item for item in first if item["op"] == op)
                first.append(item) if twice else first.remove(item)
                self.assert_refused(stream, "Rank 0: pipe 0, stage 0, microbatch 0, slice 0 needs a forward and its backward once")

    def test_with_microbatches_in_no_pipe_or_in_two(self):
        stream, _ = self.two_pipes()
        self.assert_refused({**stream, "microbatches": 3}, r"No rank runs the microbatches \[2\]")
        self.assert_refused({**stream, "microbatches": 1}, "there is no such microbatch")
        stream, (first, _) = self.two_pipes()
        next(item for item in first if item["op"] == "backward" and item["pipe"] == 1)["microbatch"] = 0
        self.assert_refused(stream, "microbatch 0 runs in pipe 1 and in pipe 0")

    def test_on_another_rank_or_stage(self):
        stream, (first, _) = self.one_pipe()
        first[0]["stage"] = 1
        self.assert_refused(stream, "Rank 0: forward of stage 1, microbatch 0: the stage lies on rank 1")
        first[0]["stage"] = 2
        self.assert_refused(stream, "there is no such stage")
        stream, _ = self.two_pipes()
        self.assert_refused({**stream, "placement": {"ranksOfStages": TWO + TWO}}, "one or two pipes")

    def test_without_a_pass_over_a_shard_or_with_two(self):
        for op in PASSES:
            for twice in (False, True):
                stream, (_, second) = self.sharded(*PASSES)
                item = next(item for item in second if item["op"] == op)
                second.append(item) if twice else second.remove(item)
                needed = ", ".join(sorted(PASSES))
                self.assert_refused(stream, f"Rank 1: pipe 0, stage 1, microbatch 0, slice 0 needs a forward and its backward, {needed} once")

    def test_with_shards_where_there_can_be_none(self):
        self.assert_refused(self.sharded(*PASSES[:2])[0], "Shards of the vocabulary need one pipe, whole microbatches, and the passes")
        stream, (first, _) = self.two_pipes()
        first += [{"op": op, "stage": 0, "microbatch": 0} for op in PASSES]
        self.assert_refused(stream, "Shards of the vocabulary need one pipe")
        stream, (_, second) = self.sharded(*PASSES)
        second[-1]["stage"] = 0
        self.assert_refused(stream, "Rank 1: vocabularyBackward of stage 0, microbatch 1: the stage lies on rank 0")

    def test_with_lengths_that_are_not_those_of_the_slices(self):
        stream = document(LINEAR, seq_1f1b(2, 2, 2), 2)
        for change in ({"slices": 0}, {"sliceLengths": [1]}, {"sliceLengths": [3, 0]}):
            self.assert_refused({**stream, **change}, "slices of the lengths")
        self.assert_refused({**stream, "slices": 3}, "slice 2 needs a forward")

    def test_with_an_instruction_that_is_not_known(self):
        for item, message in (
            ({"op": "offload", "stage": 0, "microbatch": 0}, "does not know the instruction"),
            ({"op": "forward", "stage": 0}, "is not complete: 'microbatch'"),
            ({"op": "overlapped", "forward": {"stage": 0, "microbatch": 0}}, "is not complete: 'backward'"),
        ):
            stream, (first, _) = self.one_pipe()
            first.insert(0, item)
            self.assert_refused(stream, message)


class AcceptedStreams(unittest.TestCase):
    def test_of_some_ranks(self):
        stream = document(TWO, greedy(TWO, [0, 1, 0]))
        for rank in (0, 1):
            part = Stream.parse({**copy.deepcopy(stream), "ranks": stream["ranks"][rank:rank + 1]})
            self.assertEqual(list(part.ranks), [rank])

    def test_say_how_many_barriers_their_shards_have(self):
        stream = document(LINEAR, seq_1f1b(2, 1, 1))
        self.assertEqual(Stream.parse(stream).passes, set())
        for barriers, what in ((1, "vocabularyForward"), (2, "vocabularyBackward")):
            for rank, steps in enumerate(stream["ranks"]):
                if barriers == 1:
                    steps["instructions"] += [{"op": op, "stage": rank, "microbatch": 0} for op in PASSES[1:]]
                steps["instructions"].append({"op": ("receive", "send")[rank], "peer": 1 - rank, "what": what, "stage": 1, "microbatch": 0})
            self.assertEqual(Stream.parse(stream).barriers, barriers)
        self.assertEqual(Stream.parse(stream).passes, set(PASSES[1:]))

    def test_say_what_they_hold(self):
        stream = Stream.parse(document(TWO, chimera(2, 2)))
        self.assertEqual([stream.stages_of(0), stream.stages_of(0, 1), stream.devices], [[0], [1], 2])
        self.assertEqual(Stream.parse(document(LINEAR, seq_1f1b(2, 2, 2), 2, [3, 1])).shares(), [0.75, 0.25])
