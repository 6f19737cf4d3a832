"""Streams with two pipes, overlapped pairs, slices and recomputation, run by real processes on real modules."""

import unittest

import processes
from handmade import SIZES, chimera, document, dual_of_two, frozen, gpipe, greedy, overlapped, seq_1f1b, split

TWO, V, TWO_V = [[0, 1], [1, 0]], [[0, 1, 1, 0]], [[0, 1, 1, 0], [1, 0, 0, 1]]
LINEAR = [[0, 1]]
UNEVEN = [[0, 1, 0, 1, 0]]
"""Five stages on two ranks."""
MIDDLE = [[0, 1, 0], [0, 1, 0]]
"""Both replicas of every stage on one rank."""

RECOMPUTED_SLICES = [
    [step for op in order for step in ([op._replace(kind="recompute"), op] if op.kind == "backward" else [op])] for order in seq_1f1b(2, 3, 2)
]


def pipes_of(devices):
    return [list(range(devices)), list(range(devices))[::-1]]


class HandmadeCases:
    """The tests of one number of processes."""

    devices = 0
    streams = {}

    @classmethod
    def setUpClass(cls):
        cls.cases = {}
        for name, (stream, more) in cls.streams.items():
            stages = len(stream["placement"]["ranksOfStages"][0])
            sizes = {size: [taken] * stages for size, taken in SIZES.items()}
            cls.cases[name] = {"stream": stream, "layers": [1] * stages, **sizes, **more}
        found = processes.run(processes.run_cases, cls.devices, {"cases": list(cls.cases.values())})
        for index, case in enumerate(cls.cases.values()):
            case["ranks"] = [rank[index] for rank in found]

    def each_rank(self):
        for name, case in self.cases.items():
            for rank, found in enumerate(case["ranks"]):
                with self.subTest(name, rank=rank):
                    yield case, rank, found

    def test_gradients_of_every_replica_equal_those_of_one_process(self):
        for _, _, found in self.each_rank():
            self.assertGreater(found["largest"], 1e-3)
            self.assertLessEqual(max(found["differences"], default=0), 1e-9 * found["largest"])

    def test_losses_equal_those_of_one_process(self):
        for case in self.cases.values():
            whole = processes.whole_losses(case["layers"], case["stream"]["microbatches"], case.get("reduction", "mean"))
            found = {key: value for rank in case["ranks"] for key, value in zip(rank["microbatches"], rank["losses"])}
            self.assertEqual(sorted(found), list(range(len(whole))))
            for microbatch, expected in enumerate(whole):
                self.assertAlmostEqual(found[microbatch], expected, delta=1e-9 * expected)

    def test_the_executed_order_is_the_stream_s(self):
        for case, rank, found in self.each_rank():
            self.assertEqual(found["order"], processes.without_times(case["stream"]["ranks"][rank]["instructions"]))

    def test_no_more_is_held_than_promised(self):
        for case, rank, found in self.each_rank():
            self.assertAlmostEqual(found["peak"], case["stream"]["peakMemory"][rank], 9)
            self.assertEqual(found["left"], 0)


class TwoProcesses(HandmadeCases, unittest.TestCase):
    devices = 2
    streams = {
        "two pipes": (document(TWO, chimera(2, 4)), {}),
        "two pipes, split": (document(TWO, split(chimera(2, 4))), {}),
        "two pipes, odd": (document(TWO, greedy(TWO, [0, 1, 0])), {}),
        "two pipes, all in one": (document(TWO, greedy(TWO, [1, 1])), {}),
        "two v pipes": (document(TWO_V, greedy(TWO_V, [0, 1, 0, 1])), {}),
        "two pipes, one way": (document(MIDDLE, greedy(MIDDLE, [0, 1, 1])), {}),
        "overlapped, two pipes": (document(TWO, dual_of_two()), {}),
        "overlapped, v": (document(V, overlapped(V, greedy(V, [0] * 4))), {}),
        "uneven": (document(UNEVEN, split(greedy(UNEVEN, [0] * 3))), {}),
        "frozen": (frozen(V, split(greedy(V, [0] * 3)), 2), {"frozen": 2}),
        "forwards alone": (frozen(LINEAR, greedy(LINEAR, [0] * 3), 2), {"frozen": 2}),
        "two slices": (document(LINEAR, seq_1f1b(2, 4, 2), 2), {}),
        "three slices": (document(LINEAR, seq_1f1b(2, 3, 3), 3), {}),
        "uneven slices": (document(LINEAR, seq_1f1b(2, 3, 3), 3, [11, 8, 5]), {}),
        "slices, summed loss": (document(LINEAR, seq_1f1b(2, 3, 2), 2, [14, 10]), {"reduction": "sum"}),
        "slices, split": (document(LINEAR, split(seq_1f1b(2, 3, 2)), 2), {}),
        "slices, two pipes": (document(TWO, greedy(TWO, [0, 1, 0], 2), 2), {}),
        "recompute": (document(LINEAR, gpipe(2, 4, recompute=True)), {}),
        "slices, recompute": (document(LINEAR, RECOMPUTED_SLICES, 2), {}),
    }

    def test_forwards_are_overlapped_on_both_ranks(self):
        for name in ("overlapped, two pipes", "overlapped, v"):
            for found in self.cases[name]["ranks"]:
                self.assertIn("overlapped", [item["op"] for item in found["order"]])

    def test_published_peaks(self):
        """Seq1F1B: p - 1 - d + n slices. GPipe with recomputation: inputs, and one microbatch whole."""
        for slices, name in ((2, "two slices"), (3, "three slices")):
            self.assertEqual([found["peak_activations"] for found in self.cases[name]["ranks"]], [1 + slices, slices])
        for found in self.cases["recompute"]["ranks"]:
            self.assertEqual(found["peak"], 3 * SIZES["stored"] + SIZES["activation"])

    def test_recomputation_saves_real_bytes(self):
        whole = processes.run(processes.run_cases, 1, {"cases": [self.on_one_rank(recompute) for recompute in (False, True)]})[0]
        self.assertLess(whole[1]["peak_bytes"], 0.4 * whole[0]["peak_bytes"])

    def on_one_rank(self, recompute):
        sizes = {size: [taken] for size, taken in SIZES.items()}
        return {"stream": document([[0]], gpipe(1, 4, recompute)), "layers": [1], **sizes}


class FourProcesses(HandmadeCases, unittest.TestCase):
    devices = 4
    streams = {
        "two pipes": (document(pipes_of(4), chimera(4, 4)), {}),
        "two pipes, odd, split": (document(pipes_of(4), split(greedy(pipes_of(4), [0, 0, 1]))), {}),
    }
