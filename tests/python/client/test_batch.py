"""Many profiles at once."""

import json

from case import ClientCase
from local_service import PROFILE, LocalService, drop, problem, status

from schedulesearch import Infeasible, InvalidRequest, ServiceFailed, Unavailable, solve_batch
from schedulesearch.cli import main

BATCH = "2f1c6a52-6a0e-4f3b-9d0c-6a1f5f0f7c11"
SEND, LOOK, FETCH = ("POST", "/batches"), ("GET", f"/batches/{BATCH}"), ("GET", f"/batches/{BATCH}/results")


def batch(state, done):
    return status(202, {"id": BATCH, "status": state, "count": 2, "done": done}, {"Retry-After": "0"})


def results(count):
    return status(200, "".join(json.dumps({"index": index, "status": "optimal", "makespan": 6.5}) + "\n" for index in range(count)))


class BatchTests(ClientCase):
    def solve(self, service, **arguments):
        return solve_batch([PROFILE, {"profile": PROFILE, "options": {"seed": 3}}], timeout=20, url=service.url, **arguments)

    def test_all_are_waited_for_and_come_in_order(self):
        with LocalService(drop, batch("running", 0), batch("running", 1), batch("done", 2), results(2)) as service:
            answers = self.solve(service, options={"targetGap": 0.5})
        self.assertEqual([answer["index"] for answer in answers], [0, 1])
        self.assertEqual(service.calls, [SEND, SEND, LOOK, LOOK, FETCH])
        sent = service.requests[1][3]
        self.assertEqual([request["options"] for request in sent], [{"targetGap": 0.5}, {"seed": 3, "targetGap": 0.5}])

    def test_operations_are_asked_for(self):
        with LocalService(batch("done", 2), results(2)) as service:
            self.solve(service, devices=True)
        self.assertEqual(service.calls[-1], ("GET", f"/batches/{BATCH}/results?devices=true"))

    def test_what_is_wrong_is_named(self):
        with LocalService(problem(422, "Too little.", {"$[1].profile.memory.limit": ["Too little."]})) as service:
            with self.assertRaises(Infeasible) as caught:
                self.solve(service)
        self.assertEqual(list(caught.exception.errors), ["$[1].profile.memory.limit"])
        with self.assertRaises(InvalidRequest):
            solve_batch([PROFILE], timeout=0)

    def test_results_that_are_cut_are_no_results(self):
        with LocalService(batch("done", 2), results(1)) as service, self.assertRaises(ServiceFailed):
            self.solve(service)
        with LocalService(batch("done", 2), status(200, '{"index":')) as service, self.assertRaises(ServiceFailed):
            self.solve(service)

    def test_a_batch_that_takes_too_long_is_given_up(self):
        endless = [batch("running", 1)] * 1000
        with LocalService(*endless) as service, self.assertRaises(Unavailable):
            solve_batch([PROFILE], timeout=0.5, url=service.url)

    def test_the_command_writes_lines(self):
        given, output = self.folder / "requests.jsonl", self.folder / "results.jsonl"
        given.write_text(f"{json.dumps(PROFILE)}\n\n{json.dumps({'profile': PROFILE})}\n")
        with LocalService(batch("done", 2), results(2)) as service:
            code = main(["batch", str(given), "-o", str(output), "--timeout", "20", "--url", service.url])
        self.assertEqual(code, 0)
        self.assertEqual(len(output.read_text().splitlines()), 2)
        self.assertIn("2 of 2", self.told.getvalue())
        given.write_text("{\n")
        self.assertEqual(main(["batch", str(given), "--timeout", "20"]), 2)
