"""What the documents tell their readers to type works: every block of `sh`, and every block of `python` that needs no names of the program around it, is
run as it stands, page by page, against the service. Of the other blocks of `python` the imports are run."""

import ast
import builtins
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from service_process import ROOT, ServiceProcess

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ADDRESS = "http://127.0.0.1:5080"

# An answer that tells of an error ends the page, as it would end its reader's patience.
PREAMBLE = """set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
"""

# Runtimes that need accelerators stand in by the few names that the loaders use, and beside PyTorch itself what it has in newer releases than Debian's.
STAND_INS = "schedulesearch.loaders"
NEWER = "torch.distributed.pipelining"


def names_of_the_program(code):
    """The names that a block of Python takes from the program around it."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    known = {node.id for node in names if not isinstance(node.ctx, ast.Load)} | set(dir(builtins))
    known |= {(alias.asname or alias.name).split(".")[0] for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
    return {node.id for node in names} - known


def imports_of(code):
    """A block's imports alone."""
    return "\n".join(ast.unparse(node) for node in ast.walk(ast.parse(code)) if isinstance(node, (ast.Import, ast.ImportFrom)))


def with_stand_ins(code):
    if NEWER in code:
        return f"import torch\nimport runtimes\n{code}"
    return f"import runtimes\n{code}" if STAND_INS in code else code


def command_of(language, code):
    """A block as a shell runs it; nothing for one that is a part of a program."""
    if language == "sh":
        return code
    return "" if names_of_the_program(code) else f"python3 - <<'END_OF_PYTHON'\n{with_stand_ins(code)}END_OF_PYTHON\n"


class DocsTests(unittest.TestCase):
    def test_blocks_do_what_they_say(self):
        pages = {page: [command for block in BLOCK.findall(page.read_text()) if (command := command_of(*block))] for page in PAGES}
        self.assertGreaterEqual(sum(map(len, pages.values())), 8)
        self.assertGreaterEqual(sum("END_OF_PYTHON" in command for commands in pages.values() for command in commands), 4)
        with ServiceProcess() as service:
            for page, blocks in pages.items():
                with self.subTest(page.name):
                    if blocks:
                        self.run_blocks(service.url, blocks)

    def test_blocks_that_are_parts_of_programs_import_what_there_is(self):
        parts = [
            (page.name, code) for page in PAGES for language, code in BLOCK.findall(page.read_text())
            if language == "python" and names_of_the_program(code) and "import" in code
        ]
        self.assertGreaterEqual(len(parts), 3)
        for page, code in parts:
            with self.subTest(page=page, code=code):
                ran = subprocess.run(
                    [sys.executable, "-c", with_stand_ins(imports_of(code))], env=self.variables(), capture_output=True, text=True, timeout=60,
                )
                self.assertEqual(ran.returncode, 0, ran.stderr[-2000:])

    def test_every_call_is_described(self):
        document = json.loads((ROOT / "docs/openapi.json").read_text())
        described = (ROOT / "docs/api.md").read_text()
        calls = [f"{verb.upper()} {path}" for path, verbs in document["paths"].items() for verb in verbs]
        self.assertEqual([call for call in calls if f"`{call}`" not in described], [])

    def variables(self):
        return {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("src/python", "tests/Loaders"))}

    def run_blocks(self, url, blocks):
        with tempfile.TemporaryDirectory() as folder:
            variables = {**self.variables(), "SCHEDULESEARCH_URL": url, "SCHEDULESEARCH_CACHE": f"{folder}/cache"}
            script = PREAMBLE + "\n".join(blocks).replace(ADDRESS, url)
            ran = subprocess.run(["bash", "-c", script], cwd=folder, env=variables, capture_output=True, text=True, timeout=180)
            self.assertEqual(ran.returncode, 0, f"{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}")


if __name__ == "__main__":
    unittest.main()
