"""Evaluations: as a function, and as a command."""

import contextlib
import io
import json
import unittest

from case import ClientCase
from local_service import ID, LocalService, problem

from schedulesearch import Infeasible, InvalidRequest, evaluate
from schedulesearch.cli import main

ORDER = {"name": "zb-h1", "planned": 27, "mean": 27.8123456, "deviation": 0.4, "standardError": 0.01, "p50": 27.8, "p95": 28.5, "p99": 28.8}
ANSWER = {
    "objective": "makespan", "timeUnit": "ms", "replays": 1000, "seed": 0, "schedule": ORDER,
    "families": [{**ORDER, "name": "1f1b", "mean": 33.25, "slower": 0.934}], "leastP95": "zb-h1",
    "operations": [{"op": "forward", "stage": 0, "critical": 0.25, "share": 0.1}, {"op": "backwardInput", "stage": 1, "critical": 0.5, "share": 0.9}],
    "mostCritical": [], "devices": [{"device": 0, "share": 0.4, "slack": {"once": 1.5, "each": 0.5}}],
    "links": [{"from": 0, "to": 1, "critical": 0.2, "share": 0.01, "slack": {"once": 2, "each": 0.25}}],
}
CALL = ("POST", f"/schedules/{ID}/evaluate")


class EvaluateTests(ClientCase):
    def test_a_search_under_noise_takes_the_same_arguments_and_the_same_file(self):
        path = self.folder / "noise.json"
        path.write_text(json.dumps({"noise": {"samples": {"forward": [[1], [1]]}, "microbatch": 0.2}}))
        profile = self.folder / "profile.json"
        profile.write_text(json.dumps({"pipeline": {"devices": 2, "microbatches": 2}, "times": {"forward": 1, "backwardInput": 1, "backwardWeight": 1}}))
        arguments = ["solve", str(profile), "--fallback", "none", "--cache-folder", "", "--noise", str(path), "--microbatch", "0.1", "--statistic", "p95"]
        with LocalService(answer=ANSWER) as service, contextlib.redirect_stderr(io.StringIO()):
            main([*arguments, "--url", service.url])
        self.assertEqual(service.requests[0][3]["options"], {
            "noise": {"samples": {"forward": [[1], [1]]}, "microbatch": 0.1}, "statistic": "p95",
        })
        with LocalService(answer=ANSWER) as service, contextlib.redirect_stderr(io.StringIO()):
            main([*arguments[:6], "--url", service.url])
        self.assertEqual(service.requests[0][3]["options"], {}, "nothing varies")

    def run_command(self, service, *arguments):
        """The exit code, and what is written to standard output."""
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            code = main(["evaluate", *map(str, arguments), "--url", service.url])
        return code, written.getvalue()

    def test_a_request_may_be_an_object_a_file_or_left_out(self):
        request = {"replays": 10, "noise": {"operation": 0.1}}
        path = self.folder / "request.json"
        path.write_text(json.dumps(request))
        with LocalService(answer=ANSWER) as service:
            self.assertEqual(evaluate(ID, request, url=service.url), ANSWER)
            evaluate(ID, path, url=service.url, revision="5f1d7a84c0e2b396")
            evaluate(ID, url=service.url)
        self.assertEqual(service.calls, [CALL, (CALL[0], CALL[1] + "?revision=5f1d7a84c0e2b396"), CALL])
        self.assertEqual([request[3] for request in service.requests], [request, request, {}])

    def test_the_command_puts_arguments_above_the_file_and_prints_tables(self):
        path = self.folder / "request.json"
        path.write_text(json.dumps({"replays": 10, "noise": {"operation": 0.1, "stage": 0.2}}))
        arguments = ["--operation", 0.3, "--microbatch", 0.1, "--slow", "2:1.1", "--slow", "3:2", "--spikes", 0.01, 5, "--seed", 4, "--alone"]
        with LocalService(answer=ANSWER) as service:
            code, written = self.run_command(service, ID, path, *arguments)
        self.assertEqual(code, 0)
        self.assertEqual(service.requests[0][3], {
            "replays": 10, "seed": 4, "families": False,
            "noise": {
                "operation": 0.3, "stage": 0.2, "microbatch": 0.1, "slowDevices": [{"device": 2, "factor": 1.1}, {"device": 3, "factor": 2.0}],
                "spikes": {"probability": 0.01, "size": 5.0},
            },
        })
        self.assertEqual(written.splitlines(), [
            "1000 replays, ms      planned  mean     p50   p95   p99   slower in",
            "zb-h1 (the schedule)  27       27.8123  27.8  28.5  28.8",
            "1f1b                  27       33.25    27.8  28.5  28.8  93.4 %",
            "",
            "stage  kind           critical  of the path",
            "1      backwardInput  50.0 %    90.0 %",
            "0      forward        25.0 %    10.0 %",
            "",
            "slack        once  each time  critical",
            "device 0     1.5   0.5        40.0 % of the path",
            "link 0 to 1  2     0.25       in 20.0 %",
        ])

    def test_what_is_wrong_is_named(self):
        with LocalService(problem(422, "Too many.", {"$.replays": ["Is 9."]})) as service, self.assertRaisesRegex(Infeasible, "replays"):
            evaluate(ID, {"replays": 9}, url=service.url)
        for given, named in ((5, "schedule_id is 5"), ("../x", "hex digits")):
            with self.subTest(given=given), self.assertRaisesRegex(InvalidRequest, named):
                evaluate(given)
        with LocalService() as service:
            self.assertEqual(self.run_command(service, ID, "--slow", "two")[0], 2)
            self.assertEqual(service.calls, [])


if __name__ == "__main__":
    unittest.main()
