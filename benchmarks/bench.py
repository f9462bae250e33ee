"""Every benchmark at each of its sizes: time, memory and how many times what one would write by hand; kept in RESULTS.md.

    python benchmarks/bench.py                      all of them (an hour where other work is going on)
    python benchmarks/bench.py files findings       these
    python benchmarks/bench.py yr --size 20 40      one at other sizes

Each side of a benchmark runs in a process of its own, on the same files, ours first. Seconds of the processor are what is
compared: they say the same where other work is going on, the wall does not. The memory is the most that the process had
from the start of what is measured and, where it began others, the most that one of them had. What other programs do is
measured where RECONCILE_PEERS names a Python that has them (``peers.py``). The list of benchmarks is in ``plan.py``; what is
measured replaces its section of RESULTS.md, with the machine, the versions and the load of the machine when it began.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = f"# Results\n\n{(__doc__ or '').split(chr(10) * 2, 2)[2].strip()}\n"
_VERSIONS = ("duckdb", "great_expectations", "polars", "openpyxl", "XlsxWriter", "click")


class Clock:
    """Measures what stands in its ``with``: wall, processor (children too), and the most memory."""

    wall = cpu = 0.0
    peak_mb = 0

    def __enter__(self) -> Clock:
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self._began = time.perf_counter(), _processor()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall, self.cpu = time.perf_counter() - self._began[0], _processor() - self._began[1]
        self.peak_mb = _peak_mb()


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        most = int(re.search(r"VmHWM:\s+(\d+)", status)[1])
    return (most + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024


@dataclass(frozen=True)
class Measured:
    """What a side took at a size."""

    size: float
    side: str
    wall: float
    cpu: float
    peak_mb: int


def measure(name: str, size: float, sides: Iterable[str], data: Path) -> Iterator[Measured]:
    """Run each side in a process of its own."""
    for side in sides:
        command = [sys.executable, __file__, name, "--side", side, "--size", repr(size), "--data", str(data)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
        yield Measured(size, side, **json.loads(told))


def section(name: str, what: str, rows: list[Measured], began: str) -> str:
    """A benchmark's part of RESULTS.md."""
    lines = [f"## {name}", "", what, "", began, "", "| size | side | wall | processor | memory | times by hand |"]
    lines.append("|---:|---|---:|---:|---:|---:|")
    ours = {row.size: row.cpu for row in reversed(rows)}
    for row in rows:
        ratio = "" if row.cpu == ours[row.size] or not row.cpu else f"{ours[row.size] / row.cpu:.2f}"
        took = f"{row.wall:.2f} s | {row.cpu:.2f} s | {row.peak_mb} MB"
        lines.append(f"| {size_text(row.size)} | {row.side} | {took} | {ratio} |")
    return "\n".join([*lines, ""])


def size_text(size: float) -> str:
    """A size as a person reads it: 1,000,000, or 0.2."""
    return f"{int(size):,}" if size == int(size) else f"{size:g}"


def with_section(text: str, name: str, made: str) -> str:
    """The text of RESULTS.md with a section in the place of the one of that name; the sections are in order of name."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    kept = {part.splitlines()[0][3:]: part.strip() + "\n" for part in parts} | {name: made}
    return "\n".join([_HEAD, *(kept[key] for key in sorted(kept))])


def machine() -> str:
    """What it is measured on, and when."""
    model = platform.processor() or platform.machine()
    with suppress(OSError):
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next((line.split(": ")[1] for line in info.splitlines() if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 10**9
    versions = []
    for name in _VERSIONS:
        with suppress(ModuleNotFoundError):
            versions.append(f"{name} {version(name)}")
    return (
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {os.cpu_count()} × {model}, {memory:.0f} GB, {platform.system()},"
        f" Python {platform.python_version()}, {', '.join(versions)}. Load of the machine when it began:"
        f" {os.getloadavg()[0]:.1f}."
    )


def main() -> None:
    """Measure what is asked for, and keep it."""
    from plan import BENCHES

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="benchmark", help=", ".join(BENCHES))
    parser.add_argument("--size", nargs="*", type=float, default=[])
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        clock = Clock()
        BENCHES[asked.names[0]].sides[asked.side](asked.data, asked.size[0], clock)
        print(json.dumps({"wall": clock.wall, "cpu": clock.cpu, "peak_mb": clock.peak_mb}))
        return
    for name in asked.names or BENCHES:
        bench, began, rows = BENCHES[name], machine(), list[Measured]()
        for size in asked.size or bench.sizes:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:  # reconcile-… are swept by the runs of others
                bench.make(Path(folder), size)
                for row in measure(name, size, bench.sides, Path(folder)):
                    rows.append(row)
                    print(
                        f"{name} {size_text(size)}, {row.side}: {row.wall:.2f} s, {row.cpu:.2f} s CPU, {row.peak_mb} MB",
                        flush=True,
                    )
        text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
        RESULTS.write_text(with_section(text, name, section(name, bench.what, rows, began)), encoding="utf-8")


if __name__ == "__main__":
    main()
