"""Writes the sample municipality: `python samples/generate.py [DIR]` (default: this folder)."""

from __future__ import annotations

import sys
from pathlib import Path

from eksempelkommune.write import write_all


def main(arguments: list[str]) -> int:
    """Write everything and say how much."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    world = write_all(folder)
    courses, postings, rows = len(world.courses), len(world.postings), len(world.yr) + len(world.yr_corrections)
    print(f"{folder}: {len(world.people)} borgere, {courses} forløb, {postings} posteringer, {rows} YR-rækker")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
