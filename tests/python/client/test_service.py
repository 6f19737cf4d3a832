"""The real service: a process of its own over SQLite, on a port that is free."""

import contextlib
import io
import json
import os
import queue
import re
import subprocess
import threading
import unittest
from unittest import mock

from case import ROOT, ClientCase, environment

from schedulesearch import Infeasible, InvalidRequest, evaluate, examples, research, search, solve_batch, verify
from schedulesearch.cli import main
from streams import check_stream

ASSEMBLY = ROOT / "src" / "ScheduleSearch.Api" / "bin" / "Release" / "net10.0" / "ScheduleSearch.Api.dll"
READY = "ScheduleSearch is ready: open "

UNIT = {
    "name": "unit times",
    "pipeline": {"devices": 4, "microbatches": 8},
    "times": {"unit": "ms", "forward": 1, "backwardInput": 1, "backwardWeight": 1},
    "memory": {"limit": 4, "activation": 1},
}


class ServiceTests(ClientCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not ASSEMBLY.exists():
            raise FileNotFoundError(f"{ASSEMBLY}: dotnet build -c Release src/ScheduleSearch.Api")

    def setUp(self):
        super().setUp()
        variables = environment(SCHEDULESEARCH_DATABASE=f"Data Source={self.folder / 'schedules.db'}")
        command = ["dotnet", str(ASSEMBLY), "--urls", "http://127.0.0.1:0"]
        process = subprocess.Popen(command, env=variables, cwd=ASSEMBLY.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(self.end, process)
        addresses = queue.Queue()
        threading.Thread(target=self.read, args=(process.stdout, addresses), daemon=True).start()
        address = addresses.get(timeout=120)
        self.assertIsNotNone(address, "The service ended before it was ready.")
        os.environ["SCHEDULESEARCH_URL"] = address

    @staticmethod
    def read(lines, addresses):
        for line in lines:
            if READY in line:
                addresses.put(line.split(READY)[1].strip().replace("/swagger", ""))
        addresses.put(None)

    @staticmethod
    def end(process):
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def run_command(self, code, *arguments):
        """What a command that ends with a code prints."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self.assertEqual(main(list(arguments)), code, self.told.getvalue())
        return printed.getvalue()

    def get(self, profile, **arguments):
        return super().get(None, **{"profile": profile, "timeout": 60, **arguments})

    def test_a_launcher_gets_what_it_needs(self):
        schedule = self.get(UNIT)
        self.assertEqual((schedule.status, schedule.makespan, schedule.gap, len(schedule.text.splitlines())), ("optimal", 27, 0, 4))
        self.assertEqual(schedule.id, "6235d1e53d81be86f73af26d405147748f7f7763bf6e04518c5de33b9cbed7ba")
        self.assertEqual(self.get(UNIT, format="native").native()["makespan"], 27)
        self.assertEqual(self.get(UNIT).source, "cache")

        # Without split backwards 1F1B is optimal here: then service and fallback tell one and the same story.
        fused = {"splitBackward": False}
        searched = self.get(UNIT, format="native", options=fused).native()
        with mock.patch.dict(os.environ, SCHEDULESEARCH_URL="http://127.0.0.1:9"):
            fallback = self.get(UNIT, format="native", options=fused, cache=False).native()
        check_stream(self, {**UNIT, "times": {**UNIT["times"], "communication": 0}, "memory": {"limit": [4] * 4, "activation": 1}}, fallback)
        self.assertEqual((fallback.pop("fallback"), fallback.pop("id")), ("1f1b", None))
        # But for what the service alone works out: what hangs on each operation.
        for stream in searched["ranks"]:
            for instruction in stream["instructions"]:
                instruction.pop("slack", None)
                instruction.pop("priority", None)
        self.assertEqual(fallback, {member: searched[member] for member in fallback})

        with self.assertRaises(InvalidRequest) as raised:
            self.get({**UNIT, "times": {**UNIT["times"], "forward": -1}})
        self.assertEqual(list(raised.exception.errors), ["$.profile.times.forward"])
        with self.assertRaises(InvalidRequest):
            self.get(UNIT, format="punched-cards")
        with self.assertRaisesRegex(Infeasible, "needs at least 1"):
            self.get({**UNIT, "memory": {"limit": 0.5, "activation": 1}})

    def test_the_commands_lead_from_an_example_to_its_schedule_beside_the_published_ones(self):
        profile, csv = self.folder / "profile.json", self.folder / "schedule.csv"
        profile.write_text(self.run_command(0, "examples", "unit-times"))
        rows = self.run_command(0, "compare", str(profile)).splitlines()
        self.assertRegex(rows[0], "^schedule +makespan +above bound")
        self.assertTrue(any(re.match(r"\S+ \(searched, optimal\) +27 +0.00 % +11.1 % +11.1 % +4 +yes$", row) for row in rows), rows)
        self.assertTrue(any(re.match(r"1f1b +33 +22.22 % +27.3 % +27.3 % +4 +yes$", row) for row in rows), rows)
        self.assertIn("1f1b", self.run_command(0, "families"))
        for format in ("pytorch", "pytorch-comms", "native"):
            self.run_command(0, "solve", str(profile), "--format", format, "-o", str(csv))
            written = self.run_command(0, "verify", str(profile), str(csv))
            self.assertRegex(written, "makespan +27\n")
            self.assertRegex(written, "mean idle +11.1 %\nlimited by +warm-up and cool-down: idle 8.3 % ")
        csv.write_text("0F0,0B0\n")
        self.assertIn("device 0", self.run_command(3, "verify", str(profile), str(csv)))

    def test_a_stored_schedule_is_evaluated_under_noise_and_searched_again_with_other_times(self):
        schedule = self.get(UNIT)
        still = evaluate(schedule.id, {"replays": 10})
        self.assertEqual((still["schedule"]["mean"], still["schedule"]["p99"], still["leastP95"]), (27, 27, still["schedule"]["name"]))
        written = self.run_command(0, "evaluate", schedule.id[:12], "--replays", "200", "--operation", "0.1", "--slow", "0:1.1")
        self.assertRegex(written.splitlines()[0], "^200 replays, ms +planned +mean")
        self.assertRegex(written, r"\n1f1b +33 +3[3-9]")
        self.assertRegex(written, r"\nlink 0 to 1 +\d")
        with self.assertRaises(InvalidRequest) as raised:
            evaluate(schedule.id, {"noise": {"stage": [0.1]}})
        self.assertEqual(list(raised.exception.errors), ["$.noise.stage"])
        again = research(schedule.id[:12], {"times": {"forward": 2}}, options={"timeLimitSeconds": 1}, format="pytorch")
        self.assertNotEqual(again.id, schedule.id)
        self.assertGreater(again.makespan, schedule.makespan)
        changed = self.folder / "profile.json"
        changed.write_text(json.dumps({"times": {"forward": 2}}))
        self.assertIn('"priority"', self.run_command(0, "research", schedule.id, str(changed), "--time-limit", "1"))
        with self.assertRaises(Infeasible) as raised:
            research(schedule.id, {**UNIT, "pipeline": {"devices": 4, "microbatches": 9}})
        self.assertEqual(list(raised.exception.errors), ["$.profile.pipeline.microbatches"])

    def test_best_is_the_best_that_the_format_carries(self):
        (request,) = [one["request"] for one in examples() if one["name"] == "best-placement"]
        options = {"timeLimitSeconds": 1}
        self.assertEqual(self.get(request, options=options, format="native").placement, "bidirectional")
        schedule = self.get(request, options=options)
        self.assertIn((schedule.placement, schedule.chunks), [("v", 2), ("interleaved", 2)])
        csv = self.folder / "schedule.csv"
        csv.write_text(schedule.text)
        shape = {**request["profile"]["pipeline"], "placement": schedule.placement}
        self.assertEqual(verify({**request["profile"], "pipeline": shape}, csv)["makespan"], schedule.makespan)

    def test_many_profiles_are_searched_at_once(self):
        smaller = {**UNIT, "pipeline": {"devices": 4, "microbatches": 4}}
        results = solve_batch([UNIT, smaller, {"profile": UNIT, "options": {"objective": "span"}}], timeout=100, options={"timeLimitSeconds": 1})
        self.assertEqual([result["index"] for result in results], [0, 1, 2])
        self.assertEqual([result["objective"] for result in results], ["makespan", "makespan", "span"])
        self.assertEqual((results[0]["makespan"], results[0]["status"]), (27, "optimal"))
        self.assertNotIn("devices", results[0])
        with self.assertRaises(InvalidRequest) as raised:
            solve_batch([UNIT, {**UNIT, "times": {**UNIT["times"], "forward": -1}}], timeout=60)
        self.assertEqual(list(raised.exception.errors), ["$[1].profile.times.forward"])

    def test_a_long_search_is_polled_and_its_best_so_far_taken_when_time_is_up(self):
        with open(ROOT / "tests" / "Profiles" / "1.5B_p8_m24-v-0.5x-makespan.json", encoding="utf-8") as file:
            request = json.load(file)["request"]
        with mock.patch.object(search, "_HELD_SECONDS", 1):
            polled = self.get(request, options={"timeLimitSeconds": 3})
            hurried = self.get(request, options={"timeLimitSeconds": 60}, timeout=4)
        self.assertIn(polled.status, ("feasible", "optimal"))
        self.assertEqual((hurried.status, hurried.source), ("running", "service"))
        self.assertLessEqual(hurried.makespan, polled.makespan)
        for schedule in (polled, hurried):
            cells = [cell for row in schedule.text.splitlines() for cell in row.split(",")]
            self.assertEqual((len(cells), sum("F" in cell for cell in cells)), (len(set(cells)), 16 * 24))


if __name__ == "__main__":
    unittest.main()
