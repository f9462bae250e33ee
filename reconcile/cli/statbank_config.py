"""The lines of reconcile.toml that make sources of what was fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reconcile.i18n import _

if TYPE_CHECKING:
    from reconcile.settings.config import Config
    from reconcile.statbank.fetch import Fetched


def lines(found: Sequence[Fetched], config: Config, group: Sequence[str], *, all_: bool) -> Iterator[str]:
    """What to write, for the copies that the configuration does not read and the group it does not have; nothing else."""
    told = [line for fetched in found for line in _section(fetched, config)]
    if group and not all_ and set(group) != set(config.noegletal.gruppe):
        told += ["  [noegletal]", f"  gruppe = {json.dumps(list(group))}"]
    if told:
        unread = sum(line.startswith("  [kilder.") for line in told)
        first = _("Kopien læses ikke endnu. Skriv i reconcile.toml:") if unread == 1 else _("Skriv i reconcile.toml:")
        yield "\n".join([first, *told])


def _section(fetched: Fetched, config: Config) -> Iterator[str]:
    from reconcile.domain.canonical import PUBLISHED
    from reconcile.sources.patterns import find_files
    from reconcile.statbank import forms

    table = fetched.table
    name = forms.SOURCES.get(table.name, table.name.lower())
    if name not in PUBLISHED and table.name not in forms.SOURCES:
        return
    source = config.kilder.get(name)
    read = find_files(config.folder, source.filer)[0] if source else []
    if any(path.resolve() == fetched.newest.resolve() for path in read):
        return
    inside = fetched.newest.is_relative_to(config.folder)
    file = fetched.newest.relative_to(config.folder) if inside else fetched.newest.resolve()
    yield f"  [kilder.{name}]"
    yield f'  filer = ["{file.as_posix()}"]'
    if name == "regnskab":
        yield f"  enhed = {1000 if forms.thousands(table.name, table.unit, table.chosen(fetched.choice)) else 1}"
