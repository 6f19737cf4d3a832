"""Profiles a small transformer on processes of this machine, has its schedule searched, runs it beside 1F1B and compares."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, List, Optional

from torch.multiprocessing.spawn import ProcessExitedException
from torch.multiprocessing.spawn import spawn as _spawn

from .worker import work

spawn: Callable[..., Any] = _spawn


def main(arguments: Optional[List[str]] = None) -> int:
    """0: ran, and the gradients are right. 1: the service gave no schedule. 2: wrong arguments. 3: gradients differ."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder, "meeting").as_uri()
        try:
            spawn(work, (meeting, options), nprocs=options.processes)
        except ProcessExitedException as ended:
            return int(ended.exit_code)
    return 0


def _options(arguments: Optional[List[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m schedulesearch.roundtrip", description=__doc__)
    parser.add_argument("--processes", type=int, default=2, help="ranks, one stage each (default 2)")
    parser.add_argument("--microbatches", type=int, default=4, help="microbatches of an iteration (default 4)")
    parser.add_argument("--layers", type=int, default=4, help="layers of the transformer (default 4)")
    parser.add_argument("--hidden", type=int, default=128, help="width of the transformer (default 128)")
    parser.add_argument("--sequence", type=int, default=64, help="tokens of a sequence (default 64)")
    parser.add_argument("--batch", type=int, default=4, help="sequences of a microbatch (default 4)")
    parser.add_argument("--vocabulary", type=int, default=1024, help="tokens there are (default 1024)")
    parser.add_argument("--repetitions", type=int, default=10, help="times that each operation is measured (default 10)")
    parser.add_argument("--iterations", type=int, default=10, help="iterations of each schedule (default 10)")
    parser.add_argument("--seconds", type=float, default=10, help="time limit of the search (default 10)")
    parser.add_argument("--threads", type=int, help="threads of each process (default: cores / processes)")
    parser.add_argument("--timeout", type=float, default=300, help="seconds after which a transfer has failed (default 300)")
    parser.add_argument("--profile", help="a file to write the measured profile to")
    options = parser.parse_args(arguments)
    if min(options.processes, options.microbatches) < 1 or options.layers < options.processes or options.hidden % 4:
        parser.error("give at least one process and microbatch, one layer for each process, and a width that 4 divides")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    options.threads = options.threads or max(1, cores // options.processes)
    if options.processes > cores:
        print(f"{options.processes} processes share {cores} cores: the measured times will say little about the schedules.", flush=True)
    return options


if __name__ == "__main__":
    sys.exit(main())
