"""Imports of recorded runs: as a function, and as a command."""

import contextlib
import gzip
import io
import json
import unittest

from case import ClientCase
from local_service import LocalService, problem

from schedulesearch import Infeasible, InvalidRequest, import_trace
from schedulesearch.cli import main

TABLE = "rank,stage,kind,microbatch,start,duration\n0,0,F,0,0,1\n0,0,B,0,1,2\n"
SAMPLES = {"forward": [[1]], "backward": [[2]]}
ANSWER = {
    "format": "csv", "profile": {"name": "run"}, "steps": {"used": 1, "warmUp": 0, "incomplete": 2, "replicas": 1},
    "durations": [{"stage": 0, "op": "forward", "count": 1, "median": 67.25, "mean": 67, "variation": 0.021, "p95": 69, "outliers": 3}],
    "ranks": [], "communication": {"messages": 4, "median": 0.42, "p95": 0.9, "beforeTheirEnd": 0},
    "fidelity": {"recorded": 1940, "ownDurations": 1939, "ownError": 0.002, "meanRecorded": 1945, "medians": 1935, "mediansError": -0.0051},
    "memory": {"fixed": 44.7, "activation": 7.4, "largestError": 0.3, "ranks": []}, "samples": SAMPLES, "untold": ["Much."], "warnings": ["Odd."],
}
CALL = ("POST", "/profiles/import")


class Unpacking(LocalService):
    """The stand-in reads bodies as they are; those of imports are compressed."""

    def __enter__(self):
        service = super().__enter__()
        handler = self._server.RequestHandlerClass
        self._server.RequestHandlerClass = type("Handler", (handler,), {"do_POST": lambda handler: self.post(handler)})
        return service

    def post(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        assert handler.headers["Content-Encoding"] == "gzip"
        self.take(handler, json.loads(gzip.decompress(body)))(handler)


class ImportTests(ClientCase):
    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_tables_go_as_text_and_json_as_it_is_plain_or_packed(self):
        events = [{"name": "PP:0F0", "ts": 1.5, "dur": 2}]
        files = [
            self.file("run.csv", TABLE.encode()),
            self.file("trace_rank_1.json", json.dumps(events).encode()),
            self.file("packed.json.gz", gzip.compress(b' {"traceEvents": []}')),
        ]
        with Unpacking(answer=ANSWER) as service:
            self.assertEqual(import_trace(files, url=service.url), ANSWER)
            import_trace(files[:1], name="run", warm_up_steps=2, time_unit="s", url=service.url)
        self.assertEqual(service.calls, [CALL, CALL])
        self.assertEqual(service.requests[0][3], {"files": [
            {"name": "run.csv", "content": TABLE}, {"name": "trace_rank_1.json", "content": events}, {"name": "packed.json.gz", "content": {"traceEvents": []}},
        ]})
        self.assertEqual(service.requests[1][3], {"name": "run", "warmUpSteps": 2, "timeUnit": "s", "files": [{"name": "run.csv", "content": TABLE}]})

    def test_the_command_writes_the_profile_and_the_samples(self):
        profile, samples, written = self.folder / "profile.json", self.folder / "noise.json", io.StringIO()
        with Unpacking(answer=ANSWER) as service, contextlib.redirect_stdout(written):
            code = main(["import", str(self.file("run.csv", TABLE.encode())), "-o", str(profile), "--samples", str(samples), "--url", service.url])
        self.assertEqual(code, 0)
        self.assertEqual(json.loads(profile.read_text()), ANSWER["profile"])
        self.assertEqual(json.loads(samples.read_text()), {"noise": {"samples": SAMPLES}})
        self.assertEqual(written.getvalue().splitlines(), [
            "format csv",
            "",
            "stage  kind     count  median ms  p95 ms  varies by  outliers",
            "0      forward  1      67.25      69      2.1 %      3",
            "",
            "steps                   1 used, 0 of warm-up, 2 incomplete, 1 replicas",
            "recorded step           1940 ms in the median, 1945 in the mean",
            "own durations replayed  off by 0.20 % in the median",
            "medians replayed        1935 ms, off by -0.51 %",
            "messages                0.42 ms in the median, 0.9 at p95",
            "memory                  44.7 GiB and 7.4 for each microbatch in flight",
        ])
        self.assertIn("Odd.", self.told.getvalue())
        self.assertIn("Much.", self.told.getvalue())

    def test_logs_go_as_text_with_the_pipeline_that_they_do_not_tell(self):
        log = self.file("run.log", b" [2026-01-01 00:00:00] iteration\ntimes across ranks (ms):\n  forward-compute:\n     rank  0: 80.00\n")
        samples, written = self.folder / "noise.json", io.StringIO()
        told = {**ANSWER, "format": "megatron"}
        for absent in ("samples", "fidelity", "communication", "memory"):
            del told[absent]
        arguments = ["import", str(log), "--devices", "2", "--microbatches", "8", "--samples", str(samples)]
        with Unpacking(answer=told) as service, contextlib.redirect_stdout(written):
            self.assertEqual(main([*arguments, "--url", service.url]), 0)
        self.assertEqual(service.requests[0][3], {
            "pipeline": {"devices": 2, "microbatches": 8}, "files": [{"name": "run.log", "content": log.read_text()}],
        })
        self.assertFalse(samples.exists())
        self.assertIn("is not written", self.told.getvalue())
        self.assertEqual(written.getvalue().splitlines()[-1], "steps  1 used, 0 of warm-up, 2 incomplete, 1 replicas")

    def test_what_is_wrong_is_named(self):
        table = self.file("run.csv", TABLE.encode())
        with Unpacking(problem(422, "No step.", {"$.files": ["Hold no step."]})) as service, self.assertRaisesRegex(Infeasible, "Hold no step"):
            import_trace([table], url=service.url)
        for given, named in (
            ([], "files must be a list"),
            (table, "files must be a list"),
            ([self.folder / "absent"], "absent cannot be read"),
            ([self.file("cut.gz", gzip.compress(b"[1, 2, 3]")[:-4])], "cut.gz is not the gzip"),
            ([self.file("picture", b"\xff\xd8")], "picture is neither JSON nor a table or a log"),
        ):
            with self.subTest(named=named), self.assertRaisesRegex(InvalidRequest, named):
                import_trace(given)


if __name__ == "__main__":
    unittest.main()
