"""Profiles measured on real processes, and the round trip of a new user."""

import os
import re
import subprocess
import sys
import types
import unittest
import warnings

import processes
import torch
from processes import SHAPE
from schedulesearch.profile import MeasureWarning, measure, shape_of
from schedulesearch.roundtrip.transformer import loss, stages_of, tokens
from schedulesearch.runtime import Pipeline
from service_process import ServiceProcess
from torch import nn
from torch.utils.checkpoint import checkpoint


def profile(rank, argument):
    """What each rank measures, and whether its gradients are as empty as before."""
    owners = argument["owners"]
    stages = [stage for stage, owner in zip(stages_of(SHAPE, argument["layers"]), owners) if owner == rank]
    data = tokens(SHAPE, 1)[0]
    found = measure(
        Pipeline(stages, owners, loss), 4, data[:, :-1], data[:, 1:], limit=lambda activation, retained: [2 * sum(activation)] * 2, repetitions=2
    )
    return [found, all(parameter.grad is None for stage in stages for parameter in stage.parameters())]


class Backwards:
    """PyTorch's stage functions as torch.distributed.pipelining has them from PyTorch 2.8 on, which Debian's does not: an input gradient keeps the graph."""

    def __init__(self, splits):
        self._splits = splits

    def stage_backward(self, output, gradients, inputs):
        torch.autograd.backward(output if isinstance(output, tuple) else (output,), gradients)

    def stage_backward_input(self, outputs, gradients, inputs, weights):
        if not self._splits:
            raise RuntimeError("the graph cannot be cut") from ValueError("a compiled stage")
        torch.autograd.grad(outputs, inputs, gradients, retain_graph=True)
        given = gradients or (torch.ones_like(outputs[0]),)
        return None, [{"outputs": outputs, "grads": [given], "more": gradients}]

    def stage_backward_weight(self, weights, groups):
        for parameter, gradient in zip(weights, torch.autograd.grad(groups[0]["outputs"], list(weights), groups[0]["more"])):
            parameter.grad = gradient


class Checkpointed(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, value):
        return checkpoint(self.layer, value, use_reentrant=False)


def on_pytorch(rank, argument):
    """What each rank measures on PyTorch's functions, what it is warned of, and whether its gradients are as empty as before."""
    pipelining = types.ModuleType("torch.distributed.pipelining")
    pipelining._backward = Backwards(argument["splits"])
    sys.modules["torch.distributed.pipelining"] = pipelining
    module = stages_of(SHAPE, [1, 1])[rank]
    if argument["checkpoints"] and rank == 1:
        module = nn.Sequential(*map(Checkpointed, module))
    stage = types.SimpleNamespace(submod=module, stage_index=rank, num_stages=2, device=torch.device("cpu"))
    data = tokens(SHAPE, 1)[0]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = measure([stage], 4, data[:, :-1], data[:, 1:], repetitions=2, runtime="pytorch", loss=loss)
    said = [str(warning.message) for warning in told if warning.category is MeasureWarning]
    return [found, said, all(parameter.grad is None for parameter in module.parameters())]


class Profiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = ServiceProcess()
        cls.service.__enter__()
        cls.addClassCleanup(cls.service.__exit__)

    def test_are_solved_as_they_are(self):
        (first, clean), (second, also_clean) = processes.run(profile, 2, {"owners": [0, 1, 1, 0], "layers": [1, 2, 1, 1]})
        self.assertEqual(first, second)
        self.assertTrue(clean and also_clean)
        self.assertEqual(first["pipeline"], {"devices": 2, "chunks": 2, "placement": "v", "microbatches": 4})
        for name in ("forward", "backwardInput", "backwardWeight"):
            self.assertTrue(all(0 < time < 10_000 for time in first["times"][name]))
        self.assertGreater(first["times"]["communication"][0][1], 0)
        memory = first["memory"]
        # Stage 1 has twice the layers of stage 2, and nothing else.
        self.assertGreater(memory["activation"][1], 1.8 * memory["activation"][2])
        self.assertTrue(all(0 < kept < taken for kept, taken in zip(memory["retained"], memory["activation"])))
        answer, _ = self.service.solve(first, timeLimitSeconds=1)
        self.assertIn(answer["status"], ("optimal", "feasible"))

    def test_on_pytorch_have_the_fused_backward_and_what_waits_for_the_weight_gradient(self):
        (first, said, clean), (second, said_elsewhere, also_clean) = processes.run(on_pytorch, 2, {"splits": True, "checkpoints": False})
        self.assertEqual((first, said, said_elsewhere, clean, also_clean), (second, [], [], True, True))
        times, memory = first["times"], first["memory"]
        # The first stage computes no input gradient, and its weight gradient is the whole backward.
        self.assertLess(times["backwardInput"][0], times["backward"][0] / 4)
        self.assertTrue(all(0 < time < 10_000 for member in ("forward", "backwardWeight", "backward") for time in times[member]))
        # An input gradient frees nothing, and gradients wait with what is there.
        self.assertTrue(all(kept >= taken > 0 for kept, taken in zip(memory["retained"], memory["activation"])))
        self.assertNotIn("backward", first)
        answer, _ = self.service.solve(first, timeLimitSeconds=1)
        self.assertIn(answer["status"], ("optimal", "feasible"))

    def test_on_pytorch_say_what_is_recomputed_and_what_cannot_be_split(self):
        (first, said, _), (_, said_elsewhere, _) = processes.run(on_pytorch, 2, {"splits": False, "checkpoints": True})
        self.assertEqual(said_elsewhere, [])
        self.assertRegex(said[0], r"^Activation checkpointing: .* 1: [1-9]\d* fused\)\.$")
        self.assertIn("cannot split the backward of stage 1, so that the profile has fused backwards: a compiled stage", said[1])
        self.assertEqual(first["backward"], {"choose": "fused"})
        self.assertEqual((first["times"]["backwardInput"][1], first["times"]["backwardWeight"][1]), (first["times"]["backward"][1], 0))
        answer, _ = self.service.solve(first, timeLimitSeconds=1)
        self.assertFalse(any(operation["op"] == "backwardInput" for device in answer["devices"] for operation in device))

    def test_of_another_runtime_are_refused(self):
        for given in ({"runtime": "pytorch"}, {"runtime": "jax", "loss": loss}, {"loss": loss}):
            with self.assertRaises(ValueError):
                measure([], 4, **given)

    def test_name_the_placement(self):
        self.assertEqual(shape_of([0, 1, 2]), {"devices": 3, "chunks": 1, "placement": "linear"})
        self.assertEqual(shape_of([0, 1, 0, 1]), {"devices": 2, "chunks": 2, "placement": "interleaved"})
        self.assertEqual(shape_of([0, 1, 1, 0]), {"devices": 2, "chunks": 2, "placement": "v"})
        self.assertEqual(shape_of([1, 0]), {"devices": 2, "chunks": 1, "placement": "explicit", "stageDevices": [1, 0]})
        self.assertEqual(shape_of([0, 0, 1]), {"devices": 2, "placement": "explicit", "stageDevices": [0, 0, 1]})
        with self.assertRaises(ValueError):
            shape_of([0, 2])

    def test_make_a_round_trip(self):
        ended = self.round_trip(self.service.url)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertRegex(ended.stdout, r"(?m)^1F1B +[0-9.]+ ms +[0-9.]+ ms")
        ratio = re.search(r"(?m)^ratio +([0-9.]+) +([0-9.]+)", ended.stdout)
        self.assertLessEqual(float(ratio[1]), 1)
        self.assertGreater(float(ratio[2]), 0)
        self.assertIn("Gradients equal those of the model in one process", ended.stdout)

    def test_round_trip_without_a_service_says_so(self):
        ended = self.round_trip("http://127.0.0.1:9")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("cannot be reached", ended.stdout)
        self.assertNotIn("Traceback", ended.stdout + ended.stderr)

    def round_trip(self, url):
        environment = {**os.environ, "SCHEDULESEARCH_URL": url, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "schedulesearch.roundtrip", "--hidden", "16", "--sequence", "16", "--vocabulary", "32"]
        return subprocess.run(
            command + ["--repetitions", "2", "--iterations", "2", "--seconds", "1", "--timeout", "60"],
            env=environment, capture_output=True, text=True, timeout=120,
        )
