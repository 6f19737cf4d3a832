"""One request with members that vary, and the least memory."""

import contextlib
import io
import json

from case import ClientCase
from local_service import PROFILE, LocalService, drop, problem, status

from schedulesearch import Infeasible, InvalidRequest, ServiceFailed, Unavailable, least_memory, sweep
from schedulesearch.cli import main

SWEEP = "2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11"
SEND, LOOK = ("POST", "/sweeps"), ("GET", f"/sweeps/{SWEEP}")
BODY = {"base": {"profile": PROFILE}, "axes": {"memory.limit": [0.1, 4]}}
POINTS = [
    {"index": 0, "values": {"memory.limit": 0.1}, "status": "invalid", "onFront": False, "problem": {"detail": "Too little."}},
    {"index": 1, "values": {"memory.limit": 4}, "status": "optimal", "objective": 27, "gap": 0, "peakMemory": 4, "meanIdle": 0.25, "onFront": True},
]
LEAST = {"status": "optimal", "target": 27, "limit": 4, "tooLittle": 3, "found": {"id": "a" * 64, "objective": 27, "placement": "linear"}, "tried": [{}]}


def answer(state, done):
    return status(202, {"id": SWEEP, "status": state, "count": 2, "done": done, "axes": ["memory.limit"], "points": POINTS}, {"Retry-After": "0"})


class CommandCase(ClientCase):
    def run_command(self, service, *arguments):
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            code = main([*map(str, arguments), "--url", service.url])
        return code, written.getvalue()


class SweepTests(CommandCase):
    def request(self):
        path = self.folder / "sweep.json"
        path.write_text(json.dumps(BODY))
        return path

    def test_all_points_are_waited_for_and_a_lost_answer_is_no_second_sweep(self):
        with LocalService(drop, answer("running", 0), answer("running", 1), answer("done", 2)) as service:
            found = sweep(BODY, timeout=20, url=service.url)
        self.assertEqual(found["points"], POINTS)
        self.assertEqual(service.calls, [SEND, SEND, LOOK, LOOK])
        keys = [{name.lower(): value for name, value in request[2].items()}["idempotency-key"] for request in service.requests[:2]]
        self.assertEqual(len(set(keys)), 1)
        self.assertTrue(keys[0])

    def test_what_is_wrong_is_named(self):
        with LocalService(problem(422, "Too many.", {"$.axes": ["Too many."]})) as service, self.assertRaises(Infeasible) as caught:
            sweep(self.request(), timeout=20, url=service.url)
        self.assertEqual(list(caught.exception.errors), ["$.axes"])
        for wrong in (7, self.folder / "none.json"):
            with self.assertRaises(InvalidRequest):
                sweep(wrong, timeout=20)
        with LocalService(status(202, {"id": SWEEP, "status": "done"})) as service, self.assertRaises(ServiceFailed):
            sweep(BODY, timeout=20, url=service.url)
        with LocalService(*[answer("running", 1)] * 1000) as service, self.assertRaises(Unavailable):
            sweep(BODY, timeout=0.5, url=service.url)

    def test_the_command_prints_a_row_for_each_point(self):
        with LocalService(answer("done", 2)) as service:
            code, written = self.run_command(service, "sweep", self.request(), "--timeout", 20)
        self.assertEqual(code, 0)
        lines = written.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("invalid: Too little.", lines[1])
        self.assertEqual(lines[2].split(), ["4", "27", "0.00", "%", "4", "25.0", "%", "yes", "optimal"])
        self.assertIn("1 of 2 points have a schedule, 1 are on the front", self.told.getvalue())

    def test_the_command_writes_the_form_that_the_file_is_named_by(self):
        for name, form in (("front.svg", "svg"), ("points.csv", "csv")):
            with LocalService(answer("done", 2), status(200, "a,b\r\n")) as service:
                code, _ = self.run_command(service, "sweep", self.request(), "-o", self.folder / name, "--timeout", 20)
            self.assertEqual((code, service.calls[-1]), (0, ("GET", f"/sweeps/{SWEEP}?format={form}")))
            self.assertEqual((self.folder / name).read_bytes(), b"a,b\r\n")
        with LocalService(answer("done", 2)) as service:
            self.run_command(service, "sweep", self.request(), "-o", self.folder / "all.json", "--timeout", 20)
        self.assertEqual(json.loads((self.folder / "all.json").read_text())["points"], POINTS)


class LeastMemoryTests(CommandCase):
    def test_the_target_is_one_of_two(self):
        with LocalService(status(200, LEAST), status(200, LEAST)) as service:
            self.assertEqual(least_memory(PROFILE, within=5, url=service.url)["limit"], 4)
            least_memory(PROFILE, makespan=30, options={"timeLimitSeconds": 3}, url=service.url)
        self.assertEqual(service.calls, [("POST", "/schedules/least-memory")] * 2)
        self.assertEqual(service.requests[0][3], {"profile": PROFILE, "options": {}, "within": 5})
        self.assertEqual(service.requests[1][3], {"profile": PROFILE, "options": {"timeLimitSeconds": 3}, "makespan": 30})
        for wrong in ({}, {"makespan": 3, "within": 5}):
            with self.assertRaises(InvalidRequest):
                least_memory(PROFILE, **wrong)

    def test_the_command_says_what_is_proved(self):
        path = self.folder / "profile.json"
        path.write_text(json.dumps(PROFILE))
        with LocalService(status(200, LEAST), status(200, {"status": "unreached", "target": 20, "tried": []})) as service:
            code, written = self.run_command(service, "least-memory", path, "--within", 0)
            self.assertEqual(code, 0)
            self.assertIn("4 (no smaller limit reaches it)", written)
            self.assertRegex(written, "placement +linear")
            self.assertEqual(self.run_command(service, "least-memory", path, "--makespan", 20)[0], 3)
