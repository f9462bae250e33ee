"""Writes into reconcile.toml what somebody else has found, and leaves every comment where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconcile.errors import ConfigError
from reconcile.i18n import _
from reconcile.privacy import door

Values = Mapping[str, Any]


def section(table: str, values: Values) -> str:
    """``[kilder.<table>]`` as it is written in the file; ``kolonner`` stands below it, one to a line."""
    import tomlkit

    document = tomlkit.document()
    document["kilder"] = tomlkit.table(is_super_table=True)
    _put(document, table, values)
    return tomlkit.dumps(document).strip() + "\n"


def with_sources(text: str, sources: Mapping[str, Values]) -> str:
    """The text of reconcile.toml with these sources; a value that is given replaces what stands there."""
    import tomlkit

    document = tomlkit.parse(text)
    if "kilder" not in document:
        document["kilder"] = tomlkit.table(is_super_table=True)
    for table, values in sources.items():
        _put(document, table, values)
    return tomlkit.dumps(document)


def with_kommune(text: str, code: str, name: str) -> str:
    """The text of reconcile.toml with this kommune."""
    import tomlkit

    document = tomlkit.parse(text)
    kommune: Any = document.setdefault("kommune", tomlkit.table())
    kommune["kode"], kommune["navn"] = code, name
    return tomlkit.dumps(document)


def _put(document: Any, table: str, values: Values) -> None:
    import tomlkit

    sources = document["kilder"]
    new = table not in sources
    made = tomlkit.table() if new else sources[table]
    for key, value in values.items():
        if not isinstance(value, Mapping):
            made[key] = value
            continue
        columns = made.get(key)
        if columns is None:
            columns = made[key] = tomlkit.table()
        for name, header in value.items():
            columns[name] = header
    if new:
        last = next((made[k] for k in reversed(list(made)) if isinstance(made[k], Mapping)), made)
        last.add(tomlkit.nl())
        sources[table] = made


def replace_config(path: Path, text: str, old: str) -> None:
    """Write reconcile.toml anew in one step.

    Raises:
        ConfigError: it cannot be written, or somebody else has changed it since it was read as ``old``.
    """
    try:
        if path.read_bytes().decode("utf-8-sig") != old:
            raise ConfigError(_("{fil} er ændret imens; kør kommandoen igen.").format(fil=path))
        door.write_whole(path, text.encode("utf-8"))
    except OSError as error:
        raise ConfigError(_("{fil} kan ikke skrives: {grund}").format(fil=path, grund=error.strerror)) from None
