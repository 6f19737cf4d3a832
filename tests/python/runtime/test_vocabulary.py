"""The output layer in shards on one of two ranks. That all ranks together are right is for the tests of the families."""

import unittest
from unittest import mock

import torch
from torch import nn
from torch.nn import functional

from handmade import document, seq_1f1b
from schedulesearch.runtime import Instruction, Key, Pipeline, Stage, Stream, Vocabulary
from schedulesearch.runtime.data import Data
from schedulesearch.runtime.iteration import Iteration
from schedulesearch.runtime.results import Results
from schedulesearch.runtime.sharded_ends import ShardedEnds
from schedulesearch.runtime.vocabulary import OutputShard, joined

NONE = Vocabulary([2, 3], None)
"""The rows of two ranks, without weights."""


class OnOneRank(unittest.TestCase):
    """Rank 1 of two in this process, which is told what rank 0 would tell it."""

    LABELS = torch.tensor([[0, 4, 2]])

    def setUp(self):
        torch.manual_seed(1)
        self.weight, self.hidden = 30 * torch.randn(5, 4).double(), 30 * torch.randn(1, 3, 4).double()
        self.results = Results()
        self.results.put("activation", Key(0, 0, 0), 1, self.hidden)

    def run_ops(self, *ops, barriers=1, labels=LABELS):
        data = Data(None, [labels], 1, None, True, torch.device("cpu"))
        ends = ShardedEnds(data, Vocabulary([2, 3], nn.Parameter(self.weight[2:].clone())), 1, [0, 1], barriers, self.results)
        iteration = Iteration(1, {(0, 1): Stage(nn.Linear(4, 4).double())}, [[0, 1]], ends, self.results, NoTransfers(), None, True)
        return iteration.run([Instruction(op, 1, 0) for op in ops])

    def told(self, barriers=1):
        """What rank 0 tells before the barrier."""
        shard = OutputShard(self.weight[:2], self.hidden, *NONE.rows(0, self.LABELS))
        return torch.cat([shard.statistics(), shard.products()], 1) if barriers == 1 else shard.statistics()

    def test_a_pass_after_a_barrier_that_is_not_complete_is_refused(self):
        message = "Rank 1: {} of stage 1, microbatch 0: the {} of stage 0 that it needs is not there"
        with self.assertRaisesRegex(ValueError, message.format("vocabularyBackward", "vocabularyForward")):
            self.run_ops("forward", "vocabularyForward", "vocabularyBackward")

    def test_a_backward_before_its_barrier_is_refused(self):
        message = "Rank 1: backward of stage 1, microbatch 0: the {} of stage 0 that it needs is not there"
        with self.assertRaisesRegex(ValueError, message.format("vocabularyForward")):
            self.run_ops("forward", "vocabularyForward", "backward")
        self.setUp()
        self.results.put("vocabularyForward", Key(0, 0, 0), 1, self.told(barriers=2))
        with self.assertRaisesRegex(ValueError, message.format("vocabularyBackward")):
            self.run_ops("forward", "vocabularyForward", "vocabularyBackward", "backward", barriers=2)

    def test_passes_out_of_place_are_refused(self):
        with self.assertRaisesRegex(ValueError, "vocabularyForward of stage 1, microbatch 0: the activation of stage 1 that it needs is not there"):
            self.run_ops("vocabularyForward")
        with self.assertRaisesRegex(ValueError, "vocabularyBackward of stage 1, microbatch 0: it does not follow the operation that it needs"):
            self.run_ops("vocabularyBackward")

    def test_a_shard_of_the_logits_is_held_from_the_one_pass_to_the_other(self):
        self.results.put("vocabularyForward", Key(0, 0, 0), 1, self.told())
        record = self.run_ops("forward", "vocabularyForward", "backward", "vocabularyBackward")
        self.assertEqual(record.shards, [0, 1, 1, 0])
        self.assertEqual([record.peak_memory([0, 4], [0, 4], shard=3), record.peak_memory([0, 4], [0, 4])], [7, 4])
        # Doubles for 3 positions: 4 that the stage was given, 4 of its output, 3 logits, and their maximum and that of the label.
        self.assertEqual(record.peak_bytes, 8 * 3 * (4 + 4 + 3 + 2))

    def test_labels_that_are_none_are_refused(self):
        for labels, message in ((torch.tensor([[0, 5, 2]]), "entries 0 to 4, and is asked for 0 to 5"), (torch.tensor([[0, 4]]), "no labels of the shape")):
            self.setUp()
            with self.assertRaisesRegex(ValueError, message):
                self.run_ops("forward", "vocabularyForward", labels=labels)

    def test_logits_of_any_size_have_a_softmax(self):
        weight, hidden = self.weight.clone().requires_grad_(), self.hidden.clone().requires_grad_()
        expected = functional.cross_entropy((hidden @ weight.t()).flatten(0, 1), self.LABELS.flatten(), reduction="sum")
        expected.backward()
        self.assertGreater(float((hidden @ weight.t()).abs().max()), 800)
        parts = self.weight[:2], self.weight[2:]
        shards = [OutputShard(part, self.hidden, *NONE.rows(rank, self.LABELS)) for rank, part in enumerate(parts)]
        softmax = joined([torch.cat([shard.statistics(), shard.products()], 1) for shard in shards])
        torch.testing.assert_close(softmax.loss.sum(), expected.detach())
        torch.testing.assert_close(softmax.gradient.view_as(hidden), hidden.grad)
        by_weight = torch.cat([shard.by_logits(softmax).t() @ shard.hidden for shard in shards])
        torch.testing.assert_close(by_weight, weight.grad)

    def test_shards_of_other_shapes_are_refused(self):
        weight = nn.Parameter(torch.zeros(3, 4))
        for vocabulary in (Vocabulary([3, 3, 3], weight), Vocabulary([3, 0], weight), Vocabulary([2, 3], weight), Vocabulary([3, 3], weight, weight[:2])):
            with self.assertRaisesRegex(ValueError, "entr"):
                vocabulary.check(0, 2)


class Pipelines(unittest.TestCase):
    def test_take_no_stream_that_passes_over_other_shards(self):
        stream = document([[0, 1]], seq_1f1b(2, 1, 1))
        whole = Stream.parse(stream)
        for rank, steps in enumerate(stream["ranks"]):
            steps["instructions"] += [{"op": op, "stage": rank, "microbatch": 0} for op in ("vocabularyForward", "vocabularyBackward")]
        sharded = Stream.parse(stream)
        shard = nn.Parameter(torch.zeros(3, 4))
        for vocabulary, other in ((None, sharded), (Vocabulary([3, 2], shard), whole), (Vocabulary([3, 2], shard, shard), sharded)):
            with self.assertRaisesRegex(ValueError, "are not those that this pipeline has shards for"):
                self.pipeline(vocabulary, sum if vocabulary is None else None).run(other)

    def test_have_a_loss_or_shards(self):
        shards = Vocabulary([3, 2], nn.Parameter(torch.zeros(3, 4)))
        for vocabulary, loss, owners in ((None, None, [0, 1]), (shards, sum, [0, 1]), (shards, None, [[0, 1], [1, 0]])):
            with self.assertRaisesRegex(ValueError, "Give a loss, or for one pipe the shards"):
                self.pipeline(vocabulary, loss, owners)

    def pipeline(self, vocabulary, loss, owners=(0, 1)):
        with mock.patch("torch.distributed.get_rank", return_value=0):
            return Pipeline([nn.Linear(4, 4)] * (2 if isinstance(owners[0], list) else 1), owners, loss, vocabulary=vocabulary)


class NoTransfers:
    def finish(self):
        pass
