"""Builds the wheel of a package that is Python alone (PEP 517), with the standard library alone."""

from __future__ import annotations

import base64
import hashlib
import re
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Dict, List, Tuple

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = "schedulesearch"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: Any = None) -> str:
    """Writes the wheel into a folder and returns its name."""
    project = _project()
    stem = f"{project['name']}-{project['version']}"
    entries = [(path.relative_to(_ROOT).as_posix(), path.read_bytes()) for path in _files()]
    entries += [(f"{stem}.dist-info/{name}", text.encode()) for name, text in _metadata(project)]
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in entries]
    entries.append((record, "\n".join([*lines, f"{record},,", ""]).encode()))
    wheel = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return wheel


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """Writes the source archive into a folder and returns its name."""
    project = _project()
    stem = f"{project['name']}-{project['version']}"
    with tarfile.open(Path(sdist_directory) / f"{stem}.tar.gz", "w:gz") as archive:
        for path in [_ROOT / "pyproject.toml", Path(__file__).resolve(), *_files()]:
            archive.add(path, f"{stem}/{path.relative_to(_ROOT).as_posix()}")
    return f"{stem}.tar.gz"


def _files() -> List[Path]:
    return sorted(path for path in (_ROOT / _PACKAGE).rglob("*") if path.suffix == ".py" or path.name == "py.typed")


def _project() -> Dict[str, str]:
    """The plain members of pyproject.toml. Python 3.9 and 3.10 have no reader of TOML."""
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'^([\w-]+) = "(.*)"$', text, re.MULTILINE))


def _metadata(project: Dict[str, str]) -> List[Tuple[str, str]]:
    about = (
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        f"Summary: {project['description']}\nRequires-Python: {project['requires-python']}\n"
    )
    wheel = "Wheel-Version: 1.0\nGenerator: pure_wheel\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return [("METADATA", about), ("WHEEL", wheel), ("entry_points.txt", f"[console_scripts]\n{_PACKAGE} = {project[_PACKAGE]}\n")]


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
