"""The runtimes' sources: files of a shallow clone, which is gone when the work is done."""

import ast
import subprocess
import sys
import types
from pathlib import Path

PATIENCE = 120


class Unavailable(Exception):
    """A source cannot be had here; the message says why."""


class Source:
    """The files of a repository at its newest commit."""

    def __init__(self, repository, folder, known=None):
        self._folder = Path(known) if known else Path(folder)
        if not known:
            _git("clone", "--quiet", "--depth", "1", "--filter=blob:none", "--no-checkout", repository, str(folder))
        self.commit = self._told("rev-parse", "HEAD").strip()
        self.date = self._told("show", "-s", "--format=%cs", "HEAD").strip()

    def read(self, path):
        """The text of a file; None where there is none."""
        try:
            return self._told("show", "HEAD:" + path)
        except Unavailable:
            return None

    def _told(self, *command):
        return _git("-C", str(self._folder), *command)


def _git(*command):
    try:
        done = subprocess.run(["git", *command], capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    if done.returncode:
        raise Unavailable((done.stderr.strip().splitlines() or ["git failed"])[-1])
    return done.stdout


def module(name, source=None, **names):
    """Makes a module of a file's text without its imports, with `names` in their place, and puts it where imports find it."""
    made = types.ModuleType(name)
    made.__dict__.update(names)
    sys.modules[name] = made
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules.get(parent) or module(parent), child, made)
    if source is not None:
        tree = ast.parse(source)
        tree.body = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom))]
        exec(compile(tree, name, "exec"), made.__dict__)
    return made


def part(source, name):
    """The text of one class or function of a file."""
    return next(ast.unparse(node) for node in ast.parse(source).body if getattr(node, "name", None) == name)
