"""The package itself: it runs on the oldest Python it promises, imports no more than it says, and is typed throughout."""

import ast
import base64
import hashlib
import json
import shutil
import subprocess
import sys
import unittest
import zipfile

from case import ROOT, SOURCE, ClientCase
from local_service import PROFILE, STREAM, LocalService

PACKAGE = SOURCE / "schedulesearch"
CLIENT = sorted([*PACKAGE.glob("*.py"), *(PACKAGE / "loaders").glob("*.py")])


class PackageTests(ClientCase):
    def test_every_file_is_of_the_oldest_grammar(self):
        self.assertGreater(len(CLIENT), 8)
        for path in sorted(SOURCE.rglob("*.py")):
            ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 9))

    def test_importing_it_loads_the_standard_library_alone(self):
        code = "import sys; before = set(sys.modules); import schedulesearch.cli; print('\\n'.join(set(sys.modules) - before))"
        done = subprocess.run([sys.executable, "-S", "-c", code], env=self.environment, capture_output=True, text=True, check=True)
        names = {name.split(".")[0] for name in done.stdout.split()} - {"schedulesearch"}
        known = getattr(sys, "stdlib_module_names", names - {"torch", "numpy", "requests"})
        self.assertEqual(names - set(known), set())

    def test_everything_public_is_described(self):
        for path in CLIENT:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            self.assertTrue(ast.get_docstring(tree), path)
            public = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")]
            self.assertEqual([node.name for node in public if not ast.get_docstring(node)], [], path)

    def test_everything_is_typed_and_the_types_are_right(self):
        settings = ["--config-file", str(ROOT / "tests" / "python" / "mypy.ini"), "--cache-dir", str(self.folder / "mypy")]
        done = subprocess.run([sys.executable, "-m", "mypy", *settings, str(PACKAGE)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_loader_is_documented(self):
        names = {path.stem for path in (PACKAGE / "loaders").glob("*.py")} - {"__init__"}
        self.assertGreater(len(names), 4)
        for page in (PACKAGE / "loaders" / "__init__.py", ROOT / "docs" / "formats.md"):
            text = page.read_text(encoding="utf-8")
            self.assertEqual([name for name in sorted(names) if name not in text], [], page)

    def test_the_wheel_holds_the_whole_package(self):
        build = "import pure_wheel, sys; print(pure_wheel.build_wheel(sys.argv[1]))"
        backend = {**self.environment, "PYTHONPATH": str(SOURCE / "backend")}
        command = [sys.executable, "-c", build, str(self.folder)]
        done = subprocess.run(command, env=backend, capture_output=True, text=True, check=True)
        with zipfile.ZipFile(self.folder / done.stdout.strip()) as wheel:
            names = wheel.namelist()
            rows = [row.split(",") for row in wheel.read("schedulesearch-0.1.0.dist-info/RECORD").decode().split()]
            for name, digest, size in rows[:-1]:
                content = wheel.read(name)
                found = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
                self.assertEqual((digest, size), ("sha256=" + found, str(len(content))))
        self.assertEqual(names, [name for name, *_ in rows])
        self.assertEqual({name for name in names if name.endswith(".py")}, {str(path.relative_to(SOURCE)) for path in PACKAGE.rglob("*.py")})
        installed = {**self.environment, "PYTHONPATH": str(self.folder / done.stdout.strip())}
        code = "import schedulesearch; print(schedulesearch.__file__)"
        ran = subprocess.run([sys.executable, "-c", code], env=installed, capture_output=True, text=True, check=True)
        self.assertIn(".whl", ran.stdout)

    def test_other_pythons_that_are_here_run_it(self):
        body = self.folder / "profile.json"
        body.write_text(json.dumps(PROFILE))
        command = ["-m", "schedulesearch", "solve", str(body), "--format", "pytorch", "--cache-folder", ""]
        for minor in range(9, 14):
            python = shutil.which(f"python3.{minor}")
            # A name on the path may stand for a version that is not installed.
            if not python or subprocess.run([python, "-c", ""], capture_output=True).returncode:
                continue
            with self.subTest(python=python), LocalService() as service:
                done = subprocess.run([python, *command], env={**self.environment, "SCHEDULESEARCH_URL": service.url}, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout), (0, STREAM), done.stderr)


if __name__ == "__main__":
    unittest.main()
