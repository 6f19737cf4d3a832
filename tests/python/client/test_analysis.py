"""Orders of one's own, comparisons and catalogues: as functions, and as commands."""

import contextlib
import io
import json
import unittest

from case import ClientCase
from local_service import ANSWER, ID, POLL, PROFILE, LocalService, problem, status

from schedulesearch import Infeasible, InvalidRequest, compare, examples, families, plan, verify
from schedulesearch.cli import main
from schedulesearch.order import order_of

VALID = {
    "valid": True, "violations": [], "objective": "makespan", "makespan": 27, "span": 26, "lowerBound": 27, "gap": 0.0, "bubbleRatio": 0.125,
    "peakMemory": [4, 3.5],
}
BROKEN = {
    "valid": False, "objective": "makespan",
    "violations": [{"rule": "completeness", "device": 1, "position": 3, "message": "The forward of stage 0, microbatch 2 stands twice."}],
}
FORWARD, BACKWARD = {"op": "forward", "stage": 0, "microbatch": 0}, {"op": "backward", "stage": 0, "microbatch": 0}


class AnalysisCase(ClientCase):
    def setUp(self):
        super().setUp()
        self.profile = self.folder / "profile.json"
        self.profile.write_text(json.dumps(PROFILE))

    def run_command(self, service, *arguments):
        """The exit code, and what is written to standard output."""
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            code = main([*map(str, arguments), "--url", service.url])
        return code, written.getvalue()

    def order(self, text):
        path = self.folder / "order"
        path.write_text(text)
        return path


LAYERS = {
    "pipeline": {"devices": 2, "microbatches": 4},
    "layers": [{"name": "decoder", "count": 5, "forward": 1, "backwardInput": 1, "backwardWeight": 1}],
}
LAYOUT = {"id": "cd" * 32, "format": "megatron", "placement": "linear", "stages": [], "settings": {"--pipeline-model-parallel-layout": "t*3|tt"}}


class PlanTests(AnalysisCase):
    def test_the_layout_of_what_leads_comes_with_its_figures(self):
        with LocalService(status(200, ANSWER), status(200, LAYOUT)) as service:
            found = plan(LAYERS, layout="megatron", url=service.url)
        self.assertEqual(service.requests[0][3]["profile"], LAYERS)
        self.assertEqual(service.calls[1], ("GET", f"/schedules/{ID}/layout?format=megatron"))
        self.assertEqual({**LAYOUT, "schedule": found["schedule"]}, found)
        self.assertEqual(found["schedule"]["makespan"], 6.5)

    def test_the_command_prints_the_settings(self):
        self.profile.write_text(json.dumps(LAYERS))
        with LocalService(status(200, ANSWER), status(200, LAYOUT)) as service:
            code, written = self.run_command(service, "plan", self.profile, "--layout", "megatron")
        self.assertEqual((code, json.loads(written)), (0, LAYOUT["settings"]))

    def test_a_layout_that_a_runtime_has_no_settings_for_is_refused(self):
        refused = problem(422, "format: nemo: ...", {"format": ["nemo: use the format megatron."]})
        with LocalService(status(200, ANSWER), refused) as service, self.assertRaisesRegex(Infeasible, "use the format megatron"):
            plan(LAYERS, layout="nemo", url=service.url)


class OrderTests(AnalysisCase):
    def test_a_csv_is_read_by_its_cells(self):
        text = "0F0,0I0,0W0,,0B1\n1UNSHARD,1RECV_F0,1F0,1SEND_B0,(1F1;1B0)OVERLAP_F_B,1REDUCE_GRAD,1RESHARD\n"
        pair = {"op": "overlapped", "forward": {"stage": 1, "microbatch": 1}, "backward": {"stage": 1, "microbatch": 0}}
        kinds = ("forward", 0), ("backwardInput", 0), ("backwardWeight", 0), ("backward", 1)
        first = [{"op": op, "stage": 0, "microbatch": microbatch} for op, microbatch in kinds]
        self.assertEqual(order_of(self.order(text)), [first, [{"op": "forward", "stage": 1, "microbatch": 0}, pair]])

    def test_json_is_an_answer_a_native_stream_or_a_list(self):
        moves = [{"op": "send", "peer": 1, "what": "activation", "stage": 0, "microbatch": 0}, {"op": "allReduce", "stage": 0, "ranks": [0, 1]}]
        other = [{"op": "forward", "stage": 1, "microbatch": 0}]
        native = {"ranks": [{"rank": 1, "instructions": other}, {"rank": 0, "instructions": [FORWARD, *moves, BACKWARD]}]}
        for content in (native, {**ANSWER, "devices": [[FORWARD, BACKWARD], other]}, [[FORWARD, BACKWARD], other]):
            with self.subTest(content=content):
                self.assertEqual(order_of(self.order(json.dumps(content))), [[FORWARD, BACKWARD], other])
                self.assertEqual(order_of(content), [[FORWARD, BACKWARD], other])

    def test_what_is_no_order_is_named(self):
        for text, named in (
            ("0F0,0X0\n", "Row 0, cell 1 is '0X0'"),
            ('{"format": "native"}', "neither devices"),
            ('{"ranks": [5]}', "no list of operations for each device"),
            ("[1", "neither a CSV nor JSON"),
        ):
            with self.subTest(named=named), self.assertRaisesRegex(InvalidRequest, named):
                order_of(self.order(text))
        for source, named in ((self.folder / "absent.csv", "absent.csv cannot be read"), (5, "order is 5"), ([[5]], "no list of operations")):
            with self.subTest(named=named), self.assertRaisesRegex(InvalidRequest, named):
                order_of(source)


class VerifyTests(AnalysisCase):
    def test_an_order_goes_with_profile_and_options(self):
        with LocalService(answer=VALID) as service:
            self.assertEqual(verify(self.profile, self.order("0F0,0B0\n"), options={"objective": "span"}, url=service.url), VALID)
        self.assertEqual(service.calls, [("POST", "/schedules/verify")])
        self.assertEqual(service.requests[0][3], {"profile": PROFILE, "options": {"objective": "span"}, "devices": [[FORWARD, BACKWARD]]})

    def test_the_command_says_what_an_order_costs(self):
        with LocalService(answer=VALID) as service:
            code, written = self.run_command(service, "verify", self.profile, self.order("0F0,0B0\n"), "--fused")
        self.assertEqual(code, 0)
        self.assertEqual(
            written, "makespan     27\nspan         26\nlower bound  27\ngap          0.00 %\nbubble       12.5 %\npeak memory  4, 3.5\n"
        )
        self.assertEqual(service.requests[0][3]["options"], {"splitBackward": False})
        self.assertIn("the order is valid", self.told.getvalue())

    def test_the_command_says_where_idle_time_goes(self):
        causes = [{"warmUp": 0, "coolDown": 1, "input": 2.5, "communication": 0, "memory": 0, "lessWork": 0}, {"warmUp": 0, "memory": 0}]
        idle = {"meanIdle": 0.25, "limitedBy": "waits for input", "idle": [{"warmUp": 0, "steady": 2.5, "coolDown": 1, "causes": one} for one in causes]}
        with LocalService(answer={**VALID, **idle}) as service:
            _, written = self.run_command(service, "verify", self.profile, self.order("0F0,0B0\n"))
        lines = ["mean idle       25.0 %", "limited by      waits for input", "idle, device 0  cool-down 1, input 2.5", "idle, device 1  0"]
        self.assertEqual(written.splitlines()[5:9], lines)

    def test_the_command_says_what_is_searched_beside_an_order_and_where_that_is_kept(self):
        path = {"length": 27, "time": {"forward": 9, "backward": 16}, "communication": 2, "operations": []}
        searched = {"id": "9b", "isStored": True, "status": "optimal", "method": "zb-h1", "makespan": 24, "span": 24, "gap": 0, "lost": 3}
        answer = {**VALID, "objective": "makespan", "id": "5f", "criticalPath": path, "searched": {**searched, "lostShare": 1 / 9}}
        with LocalService(answer=answer) as service:
            _, written = self.run_command(service, "verify", self.profile, self.order("0F0,0B0\n"))
            self.run_command(service, "verify", self.profile, self.order("0F0,0B0\n"), "--no-store")
        lines = [
            "critical path  27: forward 9, backward 16, communication 2",
            "searched       24 by zb-h1, gap 0.00 % (optimal, 9b)",
            "lost           3, 11.11 %",
            "stored as      5f",
        ]
        self.assertEqual(written.splitlines()[6:], lines)
        self.assertEqual([request[3].get("store") for request in service.requests], [None, False])

    def test_an_order_that_breaks_a_rule_ends_with_3(self):
        with LocalService(answer=BROKEN) as service:
            code, written = self.run_command(service, "verify", self.profile, self.order("0F0\n"))
            as_json = self.run_command(service, "verify", self.profile, self.order("0F0\n"), "--json")
        self.assertEqual((code, written), (3, "device 1, position 3: The forward of stage 0, microbatch 2 stands twice. (completeness)\n"))
        self.assertEqual((as_json[0], json.loads(as_json[1])), (3, BROKEN))
        self.assertIn("The order breaks 1 rule.", self.told.getvalue())


class CompareTests(AnalysisCase):
    COMPARE = ("POST", "/schedules/compare")
    ROWS = [
        {"name": "1f1b", "kind": "family", "admitted": True, "makespan": 9, "bubbleRatio": 0.3, "meanIdle": 0.35, "peakMemory": [2, 1], "fits": True},
        {"name": "zb-h2", "kind": "family", "admitted": True, "makespan": 6, "bubbleRatio": 0.1, "peakMemory": [3, 1], "fits": False},
        {"name": "seq1f1b", "kind": "family", "admitted": False, "reason": "Give slices."},
        {
            "name": "zb-h1", "kind": "search", "admitted": True, "status": "optimal", "makespan": 6.5, "bubbleRatio": 0.2, "meanIdle": 0.25,
            "peakMemory": [2, 1], "fits": True,
        },
    ]
    TABLE = {"id": ID, "objective": "makespan", "lowerBound": 6, "rows": ROWS, "analyses": []}

    def compared(self):
        begun = status(200, {**self.TABLE, "rows": []})
        return LocalService(begun, status(200, {**ANSWER, "status": "running"}, {"Retry-After": "0"}), status(200, ANSWER), status(200, self.TABLE))

    def test_the_search_is_waited_for(self):
        with self.compared() as service:
            self.assertEqual(compare(self.profile, options={"seed": 3}, timeout=20, url=service.url), self.TABLE)
        self.assertEqual(service.calls, [self.COMPARE, POLL, POLL, self.COMPARE])
        self.assertEqual(service.requests[0][3], service.requests[3][3])
        self.assertEqual({service.requests[call][2]["Prefer"] for call in (0, 3)}, {"respond-async"})

    def test_the_command_prints_the_best_first(self):
        with self.compared() as service:
            code, written = self.run_command(service, "compare", self.profile)
        self.assertEqual(code, 0)
        lines = [
            "schedule                   makespan  above bound  bubble  mean idle  peak memory  fits",
            # A service of an earlier release says nothing of the idle time of all devices.
            "zb-h2                      6         0.00 %       10.0 %             3            no",
            "zb-h1 (searched, optimal)  6.5       8.33 %       20.0 %  25.0 %     2            yes",
            "1f1b                       9         50.00 %      30.0 %  35.0 %     2            yes",
            "seq1f1b: Give slices.",
        ]
        self.assertEqual(written.splitlines(), lines)

    def test_what_the_service_refuses_is_passed_on(self):
        with LocalService(problem(422, "Impossible.")) as service, self.assertRaisesRegex(Infeasible, "Impossible"):
            compare(self.profile, url=service.url)


class CatalogueTests(AnalysisCase):
    FAMILIES = [{"name": "1f1b", "placement": "linear", "conditions": ""}, {"name": "zb-v", "placement": "v", "conditions": "Two chunks."}]
    EXAMPLES = [{"name": "unit-times", "description": "Every operation takes 1.", "request": {"profile": PROFILE, "options": {}}}]

    def test_families_are_listed(self):
        with LocalService(answer=self.FAMILIES) as service:
            self.assertEqual(families(url=service.url), self.FAMILIES)
            self.assertEqual(self.run_command(service, "families")[1].splitlines()[1:], ["1f1b    linear", "zb-v    v          Two chunks."])
            self.assertEqual(json.loads(self.run_command(service, "families", "--json")[1]), self.FAMILIES)
        self.assertEqual(set(service.calls), {("GET", "/families")})

    def test_an_example_is_a_request_to_start_from(self):
        with LocalService(answer=self.EXAMPLES) as service:
            self.assertEqual(examples(url=service.url), self.EXAMPLES)
            self.assertEqual(self.run_command(service, "examples"), (0, "unit-times  Every operation takes 1.\n"))
            self.assertEqual(json.loads(self.run_command(service, "examples", "unit-times")[1]), self.EXAMPLES[0]["request"])
            self.assertEqual(self.run_command(service, "examples", "other"), (2, ""))
        self.assertIn("'unit-times'", self.told.getvalue())


if __name__ == "__main__":
    unittest.main()
