"""Many ranks of one launch: one request, one schedule, whatever lay in the file before."""

import json
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

from case import ClientCase
from local_service import ANSWER, PROFILE, SOLVE, STREAM, LocalService, problem, status, stream

from schedulesearch import Infeasible, InvalidRequest, Schedule, Unavailable, client
from schedulesearch.cache import OutputFile
from schedulesearch.ranks import launch_of, rank_of
from schedulesearch.request import request_of

RANK = """
import json, sys
from schedulesearch import get_schedule
schedule = get_schedule(json.loads(sys.argv[1]), format="pytorch", output=sys.argv[2], timeout=60)
print(json.dumps([schedule.source, schedule.text, schedule.method, open(schedule.path).read()]))
"""


class LaunchTests(ClientCase):
    def launch(self, url, ranks, profile=PROFILE, **more):
        """What each rank says, all started at once as processes of their own."""
        command = [sys.executable, "-c", RANK, json.dumps(profile), str(self.output)]
        processes = []
        for rank in range(ranks):
            variables = {**self.environment, "SCHEDULESEARCH_URL": url, "RANK": str(rank), **more}
            processes.append(subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        said = [process.communicate(timeout=120) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0] * ranks, [error for _, error in said if error])
        return [json.loads(out) for out, _ in said]

    def test_32_ranks_make_one_request(self):
        with LocalService(delay=1.0) as service:
            said = self.launch(service.url, 32)
        self.assertEqual(service.calls, [SOLVE, stream("pytorch")])
        self.assertEqual([source for source, *_ in said], ["service"] + ["file"] * 31)
        self.assertEqual({tuple(rest) for _, *rest in said}, {(STREAM, "zb-h1", STREAM)})

    def test_all_ranks_follow_one_fallback_and_the_next_launch_asks_anew(self):
        with LocalService(*[status(500)] * 9) as failing:
            said = self.launch(failing.url, 4, MASTER_PORT="29501")
        self.assertEqual({tuple(rest) for _, *rest in said}, {("0F0,0B0\n1F0,1B0\n", "1F1B", "0F0,0B0\n1F0,1B0\n")})
        with LocalService(delay=0.5) as service:
            said = self.launch(service.url, 4, MASTER_PORT="29502")
        self.assertEqual(service.calls.count(SOLVE), 1)
        self.assertEqual({method for _, _, method, _ in said}, {"zb-h1"})

    def test_a_launch_of_the_same_name_asks_anew_as_well(self):
        with LocalService(*[status(500)] * 9) as failing:
            self.launch(failing.url, 2, MASTER_PORT="29500")
        with LocalService(delay=0.5) as service:
            said = self.launch(service.url, 4, MASTER_PORT="29500")
        self.assertEqual(service.calls.count(SOLVE), 1)
        self.assertEqual({tuple(rest) for _, *rest in said}, {(STREAM, "zb-h1", STREAM)})

    def test_a_file_of_another_request_is_not_taken(self):
        with LocalService(delay=0.5) as service:
            self.launch(service.url, 1)
            (self.output).write_text("0F0,0B0\n")
            other = {**PROFILE, "pipeline": {"devices": 2, "microbatches": 3}}
            said = self.launch(service.url, 3, profile=other)
        self.assertEqual(service.calls.count(SOLVE), 2)
        self.assertEqual([source for source, *_ in said], ["service", "file", "file"])
        self.assertEqual({text for _, text, *_ in said}, {STREAM})


class OutputFileTests(ClientCase):
    def setUp(self):
        super().setUp()
        with LocalService() as service:
            self.get(service, output=self.output)

    def read(self, **arguments):
        return self.get("http://127.0.0.1:9", rank=1, output=self.output, **{"timeout": 0.3, **arguments})

    def test_the_other_ranks_ask_nobody(self):
        schedule = self.read()
        self.assertEqual((schedule.text, schedule.source, schedule.method), (STREAM, "file", "zb-h1"))
        self.assertEqual(schedule.path, str(self.output))

    def test_rank_0_keeps_a_file_that_the_others_may_have_read(self):
        with LocalService() as service:
            self.assertEqual(self.get(service, output=self.output, cache=False).source, "file")
        self.assertEqual(service.calls, [])

    def test_nothing_is_left_beside_the_file_and_its_record(self):
        self.assertEqual(sorted(path.name for path in self.output.parent.iterdir()), ["schedule.csv", "schedule.csv.meta.json"])

    def test_a_file_that_is_not_what_was_written_is_made_anew(self):
        for damage in (STREAM[:-3], STREAM + "0F1\n", "", "\udcff"):
            self.output.write_bytes(damage.encode("utf-8", "surrogateescape"))
            with LocalService() as service:
                self.assertEqual(self.get(service, output=self.output, cache=False).source, "service")
            self.assertEqual(self.output.read_text(), STREAM)

    def test_a_rank_waits_until_file_and_record_belong_together(self):
        self.output.write_text("0F0,0F1,")
        timer = threading.Timer(0.5, lambda: self.output.write_text(STREAM))
        timer.start()
        self.addCleanup(timer.join)
        self.assertEqual(self.read(timeout=5).text, STREAM)

    def test_a_rank_whose_rank_0_never_writes_gives_up(self):
        with mock.patch.object(client, "_RANK_SECONDS", 0.2):
            with self.assertRaisesRegex(Unavailable, "file system that all ranks share"):
                self.read(options={"seed": 7})

    def test_what_rank_0_fails_with_reaches_the_others(self):
        errors = {"$.profile.memory.limit": ["Too little."]}
        options = {"seed": 9}
        raised = []

        def wait():
            try:
                self.read(options=options, timeout=20)
            except Infeasible as error:
                raised.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.3)
        with LocalService(problem(422, "Impossible.", errors)) as service, self.assertRaises(Infeasible):
            self.get(service, output=self.output, options=options)
        waiting.join(10)
        self.assertEqual([(error.errors, "Rank 0: Impossible." in str(error)) for error in raised], [(errors, True)])

    def test_a_failure_of_an_earlier_launch_does_not_reach_this_one(self):
        options = {"seed": 9}
        with LocalService(problem(422, "Impossible.")) as service, self.assertRaises(Infeasible):
            self.get(service, output=self.output, options=options)
        read = []
        waiting = threading.Thread(target=lambda: read.append(self.read(options=options, timeout=20)))
        waiting.start()
        time.sleep(0.5)
        with LocalService() as service:
            self.get(service, output=self.output, options=options)
        waiting.join(10)
        self.assertEqual([schedule.text for schedule in read], [STREAM])

    def test_readers_never_see_half_a_file(self):
        file = OutputFile(self.folder / "large.csv", request_of(PROFILE, None, "pytorch"), "launch")
        texts = {letter: letter * 300_000 for letter in "abc"}
        over = threading.Event()

        def write():
            while not over.wait(0.01):
                for text in texts.values():
                    file.write(Schedule("pytorch", text, "service", "optimal", text[0], "makespan", 1, 1))
                    time.sleep(0.01)

        writing = threading.Thread(target=write)
        writing.start()
        seen, end = [], time.monotonic() + 30
        while len(seen) < 50 and time.monotonic() < end:
            schedule = file.take()
            seen += [] if schedule is None else [schedule]
        over.set()
        writing.join()
        self.assertEqual(len(seen), 50)
        self.assertTrue(all(schedule.text == texts[schedule.method] for schedule in seen))


class FallbackFileTests(ClientCase):
    """A file that the fallback made."""

    def setUp(self):
        super().setUp()
        with LocalService(*[status(500)] * 9) as failing:
            self.made = self.get(failing, output=self.output)

    def read(self, **arguments):
        return self.get("http://127.0.0.1:9", rank=1, output=self.output, **arguments)

    def test_it_is_replaced_when_the_service_answers_again(self):
        self.assertTrue(self.made.is_fallback)
        with LocalService(answer={**ANSWER, "method": "repaired"}) as service:
            self.assertEqual(self.get(service, output=self.output).method, "repaired")
            self.assertEqual(self.get(service, output=self.output).source, "file")
        self.assertEqual(json.loads(Path(f"{self.output}.meta.json").read_text())["schedule"]["status"], "optimal")

    def test_a_rank_that_comes_late_takes_it_when_rank_0_has_had_its_time(self):
        with mock.patch.object(client, "_RANK_SECONDS", 0.6):
            start = time.monotonic()
            self.assertTrue(self.read().is_fallback)
        self.assertGreaterEqual(time.monotonic() - start, 0.6)

    def test_a_rank_that_comes_early_waits_for_what_rank_0_makes_of_it(self):
        read = []
        waiting = threading.Thread(target=lambda: read.append(self.read()))
        waiting.start()
        time.sleep(0.3)
        with LocalService(*[status(500)] * 9) as failing:
            again = self.get(failing, output=self.output)
        waiting.join(10)
        self.assertEqual([(schedule.is_fallback, schedule.text) for schedule in read], [(True, again.text)])

    def test_one_of_another_launch_is_not_taken(self):
        with mock.patch.object(client, "_RANK_SECONDS", 0.2), mock.patch.dict("os.environ", SLURM_JOB_ID="78"):
            with self.assertRaisesRegex(Unavailable, "file system that all ranks share"):
                self.read(timeout=0.3)


class RankTests(unittest.TestCase):
    def test_launchers_say_which_rank_this_is(self):
        self.assertEqual(rank_of({}), 0)
        self.assertEqual(rank_of({"RANK": "3", "SLURM_PROCID": "0"}), 3)
        self.assertEqual(rank_of({"OMPI_COMM_WORLD_RANK": "5"}), 5)
        self.assertEqual(rank_of({"PMI_RANK": "6"}), 6)
        self.assertEqual(rank_of({"SLURM_PROCID": "7"}), 7)
        self.assertEqual(rank_of({"RANK": ""}), 0)
        for text in ("-1", "two", "1.0"):
            with self.assertRaisesRegex(InvalidRequest, "RANK"):
                rank_of({"RANK": text})

    def test_ranks_of_a_launch_agree_on_its_name(self):
        first = {"RANK": "0", "LOCAL_RANK": "0", "MASTER_PORT": "29500", "SLURM_JOB_ID": "77"}
        self.assertEqual(launch_of(first), launch_of({**first, "RANK": "5", "LOCAL_RANK": "1"}))
        self.assertNotEqual(launch_of(first), launch_of({**first, "SLURM_JOB_ID": "78"}))


if __name__ == "__main__":
    unittest.main()
