"""A Debian tree with the newest python3-torch, made by debootstrap."""

import os
import shutil
import subprocess
from pathlib import Path

SUITES = ("sid", "forky")
PYTHON = "/usr/bin/python3"


SOURCE = "import pathlib, sys, torch; print((pathlib.Path(torch.__file__).parents[1] / sys.argv[1]).read_text())"


class Unavailable(Exception):
    """There is no tree, and none can be made. The message says why."""


class _Python:
    def source(self, file):
        """The text of a file of its PyTorch; None where there is none."""
        ended = self.python(["-c", SOURCE, file], [Path(__file__).resolve().parent])
        return ended.stdout if ended.returncode == 0 else None


class Tree(_Python):
    """Runs Python of a tree, which is made where it is not there."""

    def __init__(self, folder, suite=None):
        self._folder = folder
        if not Path(folder, "torch-is-there").exists():
            self._make([suite] if suite else SUITES)

    def python(self, arguments, folders):
        """Runs Python with folders of this machine under the same paths in the tree, in a mount namespace that ends with it. What it printed is in the
        result; the first of the folders is where modules are imported from.
        """
        script = ['mount -t proc proc "$0/proc"']
        for folder in folders:
            inner = Path(self._folder, str(folder).lstrip("/"))
            inner.mkdir(parents=True, exist_ok=True)
            script.append('mount --bind "%s" "%s"' % (folder, inner))
        script.append('exec chroot "$0" "$@"')
        return subprocess.run(
            ["unshare", "--mount", "sh", "-ec", "\n".join(script), str(self._folder), "/usr/bin/env", "USE_LIBUV=0", "GLOO_SOCKET_IFNAME=lo",
             "PYTHONPATH=%s" % folders[0], PYTHON, *(str(argument) for argument in arguments)],
            check=False, capture_output=True, text=True,
        )

    def _make(self, suites):
        if self._folder.exists() and any(self._folder.iterdir()):
            raise Unavailable("%s is neither empty nor a tree with PyTorch: remove it, or name another folder" % self._folder)
        if shutil.which("debootstrap") is None or os.geteuid() != 0:
            raise Unavailable("a tree is made by debootstrap and as root: install it, or give --python an interpreter with PyTorch")
        whys = []
        for suite in suites:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            try:
                _said("debootstrap", "--variant=minbase", suite, self._folder, mirror())
                shutil.copy("/etc/resolv.conf", Path(self._folder, "etc/resolv.conf"))
                late = "-oAcquire::Check-Valid-Until=false"
                _said("chroot", self._folder, "apt-get", late, "update")
                _said(
                    "chroot", self._folder, "env", "DEBIAN_FRONTEND=noninteractive",
                    "apt-get", late, "install", "-y", "--no-install-recommends", "python3-torch")
                Path(self._folder, "torch-is-there").touch()
                return
            except Unavailable as why:
                shutil.rmtree(self._folder, ignore_errors=True)
                whys.append("%s: %s" % (suite, why))
        raise Unavailable("; ".join(whys))


class Interpreter(_Python):
    """The Python of this machine that was named."""

    def __init__(self, path):
        self._path = path

    def python(self, arguments, folders):
        """Runs it, with modules imported from the first of the folders."""
        environment = {**os.environ, "USE_LIBUV": "0", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": str(folders[0])}
        return subprocess.run([self._path, *(str(argument) for argument in arguments)], check=False, capture_output=True, text=True, env=environment)


def mirror():
    """What DEBIAN_MIRROR names, or the mirror that apt itself has Debian of."""
    named = os.environ.get("DEBIAN_MIRROR")
    if named:
        return named
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=False).stdout.split()
    found = [each for each in listed if each.rstrip("/").endswith("/debian")]
    if not found:
        raise Unavailable("apt names no mirror of Debian: set DEBIAN_MIRROR")
    return found[0]


def _said(*command):
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise Unavailable("%s failed: %s" % (command[0], " ".join((ended.stderr or ended.stdout).split())[-300:]))
