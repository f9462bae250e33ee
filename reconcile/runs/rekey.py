"""A new secret key, and everything in the working folder that goes by the old one follows: acceptances, remarks, prints, the log.

The pseudonyms of the new key can only be made where the persons are known, so the sources are read: once under each
key. The findings of the two runs are the same but for the pseudonyms, which tells what each is called now.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from reconcile.approval.log import APPROVALS, key_changed
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
from reconcile.privacy.pseudonym import Lookup, Pseudonymiser, key_id, key_text, new_key, read_key
from reconcile.reference import kommuner
from reconcile.results.cases import Case
from reconcile.results.cells import is_cell, known_as
from reconcile.results.rows import Finding
from reconcile.rules.catalogue import load_rules
from reconcile.runs.cases import cases_of
from reconcile.runs.kommuner import FOLDER as KOMMUNER
from reconcile.runs.kommuner import Whole, read_whole, run_part
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


@dataclass(frozen=True)
class _Place:
    """A folder with what goes by the key, where it is below the working folder, and whose: one of several kommuner or the
    only one. The working folder of several kommuner is nobody's; what it says of a case of theirs follows that."""

    folder: Path
    below: str = ""
    kommune: str = ""
    nobodys: bool = False

    def written(self) -> list[str]:
        """The names of findings and cases that somebody has written something about, but for cells, which have no person."""
        accepted = [name for acceptance in read_accepted(self.folder) for name in acceptance.fund]
        written = [*accepted, *read_remarks(self.folder).by_case]
        return list(dict.fromkeys(name for name in written if not is_cell(known_as(name))))

    def prints(self) -> Mapping[int, Path]:
        """The prints of its deliveries."""
        return known(self.folder / FOLDER)


def _places(config: Config) -> list[_Place]:
    if not config.kommune.several:
        return [_Place(config.folder)]
    folders = sorted(path for path in (config.folder / KOMMUNER).glob("*") if path.is_dir() and path.name in kommuner())
    return [_Place(config.folder, nobodys=True)] + [_Place(f, f"{KOMMUNER}/{f.name}/", f.name) for f in folders]


def _check_own_key(config: Config) -> None:
    """The key of several kommuner is changed for all of them at once.

    Raises:
        InputError: the key is another working folder's.
    """
    home = config.key_file.parent
    if home.resolve() != config.folder.resolve() and (home / "reconcile.toml").is_file():
        text = _(
            "Nøglen {fil} er fælles for flere mapper. Skift den i {mappe}: «reconcile key rotate --config {config}»."
        )
        raise InputError(text.format(fil=config.key_file, mappe=home, config=home / "reconcile.toml"))


def rotate(config: Config, now: datetime, reading: Reading, *, forget: bool) -> Rotated:
    """Make a new key. ``forget``: nothing follows; the prints are removed, and accepted findings of persons are open again.

    Raises:
        InputError: the sources or the log cannot be read, or something cannot be written; nothing is changed then.
    """
    _check_own_key(config)
    keys = _Keys(read_key(config.key_file), new_key())
    places = _places(config)
    with ExitStack() as held:
        for place in places:
            for name in (APPROVALS, REGISTER, ACCEPTED):
                held.enter_context(locked(place.folder / name))
        personal = [name for place in places for name in place.written()]
        prints = sum(len(place.prints()) for place in places)
        follow = [place for place in places if not (forget or place.nobodys) and (personal or place.prints())]
        found = _followed(config, keys, now, reading, follow, paired=bool(personal))
        every = {old: new for _lookup, names in found.values() for old, new in names.items()}
        contents: dict[str, bytes | None] = {}
        for place in places:
            lookup, names = found.get(place.below, (Lookup(), every if place.nobodys else {}))
            made = dict(_prints(place, keys, lookup, forget=forget)) if place.prints() else {}
            made |= _renamed(place.folder, names) | _ledger(place.folder, keys, now) | _register(place.folder, keys)
            contents |= {f"{place.below}{name}": content for name, content in made.items()}
        try:
            with deed():
                replace_together(config.folder, {**contents, str(config.key_file): key_text(keys.new)})
        except OSError as error:
            text = _("Nøglen er ikke skiftet: der kan ikke skrives i {mappe} ({grund}).")
            raise InputError(text.format(mappe=config.folder, grund=error.strerror or error)) from None
    lost = tuple(name for name in personal if name not in every)
    return Rotated(
        key_id(keys.old),
        key_id(keys.new),
        followed=len(personal) - len(lost),
        lost=lost,
        prints=0 if forget else prints,
        reports=len(manifests(config.folder)[0]),
        approvals=any(f"{place.below}{APPROVALS}" in contents for place in places),
    )


#: What a run found, and the cases it made of that.
_Found = tuple[Sequence[Finding], Sequence[Case]]
#: Runs the sources of a place under a key, and fills the lookup with its persons.
_Runner = Callable[[_Place, bytes, Lookup | None], _Found]


@contextmanager
def _runner(config: Config, now: datetime, reading: Reading) -> Iterator[_Runner]:
    """The sources of several kommuner are read once."""
    request = Request("run", config, progress=reading.progress, passwords=reading.passwords)
    rules = {rule.id: rule for rule in load_rules(own_rules(config))}

    def run(whole: Whole | None, place: _Place, key: bytes, lookup: Lookup | None) -> _Found:
        """The findings and cases of one folder's run with one key."""
        keyed = replace(request, key=key, lookup=lookup)
        ran = execute(keyed, now) if whole is None else run_part(keyed, now, whole, place.kommune)
        return ran.result.findings, cases_of(ran.result, rules)

    if config.kommune.several:
        with read_whole(request, now) as whole:
            yield partial(run, whole)
    else:
        yield partial(run, None)


#: Where a place is → its persons, and old name → new.
_Followed = Mapping[str, tuple[Lookup, Mapping[str, str]]]


def _followed(
    config: Config, keys: _Keys, now: datetime, reading: Reading, places: Sequence[_Place], *, paired: bool
) -> _Followed:
    """What is read again so that it can follow. ``paired``: what something is written about, too, not the prints alone."""
    if not places:
        return {}
    found = {}
    try:
        with _runner(config, now, reading) as run:
            for place in places:
                lookup = Lookup()
                found[place.below] = lookup, _names(place, keys, lookup, run, paired=paired)
    except InputError as error:
        text = _(
            "Nøglen er ikke skiftet: accepter og aftryk kan kun følge med, når kilderne kan læses. Med --forget følger"
            " de ikke med. {grund}"
        )
        raise InputError(text.format(grund=error)) from None
    return found


def _names(place: _Place, keys: _Keys, lookup: Lookup, run: _Runner, *, paired: bool) -> dict[str, str]:
    """What the findings and the cases of the old key are called under the new one, and the cases' sizes, which hold names
    too; ``lookup`` is filled with the persons."""
    before, cases = run(place, keys.old, lookup)
    after, their_cases = run(place, keys.new, None) if paired else ((), ())
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
    made = Pseudonymiser(keys.new)
    return lambda old: made(lookup.cpr(old) or old)


def _content(finding: Finding, fresh: Callable[[str], str]) -> str:
    told = {one.name: getattr(finding, one.name) for one in fields(finding) if one.name not in {"fund_id", "sentence"}}
    return _PSEUDONYM.sub(lambda match: fresh(match[0]), str(told))


def _prints(place: _Place, keys: _Keys, lookup: Lookup, *, forget: bool) -> Iterator[tuple[str, bytes | None]]:
    if forget:
        yield from ((f"{FOLDER}/{path.name}", None) for path in place.prints().values())
        return
    with open_engine() as engine:
        yield from renewed(engine, place.folder, _fresh(keys, lookup), Pseudonymiser(keys.new)(FOLDER))


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
    if not (folder / APPROVALS).is_file():
        return {}
    with held_folder(Path(tempfile.gettempdir()), "reconcile-") as copy:
        shutil.copyfile(folder / APPROVALS, copy / APPROVALS)
        key_changed(copy, keys.old, keys.new, now)
        return {APPROVALS: (copy / APPROVALS).read_bytes()}


def _register(folder: Path, keys: _Keys) -> dict[str, bytes | None]:
    """The list of runs, sealed with the new key; one that does not hold with the old one stays as it is, and never holds."""
    known = read_register(folder, keys.old)
    return {REGISTER: register_text(known.runs, keys.new)} if known.runs else {}
