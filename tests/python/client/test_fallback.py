"""The schedule that is made without the service: the service's own 1F1B where that is defined, and valid on every placement."""

import json
import random
import unittest

from case import ROOT

from schedulesearch import Infeasible, InvalidRequest
from schedulesearch.fallback import make, serves
from schedulesearch.placing import closed
from schedulesearch.request import request_of
from streams import check_stream

with open(ROOT / "tests" / "Oracles" / "1f1b-streams.json", encoding="utf-8") as oracles:
    ORACLES = json.load(oracles)


def native(profile, **options):
    return make(request_of(profile, options, "native"), reason="a test").native()


def profile_of(devices, microbatches, placement="linear", chunks=1, **more):
    pipeline = {"devices": devices, "microbatches": microbatches, "placement": placement, "chunks": chunks}
    times = {"forward": 1, "backwardInput": 1, "backwardWeight": 1, "communication": 0.25}
    return {"pipeline": {**pipeline, **more.pop("pipeline", {})}, "times": {**times, **more.pop("times", {})}, **more}


class FamilyTests(unittest.TestCase):
    def test_the_streams_are_those_of_the_service(self):
        self.assertGreater(len(ORACLES), 5)
        for oracle in ORACLES:
            with self.subTest(oracle["request"]["profile"]["name"]):
                self.assertEqual(make(request_of(oracle["request"], None, "pytorch"), "").text, oracle["pytorch"])
                ours = make(request_of(oracle["request"], None, "native"), "").native()
                self.assertEqual((ours.pop("fallback"), ours.pop("id")), ("1f1b", None))
                self.assertEqual(ours, {member: oracle["native"][member] for member in ours})

    def test_the_makespan_of_equal_stages_is_the_closed_form(self):
        for devices, microbatches in ((1, 1), (2, 1), (4, 8), (8, 3), (8, 64)):
            ours = native(profile_of(devices, microbatches, times={"communication": 0}))
            self.assertEqual(ours["makespan"], (microbatches + devices - 1) * 3)


    def test_a_fused_backward_takes_its_own_time_and_merged_ones_add_up(self):
        times = {"communication": 0, "backward": 1.5}
        self.assertEqual(native(profile_of(4, 8, times=times))["makespan"], (8 + 3) * 2.5)
        self.assertEqual(native(profile_of(4, 8, times=times, backward={"choose": "search"}))["makespan"], (8 + 3) * 2.5)
        merged = make(request_of(profile_of(2, 4, "best", 2, times=times), None), "a test")
        self.assertEqual(merged.makespan, (4 + 1) * 5)

    def test_an_alternative_says_how_backwards_are_where_the_profile_does_not(self):
        profile = profile_of(2, 4, times={"backward": 1.5})
        alternative = {"placement": "linear", "chunks": 1, "with": {"backward.choose": "fused"}}
        self.assertEqual(closed(profile, alternative), {**profile, "backward": {"choose": "fused"}})
        self.assertNotIn("backward", profile)


class ValidityTests(unittest.TestCase):
    def test_every_placement_gives_a_valid_stream(self):
        choose = random.Random(1)
        for case in range(150):
            placement, chunks = choose.choice([("linear", 1), ("interleaved", choose.randint(1, 4)), ("v", 2), ("wave", 4), ("explicit", 2)])
            devices, microbatches = choose.randint(1, 6), choose.randint(1, 9)
            stages = devices * chunks
            activation = [choose.randint(1, 4) for _ in range(stages)]
            profile = profile_of(devices, microbatches, placement, chunks)
            profile["times"] = {name: [choose.randint(0, 5) / 4 for _ in range(stages)] for name in ("forward", "backwardInput", "backwardWeight")}
            profile["times"]["communication"] = [[choose.randint(0, 3) / 8 for _ in range(devices)] for _ in range(devices)]
            if placement == "explicit":
                owners = [*range(devices), *(choose.randrange(devices) for _ in range(devices))]
                choose.shuffle(owners)
                profile["pipeline"]["stageDevices"] = owners
            owners = native(profile)["placement"]["ranksOfStages"][0]
            least = [sum(need for need, owner in zip(activation, owners) if owner == device) for device in range(devices)]
            profile["memory"] = {"activation": activation, "limit": [need * choose.choice([1, 1.5, 3, 100]) for need in least]}
            with self.subTest(case=case, profile=profile):
                check_stream(self, profile, native(profile))

    def test_the_warm_up_is_shortened_to_fit_the_memory(self):
        profile = profile_of(4, 8, memory={"activation": 1, "limit": 2})
        schedule = make(request_of(profile, None, "native"), "")
        self.assertEqual(schedule.method, "1F1B, 2 in flight to fit the memory")
        self.assertEqual(schedule.native()["peakMemory"], [2, 2, 2, 1])

    def test_what_is_retained_beyond_the_activation_has_room(self):
        schedule = make(request_of(profile_of(4, 8, memory={"activation": 1, "retained": 1.5, "limit": 2.5}), None, "native"), "")
        self.assertEqual(schedule.method, "1F1B, 2 in flight to fit the memory")
        self.assertEqual(schedule.native()["peakMemory"], [2.5, 2.5, 2.5, 1.5])
        profile = profile_of(1, 2, "interleaved", 2, memory={"activation": [4, 3], "retained": [6, 5], "limit": 8})
        with self.assertRaises(Infeasible) as raised:
            native(profile)
        self.assertIn("needs at least 9 in any order, the activations of its stages with what is retained beyond them", str(raised.exception))
        profile["memory"]["limit"] = 9
        self.assertEqual(native(profile)["peakMemory"], [9])

    def test_memory_for_less_than_a_microbatch_is_infeasible(self):
        profile = profile_of(2, 2, "v", 2, memory={"activation": [1, 2, 3, 4.5], "limit": [6, 4.5]})
        with self.assertRaises(Infeasible) as raised:
            native(profile)
        self.assertIn("Device 1 needs at least 5 in any order", str(raised.exception))
        profile["memory"]["limit"] = [5.5, 5]
        self.assertEqual(native(profile)["peakMemory"], [5.5, 5])

    def test_decimals_stay_exact(self):
        times = {"forward": 0.1, "backwardInput": 0.2, "backwardWeight": 1e-6, "communication": 0}
        self.assertEqual(native(profile_of(1, 3, times=times))["makespan"], 0.900003)


class OpenPlacementTests(unittest.TestCase):
    def test_it_stands_on_one_chunk_with_consecutive_stages_as_one(self):
        memory = {"activation": [1, 2, 3, 4], "weights": [4, 3, 2, 1], "total": [10, 10]}
        times = {"forward": [1, 2, 3, 4], "backwardInput": 1, "backwardWeight": 0.5}
        profile = profile_of(2, 3, "best", 2, times=times, memory=memory)
        merged = {"activation": [3, 7], "weights": [7, 3], "total": [10, 10]}
        by_hand = profile_of(2, 3, times={"forward": [3, 7], "backwardInput": 2, "backwardWeight": 1}, memory=merged)
        chosen = make(request_of(profile, None), "a test")
        self.assertEqual((chosen.placement, chosen.chunks), ("linear", 1))
        self.assertIn("1F1B, 1 in flight to fit the memory on linear with 1 chunk", chosen.summary())
        self.assertEqual(chosen.native(), native(by_hand))

    def test_placements_that_do_not_fit_the_memory_are_passed_over(self):
        memory = {"activation": [1, 1, 1, 5], "limit": [6, 2]}
        chosen = make(request_of(profile_of(2, 4, "best", 2, memory=memory), None), "a test")
        self.assertEqual((chosen.placement, chosen.chunks, chosen.native()["placement"]["ranksOfStages"]), ("v", 2, [[0, 1, 1, 0]]))
        with self.assertRaises(Infeasible):
            native(profile_of(2, 4, "best", 2, memory={"activation": 1, "limit": 1}))

    def test_only_the_placements_that_may_be_chosen_are_made(self):
        chosen = make(request_of(profile_of(2, 4, "best", 2), {"placements": ["v", "bidirectional"]}), "a test")
        self.assertEqual((chosen.placement, chosen.chunks), ("v", 2))
        self.assertFalse(serves(request_of(profile_of(2, 4, "best", 2), {"placements": ["bidirectional"]})))
        with self.assertRaises(Infeasible) as raised:
            native(profile_of(2, 4, "best"), placements=["v"])
        self.assertEqual(list(raised.exception.errors), ["$.options.placements"])

    def test_a_family_is_stood_in_for_on_its_placement(self):
        stream = native(profile_of(4, 8, "v", 2), family="zb-v")
        self.assertEqual((stream["fallback"], stream["placement"]["name"]), ("1f1b", "v"))


class BadProfileTests(unittest.TestCase):
    def test_members_that_are_wrong_are_named(self):
        for member, profile in (
            ("pipeline.devices", profile_of(0, 1)),
            ("pipeline.devices", profile_of(2.5, 1)),
            ("pipeline.microbatches", profile_of(2, True)),
            ("pipeline.chunks", profile_of(2, 1, "v", 3)),
            ("pipeline.stageDevices", profile_of(2, 1, "explicit", 2)),
            ("times.forward", profile_of(2, 1, times={"forward": [1, 2, 3]})),
            ("times.forward", profile_of(2, 1, times={"forward": -1})),
            ("times.communication", profile_of(2, 1, times={"communication": [[0, 1]]})),
            ("memory.activation", profile_of(2, 1, memory={"limit": 4})),
            ("memory.limit", profile_of(2, 1, memory={"limit": "4", "activation": 1})),
            ("times", {"pipeline": {"devices": 1, "microbatches": 1}}),
        ):
            with self.subTest(member=member), self.assertRaises(InvalidRequest) as raised:
                native(profile)
            self.assertEqual(list(raised.exception.errors), ["$.profile." + member])

    def test_it_says_what_it_cannot_make(self):
        self.assertTrue(serves(request_of(profile_of(2, 1), None, "pytorch")))
        self.assertFalse(serves(request_of(profile_of(2, 1), None, "deepspeed")))
        self.assertFalse(serves(request_of(profile_of(2, 2, "bidirectional", 2), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, "explicit", pipeline={"stageDevices": [[0, 1], [1, 0]]}), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, "explicit", pipeline={"stageDevices": [0, 1, 1, 0]}), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, slices={"count": 2}), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, recompute={"kept": 0}), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, times={"communication": {"latency": 1, "exclusive": True}}), None, "native")))

    def test_it_makes_nothing_for_a_member_that_nobody_has_shown_it_for(self):
        self.assertTrue(serves(request_of(profile_of(2, 2, name="known", overlap={"duration": 2.5}), None, "native")))
        self.assertFalse(serves(request_of(profile_of(2, 2, comesLater={"count": 1}), None, "native")))

    def test_weights_are_taken_from_the_total_before_activations_are(self):
        memory = {"total": 12, "weights": 9, "activation": 1}
        self.assertEqual(native(profile_of(4, 8, memory=memory))["peakMemory"], native(profile_of(4, 8, memory={"limit": 3, "activation": 1}))["peakMemory"])
        with self.assertRaises(Infeasible):
            native(profile_of(4, 8, memory={**memory, "weights": 11.5}))


if __name__ == "__main__":
    unittest.main()
