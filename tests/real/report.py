"""Writes tables of tests/REAL.md."""

from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "REAL.md"


def put(heading, text, columns, rows):
    """Puts a section in the place of the one that was there, or behind the others."""
    before = TABLE.read_text(encoding="utf-8") if TABLE.exists() else "# On real runtimes\n"
    kept, _, behind = before.partition(heading + "\n")
    _, mark, others = behind.partition("\n## ")
    lines = [heading, "", text, "", _row(columns), "|" + "---|" * len(columns), *(_row(row) for row in rows), ""]
    TABLE.write_text(kept.rstrip("\n") + "\n\n" + "\n".join(lines) + mark + others, encoding="utf-8")


def _row(cells):
    return "| %s |" % " | ".join(str(cell) for cell in cells)
