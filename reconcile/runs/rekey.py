"""A new secret key, and everything in the working folder that goes by the old one follows: acceptances, remarks, prints, the log.

The pseudonyms of the new key can only be made where the persons are known, so the sources are read: once under each
key. The findings of the two runs are the same but for the pseudonyms, which tells what each is called now.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from reconcile.approval.log import LEDGER, key_changed
from reconcile.controls.redelivery_prints import FOLDER, known
from reconcile.controls.redelivery_rekey import renewed
from reconcile.engine.duckdb import open_engine
from reconcile.errors import InputError
from reconcile.files import held_folder, locked, replace_together
from reconcile.history.accepted import ACCEPTED, read_accepted
from reconcile.history.published import manifests
from reconcile.history.register import REGISTER, read_register, register_text
from reconcile.history.remarks import REMARKS, read_remarks
from reconcile.i18n import _
from reconcile.privacy.ending import deed
from reconcile.privacy.pseudonym import Lookup, key_id, key_text, new_key, pseudonymiser, read_key
from reconcile.results.cases import Case
from reconcile.results.cells import is_cell, known_as
from reconcile.results.rows import Finding
from reconcile.rules.catalogue import load_rules
from reconcile.runs.cases import cases_of
from reconcile.runs.pipeline import Request, execute, own_rules
from reconcile.settings.config import Config

_PSEUDONYM = re.compile("[A-Z2-7]{16}")


@dataclass(frozen=True)
class Rotated:
    """What came of it: the ids of the keys, how many accepted findings and prints followed, the accepted findings that are
    not in the sources any more, how many earlier reports have the old pseudonyms."""

    old: str
    new: str
    followed: int
    lost: tuple[str, ...]
    prints: int
    reports: int
    approvals: bool


@dataclass(frozen=True)
class _Keys:
    old: bytes
    new: bytes


@dataclass(frozen=True)
class Reading:
    """How the sources are read: who is told how far it is, and the passwords of the databases, by their names."""

    progress: Callable[[str], None] = lambda _text: None
    passwords: Mapping[str, str] = field(default_factory=dict)


def rotate(config: Config, now: datetime, reading: Reading, *, forget: bool) -> Rotated:
    """Make a new key. ``forget``: nothing follows; the prints are removed, and accepted findings of persons are open again.

    Raises:
        InputError: the sources or the log cannot be read, or something cannot be written; nothing is changed then.
    """
    keys = _Keys(read_key(config.key_file), new_key())
    held = [locked(config.folder / name) for name in (LEDGER, REGISTER, ACCEPTED)]
    with held[0], held[1], held[2]:
        accepted = [name for acceptance in read_accepted(config.folder) for name in acceptance.fund]
        written = [*accepted, *read_remarks(config.folder).by_case]
        personal = list(dict.fromkeys(name for name in written if not is_cell(known_as(name))))
        prints = known(config.folder / FOLDER)
        lookup, names = Lookup(), dict[str, str]()
        if not forget and (personal or prints):
            names = _names(config, keys, lookup, partial(_run, now, reading), paired=bool(personal))
        contents = dict(_prints(config, keys, lookup, forget=forget)) if prints else {}
        contents |= _renamed(config.folder, names)
        contents |= _ledger(config.folder, keys, now)
        contents |= _register(config.folder, keys)
        try:
            with deed():
                replace_together(config.folder, {**contents, str(config.key_file): key_text(keys.new)})
        except OSError as error:
            text = _("Nøglen er ikke skiftet: der kan ikke skrives i {mappe} ({grund}).")
            raise InputError(text.format(mappe=config.folder, grund=error.strerror or error)) from None
    return Rotated(
        key_id(keys.old),
        key_id(keys.new),
        followed=sum(name in names for name in personal),
        lost=tuple(name for name in personal if name not in names),
        prints=0 if forget else len(prints),
        reports=len(manifests(config.folder)[0]),
        approvals=LEDGER in contents,
    )


#: What a run found, and the cases it made of that.
_Found = tuple[Sequence[Finding], Sequence[Case]]


def _run(now: datetime, reading: Reading, config: Config, key: bytes, lookup: Lookup | None) -> _Found:
    request = Request("run", config, lookup=lookup, key=key, progress=reading.progress, passwords=reading.passwords)
    result = execute(request, now).result
    return result.findings, cases_of(result, {rule.id: rule for rule in load_rules(own_rules(config))})


def _names(
    config: Config,
    keys: _Keys,
    lookup: Lookup,
    run: Callable[[Config, bytes, Lookup | None], _Found],
    *,
    paired: bool,
) -> dict[str, str]:
    """What the findings and the cases of the old key are called under the new one, and the cases' sizes, which hold names
    too; ``lookup`` is filled with the persons."""
    try:
        before, cases = run(config, keys.old, lookup)
        after, their_cases = run(config, keys.new, None) if paired else ((), ())
    except InputError as error:
        text = _(
            "Nøglen er ikke skiftet: acceptancer og aftryk kan kun følge med, når kilderne kan læses. Med --forget følger"
            " de ikke med. {grund}"
        )
        raise InputError(text.format(grund=error)) from None
    fresh = _fresh(keys, lookup)
    alike: dict[str, list[str]] = {}
    for finding in after:
        alike.setdefault(_content(finding, str), []).append(finding.fund_id)
    pairs = ((finding.fund_id, alike.get(_content(finding, fresh))) for finding in before)
    names = {old: new.pop(0) for old, new in pairs if new}
    theirs = {frozenset(case.fund): case for case in their_cases if case.fund}
    for case in cases:
        if other := theirs.get(frozenset(names.get(name, "") for name in case.fund)):
            names |= {case.sag_id: other.sag_id, case.stoerrelse: other.stoerrelse}
    return names


def _fresh(keys: _Keys, lookup: Lookup) -> Callable[[str], str]:
    """Old pseudonym → new one; of a person who is in no source any more, one that nobody can lead back."""
    made = pseudonymiser(keys.new)
    return lambda old: made(lookup.cpr(old) or old)


def _content(finding: Finding, fresh: Callable[[str], str]) -> str:
    told = {name: value for name, value in vars(finding).items() if name not in {"fund_id", "sentence"}}
    return _PSEUDONYM.sub(lambda match: fresh(match[0]), str(told))


def _prints(config: Config, keys: _Keys, lookup: Lookup, *, forget: bool) -> Iterator[tuple[str, bytes | None]]:
    if forget:
        yield from ((f"{FOLDER}/{path.name}", None) for path in known(config.folder / FOLDER).values())
        return
    size = sum(path.stat().st_size for path in known(config.folder / FOLDER).values())
    with open_engine(input_bytes=size) as engine:
        yield from renewed(engine, config.folder, _fresh(keys, lookup), pseudonymiser(keys.new)(FOLDER))


def _renamed(folder: Path, names: Mapping[str, str]) -> dict[str, bytes | None]:
    """``accepteret.toml`` and ``bemaerkninger.toml`` with the new names, comments and all."""
    found: dict[str, bytes | None] = {}
    for path in (folder / ACCEPTED, folder / REMARKS):
        if path.is_file() and names:
            text = path.read_text(encoding="utf-8-sig")
            found[path.name] = re.sub(r"[\w~-]+", lambda match: names.get(match[0], match[0]), text).encode("utf-8")
    return found


def _ledger(folder: Path, keys: _Keys, now: datetime) -> dict[str, bytes | None]:
    """``approvals.jsonl`` with the line that seals it with the new key."""
    if not (folder / LEDGER).is_file():
        return {}
    with held_folder(Path(tempfile.gettempdir()), "reconcile-") as copy:
        shutil.copyfile(folder / LEDGER, copy / LEDGER)
        key_changed(copy, keys.old, keys.new, now)
        return {LEDGER: (copy / LEDGER).read_bytes()}


def _register(folder: Path, keys: _Keys) -> dict[str, bytes | None]:
    """The list of runs, sealed with the new key; one that does not hold with the old one stays as it is, and never holds."""
    known = read_register(folder, keys.old)
    return {REGISTER: register_text(known.runs, keys.new)} if known.runs else {}
