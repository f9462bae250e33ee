"""The prints of the deliveries under a new key: the same courses, with other pseudonyms and under other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from reconcile.controls.redelivery_prints import COLUMNS, FOLDER, content_name, known, lookup, read, stage, staged
from reconcile.engine.duckdb import Engine

_PSEUDONYM = re.compile("[A-Z2-7]{16}")


def renewed(
    engine: Engine, working_folder: Path, fresh: Callable[[str], str], marker: str
) -> Iterator[tuple[str, bytes | None]]:
    """The files of the prints, as they are to be, from the working folder: a name and what is in it, None where it goes.

    ``fresh`` gives the new pseudonym for an old one; ``marker`` names the new key.

    Raises:
        InputError: a print cannot be read.
    """
    for number, path in sorted(known(working_folder / FOLDER).items()):
        about = read(engine, path, "levering_foer")
        query = "SELECT DISTINCT unnest([borger, ydelse_id]) FROM levering_foer"
        names = [name for (name,) in engine.rows(query) if name and _PSEUDONYM.fullmatch(name)]
        lookup(engine, "levering_ny", ((name, fresh(name)) for name in names))
        values = {"borger": "b.ren", "ydelse_id": "coalesce(i.ren, f.ydelse_id)"}
        shown = ", ".join(f"{values.get(name, f'f.{name}')} AS {name}" for name in COLUMNS)
        select = (
            f"SELECT f.kilde, {shown} FROM levering_foer AS f"
            " INNER JOIN levering_ny AS b ON b.raa = f.borger LEFT JOIN levering_ny AS i ON i.raa = f.ydelse_id"
        )
        stage(engine, select, replace(about, key=marker))
        yield f"{FOLDER}/{path.name}", None
        yield f"{FOLDER}/{number:04d}-{content_name(engine, marker)}.parquet", staged(engine)
