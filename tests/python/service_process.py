"""The service as a process of its own with a new SQLite file."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
API = ROOT / "src/ScheduleSearch.Api"
READY = "ScheduleSearch is ready: open "


class ServiceProcess:
    """`with ServiceProcess() as service`: builds the service where that was not done, and starts it on a free port."""

    def __enter__(self):
        found = sorted(API.glob("bin/Release/net*/ScheduleSearch.Api.dll"))
        if not found:
            subprocess.run(["dotnet", "build", API, "-c", "Release", "--nologo", "-v", "quiet"], check=True, timeout=300)
            found = sorted(API.glob("bin/Release/net*/ScheduleSearch.Api.dll"))
        self._folder = tempfile.TemporaryDirectory()
        environment = {**os.environ, "SCHEDULESEARCH_DATABASE": f"Data Source={self._folder.name}/schedules.db"}
        self._log = open(Path(self._folder.name, "errors"), "wb")
        self._process = subprocess.Popen(
            ["dotnet", found[-1], "--urls", "http://127.0.0.1:0"],
            cwd=self._folder.name, env=environment, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log,
        )
        for line in self._process.stdout:
            if READY in line:
                self.url = line.split(READY)[1].strip().replace("/swagger", "")
                return self
        self.__exit__()
        raise RuntimeError("The service ended before it was ready.")

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._log.close()
        self._folder.cleanup()

    def solve(self, profile, **options):
        """The answer once the search has ended, and its native stream."""
        answer = self.call("/schedules/solve", {"profile": profile, "options": options})
        while answer["status"] in ("queued", "running"):
            time.sleep(0.1)
            answer = self.call(f"/schedules/{answer['id']}")
        return answer, self.call(f"/schedules/{answer['id']}/instructions?format=native")

    def call(self, path, body=None):
        request = urllib.request.Request(
            self.url + path, None if body is None else json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
