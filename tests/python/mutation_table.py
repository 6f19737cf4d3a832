"""Writes a scope's mutation score in its row of a Markdown table and prints the mutants that no test noticed.

Usage: mutation_table.py ROW REPORT TABLE, with the report in stryker's JSON format.
"""

import json
import os
import sys
from collections import Counter
from datetime import date


def mutants_of(report):
    """The mutants that were compiled and tested, or would have been if a test reached them, each with its file."""
    for path, file in report["files"].items():
        for mutant in file["mutants"]:
            if mutant["status"] in ("Killed", "Timeout", "Survived", "NoCoverage"):
                yield os.path.basename(path), mutant


def row_of(name, counts):
    total = sum(counts.values())
    noticed = counts["Killed"] + counts["Timeout"]
    score = f"{100 * noticed / total:.1f} %" if total else "-"
    cells = [name, total, counts["Killed"], counts["Survived"], counts["NoCoverage"], counts["Timeout"], score, date.today().isoformat()]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def with_row(lines, row):
    """The table with a row in the place of the one of the same name, or added as its last one."""
    name = row.split("|")[1]
    rows = [number for number, line in enumerate(lines) if line.startswith("|")]
    for number in rows:
        if lines[number].split("|")[1] == name:
            return lines[:number] + [row] + lines[number + 1:]
    return lines[:rows[-1] + 1] + [row] + lines[rows[-1] + 1:]


def main(name, report_path, table_path):
    with open(report_path, encoding="utf-8") as file:
        mutants = list(mutants_of(json.load(file)))
    for path, mutant in mutants:
        if mutant["status"] in ("Survived", "NoCoverage"):
            start = mutant["location"]["start"]
            change = " ".join(mutant.get("replacement", "").split())
            print(f"  {mutant['status']}: {path}:{start['line']}:{start['column']} {mutant['mutatorName']}: {change[:160]}")
    row = row_of(name, Counter(mutant["status"] for _, mutant in mutants))
    with open(table_path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    with open(table_path, "w", encoding="utf-8") as file:
        file.write("\n".join(with_row(lines, row)) + "\n")
    print(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
