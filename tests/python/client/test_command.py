"""``python -m schedulesearch solve`` as a process: what it prints, what it writes, how it ends."""

import json
import os
import pty
import select
import subprocess
import sys
import unittest

from case import ClientCase
from local_service import ANSWER, ID, PROFILE, SOLVE, STREAM, LocalService, events, hang, problem, status, stream


class CommandTests(ClientCase):
    def setUp(self):
        super().setUp()
        self.profile = self.folder / "profile.json"
        self.profile.write_text(json.dumps(PROFILE))

    def run_solve(self, url, *arguments, **variables):
        command = [sys.executable, "-m", "schedulesearch", "solve", str(self.profile), "--format", "pytorch", *arguments]
        variables = {**self.environment, "SCHEDULESEARCH_URL": url, **variables}
        return subprocess.run(command, env=variables, cwd=self.folder, capture_output=True, text=True, timeout=60)

    def test_a_schedule_is_written_to_the_file(self):
        with LocalService() as service:
            done = self.run_solve(service.url, "-o", "schedule.csv", *"--objective makespan --time-limit 3 --fused --family 1f1b --version 2.8".split())
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(done.stderr, "schedulesearch: optimal: zb-h1, makespan 6.5, gap 0 % (from the service) -> schedule.csv\n")
        self.assertEqual((self.folder / "schedule.csv").read_text(), STREAM)
        options = {"objective": "makespan", "timeLimitSeconds": 3.0, "family": "1f1b", "splitBackward": False}
        self.assertEqual(service.requests[0][3]["options"], options)
        method, path = stream("pytorch")
        self.assertEqual(service.calls[1], (method, path + "&version=2.8"))

    def test_without_a_file_it_is_printed(self):
        with LocalService() as service:
            done = self.run_solve(service.url)
        self.assertEqual((done.returncode, done.stdout), (0, STREAM))

    def test_the_key_is_sent(self):
        with LocalService() as service:
            self.run_solve(service.url, "--key", "given", SCHEDULESEARCH_KEY="set")
            self.run_solve(service.url, "--cache-folder", "", SCHEDULESEARCH_KEY="set")
        self.assertEqual({request[2]["Authorization"] for request in service.requests[:2]}, {"Bearer given"})
        self.assertEqual({request[2]["Authorization"] for request in service.requests[2:]}, {"Bearer set"})

    def test_other_ranks_read(self):
        with LocalService() as service:
            for rank in ("0", "1"):
                self.assertEqual(self.run_solve(service.url, "-o", "schedule.csv", RANK=rank).returncode, 0)
        self.assertEqual(service.calls, [SOLVE, stream("pytorch")])

    def test_exit_codes(self):
        for code, misdeed, said in (
            (2, problem(400, "1 member is wrong.", {"$.profile.times": ["Is missing."]}), "$.profile.times: Is missing."),
            (2, problem(401, "Unknown key."), "SCHEDULESEARCH_KEY"),
            (3, problem(422, "Device 0 needs at least 4.", {"$.profile.memory.limit": ["Device 0 needs at least 4."]}), "needs at least 4"),
            (1, problem(500, "A defect."), "A defect"),
            (4, hang, "no answer within"),
        ):
            with self.subTest(code=code), LocalService(misdeed) as service:
                done = self.run_solve(service.url, "--fallback", "none", "--timeout", "2")
                self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
                self.assertIn(said, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    def test_a_fallback_ends_well_and_says_so(self):
        with LocalService(hang) as service:
            done = self.run_solve(service.url, "-o", "schedule.csv", "--timeout", "1")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("schedulesearch: FALLBACK to a local 1F1B, not searched:", done.stderr)
        self.assertIn("fallback: 1F1B, makespan 6", done.stderr)
        record = json.loads((self.folder / "schedule.csv.meta.json").read_text())
        self.assertEqual((record["schedule"]["status"], record["schedule"]["method"]), ("fallback", "1F1B"))

    def test_a_file_that_cannot_be_written_is_no_crash(self):
        with LocalService() as service:
            done = self.run_solve(service.url, "-o", "profile.json/schedule.csv")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Traceback", done.stderr)

    def test_a_terminal_sees_the_search_go_on(self):
        best = {**ANSWER, "status": "running", "gap": 0.125}
        with LocalService(status(202, {"id": ID, "status": "queued"}, {"Retry-After": "0"}), status(200, best, {"Retry-After": "0"})) as service:
            seen = self.on_terminal(service.url)
        self.assertIn("queued", seen)
        self.assertIn("running, makespan 6.5, gap 12.50 %", seen)
        self.assertTrue(seen.endswith("schedulesearch: optimal: zb-h1, makespan 6.5, gap 0 % (from the service) -> schedule.csv\r\n"), seen)

    def test_a_terminal_sees_each_better_schedule(self):
        told = events(("progress", {"status": "running", "incumbent": 8, "bound": 6, "gap": 0.25, "elapsed": 0.1}), ("end", {"status": "optimal"}))
        with LocalService(status(202, {"id": ID, "status": "queued"}), watch=told) as service:
            seen = self.on_terminal(service.url)
        self.assertIn("running, makespan 8, gap 25.00 %", seen)
        # Who watches wants to see the search, and so does not wait long for its end.
        self.assertEqual(service.requests[0][2]["Prefer"], "wait=1")

    def on_terminal(self, url):
        """What the command writes to stderr when that is a terminal."""
        terminal, end = pty.openpty()
        command = [sys.executable, "-m", "schedulesearch", "solve", str(self.profile), "--format", "pytorch", "-o", "schedule.csv"]
        with subprocess.Popen(command, env={**self.environment, "SCHEDULESEARCH_URL": url}, cwd=self.folder, stderr=end) as process:
            os.close(end)
            seen = b""
            while select.select([terminal], [], [], 30)[0]:
                try:
                    seen += os.read(terminal, 65536)
                except OSError:
                    break
        os.close(terminal)
        self.assertEqual(process.returncode, 0)
        return seen.decode()


if __name__ == "__main__":
    unittest.main()
