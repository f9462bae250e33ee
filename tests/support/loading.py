"""Loads small files written by a test, as a run would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reconcile.engine.base import Engine
from reconcile.errors import InputError
from reconcile.settings.config import Config, Regler, load_config
from reconcile.sources.load import Loaded, load_sources
from reconcile.world.context import Asked
from support.lent import lent_world

COURSES = "cpr;dst_kode;start_dato;slut_dato\n"


@dataclass(frozen=True)
class Read:
    """What came of loading: the engine, what was read, and the rows of the source in order."""

    engine: Engine
    loaded: Loaded
    source: str

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """The named columns of every row, in the order of the files."""
        return self.engine.rows(f"SELECT {', '.join(columns)} FROM {self.source} ORDER BY fil, raekke, {columns[0]}")

    def column(self, name: str) -> list[Any]:
        """One column of every row."""
        return [row[0] for row in self.rows(name)]


@contextmanager
def loading(
    folder: Path,
    source: str,
    files: Mapping[str, str | bytes],
    *,
    kolonner: Mapping[str, str] | None = None,
    ark: str = "",
    quarantine: bool = False,
    filer: Sequence[str] = (),
) -> Iterator[Read]:
    """Write the files (text as UTF-8) and load them as one source; ``filer`` are the patterns, else the names."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    lines = ["[kommune]", "kode = 665", f"[kilder.{source}]", f"filer = {list(filer or files)}", f"ark = '{ark}'"]
    lines += [f"[kilder.{source}.kolonner]", *(f"{name} = '{header}'" for name, header in (kolonner or {}).items())]
    (folder / "reconcile.toml").write_text("\n".join(lines), encoding="utf-8")
    config = load_config(folder / "reconcile.toml")
    asked = Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1))
    with lent_world(asked, reader(config, source, quarantine=quarantine)) as world:
        yield Read(world.engine, world.loaded, source)


def reader(config: Config, source: str, *, quarantine: bool = False) -> Callable[[Engine], Loaded]:
    """Reads the files of one source, as a run does."""
    return partial(load_sources, config=config, wanted=[source], quarantine=quarantine, progress=lambda _text: None)


def refused(folder: Path, source: str, files: Mapping[str, str | bytes], **options: Any) -> str:
    """The text a user reads when the files cannot be used."""
    with pytest.raises(InputError) as caught, loading(folder, source, files, **options):
        pass
    return str(caught.value)


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], merge: Sequence[str] = ()) -> bytes:
    """The bytes of an XLSX with these sheets; ``merge`` are ranges of the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for cells in merge:
        book.worksheets[0].merge_cells(cells)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path.read_bytes()
