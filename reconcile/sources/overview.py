"""The rows of a masteroversigt as links, one code and one account each, the way people write such an overview.

An empty or merged cell means «as above»; a cell can hold several accounts, codes or tilbud; a code can have a level more
than DST's (1.4.1 is under 1.4); a målgruppe is a word or a level. What was read into a cell is said in a remark.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, product

from reconcile.domain.accounts import accounts_in, lacks_dranst, show_account
from reconcile.domain.cpr import mask
from reconcile.engine.duckdb import Engine
from reconcile.errors import did_you_mean
from reconcile.i18n import _
from reconcile.reference import dst_codes, functions
from reconcile.sources.cells import MERGED, NUMBER, bare, fold
from reconcile.sources.code_cells import code, is_spoilt
from reconcile.sources.convert import LEVELS
from reconcile.sources.unpivot import is_total

Cells = dict[str, str | None]

#: What is carried down from the row above where a code is blank («as above»).
_CARRIED = ("dst_kode", "paragraf", "ydelse", "indsats", "tilbud")
#: What a row with a code and no account says of the rows below it that have one.
_HEADED = ("maalgruppe", "rammestyret", "rytme")
#: What makes a row say something, so that it is no heading.
_SAYING = ("dst_kode", "konto", "kontotekst", "tilbud", "maalgruppe", "rammestyret", "rytme")

_SIGN = r"\s*[\n;/,+&|]\s*|\s+og\s+"
_NEXT_CODE = re.compile(rf"(?:{_SIGN}|(?<=[0-9])\s+)(?=[0-9]+\.[0-9])")
#: What people write for «as above».
_DITTO = re.compile(r"(?:-\s*)?(?:[\"”“″〃]|'')(?:\s*-)?|do\.?|ditto|d\.\s?o\.|som ovenfor", re.IGNORECASE)
_LEVEL = re.compile(r"([0-9](?:\.[0-9]+)*)(?![0-9.])")
_BULLET = re.compile(r"(?:^|\s)[-–•*]\s+")


@dataclass
class Remarks:
    """Sentences for ``forbehold``: what was read into cells, each with the rows it was."""

    rows: dict[tuple[str, tuple[tuple[str, str], ...]], list[int]] = field(default_factory=dict)

    def add(self, row: int, text: str, **values: str) -> None:
        """``text`` has the place ``{raekker}`` and one for each value."""
        self.rows.setdefault((text, tuple(values.items())), []).append(row)

    def sentences(self, label: str) -> list[str]:
        """One sentence per text and values, with the file in front; a CPR number in a cell is masked."""
        made = (text.format(raekker=row_numbers(rows), **dict(values)) for (text, values), rows in self.rows.items())
        return [mask(f"{label}: {sentence}") for sentence in made]


def row_numbers(rows: Iterable[int]) -> str:
    """``række 4`` or ``rækkerne 4–6, 9``."""
    numbers = sorted(set(rows))
    text = _("række {tal}") if len(numbers) == 1 else _("rækkerne {tal}")
    return text.format(tal=runs_of(numbers))


def runs_of(numbers: Iterable[int]) -> str:
    """``4–6, 9``."""
    runs = []
    for _distance, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        members = [number for _place, number in run]
        runs.append(str(members[0]) if len(members) == 1 else f"{members[0]}–{members[-1]}")
    return ", ".join(runs)


def links(
    engine: Engine, headers: Mapping[str, str], label: str, hidden: Collection[int] = (), *, loose: bool = False
) -> tuple[str, list[str]]:
    """Make table ``fyldt`` of view ``rensede``: the links as text; returns its name, and the remarks.

    A row with an account that no code belongs to keeps its empty code, which is a mistake. ``headers`` are those of the
    columns, which a long table repeats; ``hidden`` are the numbers of the rows that its readers do not see.
    """
    remarks, names = Remarks(), list(headers)
    texts = ", ".join(f"t_{name}" for name in names)
    rows = engine.rows(f"SELECT raekke, {texts} FROM rensede ORDER BY raekke")
    read = ((row[0], dict.fromkeys((*_CARRIED, *_SAYING)) | dict(zip(names, row[1:], strict=True))) for row in rows)
    body = ((number, cells) for number, cells in read if any(_differs(cells, name, headers[name]) for name in names))
    made = []
    for number, cells in _filled(body, remarks, loose=loose):
        if number in hidden:
            remarks.add(number, _("{raekker} er skjult i arket, men er læst med."))
        made += [(number, *(link[name] for name in names)) for link in _links_of(number, cells, remarks)]
    engine.add_rows("fyldt", {"raekke": "BIGINT", **{f"t_{name}": "VARCHAR" for name in names}}, made)
    return "fyldt", remarks.sentences(label)


def _differs(cells: Cells, name: str, header: str) -> bool:
    return fold(cells[name] or "") != fold(header)


def _filled(rows: Iterable[tuple[int, Cells]], remarks: Remarks, *, loose: bool) -> Iterator[tuple[int, Cells]]:
    """The rows that say something, with the code and what describes it from their own cells or those above."""
    group: Cells = {}
    column: Cells = {}
    for number, written in rows:
        if loose:
            group, column = {}, {}
        cells = _unmerged(written, column)
        if not cells["konto"] and _accounts_of(cells["kontotekst"]):
            cells["konto"] = cells["kontotekst"]
        if _is_heading(number, cells, remarks):
            group = {}
            continue
        if cells["dst_kode"]:
            group = {}
        elif _begins_another(cells, group):
            if not cells["konto"]:
                text = _("«{paragraf}» har ingen DST-kode og er ikke koblet ({raekker}).")
                remarks.add(number, text, paragraf=str(cells["paragraf"]))
            group = {}
        if not any(cells[name] for name in _SAYING) or not (group or cells["dst_kode"] or _has_digits(cells)):
            continue
        heading = bool(cells["dst_kode"]) and not cells["konto"]
        group.update({name: cells[name] for name in _CARRIED if cells[name]})
        group.update({name: cells[name] for name in _HEADED if heading and cells[name]})
        yield number, {**cells, **{name: cells[name] or group.get(name) for name in (*_CARRIED, *_HEADED)}}


def _is_heading(number: int, cells: Cells, remarks: Remarks) -> bool:
    """Whether a row is a total or a title in the middle of the table: without an account, and without a code's digits.

    What such a row says in the column of codes or of accounts is said.
    """
    if _accounts_of(cells["konto"]):
        return False
    code_cell, account_cell = cells["dst_kode"] or "", cells["konto"] or ""
    if any(is_total(str(cells[name] or "")) for name in (*_CARRIED, "konto")):
        return True
    if any(cells[name] for name in _SAYING if name not in ("dst_kode", "konto", "kontotekst")):
        return False
    text = code_cell or account_cell
    if not text or (code_cell and account_cell) or bare(text)[0].isdigit() or is_spoilt(text) or _has_digits(cells):
        return False
    remarks.add(number, _("«{tekst}» er hverken kode eller konto og er sprunget over ({raekker})."), tekst=text)
    return True


def _unmerged(written: Cells, column: Cells) -> Cells:
    """The cells of a row: what a merged cell covers is that cell's, and so is a ditto mark; but a code and what
    describes it are blank there, as where nobody merged. ``column`` has what stands last in each column; a header that
    is merged down is no cell."""
    cells: Cells = {}
    for name, text in written.items():
        covered = text is not None and (text.startswith(MERGED) or bool(_DITTO.fullmatch(text)))
        cells[name] = text if not covered else None if name in _CARRIED else column.get(name)
        if text is not None and not covered:
            column[name] = text
    return cells


def _begins_another(cells: Cells, group: Cells) -> bool:
    """Whether a row without a code is about another paragraph than the rows above it, so that their code is not its."""
    paragraph, above = ("".join(str(of.get("paragraf") or "").split()).casefold() for of in (cells, group))
    return bool(paragraph) and paragraph != above and (bool(cells["konto"]) or "§" in paragraph)


def _accounts_of(cell: str | None) -> list[str]:
    """The accounts that can be read in a cell."""
    return [a for a in accounts_in(bare(cell or ""), functions()) if re.fullmatch("[0-9]{9}", a)]


def _has_digits(cells: Cells) -> bool:
    """Whether something that may be an account stands in a row."""
    return bool(re.search("[0-9]", cells["konto"] or ""))


def _links_of(number: int, cells: Cells, remarks: Remarks) -> Iterator[Cells]:
    """One link for each code and account of a row; a row without an account is one link too."""
    konto = bare(cells["konto"] or "")
    _compare_texts(number, cells, remarks)
    if lacks_dranst(konto):
        remarks.add(number, _("«{konto}» har ingen dranst og læses som dranst 1 ({raekker})."), konto=konto)
    said = {
        "tilbud": "|".join(_tilbud(cells["tilbud"] or "")) or None,
        "maalgruppe": "|".join(_levels(number, cells["maalgruppe"] or "", remarks)) or None,
    }
    broken = (cells["konto"] or "").startswith(NUMBER) and "." in konto  # no account has decimals
    accounts = [konto] if broken else accounts_in(konto, functions()) if konto else [None]
    for kode, account in product(_codes(number, cells["dst_kode"], remarks), accounts):
        yield {**cells, **said, "dst_kode": kode, "konto": account}


def _compare_texts(number: int, cells: Cells, remarks: Remarks) -> None:
    """Say where the account and the account text beside it are not the same account."""
    here, beside = _accounts_of(cells["konto"]), _accounts_of(cells["kontotekst"])
    if here and beside and not set(here) & set(beside):
        said = _("kontoen er {konto}, men teksten ved siden af siger {anden} ({raekker}); kontoen er brugt, tjek den.")
        konto, anden = (", ".join(map(show_account, accounts)) for accounts in (here, beside))
        remarks.add(number, said, konto=konto, anden=anden)


def _codes(number: int, text: str | None, remarks: Remarks) -> Iterator[str | None]:
    """The codes of a cell, each as DST's own code where it has one or lies under one."""
    if text is None or is_spoilt(text) or not bare(text)[:1].isdigit():
        yield text
        return
    for part in _NEXT_CODE.split(text):
        found = None if is_spoilt(part) else code(part)
        known = found and _known(found)
        if found and known and known != found:
            remarks.add(number, _("koden {kode} regnes som {dst_kode} ({raekker})."), kode=found, dst_kode=known)
        yield known or part


def _known(found: str) -> str | None:
    """DST's code for ``1.4``, ``1.4.1`` (a level more) or ``1,4`` (a number cell that was saved as CSV)."""
    word = found.replace(",", ".")
    while word and word not in dst_codes():
        word = word.rpartition(".")[0]
    return word or None


def _levels(number: int, text: str, remarks: Remarks) -> Iterator[str]:
    """The målgruppe levels of a cell; a word that is none is left out, and said: the account is then for everyone."""
    plain = bare(text)
    if re.fullmatch("[0-9],[0-9]", plain):  # a number cell that was saved as CSV
        remarks.add(
            number, _("målgruppen {ord} læses som {niveau} ({raekker})."), ord=plain, niveau=plain.replace(",", ".")
        )
        plain = plain.replace(",", ".")
    for word in (w.strip() for w in re.split(_SIGN, plain)):
        level = LEVELS.get(word.casefold())
        match = _LEVEL.match(word)
        if level or match:
            yield level or str(match and match[1])
        elif word:
            said = _("målgruppen «{ord}» kendes ikke og bruges ikke i OE04 ({raekker}).{forslag}")
            remarks.add(number, said, ord=word, forslag=did_you_mean(word, list(LEVELS)))


def _tilbud(text: str) -> Iterator[str]:
    """The names of a cell: one to a line, or with a dash before each; a question mark after a name is no part of it."""
    lines = _BULLET.split(text) if _BULLET.match(text) else text.split("\n")
    for line in lines:
        for name in re.split(r"[\n|]", line):
            if plain := bare(name).strip().rstrip("?").strip():
                yield plain
