"""Checks a native stream against its profile alone, by rules that are written down here anew."""

from collections import Counter


def check_stream(case, profile, stream):
    """Each operation once and in order, arrivals before their use, memory within the limit, transfers that match without hanging."""
    owners = stream["placement"]["ranksOfStages"][0]
    ranks = [rank["instructions"] for rank in stream["ranks"]]
    timed = {}
    for rank, instructions in enumerate(ranks):
        _check_rank(case, profile, rank, instructions, owners)
        timed.update(((one["op"], one["stage"], one["microbatch"]), one) for one in instructions if "peer" not in one)
    wanted = Counter((op, stage, m) for op in ("forward", "backward") for stage in range(len(owners)) for m in range(stream["microbatches"]))
    case.assertEqual(Counter((one["op"], one["stage"], one["microbatch"]) for row in ranks for one in row if "peer" not in one), wanted)
    _check_arrivals(case, profile, timed, owners)
    case.assertEqual(stream["makespan"], max(one["end"] for one in timed.values()))
    _check_rendezvous(case, ranks)


def _check_rank(case, profile, rank, instructions, owners):
    activations = profile.get("memory", {}).get("activation", 0)
    held, clock, seen = 0, 0, set()
    for one in instructions:
        key = (one["op"], one["stage"], one["microbatch"])
        if one["op"] == "receive":
            seen.add((one["what"], one["stage"], one["microbatch"]))
            continue
        if one["op"] == "send":
            made = "forward" if one["what"] == "activation" else "backward"
            case.assertIn((made, one["stage"], one["microbatch"]), seen, "sent before it is made")
            continue
        case.assertEqual(owners[one["stage"]], rank)
        case.assertGreaterEqual(one["start"], clock, "two operations at once")
        clock = one["end"]
        need = activations[one["stage"]] if isinstance(activations, list) else activations
        if one["op"] == "backward":
            case.assertIn(("forward", *key[1:]), seen, "backward before forward")
        held += need if one["op"] == "forward" else 0
        if "limit" in profile.get("memory", {}):
            case.assertLessEqual(held, profile["memory"]["limit"][rank])
        held -= need if one["op"] == "backward" else 0
        source = one["stage"] + (1 if one["op"] == "backward" else -1)
        if 0 <= source < len(owners):
            what = one["op"] if owners[source] == rank else "gradient" if one["op"] == "backward" else "activation"
            case.assertIn((what, source, one["microbatch"]), seen, "used before it arrives")
        seen.add(key)


def _check_arrivals(case, profile, timed, owners):
    latency = profile["times"]["communication"]
    for (op, stage, microbatch), one in timed.items():
        times = profile["times"]
        parts = ("forward",) if op == "forward" else ("backwardInput", "backwardWeight")
        duration = sum(times[part][stage] if isinstance(times[part], list) else times[part] for part in parts)
        case.assertAlmostEqual(one["end"] - one["start"], duration, 9)
        source = stage + (1 if op == "backward" else -1)
        if 0 <= source < len(owners):
            sender, receiver = owners[source], owners[stage]
            lag = 0 if sender == receiver else latency[sender][receiver] if isinstance(latency, list) else latency
            case.assertGreaterEqual(one["start"], timed[(op, source, microbatch)]["end"] + lag)


def _check_rendezvous(case, ranks):
    """A send and its receive block until both are posted, and are matched in the order in which each side posts them."""
    at = [0] * len(ranks)
    moved = True
    while moved:
        moved = False
        for rank, row in enumerate(ranks):
            while at[rank] < len(row):
                one = row[at[rank]]
                if "peer" in one:
                    peer = one["peer"]
                    other = ranks[peer][at[peer]] if at[peer] < len(ranks[peer]) else {}
                    if other.get("peer") != rank or other["op"] == one["op"]:
                        break
                    same = ("what", "stage", "microbatch")
                    case.assertEqual([one[name] for name in same], [other[name] for name in same], "another message than was sent")
                    at[peer] += 1
                at[rank] += 1
                moved = True
    case.assertEqual(at, [len(row) for row in ranks], "ranks wait for each other")
