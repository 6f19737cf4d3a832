"""Estimates: as a function, and as a command."""

import contextlib
import io
import json
import unittest

from case import ClientCase
from local_service import PROFILE, LocalService, problem

from schedulesearch import Infeasible, InvalidRequest, devices, estimate
from schedulesearch.cli import main

CONFIG = {"model_type": "llama", "hidden_size": 4096, "vocab_size": 128256}
SIZES = {"hidden": 4096, "layers": 32, "heads": 32, "vocabulary": 128256}
LAYER = {
    "name": "decoder", "count": 32, "forward": 8.1234567, "backwardInput": 9, "backwardWeight": 7, "activation": 1.0634, "retained": 1, "weights": 3.656,
}
RANK = {
    "rank": 0, "layers": [16, 16], "inFlight": [3, 1], "parameters": 8030261248, "weights": 14.957, "gradients": 29.915, "optimizer": 89.744,
    "activation": 34, "total": 168.616, "fits": False,
}
ANSWER = {
    "label": "estimate", "profile": {**PROFILE, "layers": [LAYER]}, "layers": [], "parameters": {"total": 8030261248, "active": 8030261248},
    "ranks": [RANK], "device": {"name": "H100"}, "warnings": ["Not in the times: much."],
}
CALL = ("POST", "/profiles/estimate")


class EstimateTests(ClientCase):
    def config(self, content):
        path = self.folder / "config.json"
        path.write_text(json.dumps(content))
        return path

    def run_command(self, service, *arguments):
        """The exit code, and what is written to standard output."""
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            code = main(["estimate", *map(str, arguments), "--url", service.url])
        return code, written.getvalue()

    def test_a_configuration_sizes_and_a_whole_body_are_told_apart(self):
        settings = {"sequence": 8192, "device": "H100"}
        for given, body in (
            (CONFIG, {"config": CONFIG, **settings}),
            (SIZES, {"model": SIZES, **settings}),
            ({"model": SIZES, "device": "A100"}, {"model": SIZES, **settings}),
        ):
            with self.subTest(given=given), LocalService(answer=ANSWER) as service:
                self.assertEqual(estimate(self.config(given), settings=settings, url=service.url), ANSWER)
                self.assertEqual(estimate(given, settings=settings, url=service.url), ANSWER)
                self.assertEqual(service.calls, [CALL, CALL])
                self.assertEqual([request[3] for request in service.requests], [body, body])

    def test_the_command_prints_layers_and_ranks_and_writes_the_profile(self):
        output = self.folder / "profile.json"
        arguments = [
            "--sequence", 8192, "--device", "H100", "--efficiency", 0.4, "--pipeline-devices", 1, "--chunks", 2, "--microbatches", 8,
            "--tensor-parallel", 2, "--sharding", "zero1", "-o", output,
        ]
        with LocalService(answer=ANSWER) as service:
            code, written = self.run_command(service, self.config(CONFIG), *arguments)
        self.assertEqual(code, 0)
        self.assertEqual(service.requests[0][3], {
            "config": CONFIG, "sequence": 8192, "device": {"preset": "H100", "efficiency": 0.4},
            "pipeline": {"devices": 1, "chunks": 2, "microbatches": 8, "placement": "interleaved"}, "tensorParallel": 2, "optimizer": {"sharding": "zero1"},
        })
        self.assertEqual(written.splitlines(), [
            "8,030,261,248 parameters, 8,030,261,248 active, on H100: an estimate",
            "",
            "layer    count  forward ms  input ms  weight ms  activation GiB  state GiB",
            "decoder  32     8.123       9         7          1.063           3.656",
            "",
            "1F1B, layers split evenly:",
            "rank  layers  in flight  weights GiB  gradients GiB  optimizer GiB  activation GiB  total GiB  fits",
            "0     16+16   3+1        14.96        29.91          89.74          34.00           168.62     no",
        ])
        self.assertEqual(json.loads(output.read_text()), ANSWER["profile"])
        self.assertIn("Not in the times: much.", self.told.getvalue())

    def test_devices_are_listed(self):
        with LocalService(answer=[{"name": "H100"}]) as service:
            self.assertEqual(devices(url=service.url), [{"name": "H100"}])
        self.assertEqual(service.calls, [("GET", "/devices")])

    def test_what_is_wrong_is_named(self):
        with LocalService(problem(422, "Wrong.", {"$.tensorParallel": ["Is 3."]})) as service, self.assertRaisesRegex(Infeasible, "tensorParallel"):
            estimate(CONFIG, url=service.url)
        for given, named in ((5, "config is 5"), (self.folder / "absent.json", "absent.json cannot be read"), (self.config([1]), "must hold a JSON object")):
            with self.subTest(named=named), self.assertRaisesRegex(InvalidRequest, named):
                estimate(given)
        with self.assertRaisesRegex(InvalidRequest, "settings is 5"):
            estimate(CONFIG, settings=5)
        with LocalService() as service:
            self.assertEqual(self.run_command(service, self.config(CONFIG), "--efficiency", 0.5)[0], 2)
            self.assertEqual(service.calls, [])


if __name__ == "__main__":
    unittest.main()
