"""What the documents tell their readers to type works: every block of `sh` is run as it stands, page by page, against the service."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from service_process import ROOT, ServiceProcess

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:5080"

# An answer that tells of an error ends the page, as it would end its reader's patience.
PREAMBLE = """set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
"""


class DocsTests(unittest.TestCase):
    def test_blocks_do_what_they_say(self):
        pages = {page: BLOCK.findall(page.read_text()) for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}
        self.assertGreaterEqual(sum(map(len, pages.values())), 8)
        with ServiceProcess() as service:
            for page, blocks in pages.items():
                with self.subTest(page.name):
                    if blocks:
                        self.run_blocks(service.url, blocks)

    def test_every_call_is_described(self):
        document = json.loads((ROOT / "docs/openapi.json").read_text())
        described = (ROOT / "docs/api.md").read_text()
        calls = [f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs]
        self.assertEqual([call for call in calls if f"`{call}`" not in described], [])

    def run_blocks(self, url, blocks):
        with tempfile.TemporaryDirectory() as folder:
            variables = {
                **os.environ, "SCHEDULESEARCH_URL": url, "SCHEDULESEARCH_CACHE": f"{folder}/cache", "PYTHONPATH": str(ROOT / "src" / "python"),
            }
            script = PREAMBLE + "\n".join(blocks).replace(ADDRESS, url)
            ran = subprocess.run(["bash", "-c", script], cwd=folder, env=variables, capture_output=True, text=True, timeout=180)
            self.assertEqual(ran.returncode, 0, f"{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}")


if __name__ == "__main__":
    unittest.main()
