"""``python -m schedulesearch``: the commands and their arguments.

Exit codes: 0 done (the fallback is a schedule, too), 1 the service or the disk failed, 2 the request is invalid, 3 infeasible, or an order that
breaks a rule, 4 nothing in time.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Callable, List, Optional

from .commands import (
    run_batch,
    run_compare,
    run_estimate,
    run_evaluate,
    run_examples,
    run_families,
    run_import,
    run_least_memory,
    run_plan,
    run_research,
    run_solve,
    run_sweep,
    run_verify,
)
from .errors import ScheduleSearchError

_EPILOG = """\
environment: SCHEDULESEARCH_URL (default http://127.0.0.1:5080), SCHEDULESEARCH_KEY, SCHEDULESEARCH_CACHE
exit codes: 0 done, a fallback included; 1 the service or the disk failed; 2 invalid; 3 infeasible, or an order that breaks a rule;
4 nothing in time"""

_PROFILE = "JSON file: a profile, or a whole body of POST /schedules/solve"
_Command = Callable[[argparse.Namespace], None]


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m schedulesearch", description="Pipeline-parallel schedules for a training launcher.")
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_solve(_command(commands, "solve", run_solve, "the schedule of a profile"))
    _add_batch(_command(commands, "batch", run_batch, "the figures of many profiles"))
    _add_sweep(_command(commands, "sweep", run_sweep, "one request with members that vary: a row for each point"))
    _add_least_memory(_command(commands, "least-memory", run_least_memory, "the least limit at which a makespan is reached"))
    _add_compare(_command(commands, "compare", run_compare, "the published schedules of a profile beside the searched one"))
    _add_plan(_command(commands, "plan", run_plan, "how a model's layers are dealt out to stages, as settings of a runtime; or how a model is divided among a cluster's devices"))
    _add_verify(_command(commands, "verify", run_verify, "what an order of your own costs, or the rules that it breaks"))
    _add_estimate(_command(commands, "estimate", run_estimate, "a profile of layers from a model's configuration"))
    _add_evaluate(_command(commands, "evaluate", run_evaluate, "a stored schedule under durations that vary, beside the published ones"))
    _add_research(_command(commands, "research", run_research, "a stored schedule searched again with other times or limits, from its order on"))
    _add_import(_command(commands, "import", run_import, "a profile with the medians of a recorded run"))
    families = _command(commands, "families", run_families, "the published schedules that the service knows")
    _add_json(families)
    _add_service(families, 30.0)
    examples = _command(commands, "examples", run_examples, "requests to start from")
    examples.add_argument("name", nargs="?", help="print this one's request, which solve takes")
    _add_json(examples)
    _add_service(examples, 30.0)
    return parser


def _command(commands: Any, name: str, run: _Command, help: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=help, description=help, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    return command


def _add_solve(solve: argparse.ArgumentParser) -> None:
    solve.add_argument("profile", help=_PROFILE)
    solve.add_argument(
        "--format",
        default="native",
        help="native, pytorch, or another format of the service (default: native); with the placement best only what it carries is chosen",
    )
    solve.add_argument("--version", help="the runtime's release, such as 2.8, where its releases read different streams")
    solve.add_argument("-o", "--output", help="file that rank 0 writes and the other ranks read (default: standard output)")
    solve.add_argument("--family", metavar="NAME", help="a published schedule by name, in the place of a search")
    _add_judged(solve)
    _add_budget(solve)
    solve.add_argument("--noise", metavar="FILE", help="JSON file with what durations do, as evaluate takes it; the arguments below stand above it")
    _add_noise(solve)
    solve.add_argument("--statistic", choices=("mean", "p95"), help="what of the objective under noise is to be least (default: mean)")
    solve.add_argument(
        "--fallback", choices=("1f1b", "none"), default="1f1b", help="what stands in when the service gives nothing (default: 1f1b)"
    )
    solve.add_argument("--rank", type=int, help="rank of this process (default: from the launcher's environment, else 0)")
    solve.add_argument("--cache-folder", metavar="FOLDER", help="where answers are kept; empty for nowhere")
    _add_service(solve, None)


def _add_batch(batch: argparse.ArgumentParser) -> None:
    batch.add_argument("file", help="JSON lines: each a profile, or a whole body of POST /schedules/solve")
    batch.add_argument("-o", "--output", help="file of JSON lines, one result for each request in order (default: standard output)")
    batch.add_argument("--family", metavar="NAME", help="a published schedule by name, in the place of a search")
    _add_judged(batch)
    _add_budget(batch)
    batch.add_argument("--devices", action="store_true", help="write the operations of each device too")
    _add_service(batch, None, required=True)


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("request", help="JSON file: a body of POST /sweeps, with base and axes")
    sweep.add_argument("-o", "--output", help="file for the table, or by its ending .json or .svg for the answer or the chart (default: standard output)")
    sweep.add_argument("--sweep-key", metavar="KEY", help="by which the service knows the sweep when it is sent again")
    _add_json(sweep)
    _add_service(sweep, None, required=True)


def _add_least_memory(least: argparse.ArgumentParser) -> None:
    least.add_argument("profile", help=_PROFILE)
    least.add_argument("--makespan", type=float, metavar="TIME", help="what is to be reached, in the profile's unit")
    least.add_argument("--within", type=float, metavar="PERCENT", help="what is to be reached, above what unlimited memory gives")
    _add_json(least)
    _add_judged(least)
    least.add_argument("--time-limit", type=float, metavar="SECONDS", help="budget of all searches together")
    _add_service(least, None)


def _add_compare(compare: argparse.ArgumentParser) -> None:
    compare.add_argument("profile", help=_PROFILE)
    _add_json(compare)
    _add_judged(compare)
    _add_budget(compare)
    _add_service(compare, None)


def _add_plan(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("profile", help="JSON file: a profile of layers, a whole body of POST /schedules/solve, or with a cluster a body of POST /plans")
    plan.add_argument("--layout", default="counts", help="counts, megatron, torchtitan or nemo (default: counts)")
    _add_json(plan)
    _add_judged(plan)
    _add_budget(plan)
    _add_service(plan, None)


def _add_verify(verify: argparse.ArgumentParser) -> None:
    verify.add_argument("profile", help=_PROFILE)
    verify.add_argument("order", help="CSV of torch.distributed.pipelining, or JSON: a native stream, an answer, or a list for each device")
    verify.add_argument(
        "--no-store", dest="store", action="store_const", const=False, help="keep nothing (default: a valid order is kept under an id)"
    )
    _add_json(verify)
    _add_judged(verify)
    _add_service(verify, 60.0)


def _add_estimate(estimate: argparse.ArgumentParser) -> None:
    estimate.add_argument("config", help="JSON file: a Hugging Face config.json, sizes of a model, or a whole body of POST /profiles/estimate")
    estimate.add_argument("-o", "--output", help="file for the profile, which solve takes (default: only the table is printed)")
    estimate.add_argument("--sequence", type=int, metavar="TOKENS", help="tokens of a sequence")
    estimate.add_argument("--microbatch-size", type=int, metavar="B", help="sequences of a microbatch (default: 1)")
    estimate.add_argument("--device", help="A100, H100 or another one that the service knows")
    estimate.add_argument("--efficiency", type=float, metavar="SHARE", help="share of the device's peak that its products reach")
    estimate.add_argument("--pipeline-devices", type=int, metavar="P", help="pipeline ranks")
    estimate.add_argument("--chunks", type=int, metavar="V", help="chunks of each rank (default: 1)")
    estimate.add_argument("--microbatches", type=int, metavar="M", help="microbatches an iteration")
    for name, letter in (("tensor", "T"), ("expert", "E"), ("context", "C"), ("data", "D")):
        estimate.add_argument(f"--{name}-parallel", type=int, metavar=letter, help=f"{name}-parallel size (default: 1)")
    estimate.add_argument("--dtype", choices=("fp32", "tf32", "bf16", "fp16", "fp8"))
    estimate.add_argument("--attention", choices=("flash", "eager"))
    estimate.add_argument("--recompute", choices=("none", "selective", "full"))
    estimate.add_argument("--sharding", choices=("none", "zero1", "distributed", "zero2", "zero3"), help="what replicas share of the optimizer")
    _add_json(estimate)
    _add_service(estimate, 30.0)


def _add_research(research: argparse.ArgumentParser) -> None:
    research.add_argument("id", help="id of a stored schedule, or its first digits")
    research.add_argument("profile", help="JSON file: a whole profile of the schedule's shape, or without pipeline the members that change")
    research.add_argument("--revision", help="revision of the schedule to begin with, as an answer names it")
    research.add_argument("--format", default="native", help="native, pytorch, or another format of the service (default: native)")
    research.add_argument("--version", help="the runtime's release, such as 2.8, where its releases read different streams")
    research.add_argument("-o", "--output", help="file for the stream (default: standard output)")
    _add_judged(research)
    _add_budget(research)
    _add_service(research, None)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("id", help="id of a stored schedule, or its first digits")
    evaluate.add_argument("request", nargs="?", help="JSON file: a body of POST /schedules/{id}/evaluate; arguments stand above it")
    evaluate.add_argument("--revision", help="revision of the schedule, as an answer names it")
    evaluate.add_argument("--replays", type=int, metavar="N", help="how often each order is replayed (default: 1000)")
    _add_noise(evaluate)
    evaluate.add_argument("--seed", type=int, help="of the draws (default: 0)")
    evaluate.add_argument("--alone", action="store_true", help="without the published families beside it")
    _add_json(evaluate)
    _add_service(evaluate, 120.0)


def _add_noise(command: argparse.ArgumentParser) -> None:
    command.add_argument("--operation", type=float, metavar="CV", help="coefficient of variation of each forward and backward by itself")
    command.add_argument("--stage", type=float, metavar="CV", help="of each stage from iteration to iteration")
    command.add_argument("--microbatch", type=float, metavar="CV", help="of each microbatch on all stages")
    command.add_argument("--slow", action="append", metavar="DEVICE:FACTOR", help="a device that is slower; may be given for several")
    command.add_argument("--spikes", type=float, nargs=2, metavar=("PROBABILITY", "SIZE"), help="messages that take so much longer now and then")


def _add_import(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", metavar="TRACE", help="the files of one run, plain or gzip: of the profiler, timelines, timers, or tables")
    command.add_argument("-o", "--output", help="file for the profile, which solve takes (default: only tables are printed)")
    command.add_argument("--samples", metavar="FILE", help="file for the measured durations, which evaluate takes as its request")
    command.add_argument("--name", help="what the profile is called")
    command.add_argument("--warm-up", type=int, metavar="STEPS", help="steps that are left out (default: those far above the median)")
    command.add_argument("--time-unit", choices=("us", "ms", "s"), help="of times in tables (default: ms)")
    command.add_argument("--devices", type=int, help="ranks of the pipeline, of a log that does not have the arguments of its run")
    command.add_argument("--microbatches", type=int, help="microbatches of an iteration, of such a log")
    command.add_argument("--chunks", type=int, help="stages of a rank, of such a log (default: 1)")
    command.add_argument("--placement", help="where they stand, such as interleaved or v")
    _add_json(command)
    _add_service(command, 120.0)


def _add_judged(command: argparse.ArgumentParser) -> None:
    command.add_argument("--objective", choices=("makespan", "span"))
    command.add_argument("--fused", action="store_true", help="never split a backward (splitBackward: false)")


def _add_budget(command: argparse.ArgumentParser) -> None:
    command.add_argument("--time-limit", type=float, metavar="SECONDS", help="budget of each search")
    command.add_argument("--target-gap", type=float, metavar="GAP", help="stop at this proved gap")
    command.add_argument("--work-limit", type=int, metavar="N", help="deterministic budget instead of seconds")
    command.add_argument("--seed", type=int)


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print what the service answers")


def _add_service(command: argparse.ArgumentParser, timeout: Optional[float], required: bool = False) -> None:
    default = "" if required else " (default: time limit + 60)" if timeout is None else f" (default: {timeout:g})"
    command.add_argument(
        "--timeout", type=float, metavar="SECONDS", default=timeout, required=required, help=f"for everything together{default}"
    )
    command.add_argument("--url", help="the service (default: SCHEDULESEARCH_URL)")
    command.add_argument("--key", help="the service's key (default: SCHEDULESEARCH_KEY, which other users of this machine cannot see)")
