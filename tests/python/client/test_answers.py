"""A service that is well: what is asked of it, and what comes back."""

import json
import os
import time
import unittest
from unittest import mock

from case import ClientCase
from local_service import ANSWER, ID, POLL, PROFILE, SOLVE, STREAM, LocalService, drop, events, problem, status, stream

from schedulesearch import InvalidRequest, ServiceFailed, Unavailable, families, get_schedule, verify


def running(**members):
    return status(202, {"id": ID, "status": "running", "cached": False, **members}, {"Retry-After": "0", "ETag": '"1"'})


def polled(**members):
    return status(200, {"id": ID, "status": "running", **members}, {"Retry-After": "0", "ETag": '"2"'})


class AnswerTests(ClientCase):
    def test_a_schedule_is_one_solve_and_one_stream(self):
        with LocalService() as service:
            schedule = self.get(service, options={"timeLimitSeconds": 2})
        self.assertEqual(service.calls, [SOLVE, stream("pytorch")])
        self.assertEqual(service.requests[0][3], {"profile": PROFILE, "options": {"timeLimitSeconds": 2}})
        self.assertEqual(schedule.text, STREAM)
        self.assertEqual((schedule.source, schedule.status, schedule.method, schedule.id), ("service", "optimal", "zb-h1", ID))
        self.assertEqual((schedule.makespan, schedule.span, schedule.lower_bound, schedule.gap), (6.5, 6, 6.5, 0.0))
        self.assertFalse(schedule.is_fallback)
        self.assertEqual(self.told.getvalue(), "")

    def test_the_stream_is_that_of_the_schedule_that_was_answered_with(self):
        with LocalService(answer={**ANSWER, "revision": "0123456789abcdef"}) as service:
            schedule = self.get(service)
        method, path = stream("pytorch")
        self.assertEqual(service.calls, [SOLVE, (method, path + "&revision=0123456789abcdef")])
        self.assertEqual(schedule.revision, "0123456789abcdef")

    def test_the_stream_is_of_the_release_that_is_asked_for(self):
        with LocalService() as service:
            self.get(service, version="2.8")
        method, path = stream("pytorch")
        self.assertEqual(service.calls, [SOLVE, (method, path + "&version=2.8")])

    def test_a_schedule_that_was_replaced_meanwhile_is_asked_for_anew(self):
        first = {**ANSWER, "status": "feasible", "makespan": 7, "revision": "0" * 16}
        with LocalService(status(200, first), problem(410, "Is not kept."), answer={**ANSWER, "revision": "1" * 16}) as service:
            schedule = self.get(service)
        method, path = stream("pytorch")
        self.assertEqual(
            service.calls, [SOLVE, (method, path + "&revision=" + "0" * 16), POLL, (method, path + "&revision=" + "1" * 16)]
        )
        self.assertEqual((schedule.revision, schedule.makespan, schedule.text), ("1" * 16, 6.5, STREAM))

    def test_a_schedule_that_is_replaced_without_end_is_given_up(self):
        gone = problem(410, "Is not kept.")
        answer = {**ANSWER, "revision": "0" * 16}
        with LocalService(*[status(200, answer), gone] * 6, answer=answer) as service:
            with self.assertRaisesRegex(ServiceFailed, "Is not kept"):
                self.get(service, fallback=False)
        self.assertEqual(len(service.calls), 10)

    def test_url_and_key_come_from_the_environment(self):
        for keys in ({"SCHEDULESEARCH_KEY": "secret"}, {"SCHEDULESEARCH_API_KEY": "secret"}, {"SCHEDULESEARCH_KEY": "secret", "SCHEDULESEARCH_API_KEY": "old"}):
            with self.subTest(keys=keys), LocalService() as service:
                with mock.patch.dict(os.environ, SCHEDULESEARCH_URL=service.url + "/", **keys):
                    self.get(None, cache=False)
                self.assertEqual({request[2]["Authorization"] for request in service.requests}, {"Bearer secret"})

    def test_a_key_that_is_given_stands_above_the_environment(self):
        with LocalService() as service, mock.patch.dict(os.environ, SCHEDULESEARCH_KEY="other"):
            self.get(service, api_key="secret")
        self.assertEqual({request[2]["Authorization"] for request in service.requests}, {"Bearer secret"})

    def test_without_a_key_none_is_sent(self):
        with LocalService() as service:
            self.get(service)
        self.assertNotIn("Authorization", service.requests[0][2])

    def test_the_key_does_not_follow_a_redirect(self):
        with LocalService() as other, LocalService(status(307, "", {"Location": other.url + "/schedules/solve"})) as service:
            with self.assertRaisesRegex(InvalidRequest, "has moved to " + other.url):
                self.get(service, api_key="secret")
        self.assertEqual(other.calls, [])

    def test_a_proxy_is_not_asked_for_this_very_machine(self):
        with LocalService() as service, mock.patch.dict(os.environ, http_proxy="http://127.0.0.1:9"):
            self.assertEqual(self.get(service).source, "service")

    def test_a_proxy_is_asked_for_other_machines(self):
        with LocalService() as proxy, mock.patch.dict(os.environ, http_proxy=proxy.url):
            self.assertEqual(self.get("http://schedules.invalid").source, "service")
        self.assertEqual(proxy.calls[0], ("POST", "http://schedules.invalid/schedules/solve"))

    def test_a_whole_body_or_a_file_does_as_well_as_a_profile(self):
        path = self.folder / "body.json"
        path.write_text(json.dumps({"profile": PROFILE, "options": {"seed": 3, "objective": "makespan"}}))
        with LocalService() as service:
            self.get(service, profile=path, options={"objective": "span"}, cache=False)
        self.assertEqual(service.requests[0][3], {"profile": PROFILE, "options": {"seed": 3, "objective": "span"}})

    def test_a_search_that_takes_long_is_polled(self):
        with LocalService(running(), polled(**{**ANSWER, "status": "running"}), status(304, None, {"Retry-After": "0"})) as service:
            schedule = self.get(service)
        self.assertEqual(service.calls, [SOLVE, POLL, POLL, POLL, stream("pytorch")])
        self.assertEqual([request[2].get("If-None-Match") for request in service.requests[1:4]], [None, '"2"', '"2"'])
        self.assertRegex(service.requests[0][2]["Prefer"], r"wait=\d+")
        self.assertEqual(schedule.status, "optimal")

    def test_a_search_is_followed_by_its_events(self):
        told = events(("progress", {"status": "running", "incumbent": 9}), 0.2, ("end", {"status": "optimal", "incumbent": 6.5}))
        with LocalService(running(), watch=told) as service:
            start = time.monotonic()
            self.assertEqual(self.get(service).status, "optimal")
        self.assertEqual((service.watched, service.calls), (1, [SOLVE, POLL, stream("pytorch")]))
        self.assertLess(time.monotonic() - start, 5)

    def test_events_that_break_off_are_made_up_for_by_polling(self):
        running_on = ("progress", {"status": "running"})
        no_events = status(200, "event: end\ndata: {}\n\n")
        for watch in (events(running_on), events(("progress", [1]), ("end", "no JSON object")), no_events, drop):
            with self.subTest(watch=watch), LocalService(running(), polled(**{**ANSWER, "status": "running"}), watch=watch) as service:
                self.assertEqual(self.get(service, cache=False).status, "optimal")
                self.assertEqual((service.watched, service.calls), (1, [SOLVE, POLL, POLL, stream("pytorch")]))

    def test_events_without_an_end_hold_no_launch_beyond_its_time(self):
        best = {**ANSWER, "status": "running", "gap": 0.25}
        with LocalService(running(), answer=best, watch=events(("progress", {"status": "running"}), 30)) as service:
            start = time.monotonic()
            self.assertEqual(self.get(service, timeout=1.5).status, "running")
        self.assertLess(time.monotonic() - start, 5)

    def test_when_time_is_up_the_best_so_far_is_taken_and_not_kept(self):
        with LocalService(answer={**ANSWER, "status": "running", "gap": 0.25}) as service:
            first = self.get(service, timeout=1.5)
            again = self.get(service, timeout=1.5)
        self.assertEqual([(one.status, one.gap, one.source) for one in (first, again)], [("running", 0.25, "service")] * 2)

    def test_a_search_that_finds_nothing_in_time_is_unavailable(self):
        with LocalService(*[polled()] * 200) as service:
            with self.assertRaisesRegex(Unavailable, "found nothing yet"):
                self.get(service, timeout=1, fallback=False)

    def test_a_canceled_and_a_failed_search_say_so(self):
        canceled = status(200, {"id": ID, "status": "canceled"})
        failed = status(200, {"id": ID, "status": "failed", "problem": {"detail": "The solver ended."}})
        with LocalService(canceled, failed) as service:
            with self.assertRaisesRegex(ServiceFailed, "canceled"):
                self.get(service, fallback=False)
            with self.assertRaisesRegex(ServiceFailed, "The solver ended"):
                self.get(service, fallback=False)

    def test_another_server_at_this_address_is_recognised(self):
        with LocalService(status(200, "<html>welcome</html>"), status(200, {"hello": "world"}), status(200, {"id": "../x"})) as service:
            for _ in range(3):
                with self.assertRaises(ServiceFailed):
                    self.get(service, fallback=False)


class CacheTests(ClientCase):
    def test_the_same_request_is_asked_once(self):
        with LocalService() as service:
            first = self.get(service)
            renamed = self.get(service, profile={**PROFILE, "name": "another name"})
        self.assertEqual(service.calls, [SOLVE, stream("pytorch")])
        self.assertEqual((first.source, renamed.source, renamed.text, renamed.gap), ("service", "cache", STREAM, 0.0))

    def test_numbers_that_are_equal_make_the_same_request(self):
        times = {"unit": "ms", "forward": 1.0, "backwardInput": 1, "backwardWeight": 1.0}
        with LocalService() as service:
            self.get(service)
            self.assertEqual(self.get(service, profile={**PROFILE, "times": times}).source, "cache")

    def test_what_decides_the_answer_makes_another_request(self):
        with LocalService() as service:
            self.get(service)
            self.get(service, format="native")
            self.get(service, options={"objective": "span"})
            self.get(service, version="2.8")
            self.get(service, profile={**PROFILE, "pipeline": {"devices": 2, "microbatches": 2}})
        self.assertEqual(service.calls.count(SOLVE), 5)

    def test_a_damaged_entry_is_asked_for_anew(self):
        with LocalService() as service:
            self.get(service)
            (entry,) = (self.folder / "cache").iterdir()
            for damage in (entry.read_text()[:-20], entry.read_text().replace("0F0", "0F1"), "[]", "{}", ""):
                entry.write_text(damage)
                self.assertEqual(self.get(service).source, "service", damage[:20])
        self.assertEqual(service.calls.count(SOLVE), 6)

    def test_without_a_cache_nothing_is_kept(self):
        with LocalService() as service:
            self.get(service, cache=False)
            self.get(service, cache=False)
        self.assertEqual(service.calls.count(SOLVE), 2)
        self.assertFalse((self.folder / "cache").exists())

    def test_a_user_without_a_home_has_no_cache(self):
        with LocalService() as service, mock.patch("pathlib.Path.home", side_effect=RuntimeError), mock.patch.dict(os.environ):
            del os.environ["SCHEDULESEARCH_CACHE"]
            os.environ.pop("XDG_CACHE_HOME", None)
            self.assertEqual([self.get(service).source for _ in range(2)], ["service"] * 2)

    def test_a_cache_that_cannot_be_written_is_done_without(self):
        (self.folder / "cache").write_text("a file where the folder should be")
        with LocalService() as service:
            self.assertEqual(self.get(service).source, "service")


class RequestTests(ClientCase):
    def test_what_json_cannot_carry_is_refused_here(self):
        for value in (float("nan"), float("inf"), object(), {1, 2}):
            with self.subTest(value=value), self.assertRaises(InvalidRequest):
                get_schedule({**PROFILE, "times": {"forward": value}}, url="http://127.0.0.1:9")

    def test_settings_that_are_wrong_are_named(self):
        for arguments, named in (
            ({"url": "127.0.0.1:5080"}, "SCHEDULESEARCH_URL"),
            ({"url": "file:///etc/passwd"}, "SCHEDULESEARCH_URL"),
            ({"api_key": "a\r\nX: b"}, "SCHEDULESEARCH_KEY"),
            ({"timeout": 0}, "time-out"),
            ({"profile": self.folder / "absent.json"}, "absent.json"),
            ({"profile": {"profile": PROFILE, "option": {}}}, "option"),
            ({"rank": 1}, "output"),
            ({"rank": "0"}, "rank"),
            ({"rank": -1}, "rank"),
            ({"timeout": "60"}, "time-out"),
            ({"timeout": float("inf")}, "time-out"),
            ({"profile": 5}, "profile"),
            ({"options": ["seed"]}, "options"),
            ({"format": None}, "format"),
            ({"version": 2.8}, "version"),
            ({"output": 7}, "output"),
            ({"cache_folder": 7}, "cache_folder"),
            ({"url": 5080}, "url"),
            ({"api_key": b"secret"}, "api_key"),
        ):
            with self.subTest(named=named), self.assertRaisesRegex(InvalidRequest, named):
                self.get("http://127.0.0.1:9", **{"url": "http://127.0.0.1:9", **arguments})

    def test_an_argument_that_is_none_is_named_with_those_there_are(self):
        for function, arguments in ((get_schedule, {"profile": PROFILE}), (verify, {"profile": PROFILE, "order": []}), (families, {})):
            with self.subTest(function=function.__name__), self.assertRaises(InvalidRequest) as caught:
                function(**arguments, timeuot=5)
            self.assertRegex(str(caught.exception), f"^timeuot is not an argument of {function.__name__}; the arguments are .*api_key.*\\. Did you mean timeout\\?$")


if __name__ == "__main__":
    unittest.main()
