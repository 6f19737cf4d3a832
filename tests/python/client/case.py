"""What the tests of the client share: a folder of their own, a clean environment, short pauses between retries."""

import contextlib
import io
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from local_service import PROFILE
from schedulesearch import get_schedule, service
from schedulesearch.ranks import LAUNCH_VARIABLES, RANK_VARIABLES

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "python"


def environment(**more):
    """This process's environment without what a launcher or a user may have set, for processes that a test starts."""
    ours = ("SCHEDULESEARCH_URL", "SCHEDULESEARCH_KEY", "SCHEDULESEARCH_API_KEY", "SCHEDULESEARCH_CACHE", "PYTHONPATH", "PYTHONHOME")
    removed = {*RANK_VARIABLES, *LAUNCH_VARIABLES, *ours} | {name for name in os.environ if name.lower().endswith("_proxy")}
    kept = {name: value for name, value in os.environ.items() if name not in removed}
    return {**kept, "PYTHONPATH": str(SOURCE), **more}


class ClientCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.output = self.folder / "out" / "schedule.csv"
        self.environment = environment(SCHEDULESEARCH_CACHE=str(self.folder / "cache"))
        for patch in (
            mock.patch.dict(os.environ, self.environment, clear=True),
            mock.patch.object(service, "_FIRST_PAUSE", 0.01),
            mock.patch.object(service, "_LONGEST_PAUSE", 0.02),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        self.told = io.StringIO()
        told = contextlib.redirect_stderr(self.told)
        told.__enter__()
        self.addCleanup(told.__exit__, None, None, None)

    def get(self, service, **arguments):
        """The schedule of the small profile in CSV, from a service, a URL, or whatever the environment says (None)."""
        url = getattr(service, "url", service)
        return get_schedule(**{"profile": PROFILE, "format": "pytorch", "url": url, "timeout": 20, **arguments})
