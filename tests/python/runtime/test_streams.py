"""Streams of the service, run by real processes on real modules."""

import unittest

import torch

import processes
from processes import SHAPE, run_cases
from schedulesearch.profile import measure_stage
from schedulesearch.roundtrip.transformer import loss, stages_of, tokens
from schedulesearch.runtime import Stage
from service_process import ServiceProcess

FAMILIES = ("1f1b", "interleaved-1f1b", "zb-h1", "zb-v")


def bytes_of(layers):
    """By stage the bytes that a microbatch really takes, and those until its weight gradient."""
    figures = []
    sequences = tokens(SHAPE, 1)[0]
    value, last = sequences[:, :-1], len(layers) - 1
    for number, module in enumerate(stages_of(SHAPE, layers)):
        stage = Stage(module.double(), loss if number == last else None, is_first=number == 0)
        output, _ = stage.forward(value, sequences[:, 1:])
        figures.append(measure_stage(stage, value, sequences[:, 1:], output, repetitions=1))
        value = output
    return [stage.activation for stage in figures], [stage.retained for stage in figures]


class StreamCases:
    """The tests of one number of processes."""

    devices = 0
    layers_linear = ()
    layers_chunks = ()
    budget_linear = budget_v = 0.0
    times = {}

    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.cases = {}
        with ServiceProcess() as service:
            for name in FAMILIES:
                cls.cases[name] = cls.family(service, name)
            cls.cases["searched linear"] = cls.searched(service, {}, cls.layers_linear, cls.budget_linear)
            cls.cases["searched v"] = cls.searched(service, {"chunks": 2, "placement": "v"}, cls.layers_chunks, cls.budget_v)
        found = processes.run(run_cases, cls.devices, {"cases": list(cls.cases.values())})
        for index, case in enumerate(cls.cases.values()):
            case["ranks"] = [rank[index] for rank in found]

    @classmethod
    def family(cls, service, name):
        """A family's schedule of equal stages, where it is optimal under the memory that it needs."""
        p = cls.devices
        chunks, limit = {"interleaved-1f1b": (2, 3 * p - 1), "zb-v": (2, 2 * p)}.get(name, (1, p))
        placement = {"interleaved-1f1b": "interleaved", "zb-v": "v"}.get(name, "linear")
        layers = cls.layers_linear if chunks == 1 else cls.layers_chunks
        profile = {
            "name": name,
            "pipeline": {"devices": p, "chunks": chunks, "placement": placement, "microbatches": 2 * p},
            "times": {"unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1},
            "memory": {"limit": limit, "activation": 1},
        }
        answer, stream = service.solve(profile, splitBackward=name.startswith("zb"))
        return {"answer": answer, "stream": stream, "layers": layers, "activation": [1] * len(layers), "retained": [1] * len(layers)}

    @classmethod
    def searched(cls, service, placement, layers, budget):
        """A searched schedule of uneven stages. The budget of a device is in microbatches through all its stages."""
        p = cls.devices
        activation, retained = bytes_of(layers)
        owners = [stage if stage < p else 2 * p - 1 - stage for stage in range(len(layers))]
        limit = [int(budget * sum(taken for taken, owner in zip(activation, owners) if owner == device)) for device in range(p)]
        profile = {
            "name": "uneven",
            "pipeline": {"devices": p, "microbatches": 2 * p, **placement},
            "times": {"unit": "ms", "communication": 0.3, **{name: column[: len(layers)] for name, column in cls.times.items()}},
            "memory": {"unit": "B", "limit": limit, "activation": activation, "retained": retained},
        }
        answer, stream = service.solve(profile, workLimit=100_000)
        return {"answer": answer, "stream": stream, "layers": layers, "activation": activation, "retained": retained, "limit": limit}

    def each_rank(self):
        for name, case in self.cases.items():
            for rank, found in enumerate(case["ranks"]):
                with self.subTest(name, rank=rank):
                    yield case, rank, found

    def test_the_schedules_are_those_meant(self):
        for name in FAMILIES:
            self.assertEqual(self.cases[name]["answer"]["method"], name)
        for name in ("searched linear", "searched v"):
            self.assertNotIn(self.cases[name]["answer"]["method"], FAMILIES)
            ops = {step["op"] for device in self.cases[name]["answer"]["devices"] for step in device}
            self.assertIn("backwardWeight", ops)

    def test_gradients_equal_those_of_one_process(self):
        for case, rank, found in self.each_rank():
            self.assertGreater(found["largest"], 1e-3)
            self.assertLessEqual(max(found["differences"]), 1e-9)

    def test_losses_equal_those_of_one_process(self):
        for case, rank, found in self.each_rank():
            last = case["stream"]["placement"]["ranksOfStages"][0][-1]
            expected = processes.whole_losses(case["layers"], case["stream"]["microbatches"]) if rank == last else []
            self.assertEqual(len(found["losses"]), len(expected))
            for loss_found, loss_expected in zip(found["losses"], expected):
                self.assertAlmostEqual(loss_found, loss_expected, delta=1e-9)

    def test_the_executed_order_is_the_stream_s_and_the_answer_s(self):
        for case, rank, found in self.each_rank():
            self.assertEqual(found["order"], processes.without_times(case["stream"]["ranks"][rank]["instructions"]))
            computed = [[step["op"], step["stage"], step["microbatch"]] for step in found["order"] if "peer" not in step]
            self.assertEqual(computed, [[step["op"], step["stage"], step["microbatch"]] for step in case["answer"]["devices"][rank]])
            self.assertEqual(found["forwards"], [step[1] for step in computed if step[0] == "forward"])

    def test_no_more_is_held_than_the_answer_promised(self):
        for case, rank, found in self.each_rank():
            self.assertEqual(found["peak"], case["answer"]["peakMemory"][rank])
            self.assertEqual(found["left"], 0)

    def test_autograd_keeps_the_bytes_that_the_answer_promised(self):
        for name in ("searched linear", "searched v"):
            case = self.cases[name]
            for rank, found in enumerate(case["ranks"]):
                with self.subTest(name, rank=rank):
                    self.assertEqual(found["peak_bytes"], case["answer"]["peakMemory"][rank])
                    self.assertLessEqual(found["peak_bytes"], case["limit"][rank])


class TwoProcesses(StreamCases, unittest.TestCase):
    devices = 2
    layers_linear = (2, 1)
    layers_chunks = (1, 2, 1, 1)
    budget_linear, budget_v = 1.97, 1.28
    times = {
        "forward": [2.1, 1.3, 1.7, 2.9],
        "backwardInput": [2.6, 1.2, 2.2, 3.1],
        "backwardWeight": [1.2, 1.9, 1.1, 1.6],
    }


class FourProcesses(StreamCases, unittest.TestCase):
    devices = 4
    layers_linear = (1, 2, 1, 1)
    layers_chunks = (1, 2, 1, 1, 1, 1, 2, 1)
    budget_linear, budget_v = 2.4, 1.56
    times = {
        "forward": [2.1, 3.3, 1.7, 2.9, 1.8, 1.4, 3.2, 2.7],
        "backwardInput": [2.6, 3.2, 2.2, 3.1, 1.7, 1.5, 3.6, 2.9],
        "backwardWeight": [1.2, 2.4, 1.1, 1.6, 1.3, 0.9, 2.1, 1.7],
    }
