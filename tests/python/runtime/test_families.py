"""Every family of the service, and searches under placements of two pipes, run by real processes on real modules."""

import unittest

import torch

import processes
from processes import SHAPE
from schedulesearch.runtime.data import even
from service_process import ServiceProcess

SHARDED = ("one-barrier", "two-barriers")
CHUNKS = {"linear": 1, "interleaved": 2, "v": 2, "wave": 2, "bidirectional": 1}
KEPT = 0.5
SHARD = 0.25
"""What a shard of the logits takes, where an activation takes 1."""


class FamilyCases:
    """The tests of one number of processes."""

    devices = 0

    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.cases = {}
        with ServiceProcess() as service:
            for family in service.call("/families"):
                if "vocabulary.parallel" not in family["conditions"]:
                    cls.add(service, family["name"], family["placement"], family=family["name"])
                    continue
                for parallel in SHARDED:
                    cls.add(service, f"{family['name']}, {parallel}", family["placement"], parallel=parallel, family=family["name"])
            cls.add(service, "hanayo, two waves", "wave", chunks=4, family="hanayo")
            cls.add(service, "searched bidirectional", "bidirectional", microbatches=5, workLimit=2000)
            cls.add(service, "searched bidirectional V", "bidirectional", chunks=2, microbatches=4, workLimit=2000)
            cls.add(service, "searched pairs", "v", overlap=2.5, workLimit=2000)
            for parallel in SHARDED:
                cls.add(service, f"searched, {parallel}", "linear", parallel=parallel, workLimit=2000)
        found = processes.run(processes.run_cases, cls.devices, {"cases": list(cls.cases.values())}, seconds=240)
        for index, case in enumerate(cls.cases.values()):
            case["ranks"] = [rank[index] for rank in found]

    @classmethod
    def add(cls, service, name, placement, chunks=None, microbatches=None, overlap=None, parallel=None, **options):
        p = cls.devices
        chunks = chunks or (2 if name == "bitpipe" else CHUNKS[placement])
        profile = {
            "name": name,
            "pipeline": {"devices": p, "chunks": chunks, "placement": placement, "microbatches": microbatches or 2 * p},
            "times": {"unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1, "communication": 0.1},
            "memory": {"activation": 1},
        }
        if name == "seq1f1b":
            profile["slices"] = {"count": 2}
        if name == "gpipe-recompute":
            profile["recompute"] = {"kept": KEPT}
        if overlap or name.startswith("dualpipe"):
            profile["overlap"] = {"duration": overlap or 2.5}
        sharded = {}
        if parallel:
            # Families by the default shards, which differ by one entry, and searches by others, with the embedding whole on the first stage.
            embeds = "family" in options
            sizes = even(SHAPE.vocabulary, p) if embeds else [1, *even(SHAPE.vocabulary - 1, p - 1)]
            sharded = {"sizes": sizes, "embeds": embeds, "shard": SHARD, "reduction": "mean" if embeds else "sum"}
            profile["vocabulary"] = {
                "size": SHAPE.vocabulary, "parallel": parallel, "forward": 0.5, "backward": 0.5, "barrier": 0.1, "activation": SHARD,
                "input": 0.5 if embeds else 0,
            }
        answer, stream = service.solve(profile, **options)
        stages = p * chunks
        cls.cases[name] = {
            "answer": answer,
            "stream": stream,
            "layers": [1] * stages,
            "activation": [1] * stages,
            "retained": [1] * stages,
            "stored": [KEPT] * stages,
            **sharded,
        }

    def each_rank(self):
        for name, case in self.cases.items():
            for rank, found in enumerate(case["ranks"]):
                with self.subTest(name, rank=rank):
                    yield case, rank, found

    def test_every_kind_of_instruction_is_there(self):
        ops = {step["op"] for case in self.cases.values() for rank in case["stream"]["ranks"] for step in rank["instructions"]}
        self.assertLessEqual({"forward", "backward", "backwardInput", "backwardWeight", "recompute", "overlapped", "allReduce", "send", "receive"}, ops)
        self.assertLessEqual({"vocabularyInput", "vocabularyForward", "vocabularyBackward"}, ops)

    def test_shards_stand_in_every_placement_that_has_them(self):
        found = {(name.split(",")[0], case["stream"]["placement"]["name"]) for name, case in self.cases.items() if "sizes" in case}
        self.assertEqual(found, {("vocab-1f1b", "linear"), ("vocab-interlaced", "linear"), ("vocab-v-half", "v"), ("searched", "linear")})
        for name, case in self.cases.items():
            if "sizes" in case:
                self.assertGreater(len(set(case["sizes"])), 1, name)

    def test_gradients_of_every_replica_equal_those_of_one_process(self):
        for _, _, found in self.each_rank():
            self.assertGreater(found["largest"], 1e-3)
            self.assertLessEqual(max(found["differences"]), 1e-9)

    def test_losses_equal_those_of_one_process(self):
        for name, case in self.cases.items():
            with self.subTest(name):
                whole = processes.whole_losses(case["layers"], case["stream"]["microbatches"], case.get("reduction", "mean"))
                found = {key: value for rank in case["ranks"] for key, value in zip(rank["microbatches"], rank["losses"])}
                self.assertEqual(sorted(found), list(range(len(whole))))
                for microbatch, expected in enumerate(whole):
                    self.assertAlmostEqual(found[microbatch], expected, delta=1e-9)

    def test_the_executed_order_is_the_stream_s(self):
        for case, rank, found in self.each_rank():
            self.assertEqual(found["order"], processes.without_times(case["stream"]["ranks"][rank]["instructions"]))

    def test_no_more_is_held_than_the_answer_promised(self):
        for case, rank, found in self.each_rank():
            self.assertAlmostEqual(found["peak"], case["answer"]["peakMemory"][rank], places=4)
            self.assertEqual(found["left"], 0)


class FamiliesOnTwo(FamilyCases, unittest.TestCase):
    devices = 2


class FamiliesOnFour(FamilyCases, unittest.TestCase):
    devices = 4
