"""Placements that a profile leaves to the service, and formats that do not carry all of them."""

import json
import unittest

from case import ClientCase
from local_service import ANSWER, PROFILE, LocalService, problem, status

from schedulesearch import Infeasible
from schedulesearch.request import request_of


class OpenPlacementTests(ClientCase):
    """Where the profile leaves the placement to the service, and two pipes lead, which the format does not carry."""

    OPEN = {**PROFILE, "pipeline": {"devices": 2, "microbatches": 1, "chunks": 2, "placement": "best"}}
    OPEN["times"] = {"unit": "ms", "forward": [1, 2, 3, 4], "backwardInput": 0.25, "backwardWeight": 1}
    IDS = {"bidirectional": "3" * 64, "linear": "1" * 64, "v": "2" * 64, "interleaved": "4" * 64}

    def asked(self, makespans, refused, **more):
        """What a service is asked, whose schedules have these makespans on each placement; and what the client makes of its answers."""

        def answer(body):
            placement = body["profile"]["pipeline"]["placement"]
            if placement != "best":
                return {**ANSWER, "id": self.IDS[placement], "method": placement, "makespan": makespans[placement], "lowerBound": makespans[placement] - 1}
            found = [("bidirectional", 1, 5), ("linear", 1, 8.5), ("v", 2, 7), ("interleaved", 2, 6)]
            others = [{"placement": name, "chunks": chunks, "id": self.IDS[name], "lowerBound": bound} for name, chunks, bound in found]
            others += [{"placement": "wave", "chunks": 2, "reason": "No."}]
            led = {"leader": self.IDS["bidirectional"], "placement": "bidirectional", "chunks": 1}
            return {**ANSWER, **led, "id": self.IDS["bidirectional"], "alternatives": others}

        paths = {f"/schedules/{self.IDS[placement]}/instructions?format=pytorch": problem(422, why, {member: [why]}) for placement, member, why in refused}
        with LocalService(answer=answer, answers=paths) as service:
            try:
                schedule = self.get(service, profile=self.OPEN, options={"timeLimitSeconds": 2, "objective": "makespan"}, **more)
            except Infeasible as error:
                schedule = error
        return [body for *_, body, _ in service.requests if body], schedule

    PIPES = ("bidirectional", "$.profile.pipeline.placement", "Two pipes.")
    CHUNKS = ("interleaved", "$.profile.pipeline.chunks", "One chunk.")

    def test_the_best_that_the_format_carries_is_taken(self):
        bodies, schedule = self.asked({"interleaved": 9, "v": 8, "linear": 10}, [self.PIPES])
        self.assertEqual((schedule.method, schedule.makespan, schedule.placement, schedule.chunks), ("v", 8, "v", 2))
        # Nothing on any of the placements that are carried is below 7; on linear nothing is below 8.5, and it is not searched.
        self.assertEqual((schedule.status, schedule.lower_bound, schedule.gap), ("feasible", 7, 1 / 8))
        self.assertEqual(schedule.summary(), "feasible: v on v with 2 chunks, makespan 8, gap 12.5 %")
        asked = [(body["profile"]["pipeline"]["placement"], body["options"]["timeLimitSeconds"]) for body in bodies]
        self.assertEqual(asked, [("best", 2), ("interleaved", 0.1), ("interleaved", 2), ("v", 0.1), ("v", 2)])

    def test_the_service_is_told_what_the_runtime_carries(self):
        bodies, _ = self.asked({"interleaved": 9, "v": 8, "linear": 10}, [self.PIPES])
        self.assertEqual([body["options"].get("formats") for body in bodies], [["pytorch"], None, None, None, None])
        for format, options, told in (
            ("native", {}, None), ("pytorch", {"formats": ["native"]}, ["native"]), ("pytorch", {"runtime": "torchtitan"}, None),
        ):
            self.assertEqual(json.loads(request_of(self.OPEN, options, format).body)["options"].get("formats"), told)
        for open_member in ({"recompute": {"kept": 0, "choose": "search"}}, {"vocabulary": {"parallel": "search"}}):
            self.assertEqual(json.loads(request_of({**PROFILE, **open_member}, None, "jaxpp").body)["options"], {"formats": ["jaxpp"]})

    def test_what_is_refused_is_not_searched_further(self):
        bodies, schedule = self.asked({"interleaved": 7, "v": 9, "linear": 10}, [self.PIPES, self.CHUNKS])
        self.assertEqual((schedule.placement, schedule.lower_bound), ("v", 8))
        self.assertEqual(sum(body["profile"]["pipeline"]["placement"] == "interleaved" for body in bodies), 1)

    def test_a_placement_of_which_one_schedule_is_refused_counts_for_what_is_proved(self):
        halves = ("interleaved", "$.options.splitBackward", "Splits backwards.")
        _, schedule = self.asked({"interleaved": 7, "v": 9, "linear": 10}, [self.PIPES, halves])
        self.assertEqual((schedule.placement, schedule.lower_bound), ("v", 6))
        _, schedule = self.asked({"interleaved": 7, "v": 9, "linear": 10}, [("bidirectional", *halves[1:])], cache=False)
        self.assertEqual((schedule.placement, schedule.lower_bound), ("interleaved", 5))

    def test_fewer_chunks_are_asked_for_with_consecutive_stages_as_one(self):
        bodies, schedule = self.asked({"interleaved": 9, "v": 11, "linear": 10}, [self.PIPES, self.CHUNKS, ("v", "$.profile.pipeline.chunks", "One chunk.")])
        self.assertEqual((schedule.placement, schedule.chunks), ("linear", 1))
        profile = bodies[-1]["profile"]
        self.assertEqual(profile["pipeline"], {"devices": 2, "microbatches": 1, "chunks": 1, "placement": "linear"})
        self.assertEqual(profile["times"], {"unit": "ms", "forward": [3, 7], "backwardInput": [0.5, 0.5], "backwardWeight": [2, 2]})

    def test_the_leader_is_taken_where_it_is_carried(self):
        bodies, schedule = self.asked({}, [])
        self.assertEqual((schedule.status, schedule.placement, schedule.chunks, len(bodies)), ("optimal", "bidirectional", 1, 1))

    def test_a_format_that_carries_none_says_why(self):
        refused = [(placement, "$.options.splitBackward", "Splits backwards.") for placement in ("interleaved", "v", "linear")]
        _, error = self.asked({"interleaved": 9, "v": 8, "linear": 10}, [self.PIPES, *refused])
        self.assertEqual(error.errors, {"$.profile.pipeline.placement": ["Two pipes."], "$.options.splitBackward": ["Splits backwards."]})

    def test_a_request_of_one_placement_has_no_alternatives(self):
        with LocalService(status(200, ANSWER), problem(422, "Splits backwards.")) as service, self.assertRaisesRegex(Infeasible, "Splits"):
            self.get(service)


class OpenVocabularyTests(ClientCase):
    """Where the profile leaves to the service whether the vocabulary is shared out, and the format carries only one of the two."""

    OPEN = {**PROFILE, "vocabulary": {"size": 1000, "parallel": "search"}}
    IDS = {"one-barrier": "5" * 64, "none": "6" * 64, "search": "7" * 64}

    def answer(self, body):
        """A service on which the shared vocabulary leads; both ways stand on the profile's own placement."""
        word = body["profile"]["vocabulary"]["parallel"]
        one = {**ANSWER, "id": self.IDS[word], "method": word, "makespan": 9 if word == "none" else 8, "lowerBound": 7}
        if word != "search":
            return one
        found = [("one-barrier", 6), ("none", 7)]
        ways = [{"placement": "linear", "chunks": 1, "id": self.IDS[way], "lowerBound": bound, "with": {"vocabulary.parallel": way}} for way, bound in found]
        return {**one, "leader": self.IDS["one-barrier"], "placement": "linear", "chunks": 1, "with": ways[0]["with"], "alternatives": ways}

    def test_the_other_word_is_taken_where_the_leader_is_not_carried(self):
        refused = problem(422, "No vocabulary.", {"$.profile.vocabulary.parallel": ["No vocabulary."]})
        path = f"/schedules/{self.IDS['search']}/instructions?format=pytorch"
        with LocalService(answer=self.answer, answers={path: refused}) as service:
            schedule = self.get(service, profile=self.OPEN)
        self.assertEqual((schedule.method, schedule.chosen), ("none", {"vocabulary.parallel": "none"}))
        # What is below 7 is carried by no schedule of the format, so 6 is not what is proved.
        self.assertEqual((schedule.lower_bound, schedule.gap), (7, 2 / 9))
        profile = [body["profile"] for *_, body, _ in service.requests if body][-1]
        self.assertEqual(profile, {**PROFILE, "vocabulary": {"size": 1000, "parallel": "none"}})
        self.assertEqual(schedule.summary(), "feasible: none on linear with 1 chunk, vocabulary.parallel none, makespan 9, gap 22.2 %")

    def test_the_leader_says_what_was_chosen(self):
        with LocalService(answer=self.answer) as service:
            schedule = self.get(service, profile=self.OPEN)
        self.assertEqual((schedule.method, schedule.chosen), ("search", {"vocabulary.parallel": "one-barrier"}))
        self.assertEqual((schedule.status, schedule.placement), ("optimal", "linear"))
        self.assertEqual(self.OPEN["vocabulary"]["parallel"], "search")


class OpenRecomputeTests(ClientCase):
    """Where the profile leaves to the service which stages recompute: not every choice of stages is an alternative."""

    OPEN = {**PROFILE, "recompute": {"kept": 0, "choose": "search"}}
    IDS = {"[1]": "5" * 64, "none": "6" * 64, "search": "7" * 64}

    def answer(self, body):
        """A service on which stage 1 recomputes in the schedule that leads."""
        choose = body["profile"]["recompute"]["choose"]
        word = choose if isinstance(choose, str) else str(choose)
        one = {**ANSWER, "id": self.IDS[word], "method": word, "makespan": 9 if word == "none" else 8, "lowerBound": 5}
        if word != "search":
            return {**one, "lowerBound": 8.5}
        found = [([1], 6), ("none", 7)]
        ways = [
            {"placement": "linear", "chunks": 1, "id": self.IDS[str(way)], "lowerBound": bound, "with": {"recompute.choose": way}} for way, bound in found
        ]
        return {**one, "leader": self.IDS["[1]"], "placement": "linear", "chunks": 1, "with": ways[0]["with"], "alternatives": ways}

    def got(self, member):
        refused = problem(422, "No.", {member: ["No."]})
        with LocalService(answer=self.answer, answers={f"/schedules/{self.IDS['search']}/instructions?format=pytorch": refused}) as service:
            return self.get(service, profile=self.OPEN, cache=False)

    def test_without_recomputing_nothing_is_proved_but_of_that(self):
        schedule = self.got("$.profile.recompute")
        self.assertEqual((schedule.chosen, schedule.lower_bound), ({"recompute.choose": "none"}, 8.5))

    def test_what_was_not_tried_counts_where_the_format_may_carry_it(self):
        schedule = self.got("$.options.splitBackward")
        self.assertEqual((schedule.chosen, schedule.lower_bound), ({"recompute.choose": "none"}, 5))

    def test_a_list_is_what_the_leader_says(self):
        with LocalService(answer=self.answer) as service:
            self.assertEqual(self.get(service, profile=self.OPEN).chosen, {"recompute.choose": [1]})


if __name__ == "__main__":
    unittest.main()
