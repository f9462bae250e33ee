"""``reconcile statbank``: one table of the own municipality, from the API into the working folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reconcile import __version__
from reconcile.domain.cpr import mask
from reconcile.domain.periods import Quarter
from reconcile.errors import FetchError, InputError, did_you_mean
from reconcile.i18n import _
from reconcile.reference import kommuner, own_kommuner, rows
from reconcile.settings.config import Config
from reconcile.statbank import forms, store
from reconcile.statbank.api import RefusedError, error_message, post
from reconcile.statbank.cells import Cells, Change, Choice, compare, read_answer, read_stored

#: Tables with figures of handicap og udsatte voksne per kommune; for «mente du».
KNOWN = ("HAND01", "HAND06", "HAND07", *forms.SOURCES)

#: StatBank's names of the variable that is the municipality.
_AREAS = ("område", "omrade", "kommune", "bopkom", "komkode")


@dataclass(frozen=True)
class Table:
    """What ``tableinfo`` says: the codes of each variable in order, and which are the area and the time.

    ``names`` are the texts of the variables.
    """

    name: str
    title: str
    updated: str
    values: Mapping[str, tuple[str, ...]]
    area: str
    time: str
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""

    def chosen(self, choice: Choice) -> dict[str, tuple[str, ...]]:
        """The texts of the chosen values of each variable."""
        return {
            name: tuple(self.texts.get(name, {}).get(code, "") for code in codes)
            for name, codes in choice.values.items()
            if name not in (self.area, self.time)
        }


@dataclass(frozen=True)
class Fetched:
    """A table that has been stored. ``since`` is None when there was no earlier copy to compare with."""

    table: Table
    choice: Choice
    cells: Cells
    dated: Path
    newest: Path
    change: Change | None
    since: datetime | None
    notes: tuple[str, ...]


def fetch(
    config: Config,
    name: str,
    quarters: Sequence[Quarter],
    *,
    streaming: bool,
    into: Path,
    now: datetime,
    say: Callable[[str], None],
    others: Sequence[str] = (),
) -> Fetched:
    """Fetch a table, store it, and compare it with the copy before.

    Args:
        config: whose figures, and where the API is.
        name: the table, e.g. ``HAND07``.
        quarters: those to fetch; none for all.
        streaming: BULK instead of CSV.
        into: the folder of the newest copy.
        now: the time of retrieval, with its zone.
        say: told what is going on.
        others: the kommuner (and 000, the country) to fetch beside the own.

    Raises:
        FetchError: nothing usable came; nothing has been changed.
        InputError: the arguments are wrong, or the copy cannot be stored.
    """
    newest = into / f"{name.lower()}.csv"
    store.check_newest(config.folder, name, newest)
    say(_("spørger om {tabel}").format(tabel=name))
    table = _table_info(config, name, say)
    choice, notes = _choose(table, config.kommune.kode, quarters, streaming, others)
    say(_("henter {antal} celler af {tabel}").format(antal=choice.size, tabel=name))
    question = _question(choice)
    answer = post(f"{config.statbank.url}/data", question, config.statbank.timeout, say)
    cells = read_answer(answer, choice)
    old, unread = _stored(store.in_use(config.folder, name, newest), tuple(choice.values))
    # CSV is kept as it came; a BULK answer as the CSV it stands for, with its zeros.
    content = cells.csv() if streaming else answer.body
    about = {
        "tabel": name,
        "titel": table.title,
        "tabel_opdateret": table.updated,
        "hentet": now.isoformat(timespec="seconds"),
        "url": f"{config.statbank.url}/data",
        "format": question["format"],
        "foresporgsel": question,
        "sha256": store.digest(content),
        "svar_sha256": store.digest(answer.body),
        "celler": len(cells.values),
        "nuller_sat_ind": cells.zeros,
        "version": __version__,
    }
    dated = store.save(config.folder, name, content, about, now=now, newest=newest)
    change = compare(old[1], cells, choice) if old else None
    since = old[0].fetched if old else None
    return Fetched(table, choice, cells, dated, newest, change, since, (*notes, *unread))


def _table_info(config: Config, name: str, say: Callable[[str], None]) -> Table:
    question = {"table": name, "format": "JSON", "lang": "da"}
    try:
        answer = post(f"{config.statbank.url}/tableinfo", question, config.statbank.timeout, say)
    except RefusedError as error:
        if error.code != "EXTRACT-NOTFOUND":
            raise
        text = _("Tabellen {tabel} findes ikke i Statistikbanken.{forslag}\n{svar}")
        hint = did_you_mean(name, [known for known in KNOWN if known != name])
        raise FetchError(text.format(tabel=name, forslag=hint, svar=error)) from None
    try:
        return _parse_info(json.loads(answer.body.decode("utf-8-sig")), name)
    except (ValueError, KeyError, TypeError, AttributeError):
        text = _("Beskrivelsen af {tabel} kan ikke læses; der kom: {svar}")
        raise FetchError(text.format(tabel=name, svar=error_message(answer.body)[1] or _("ingenting"))) from None


def _parse_info(info: Mapping[str, Any], name: str) -> Table:
    texts = {
        str(v["id"]): {str(value["id"]): str(value.get("text") or "") for value in v["values"]}
        for v in info["variables"]
    }
    values = {name: tuple(told) for name, told in texts.items()}
    time = [str(v["id"]) for v in info["variables"] if v.get("time")]
    area = [code for code in values if code.casefold() in _AREAS]
    if len(time) != 1 or len(area) != 1 or not all(values.values()):
        text = _("{tabel} har ikke både et område og en tid ({variable}), så den kan ikke hentes for jeres kommune.")
        raise FetchError(text.format(tabel=name, variable=mask(", ".join(values))[:200]))
    title, updated, unit = (str(info.get(key) or "") for key in ("text", "updated", "unit"))
    names = {str(v["id"]): str(v.get("text") or "") for v in info["variables"]}
    forms.check(name, names)
    return Table(name, title, updated, values, area[0], time[0], texts, names, unit)


def _choose(
    table: Table, kommune: str, quarters: Sequence[Quarter], streaming: bool, others: Sequence[str]
) -> tuple[Choice, list[str]]:
    """The cells to ask for, and sentences about what was wanted and is not in the table."""
    notes = []
    own = tuple(k for k in own_kommuner(kommune) if k in table.values[table.area])
    if kommune not in own:
        by = next((row["kommune"] for row in rows("indberetter") if row["for_kommune"] == kommune), "")
        reports = _(" {navn} indberetter for kommunen.").format(navn=kommuner().get(by, by)) if by else ""
        text = _("Kommune {kode} findes ikke i {tabel}.{indberetter} Ret [kommune] kode i reconcile.toml.")
        raise InputError(text.format(kode=kommune, tabel=table.name, indberetter=reports))
    known = table.values[table.time]
    asked = frozenset(map(str, quarters))
    years = {str(quarter.year) for quarter in quarters}  # a table of years has the years of the quarters
    times = tuple(time for time in known if not asked or time in asked or time in years)
    if not times:
        text = _("{tabel} har ikke {perioder}; den går fra {foerste} til {sidste}.")
        wanted = ", ".join(map(str, quarters))
        raise InputError(text.format(tabel=table.name, perioder=wanted, foerste=known[0], sidste=known[-1]))
    if gone := [kommune for kommune in others if kommune not in table.values[table.area]]:
        text = _("{tabel} har ikke kommune {kommuner}.")
        notes.append(text.format(tabel=table.name, kommuner=", ".join(gone)))
    if absent := sorted(asked - set(times) - {a for a in asked if a[:4] in times}):
        text = _("{tabel} har ikke {perioder}.")
        notes.append(text.format(tabel=table.name, perioder=", ".join(absent)))
    areas = tuple(dict.fromkeys([*own, *(kommune for kommune in others if kommune in table.values[table.area])]))
    values = {
        name: forms.wanted(table.name, (name, table.names.get(name, "")), tuple(table.texts[name].items()))
        for name in table.values
        if name not in (table.area, table.time)
    }
    values = {name: values.get(name, ()) for name in table.values} | {table.area: areas, table.time: times}
    periods = (asked | years) if asked else None
    return Choice(table.name, streaming, values, table.area, table.time, periods), notes


def _question(choice: Choice) -> dict[str, Any]:
    """The question: every variable with its values written out, codes in the answer, and Danish for the comma."""
    return {
        "table": choice.table,
        "format": "BULK" if choice.streaming else "CSV",
        "lang": "da",
        "valuePresentation": "Code",
        "variables": [{"code": code, "values": list(values)} for code, values in choice.values.items()],
    }


def _stored(
    copies: Sequence[store.Copy], variables: tuple[str, ...]
) -> tuple[tuple[store.Copy, Cells] | None, list[str]]:
    """The first of the copies that is as it was fetched, and sentences about those before it that are not."""
    notes: list[str] = []
    for copy in copies:
        content = store.intact(copy)
        cells = read_stored(content, variables) if content is not None else None
        if cells is not None:
            return (copy, cells), notes
        if content is None:
            text = _("{fil} er væk eller rettet, siden den blev hentet; der sammenlignes ikke med den.")
        else:
            text = _("{fil} har andre variable end tabellen nu; der sammenlignes ikke med den.")
        notes.append(text.format(fil=copy.path.name))
    return None, notes
