"""What the round trip asks of the service."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from statistics import mean
from typing import Any, Dict, NamedTuple

DEFAULT_URL = "http://127.0.0.1:5080"


class Found(NamedTuple):
    """A schedule: who found it, its native stream, and its iteration time on the measured profile, in milliseconds."""

    method: str
    stream: Dict[str, Any]
    predicted: float


class Refused(Exception):
    """The service cannot be reached, or says no."""


def searched(profile: Dict[str, Any], seconds: float) -> Found:
    """The service's schedule of a profile."""
    answer = _solved({"profile": profile, "options": {"timeLimitSeconds": seconds}})
    return Found(answer["method"], _stream(answer), answer["makespan"])


def one_forward_one_backward(profile: Dict[str, Any]) -> Found:
    """1F1B, and its time on a measured profile of the placement linear.

    On equal stages without latency nothing with fused backwards and the memory of 1F1B is better, so that the service finds it when it
    is asked about the average stage.
    """
    pipeline, times = profile["pipeline"], profile["times"]
    average = {name: mean(times[name]) for name in ("forward", "backwardInput", "backwardWeight")}
    equal = {
        "name": "1F1B",
        "pipeline": pipeline,
        "times": {"unit": times["unit"], **{name: round(value, 4) for name, value in average.items()}},
        "memory": {"limit": min(pipeline["devices"], pipeline["microbatches"]), "activation": 1},
    }
    answer = _solved({"profile": equal, "options": {"splitBackward": False}})
    if answer["method"] != "1f1b":
        raise Refused(f"The service did not find 1F1B for equal stages, but {answer['method']}.")
    unlimited = {**profile, "memory": {name: value for name, value in profile["memory"].items() if name != "limit"}}
    order = [[{name: step[name] for name in ("op", "stage", "microbatch")} for step in device] for device in answer["devices"]]
    replayed = _call("/schedules/verify", {"profile": unlimited, "devices": order})
    return Found("1f1b", _stream(answer), replayed["makespan"])


def _solved(request: Dict[str, Any]) -> Dict[str, Any]:
    answer = _call("/schedules/solve", request)
    while answer["status"] in ("queued", "running"):
        time.sleep(0.5)
        answer = _call(f"/schedules/{answer['id']}")
    if "devices" not in answer:
        raise Refused(f"The search ended as {answer['status']}.")
    return answer


def _stream(answer: Dict[str, Any]) -> Dict[str, Any]:
    return _call(f"/schedules/{answer['id']}/instructions?format=native")


def _call(path: str, body: Any = None) -> Dict[str, Any]:
    url = os.environ.get("SCHEDULESEARCH_URL", DEFAULT_URL).rstrip("/") + path
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if os.environ.get("SCHEDULESEARCH_API_KEY"):
        request.add_header("Authorization", f"Bearer {os.environ['SCHEDULESEARCH_API_KEY']}")
    try:
        with urllib.request.urlopen(request, timeout=300) as response:
            found: Dict[str, Any] = json.load(response)
            return found
    except urllib.error.HTTPError as error:
        raise Refused(f"{url} answers {error.code}: {error.read().decode('utf-8', 'replace')}") from error
    except OSError as error:
        raise Refused(f"{url} cannot be reached: {error}. SCHEDULESEARCH_URL says where the service is.") from error
