"""An output layer and an input embedding in shards, run by real processes, against the model in one process without shards."""

import copy
import unittest
from unittest import mock

import torch
from torch import nn
from torch.nn import functional

import processes
from processes import SHAPE
from schedulesearch.profile import measure_stage
from schedulesearch.roundtrip.transformer import loss, stages_of, tokens, whole_gradients
from schedulesearch.runtime import Instruction, Key, Pipeline, Stage, Stream, Vocabulary
from schedulesearch.runtime.data import Data, even
from schedulesearch.runtime.iteration import Iteration
from schedulesearch.runtime.results import Results
from schedulesearch.runtime.sharded_ends import ShardedEnds
from schedulesearch.runtime.vocabulary import OutputShard, joined
from service_process import ServiceProcess

DEVICES = 4
SHARD = 0.25
UNEVEN = [2, 4, 1, 4]
"""Entries by rank; in even shards of 11 entries the last rank has one less than the others."""


def stages_and_ends(layers, embeds):
    """The stages without the output layer and, where that is in shards, without the embedding; and the weights of both."""
    stages = [stage.double() for stage in stages_of(SHAPE, layers)]
    embedding, output = stages[0][0].weight, stages[-1][-1].weight
    stages[-1] = stages[-1][:-1]
    return [stages[0][1:] if embeds else stages[0], *stages[1:]], embedding, output


def run_cases(rank, argument):
    torch.set_num_threads(1)
    return [run_case(rank, case) for case in argument["cases"]]


def run_case(rank, case):
    stream, sizes = Stream.parse(case["stream"]), case["sizes"]
    data = tokens(SHAPE, stream.microbatches)
    reduction = case["reduction"]
    whole = [stage.double() for stage in stages_of(SHAPE, case["layers"])]
    (by_embedding, *by_first), *by_others = whole_gradients(whole, data, loss if reduction == "mean" else processes.summed_loss)
    by_layers, by_output = [by_first, *by_others[:-1], by_others[-1][:-1]], by_others[-1][-1]

    stages, embedding, output = stages_and_ends(case["layers"], case["embeds"])
    mine = slice(sum(sizes[:rank]), sum(sizes[:rank + 1]))
    own = {(0, stage): copy.deepcopy(stages[stage]) for stage in stream.stages_of(rank)}
    shards = [nn.Parameter(output.detach()[mine].clone()), nn.Parameter(embedding.detach()[mine].clone()) if case["embeds"] else None]
    parts = [(shards[0], by_output[mine])] + ([(shards[1], by_embedding[mine])] if case["embeds"] else [])
    if not case["embeds"]:
        by_layers[0] = [by_embedding, *by_first]
    for (_, number), module in own.items():
        parts += zip(module.parameters(), by_layers[number])

    found = {"differences": [], "largest": float(by_output[mine].abs().max())}
    # The second iteration adds to the gradients of the first one.
    for iterations, blocking in ((1, True), (2, False)):
        pipeline = Pipeline(own, stream.ranks_of_stages, None, blocking=blocking, reduction=reduction, vocabulary=Vocabulary(sizes, *shards))
        result = pipeline.run(stream, data[:, :, :-1], data[:, :, 1:], count_bytes=blocking)
        found["differences"] += [float((parameter.grad - iterations * expected).abs().max()) for parameter, expected in parts]
        found.update(losses=result.losses, order=[processes.item_of(instruction) for instruction in result.record.order])
        if blocking:
            record = result.record
            found["peak_bytes"] = record.peak_bytes
            found["peak"] = record.peak_memory(case["activation"], case["retained"], shard=case["shard"][rank])
            found["left"] = [len(record.held[-1]), record.shards[-1]]
    return found


class Shards(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.cases = {}
        with ServiceProcess() as service:
            for parallel in ("one-barrier", "two-barriers"):
                cls.add(service, f"1F1B, {parallel}", parallel, even(SHAPE.vocabulary, DEVICES), family="vocab-1f1b")
                cls.add(service, f"V-Half, {parallel}", parallel, UNEVEN, placement="v", reduction="sum", family="vocab-v-half")
                cls.add(service, f"searched, {parallel}", parallel, UNEVEN, embeds=False, in_bytes=True, workLimit=2000)
        found = processes.run(run_cases, DEVICES, {"cases": list(cls.cases.values())})
        for index, case in enumerate(cls.cases.values()):
            case["ranks"] = [rank[index] for rank in found]

    @classmethod
    def add(cls, service, name, parallel, sizes, placement="linear", embeds=True, reduction="mean", in_bytes=False, **options):
        chunks = 2 if placement == "v" else 1
        layers = [1, 2, 1, 1] * chunks
        case = {"layers": layers, "sizes": sizes, "embeds": embeds, "reduction": reduction}
        case.update(cls.bytes_of(layers, sizes) if in_bytes else {"activation": [1] * len(layers), "retained": [1] * len(layers), "shard": [SHARD] * DEVICES})
        profile = {
            "pipeline": {"devices": DEVICES, "chunks": chunks, "placement": placement, "microbatches": 6},
            "times": {"unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1, "communication": 0.1},
            "memory": {"activation": case["activation"], "retained": case["retained"]},
            "vocabulary": {
                "size": SHAPE.vocabulary, "parallel": parallel, "forward": 0.5, "backward": 0.5, "barrier": 0.1, "activation": case["shard"],
                "input": 0.5 if embeds else 0,
            },
        }
        answer, stream = service.solve(profile, **options)
        cls.cases[name] = {"answer": answer, "stream": stream, **case}

    @classmethod
    def bytes_of(cls, layers, sizes):
        """What a microbatch takes on each stage, and on each rank between its passes: numbers of 8 bytes for each position."""
        sequences, figures = tokens(SHAPE, 1)[0], []
        value = sequences[:, :-1]
        for number, module in enumerate(stages_and_ends(layers, embeds=False)[0]):
            stage = Stage(module, is_first=number == 0)
            output, _ = stage.forward(value)
            figures.append(measure_stage(stage, value, None, output, repetitions=1))
            value = output
        positions = SHAPE.batch * SHAPE.sequence
        # Beside the logits the hidden state that made them, and two numbers of the softmax.
        shard = [8 * positions * (entries + SHAPE.hidden + 2) for entries in sizes]
        return {"activation": [stage.activation for stage in figures], "retained": [stage.retained for stage in figures], "shard": shard}

    def each_rank(self):
        for name, case in self.cases.items():
            for rank, found in enumerate(case["ranks"]):
                with self.subTest(name, rank=rank):
                    yield case, rank, found

    def test_gradients_of_layers_and_shards_equal_those_of_one_process(self):
        for case, _, found in self.each_rank():
            self.assertGreater(found["largest"], 1e-3)
            self.assertGreater(len(found["differences"]), 2 * (2 if case["embeds"] else 1))
            self.assertLessEqual(max(found["differences"]), 1e-9)

    def test_losses_equal_those_of_one_process(self):
        for case, rank, found in self.each_rank():
            is_last = rank == case["stream"]["placement"]["ranksOfStages"][0][-1]
            expected = processes.whole_losses(case["layers"], case["stream"]["microbatches"], case["reduction"]) if is_last else []
            self.assertEqual(len(found["losses"]), len(expected))
            for one, other in zip(found["losses"], expected):
                self.assertAlmostEqual(one, other, delta=1e-9 * max(1, other))

    def test_the_executed_order_is_the_stream_s_with_passes_on_every_rank(self):
        for case, rank, found in self.each_rank():
            self.assertEqual(found["order"], processes.without_times(case["stream"]["ranks"][rank]["instructions"]))
            passes = {step["op"] for step in found["order"] if step["op"].startswith("vocabulary")}
            self.assertEqual(passes, {"vocabularyForward", "vocabularyBackward", *(["vocabularyInput"] if case["embeds"] else [])})

    def test_no_more_is_held_than_the_answer_promised(self):
        for case, rank, found in self.each_rank():
            self.assertAlmostEqual(found["peak"], case["answer"]["peakMemory"][rank], 9)
            self.assertEqual(found["left"], [0, 0])

    def test_logits_take_the_bytes_that_the_answer_promised(self):
        for parallel in ("one-barrier", "two-barriers"):
            case = self.cases[f"searched, {parallel}"]
            self.assertEqual([found["peak_bytes"] for found in case["ranks"]], case["answer"]["peakMemory"])

    def test_a_stream_without_a_pass_or_with_two_is_refused(self):
        for change, message in (
            (lambda steps, item: steps.remove(item), "Rank 1: pipe 0, stage 1, microbatch 0, slice 0 needs .*, vocabularyBackward, .* once"),
            (lambda steps, item: steps.append(item), "Rank 1: pipe 0, stage 1, microbatch 0, slice 0 needs .*, vocabularyBackward, .* once"),
            (lambda steps, item: item.update(stage=0), "the stage lies on rank 0"),
        ):
            stream = copy.deepcopy(self.cases["1F1B, one-barrier"]["stream"])
            steps = stream["ranks"][1]["instructions"]
            change(steps, next(item for item in steps if item["op"] == "vocabularyBackward"))
            with self.assertRaisesRegex(ValueError, message):
                Stream.parse(stream)

    def test_a_stream_that_a_rank_has_no_shards_for_is_refused(self):
        stream = Stream.parse(self.cases["1F1B, one-barrier"]["stream"])
        for output_only in (False, True):
            with self.subTest(output_only=output_only), self.assertRaisesRegex(ValueError, "has not the shards of the stream's passes"):
                self.pipeline(output_only).run(stream)

    def pipeline(self, output_only):
        with mock.patch("torch.distributed.get_rank", return_value=0):
            shards = Vocabulary([3, 3, 3, 2], nn.Parameter(torch.zeros(3, 4)))
            return Pipeline([nn.Linear(4, 4)], [0, 1, 2, 3], None if output_only else loss, vocabulary=shards if output_only else None)


class OnOneRank(unittest.TestCase):
    """Rank 1 of two in this process, which is told what rank 0 would tell it."""

    LABELS = torch.tensor([[0, 4, 2]])

    def setUp(self):
        torch.manual_seed(1)
        self.weight, self.hidden = 30 * torch.randn(5, 4).double(), 30 * torch.randn(1, 3, 4).double()
        self.results = Results()
        self.results.put("activation", Key(0, 0, 0), 1, self.hidden)

    def run_ops(self, *ops, barriers=1, labels=LABELS):
        stage = Stage(nn.Linear(4, 4).double())
        data = Data(None, [labels], 1, None, True, torch.device("cpu"))
        self.output = nn.Parameter(self.weight[2:].clone())
        ends = ShardedEnds(data, Vocabulary([2, 3], self.output), 1, [0, 1], barriers, self.results)
        iteration = Iteration(1, {(0, 1): stage}, [[0, 1]], ends, self.results, NoTransfers(), None, False)
        iteration.run([Instruction(op, 1, 0) for op in ops])
        return iteration

    def told(self, barriers=1):
        """What rank 0 tells before the barrier."""
        rows, own = Vocabulary([2, 3], None).rows(0, self.LABELS)
        shard = OutputShard(self.weight[:2], self.hidden, rows, own)
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
        vocabulary = [Vocabulary([2, 3], None).rows(rank, self.LABELS) for rank in (0, 1)]
        shards = [OutputShard(part, self.hidden, *rows) for part, rows in zip((self.weight[:2], self.weight[2:]), vocabulary)]
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


class NoTransfers:
    def finish(self):
        pass
