"""Profiles measured on real processes, and the round trip of a new user."""

import os
import re
import subprocess
import sys
import unittest

import processes
from processes import SHAPE
from schedulesearch.profile import measure, shape_of
from schedulesearch.roundtrip.transformer import loss, stages_of, tokens
from schedulesearch.runtime import Pipeline
from service_process import ServiceProcess


def profile(rank, argument):
    """What each rank measures, and whether its gradients are as empty as before."""
    owners = argument["owners"]
    stages = [stage for stage, owner in zip(stages_of(SHAPE, argument["layers"]), owners) if owner == rank]
    data = tokens(SHAPE, 1)[0]
    found = measure(
        Pipeline(stages, owners, loss), 4, data[:, :-1], data[:, 1:], limit=lambda activation, retained: [2 * sum(activation)] * 2, repetitions=2
    )
    return [found, all(parameter.grad is None for stage in stages for parameter in stage.parameters())]


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
