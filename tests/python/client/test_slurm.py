"""The example for Slurm, as it stands in the docs, with a stand-in for srun: it starts the ranks of a job as processes of this machine."""

import json
import subprocess
import sys

from case import ROOT, ClientCase
from local_service import PROFILE, SOLVE, STREAM, LocalService, status, stream

EXAMPLES = ROOT / "docs" / "examples"
SRUN = """#!{python}
import os, subprocess, sys
command = [sys.executable if word == "python3" else word for word in sys.argv[1:]]
started = [subprocess.Popen(command, env=dict(os.environ, SLURM_PROCID=str(rank))) for rank in range(int(os.environ["SLURM_NTASKS"]))]
sys.exit(max(process.wait() for process in started))
"""


class SlurmTests(ClientCase):
    def submit(self, url, job):
        """What the ranks of a job print, in order."""
        (self.folder / "profile.json").write_text(json.dumps(PROFILE))
        (self.folder / "train.py").write_text((EXAMPLES / "train.py").read_text(encoding="utf-8"))
        srun = self.folder / "srun"
        srun.write_text(SRUN.format(python=sys.executable))
        srun.chmod(0o755)
        slurm = {"SLURM_JOB_ID": job, "SLURM_NTASKS": "2", "SLURM_SUBMIT_DIR": str(self.folder), "SCHEDULESEARCH_URL": url}
        variables = {**self.environment, **slurm, "PATH": f"{self.folder}:{self.environment['PATH']}"}
        command = ["bash", str(EXAMPLES / "train.sbatch"), "profile.json"]
        done = subprocess.run(command, env=variables, cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return sorted(done.stdout.splitlines())

    def test_one_rank_asks_and_the_others_read_its_file(self):
        with LocalService(delay=0.5) as service:
            said = self.submit(service.url, "77")
        self.assertEqual(service.calls, [SOLVE, stream("pytorch")])
        rows = STREAM.splitlines()
        summary = "optimal: zb-h1, makespan 6.5, gap 0 %"
        self.assertEqual(said, [f"rank 0: {summary}, from the service: {rows[0]}", f"rank 1: {summary}, from the file: {rows[1]}"])
        self.assertEqual((self.folder / "schedule-77.csv").read_text(), STREAM)

    def test_a_job_without_the_service_follows_one_fallback(self):
        with LocalService(*[status(500)] * 9) as failing:
            said = self.submit(failing.url, "78")
        self.assertEqual([line.split(",")[0] for line in said], ["rank 0: fallback: 1F1B", "rank 1: fallback: 1F1B"])
