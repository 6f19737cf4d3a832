"""A service that is slow, fails, breaks off or is absent."""

import socket
import time
import unittest
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from unittest import mock

from case import ClientCase
from local_service import SOLVE, STREAM, LocalService, cut, drop, hang, problem, status, stream, trickle, well

from schedulesearch import Infeasible, InvalidRequest, ServiceFailed, Unavailable, service
from schedulesearch.service import ATTEMPTS, retry_after


def absent():
    """A URL where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return "http://127.0.0.1:%d" % free.getsockname()[1]


class RetryTests(ClientCase):
    def test_what_passes_is_tried_again(self):
        for misdeed in (status(429), status(502), status(503), status(504), drop, cut):
            with self.subTest(misdeed=misdeed), LocalService(misdeed, misdeed) as service:
                self.assertEqual(self.get(service, cache=False).text, STREAM)
                self.assertEqual(service.calls, [SOLVE, SOLVE, SOLVE, stream("pytorch")])

    def test_the_stream_is_tried_again_too(self):
        with LocalService(well, status(503), cut, drop) as service:
            self.assertEqual(self.get(service).text, STREAM)
        self.assertEqual(service.calls, [SOLVE, *[stream("pytorch")] * 4])

    def test_what_does_not_pass_is_asked_once(self):
        kinds = {400: InvalidRequest, 401: InvalidRequest, 403: InvalidRequest, 404: InvalidRequest, 405: InvalidRequest}
        kinds.update({408: InvalidRequest, 409: InvalidRequest, 413: InvalidRequest, 415: InvalidRequest, 422: Infeasible})
        kinds.update({500: ServiceFailed, 501: ServiceFailed})
        for code, kind in kinds.items():
            with self.subTest(code=code), LocalService(problem(code, "So it is.")) as service:
                with self.assertRaisesRegex(kind, "So it is."):
                    self.get(service, fallback=False)
                self.assertEqual(service.calls, [SOLVE])

    def test_a_problem_names_the_members(self):
        errors = {"$.profile.times.forward": ["Is -1; must not be negative."], "$.options.seed": ["Must be an integer."]}
        with LocalService(problem(400, "2 members are wrong.", errors)) as service:
            with self.assertRaises(InvalidRequest) as raised:
                self.get(service)
        self.assertEqual(raised.exception.errors, errors)
        self.assertIn("$.profile.times.forward: Is -1; must not be negative.", str(raised.exception))

    def test_a_service_that_keeps_failing_is_given_up(self):
        for misdeed in (status(502), drop):
            with self.subTest(misdeed=misdeed), LocalService(*[misdeed] * 50) as service:
                with self.assertRaisesRegex(Unavailable, "Tried %d times" % ATTEMPTS):
                    self.get(service, fallback=False)
                self.assertEqual(len(service.calls), ATTEMPTS)

    def test_an_absent_service_is_given_up(self):
        with self.assertRaisesRegex(Unavailable, "cannot be reached: Connection refused. Tried %d times" % ATTEMPTS):
            self.get(absent(), fallback=False)

    def test_pauses_grow_and_differ(self):
        pauses = []
        with mock.patch.object(service, "_FIRST_PAUSE", 0.5), mock.patch.object(service, "_LONGEST_PAUSE", 8.0):
            with mock.patch.object(service.time, "sleep", pauses.append):
                for _ in range(20):
                    with self.assertRaises(Unavailable):
                        self.get(absent(), fallback=False, timeout=100)
        steps = [pauses[step :: ATTEMPTS - 1] for step in range(ATTEMPTS - 1)]
        for step, ceiling in zip(steps, (0.5, 1, 2, 4, 8)):
            self.assertTrue(all(ceiling / 2 <= pause <= ceiling for pause in step), step)
            self.assertGreater(len(set(step)), 10)


class RetryAfterTests(ClientCase):
    def test_seconds_are_honoured(self):
        with LocalService(status(429, None, {"Retry-After": "1"})) as service:
            self.get(service)
        self.assertGreaterEqual(service.times[1] - service.times[0], 1.0)

    def test_a_date_is_honoured(self):
        date = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=3), usegmt=True)
        with LocalService(status(503, None, {"Retry-After": date})) as service:
            self.get(service)
        # Dates have whole seconds.
        self.assertGreaterEqual(service.times[1] - service.times[0], 1.5)

    def test_a_service_that_says_when_is_asked_until_time_is_up(self):
        with LocalService(*[status(429, None, {"Retry-After": "0"})] * (ATTEMPTS + 3)) as service:
            self.get(service)
        self.assertEqual(service.calls.count(SOLVE), ATTEMPTS + 4)

    def test_a_pause_that_outlasts_the_time_out_is_not_begun(self):
        start = time.monotonic()
        with LocalService(problem(503, "Down for repair."), status(503, None, {"Retry-After": "3600"})) as service:
            with self.assertRaisesRegex(Unavailable, "no time to ask again"):
                self.get(service, fallback=False)
        self.assertLess(time.monotonic() - start, 5)

    def test_headers_that_cannot_be_read_say_nothing(self):
        for value in (None, "", "soon", "-1", "1.5", "Mon, 99 Foo 2026 00:00:00 GMT", "Ⅷ"):
            self.assertIsNone(retry_after(value), value)
        self.assertEqual(retry_after(" 7 "), 7)
        self.assertEqual(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), 0)
        self.assertEqual(retry_after("Sun, 06 Nov 1994 08:49:37 -0000"), 0)


class TimeOutTests(ClientCase):
    def test_no_server_holds_a_launch_beyond_its_time(self):
        for misdeed in (hang, trickle):
            with self.subTest(misdeed=misdeed), LocalService(*[misdeed] * 9) as service:
                start = time.monotonic()
                with self.assertRaises(Unavailable):
                    self.get(service, timeout=1.5, fallback=False)
                self.assertLess(time.monotonic() - start, 4)

    def test_a_connection_that_is_silent_is_opened_anew(self):
        with mock.patch.object(service, "_SILENCE", 0.3), LocalService(hang) as slow:
            self.assertEqual(self.get(slow).text, STREAM)
        self.assertEqual(slow.calls, [SOLVE, SOLVE, stream("pytorch")])

    def test_a_server_that_is_only_slow_is_waited_for(self):
        with LocalService(delay=1.0) as slow:
            self.assertEqual(self.get(slow).text, STREAM)
        self.assertEqual(slow.calls, [SOLVE, stream("pytorch")])

    def test_a_name_that_is_never_resolved_holds_no_launch(self):
        def never(*_):
            time.sleep(30)

        with mock.patch("socket.getaddrinfo", never):
            start = time.monotonic()
            with self.assertRaises(Unavailable):
                self.get("http://nowhere.invalid", timeout=1, fallback=False)
            self.assertLess(time.monotonic() - start, 4)


class FallbackTests(ClientCase):
    def test_a_launch_goes_on_with_a_labelled_fallback(self):
        for misdeed, reason in ((status(503), "503"), (problem(500, "A defect."), "A defect"), (drop, "cannot be reached")):
            with self.subTest(reason=reason), LocalService(*[misdeed] * 50) as service:
                schedule = self.get(service)
                self.assertTrue(schedule.is_fallback)
                self.assertEqual((schedule.source, schedule.status, schedule.method), ("fallback", "fallback", "1F1B"))
                self.assertEqual(schedule.text, "0F0,0B0\n1F0,1B0\n")
                self.assertIn(reason, schedule.reason)
                self.assertIn("FALLBACK", self.told.getvalue())
                self.assertIn(reason, self.told.getvalue())

    def test_a_native_fallback_says_what_it_is(self):
        native = self.get(absent(), format="native").native()
        self.assertEqual((native["fallback"], native["id"], native["makespan"]), ("1f1b", None, 6))

    def test_a_fallback_is_not_kept(self):
        self.assertTrue(self.get(absent()).is_fallback)
        with LocalService() as service:
            self.assertEqual(self.get(service).source, "service")

    def test_what_the_service_refuses_is_no_case_for_a_fallback(self):
        for code, kind in ((400, InvalidRequest), (401, InvalidRequest), (422, Infeasible)):
            with self.subTest(code=code), LocalService(problem(code, "No.")) as service:
                with self.assertRaises(kind):
                    self.get(service)
        self.assertEqual(self.told.getvalue(), "")

    def test_formats_and_placements_beyond_it_are_unavailable(self):
        with self.assertRaises(Unavailable):
            self.get(absent(), format="megatron-zb")
        with self.assertRaises(Unavailable):
            self.get(absent(), profile={"pipeline": {"placement": "bidirectional"}, "times": {}})


if __name__ == "__main__":
    unittest.main()
