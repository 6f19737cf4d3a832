"""Plans of a model on a cluster: as a function, and as a command."""

import contextlib
import io
import json

from case import ClientCase
from local_service import LocalService, problem, status

from schedulesearch import Infeasible, InvalidRequest, plan_cluster
from schedulesearch.cli import main

BODY = {"base": {"config": {}, "sequence": 2048, "device": "H100"}, "cluster": {"nodes": 2, "devicesPerNode": 8}, "globalBatch": 32}
SIZES = {
    "tensorParallel": 4, "contextParallel": 1, "pipelineParallel": 2, "dataParallel": 2, "microbatchSize": 1, "chunks": 1, "placement": "linear",
    "deviceMemory": 80,
}
SEARCHED = {
    **SIZES, "fits": True, "microbatches": 16, "estimatedMemory": 40.25, "formulaTime": 1234.567, "nodes": [1, 0], "id": "a" * 64, "makespan": 1200.5,
    "dataParallelTime": 10, "iterationTime": 1210.5, "tokensPerSecond": 54138.8, "peakMemory": 41.5, "split": [18, 16], "leader": "b" * 64,
}
RANKED = {
    **SIZES, "contextParallel": 2, "pipelineParallel": 2, "dataParallel": 1, "chunks": 2, "placement": "v", "fits": True, "microbatches": 32,
    "estimatedMemory": 30, "formulaTime": 2000, "nodes": [0, 1], "split": [9, 8, 8, 9],
}
RULED_OUT = {**SIZES, "pipelineParallel": 1, "dataParallel": 4, "fits": False, "reason": "Too much."}
ANSWER = {"label": "estimate", "devices": 16, "searched": 1, "plans": [SEARCHED, RANKED, RULED_OUT], "notModelled": ["Not in the times: much."]}
CALL = ("POST", "/plans")


class PlanTests(ClientCase):
    def request(self):
        path = self.folder / "plan.json"
        path.write_text(json.dumps(BODY))
        return path

    def run_command(self, service, *arguments):
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            code = main(["plan", *map(str, arguments), "--url", service.url])
        return code, written.getvalue()

    def test_options_stand_above_those_of_the_request(self):
        with LocalService(answer=ANSWER) as service:
            self.assertEqual(plan_cluster({**BODY, "options": {"seed": 1, "timeLimitSeconds": 5}}, options={"timeLimitSeconds": 3}, url=service.url), ANSWER)
            self.assertEqual(plan_cluster(self.request(), url=service.url), ANSWER)
        self.assertEqual(service.calls, [CALL, CALL])
        self.assertEqual([request[3] for request in service.requests], [
            {**BODY, "options": {"seed": 1, "timeLimitSeconds": 3}}, {**BODY, "options": {}},
        ])

    def test_what_is_wrong_is_named(self):
        with LocalService(problem(422, "Wrong.", {"$.tensorParallel[0]": ["Is 3."]})) as service, self.assertRaisesRegex(Infeasible, "tensorParallel"):
            plan_cluster(BODY, url=service.url)
        for wrong in (7, self.folder / "none.json", {**BODY, "options": 5}):
            with self.assertRaises(InvalidRequest):
                plan_cluster(wrong)

    def test_the_command_prints_the_plans_and_why_others_are_ruled_out(self):
        with LocalService(answer=ANSWER) as service:
            code, written = self.run_command(service, self.request(), "--time-limit", 4)
        self.assertEqual((code, service.calls), (0, [CALL]))
        self.assertEqual(service.requests[0][3]["options"], {"timeLimitSeconds": 4})
        self.assertEqual(written.splitlines(), [
            "16 devices, 3 plans, 1 searched: an estimate",
            "",
            "t  c  p  d  b  v  placement  m   formula ms  schedule ms  sums ms  iteration ms  tokens/s  memory GiB  nodes  layers   id",
            "4  1  2  2  1  1  linear     16  1234.6      1200.5       10       1210.5        54139     41.5 of 80  1 0    18 16    aaaaaaaaaaaa",
            "4  2  2  1  1  2  v          32  2000                                                      30.0 of 80  0 1    9 8 8 9",
            "",
            "ruled out:",
            "t=4 c=1 p=1 d=4 b=1 v=1 linear: Too much.",
        ])
        self.assertIn("Not in the times: much.", self.told.getvalue())

    def test_the_command_says_that_no_plan_has_a_schedule(self):
        with LocalService(status(200, {**ANSWER, "searched": 0, "plans": [RULED_OUT]})) as service:
            self.assertEqual(self.run_command(service, self.request())[0], 3)
            self.assertIn("No plan has a schedule", self.told.getvalue())
