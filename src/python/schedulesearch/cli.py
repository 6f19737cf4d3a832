"""``python -m schedulesearch solve`` and ``batch``.

Exit codes: 0 a schedule (the fallback too), 1 the service or the disk failed, 2 the request is invalid, 3 infeasible, 4 nothing in time.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

from .batch import solve_batch
from .client import get_schedule
from .errors import InvalidRequest, ScheduleSearchError

_EPILOG = """\
environment: SCHEDULESEARCH_URL (default http://127.0.0.1:5080), SCHEDULESEARCH_KEY, SCHEDULESEARCH_CACHE
exit codes: 0 a schedule, the fallback included; 1 the service or the disk failed; 2 invalid; 3 infeasible; 4 nothing in time"""


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command and returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        given.run(given)
    except ScheduleSearchError as error:
        print(f"schedulesearch: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"schedulesearch: {error}", file=sys.stderr)
        return 1
    return 0


def _solve(given: argparse.Namespace) -> None:
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
    if given.output is None:
        sys.stdout.write(schedule.text)
        sys.stdout.flush()
    where = f" -> {schedule.path}" if schedule.path else ""
    print(f"schedulesearch: {schedule.summary()} (from the {schedule.source}){where}", file=sys.stderr)


def _batch(given: argparse.Namespace) -> None:
    results = solve_batch(
        _requests(Path(given.file)),
        options=_options(given),
        timeout=given.timeout,
        devices=given.devices,
        url=given.url,
        api_key=given.key,
    )
    lines = "".join(json.dumps(result, separators=(",", ":")) + "\n" for result in results)
    if given.output is None:
        sys.stdout.write(lines)
        sys.stdout.flush()
    else:
        Path(given.output).write_text(lines, encoding="utf-8")
    solved = sum("makespan" in result for result in results)
    print(f"schedulesearch: {solved} of {len(results)} have a schedule", file=sys.stderr)


def _requests(path: Path) -> List[Dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise InvalidRequest(f"{path} does not hold JSON lines: {error}.") from error


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
    solve.set_defaults(run=_solve)
    solve.add_argument("--format", default="native", help="native, pytorch, or another format of the service (default: native)")
    solve.add_argument("-o", "--output", help="file that rank 0 writes and the other ranks read (default: standard output)")
    _add_options(solve)
    solve.add_argument("--timeout", type=float, metavar="SECONDS", help="for everything together (default: time limit + 60)")
    solve.add_argument(
        "--fallback", choices=("1f1b", "none"), default="1f1b", help="what stands in when the service gives nothing (default: 1f1b)"
    )
    solve.add_argument("--rank", type=int, help="rank of this process (default: from the launcher's environment, else 0)")
    solve.add_argument("--url", help="the service (default: SCHEDULESEARCH_URL)")
    solve.add_argument("--key", help="the service's key (default: SCHEDULESEARCH_KEY, which other users of this machine cannot see)")
    solve.add_argument("--cache-folder", metavar="FOLDER", help="where answers are kept; empty for nowhere")
    batch = commands.add_parser(
        "batch", help="the figures of many profiles", epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    batch.set_defaults(run=_batch)
    batch.add_argument("file", help="JSON lines: each a profile, or a whole body of POST /schedules/solve")
    batch.add_argument("-o", "--output", help="file of JSON lines, one result for each request in order (default: standard output)")
    _add_options(batch)
    batch.add_argument("--timeout", type=float, metavar="SECONDS", required=True, help="for everything together")
    batch.add_argument("--devices", action="store_true", help="write the operations of each device too")
    batch.add_argument("--url", help="the service (default: SCHEDULESEARCH_URL)")
    batch.add_argument("--key", help="the service's key (default: SCHEDULESEARCH_KEY, which other users of this machine cannot see)")
    return parser


def _add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--objective", choices=("makespan", "span"))
    command.add_argument("--time-limit", type=float, metavar="SECONDS", help="budget of each search")
    command.add_argument("--target-gap", type=float, metavar="GAP", help="stop at this proved gap")
    command.add_argument("--work-limit", type=int, metavar="N", help="deterministic budget instead of seconds")
    command.add_argument("--seed", type=int)
    command.add_argument("--fused", action="store_true", help="never split a backward (splitBackward: false)")
