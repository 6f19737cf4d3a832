"""Schedules that are searched again: as a function, and as a command."""

import contextlib
import io
import json

from case import ClientCase
from local_service import ANSWER, ID, POLL, STREAM, LocalService, problem, status, stream

from schedulesearch import Infeasible, InvalidRequest, research
from schedulesearch.cli import main

OLD = "cd" * 32
CALL = ("POST", f"/schedules/{OLD}/research")
TIMES = {"times": {"forward": [1.5, 1]}}


class ResearchTests(ClientCase):
    def test_the_members_that_change_are_sent_and_the_stream_of_the_answer_comes_back(self):
        path = self.folder / "profile.json"
        path.write_text(json.dumps({"profile": TIMES, "options": {"seed": 3}}))
        with LocalService() as service:
            schedule = research(OLD, TIMES, format="pytorch", options={"timeLimitSeconds": 2}, url=service.url)
            research(OLD, path, format="pytorch", revision="5f1d7a84c0e2b396", url=service.url)
        self.assertEqual((schedule.id, schedule.text, schedule.source), (ID, STREAM, "service"))
        self.assertEqual(service.calls, [CALL, stream("pytorch"), (CALL[0], CALL[1] + "?revision=5f1d7a84c0e2b396"), stream("pytorch")])
        self.assertEqual([request[3] for request in service.requests if request[3]], [
            {"profile": TIMES, "options": {"timeLimitSeconds": 2}}, {"profile": TIMES, "options": {"seed": 3}},
        ])

    def test_a_search_that_goes_on_is_waited_for(self):
        running = {**ANSWER, "status": "running", "gap": 0.1}
        with LocalService(status(202, running)) as service:
            self.assertEqual(research(OLD, TIMES, format="pytorch", url=service.url).status, "optimal")
        self.assertEqual(service.calls, [CALL, POLL, stream("pytorch")])

    def test_what_is_wrong_is_named(self):
        shape = problem(422, "Wrong.", {"$.profile.pipeline.microbatches": ["Is 9."]})
        with LocalService(shape) as service, self.assertRaisesRegex(Infeasible, "microbatches"):
            research(OLD, TIMES, url=service.url)
        for wrong in ((7, TIMES), ("a/b", TIMES), (OLD, 7), (OLD, self.folder / "none.json")):
            with self.assertRaises(InvalidRequest):
                research(*wrong)
        with self.assertRaises(InvalidRequest):
            research(OLD, TIMES, revision="?")

    def test_the_command_writes_the_stream_and_says_what_it_is(self):
        path, output = self.folder / "profile.json", self.folder / "schedule.csv"
        path.write_text(json.dumps(TIMES))
        written = io.StringIO()
        with LocalService() as service, contextlib.redirect_stdout(written):
            arguments = ["research", OLD, str(path), "--format", "pytorch", "--url", service.url]
            self.assertEqual(main([*arguments, "--time-limit", "3", "--objective", "span"]), 0)
            self.assertEqual(main([*arguments, "-o", str(output)]), 0)
        self.assertEqual((written.getvalue(), output.read_text()), (STREAM, STREAM))
        self.assertEqual(service.requests[0][3]["options"], {"timeLimitSeconds": 3.0, "objective": "span"})
        self.assertIn(f"optimal: zb-h1, makespan 6.5, gap 0 % (id {ID})", self.told.getvalue())
