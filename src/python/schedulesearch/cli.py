"""``python -m schedulesearch solve``.

Exit codes: 0 a schedule (the fallback too), 1 the service or the disk failed, 2 the request is invalid, 3 infeasible, 4 nothing in time.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Dict, List, Optional

from .client import get_schedule
from .errors import ScheduleSearchError

_EPILOG = """\
environment: SCHEDULESEARCH_URL (default http://127.0.0.1:5080), SCHEDULESEARCH_KEY, SCHEDULESEARCH_CACHE
exit codes: 0 a schedule, the fallback included; 1 the service or the disk failed; 2 invalid; 3 infeasible; 4 nothing in time"""


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command and returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        schedule = get_schedule(
            given.profile,
            options=_options(given),
            format=given.format,
            output=given.output,
            timeout=given.timeout,
            fallback=given.fallback == "1f1b",
            url=given.url,
            api_key=given.key,
            rank=given.rank,
            cache=given.cache_folder != "",
            cache_folder=given.cache_folder,
        )
    except ScheduleSearchError as error:
        print(f"schedulesearch: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"schedulesearch: {error}", file=sys.stderr)
        return 1
    if given.output is None:
        sys.stdout.write(schedule.text)
        sys.stdout.flush()
    where = f" -> {schedule.path}" if schedule.path else ""
    print(f"schedulesearch: {schedule.summary()} (from the {schedule.source}){where}", file=sys.stderr)
    return 0


def _options(given: argparse.Namespace) -> Dict[str, Any]:
    named = {
        "objective": given.objective,
        "timeLimitSeconds": given.time_limit,
        "targetGap": given.target_gap,
        "workLimit": given.work_limit,
        "seed": given.seed,
        "splitBackward": False if given.fused else None,
    }
    return {name: value for name, value in named.items() if value is not None}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m schedulesearch", description="Pipeline-parallel schedules for a training launcher.")
    commands = parser.add_subparsers(required=True, metavar="command")
    solve = commands.add_parser(
        "solve", help="the schedule of a profile", epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    solve.add_argument("profile", help="JSON file: a profile, or a whole body of POST /schedules/solve")
    solve.add_argument("--format", default="native", help="native, pytorch, or another format of the service (default: native)")
    solve.add_argument("-o", "--output", help="file that rank 0 writes and the other ranks read (default: standard output)")
    solve.add_argument("--objective", choices=("makespan", "span"))
    solve.add_argument("--time-limit", type=float, metavar="SECONDS", help="budget of the search")
    solve.add_argument("--target-gap", type=float, metavar="GAP", help="stop at this proved gap")
    solve.add_argument("--work-limit", type=int, metavar="N", help="deterministic budget instead of seconds")
    solve.add_argument("--seed", type=int)
    solve.add_argument("--fused", action="store_true", help="never split a backward (splitBackward: false)")
    solve.add_argument("--timeout", type=float, metavar="SECONDS", help="for everything together (default: time limit + 60)")
    solve.add_argument(
        "--fallback", choices=("1f1b", "none"), default="1f1b", help="what stands in when the service gives nothing (default: 1f1b)"
    )
    solve.add_argument("--rank", type=int, help="rank of this process (default: from the launcher's environment, else 0)")
    solve.add_argument("--url", help="the service (default: SCHEDULESEARCH_URL)")
    solve.add_argument("--key", help="the service's key (default: SCHEDULESEARCH_KEY, which other users of this machine cannot see)")
    solve.add_argument("--cache-folder", metavar="FOLDER", help="where answers are kept; empty for nowhere")
    return parser
