"""Runs the unittest suite of a folder and ends with the line "N passed, N failed". A test that is skipped has failed to run.

    python3 tests/python/run.py tests/python/client
"""

import os
import signal
import sys
import unittest
from pathlib import Path


def end_group(*_):
    """Ends what the tests started along with this process, when it leads a group of its own."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM) if os.getpgrp() == os.getpid() else os.kill(os.getpid(), signal.SIGTERM)


def main(folder: Path) -> int:
    signal.signal(signal.SIGTERM, end_group)
    here = Path(__file__).resolve()
    sys.path[:0] = [str(here.parents[2] / "src" / "python"), str(here.parent)]
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=1).run(unittest.defaultTestLoader.discover(str(folder)))
    # A test with several failing parts is one failed test; what fails outside of any test counts as one, too.
    broken = [test for test, _ in result.failures + result.errors + result.skipped] + result.unexpectedSuccesses
    failed = {getattr(test, "test_case", test).id() for test in broken}
    passed = max(0, result.testsRun - sum(1 for name in failed if not name.startswith(("setUpClass", "tearDownClass", "setUpModule"))))
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
