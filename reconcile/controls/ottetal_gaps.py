"""Gaps in the masteroversigt, each with its accounts and rows: what is not linked, linked twice, or linked to nothing."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconcile.domain.accounts import show_account
from reconcile.domain.codes import chosen, code_order
from reconcile.domain.cpr import mask
from reconcile.errors import did_you_mean
from reconcile.i18n import _
from reconcile.reference import dst_codes, functions, rows
from reconcile.sources.overview import row_numbers
from reconcile.world.context import Context

#: How many gaps of one kind are written out.
_SHOWN = 20
_PARAGRAPH = re.compile(r"§+\s*([0-9]+)(?:\s*[-–]\s*([0-9]+))?")


@dataclass(frozen=True)
class Link:
    """A row of the masteroversigt, as it was read."""

    fil: str
    raekke: int
    dst_kode: str
    konto: str | None
    paragraf: str | None
    indsats: str | None
    maalgruppe: str | None
    tilbud: str | None
    rammestyret: bool


@dataclass(frozen=True)
class Overview:
    """The masteroversigt in the order of its files and rows."""

    links: Sequence[Link]

    @classmethod
    def of(cls, context: Context) -> Overview:
        """The loaded masteroversigt; of the chosen codes, and of those they share an account with, where some are."""
        found = context.engine.rows(
            "SELECT fil, raekke, dst_kode, konto, paragraf, indsats, maalgruppe, tilbud, coalesce(rammestyret, false)"
            " FROM kobling ORDER BY fil, raekke, dst_kode, konto"
        )
        links = [Link(*row) for row in found]
        own = {link.konto for link in links if chosen(link.dst_kode, context.codes)}
        return cls(
            [link for link in links if chosen(link.dst_kode, context.codes) or (link.konto and link.konto in own)]
        )

    def where(self, links: Iterable[Link]) -> str:
        """The rows of links; with their file where there are several."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for link in links:
            numbers[link.fil].append(link.raekke)
        one = len({link.fil for link in self.links}) == 1
        return ", ".join(row_numbers(r) if one else f"{fil} {row_numbers(r)}" for fil, r in numbers.items())

    def by_account(self) -> Mapping[str, list[Link]]:
        """Account → its links."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            if link.konto:
                found[link.konto].append(link)
        return dict(sorted(found.items()))

    def by_code(self) -> Mapping[str, list[Link]]:
        """Code → its links."""
        found: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            found[link.dst_kode].append(link)
        return dict(sorted(found.items(), key=lambda item: code_order(item[0])))


def gaps(context: Context, without_account: Sequence[str]) -> Iterator[str]:
    """The sentences for ``forbehold``; a CPR number in a cell is masked."""
    yield from map(mask, _gaps(context, without_account))


def _gaps(context: Context, without_account: Sequence[str]) -> Iterator[str]:
    overview = Overview.of(context)
    yield from _without(overview, without_account)
    yield from _framed(overview)
    yield from _shared(overview)
    for check in (
        _groups_without,
        _accounts,
        _others_accounts,
        _paragraphs,
        _indsatser,
        _unknown_codes,
        _framed_and_not,
    ):
        yield from _at_most(check(overview))
    yield from _at_most(_framed_tilbud(context, overview))


def _at_most(sentences: Iterable[str]) -> Iterator[str]:
    found = list(sentences)
    yield from found[:_SHOWN]
    if len(found) > _SHOWN:
        yield _("… og {antal} huller mere af samme slags i masteroversigten.").format(antal=len(found) - _SHOWN)


def _listed(words: Sequence[str]) -> str:
    more = _("{antal} mere").format(antal=len(words) - _SHOWN)
    return ", ".join([*words[:_SHOWN], *([more] if len(words) > _SHOWN else [])])


def _without(overview: Overview, codes: Sequence[str]) -> Iterator[str]:
    if codes:
        links, absent = overview.by_code(), _("står der ikke")
        named = [f"{c} ({overview.where(links[c]) if c in links else absent})" for c in codes]
        text = _("Koder uden konto i masteroversigten er ikke med i OE01–OE06: {koder}.")
        yield text.format(koder=_listed(named))


def _framed(overview: Overview) -> Iterator[str]:
    framed = {
        code: [link for link in links if link.rammestyret]
        for code, links in overview.by_code().items()
        if any(link.rammestyret for link in links)
    }
    if framed:
        text = _("Rammestyrede konti og tilbud er ikke med i OE01–OE06: {koder}.")
        words = []
        for code, links in framed.items():
            accounts = sorted({show_account(link.konto) for link in links if link.konto})
            words.append(f"{code} ({', '.join([*accounts, overview.where(links)])})")
        yield text.format(koder=_listed(words))


def _shared(overview: Overview) -> Iterator[str]:
    words = []
    for konto, links in overview.by_account().items():
        codes = sorted({link.dst_kode for link in links}, key=code_order)
        if len(codes) > 1:
            words.append(f"{show_account(konto)} ({' + '.join(codes)}, {overview.where(links)})")
    if words:
        text = _(
            "Konti på flere koder: {konti}. Beløbet tæller på den kode, borgeren er aktiv på, ellers på den første."
        )
        yield text.format(konti=_listed(words))


def _groups_without(overview: Overview) -> Iterator[str]:
    """Målgrupper that stand without an account below one that has: a blank account may have been meant «as above»."""
    text = _(
        "Målgruppen {niveau} på {kode} ({hvor}) har ingen konto, men koden har. Er den som ovenfor, så flet cellerne"
        " eller skriv kontoen."
    )
    for code, links in overview.by_code().items():
        have = {level for link in links if link.konto for level in (link.maalgruppe or "").split("|")}
        for level in sorted({link.maalgruppe for link in links if not link.konto and link.maalgruppe}):
            if have - {""} and not have & set(level.split("|")):
                rows_of = [link for link in links if not link.konto and link.maalgruppe == level]
                yield text.format(niveau=level, kode=code, hvor=overview.where(rows_of))


def _usual() -> Mapping[str, list[str]]:
    """Account → the codes that Lemvig's and Komponent's masteroversigter give it."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows("konto_kobling"):
        found[row["konto"]].append(row["dst_kode"])
    return found


def _groupings() -> Mapping[str, frozenset[str]]:
    """Funktion and dranst, six digits → their grupperinger, where the reference data has all of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("gruppering"):
        found[row["funktion"] + row["dranst"]].add(row["gruppering"])
    return {key: frozenset(values) for key, values in found.items()}


def _accounts(overview: Overview) -> Iterator[str]:
    """Accounts that the kontoplan does not have: an unknown funktion, dranst or gruppering."""
    groupings = _groupings()
    for konto, links in overview.by_account().items():
        funktion, key = konto[:5], konto[:6]
        if funktion not in functions() and not funktion.startswith("538"):
            text = _(
                "Kontoen {konto} ({hvor}) ligger uden for 5.38, og dens funktion kendes ikke her; tjek den.{forslag}"
            )
        elif funktion not in functions():
            text = _("Kontoen {konto} ({hvor}) har en funktion, der ikke findes i kontoplanen.{forslag}")
        elif konto[5] not in "1234567":
            text = _("Kontoen {konto} ({hvor}) har en dranst, der ikke findes; den er 1–7, og 1 er drift.{forslag}")
        elif key in groupings and konto[6:] not in groupings[key]:
            text = _("Kontoen {konto} ({hvor}) har en gruppering, der ikke er blandt funktionens; tjek den.{forslag}")
        else:
            continue
        where = f"{', '.join(sorted({link.dst_kode for link in links}, key=code_order))}, {overview.where(links)}"
        yield text.format(konto=show_account(konto), hvor=where, forslag=_meant(konto, links))


def _meant(konto: str, links: Sequence[Link]) -> str:
    """« Mente du …?»: the nearest of the accounts these codes usually have, else the nearest funktion."""
    codes = {link.dst_kode for link in links}
    usual = [account for account, of in _usual().items() if codes & set(of)]
    near = difflib.get_close_matches(konto, usual, n=1, cutoff=0.7)
    if not near and konto[:5] not in functions():
        near = [f + konto[5:] for f in difflib.get_close_matches(konto[:5], sorted(functions()), n=1, cutoff=0.8)]
    return did_you_mean(show_account(near[0]), [show_account(near[0])]) if near else ""


def _others_accounts(overview: Overview) -> Iterator[str]:
    """Accounts that in the known overviews belong to another code, as when two rows have been swapped."""
    usual = _usual()
    for konto, links in overview.by_account().items():
        strange = [link for link in links if konto in usual and link.dst_kode not in usual[konto]]
        if strange and not {link.dst_kode for link in links} & set(usual[konto]):
            text = _(
                "Kontoen {konto} står på {kode} ({hvor}), men hører hos Lemvig og Komponent til {andre}; tjek den."
            )
            codes = ", ".join(sorted({link.dst_kode for link in strange}, key=code_order))
            place, others = overview.where(strange), ", ".join(usual[konto])
            yield text.format(konto=show_account(konto), kode=codes, hvor=place, andre=others)


def _paragraphs(overview: Overview) -> Iterator[str]:
    """Codes that stand beside another paragraph than their own."""
    own = {row["dst_kode"]: row["paragraf"] for row in rows("ydelseskode")}
    text = _(
        "Koden {kode} ({hvor}) hører til {paragraf}, men der står «{skrevet}»; er koden eller paragraffen forkert?"
    )
    for (code, written), links in _grouped(overview, lambda link: (link.dst_kode, link.paragraf or "")):
        numbers = _sections(written)
        if code in own and numbers and not numbers & (_sections(own[code]) | _alternatives(own[code])):
            yield text.format(kode=code, hvor=overview.where(links), paragraf=own[code], skrevet=written)


def _sections(text: str) -> set[int]:
    """The paragraphs a text names; «§§ 97-99» is three."""
    found = _PARAGRAPH.findall(text)
    return {n for first, last in found for n in range(int(first), min(int(last or first), int(first) + 99) + 1)}


def _alternatives(text: str) -> set[int]:
    """The last numbers of «ABL §105/115»."""
    return {int(number) for number in re.findall("/([0-9]+)", text)}


def _indsatser(overview: Overview) -> Iterator[str]:
    """Indsatser whose own number lies under another code than the one they are linked to."""
    text = _("Indsatsen «{indsats}» ({hvor}) er koblet til {kode}, men dens nummer hører under en anden kode.")
    for (code, indsats), links in _grouped(overview, lambda link: (link.dst_kode, link.indsats or "")):
        match = re.match(r"[0-9]+(?:\.[0-9]+)+", indsats)
        if match and not f"{match[0]}.".startswith(f"{code}.") and not f"{code}.".startswith(f"{match[0]}."):
            yield text.format(indsats=indsats, hvor=overview.where(links), kode=code)


def _grouped(
    overview: Overview, key: Callable[[Link], tuple[str, str]]
) -> Iterable[tuple[tuple[str, str], list[Link]]]:
    found: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in overview.links:
        found[key(link)].append(link)
    return sorted(found.items(), key=lambda item: (code_order(item[0][0]), item[0][1]))


def _unknown_codes(overview: Overview) -> Iterator[str]:
    text = _(
        "Masteroversigten nævner koden {kode} ({hvor}), som ikke kendes; beløb på dens konti tæller ikke med.{forslag}"
    )
    for code, links in overview.by_code().items():
        if code not in dst_codes():
            under = sorted((known for known in dst_codes() if known.startswith(f"{code}.")), key=code_order)
            hint = _(" Skriv den underkode, det er: {koder}.").format(koder=", ".join(under)) if under else ""
            hint = hint or did_you_mean(code, sorted(dst_codes()))
            yield text.format(kode=code, hvor=overview.where(links), forslag=hint)


def _framed_and_not(overview: Overview) -> Iterator[str]:
    """Accounts with rows that say rammestyret and rows that do not: the account is left out for all of them."""
    for konto, links in overview.by_account().items():
        if len({link.rammestyret for link in links}) > 1:
            text = _(
                "Kontoen {konto} er rammestyret i nogle rækker og ikke i andre ({hvor}); den er ikke med i OE01–OE06."
            )
            yield text.format(konto=show_account(konto), hvor=overview.where(links))


def _framed_tilbud(context: Context, overview: Overview) -> Iterator[str]:
    """Rammestyrede tilbud that no course names: their courses are judged, though nobody is paid for them."""
    named = [link for link in overview.links if link.rammestyret and link.tilbud]
    if not named or not context.has("fagsystem"):
        return
    if not context.has("fagsystem", "tilbud"):
        text = _(
            "Fagsystemet har ingen kolonne med tilbud: forløb på rammestyrede tilbud kendes ikke fra andre ({hvor})."
        )
        yield text.format(hvor=overview.where(named))
        return
    there = {
        str(row[0]) for row in context.engine.rows("SELECT DISTINCT tilbud FROM fagsystem WHERE tilbud IS NOT NULL")
    }
    text = _("Det rammestyrede tilbud «{tilbud}» ({hvor}) har ingen ydelse i fagsystemet.{forslag}")
    for name, links in _tilbud(named, {tilbud.casefold() for tilbud in there}):
        yield text.format(tilbud=name, hvor=overview.where(links), forslag=did_you_mean(name, sorted(there)))


def _tilbud(links: Sequence[Link], known: Collection[str]) -> Iterable[tuple[str, list[Link]]]:
    found: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        for name in str(link.tilbud).split("|"):
            if name.casefold() not in known:
                found[name].append(link)
    return sorted(found.items())
