"""How a result is said to a person: words, signs and tones for statuses, severities, steps, tables and columns.

A *tone* is one of ``ok``, ``why`` (explained), ``warn``, ``bad`` and ``na`` (nothing to judge). It decides a colour in
the page and in the workbook; the sign and the word beside it say the same without colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reconcile import i18n
from reconcile.domain.periods import Quarter
from reconcile.i18n import _, both, number
from reconcile.reports.names import CAUSES, WORDS
from reconcile.results.columns import COLUMNS, column_of, sentence
from reconcile.results.declared import TABLES
from reconcile.results.rows import OPEN_STATUSES, Severity, Status

#: HAND07 cells in which both sides have a figure that counts.
COMPARED = frozenset({Status.EQUAL, Status.EXPLAINED, Status.TOLERATED, *OPEN_STATUSES})
#: Statuses from the one a reader must see first to the one that says least; ottetal's statuses stand among them.
IMPORTANCE = (
    "uforklaret",
    "delvist_forklaret",
    "afventer",
    "forklaret",
    "inden_for_tolerance",
    "afviger",
    "ens",
    "ens_som_sum",
    "mangler",
    "mangler_regnskab",
    "mangler_oekonomi",
    "udeladt",
    "mangler_egen",
    "ufuldstaendig",
    "ikke_godkendt",
    "mangler_dst",
    "kode_ikke_gyldig",
)
SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFORMATION)


@dataclass(frozen=True)
class Label:
    """A word with its sign and tone."""

    text: str
    sign: str
    tone: str


def status(name: str) -> Label:
    """The label of a HAND07 or ottetal status; an unknown one is shown as it is written."""
    labels = {
        "ens": Label(_("Ens"), "✓", "ok"),
        "forklaret": Label(_("Forklaret"), "≈", "why"),
        "afventer": Label(_("Afventer betaling"), "≈", "why"),
        "inden_for_tolerance": Label(_("Inden for tolerance"), "±", "why"),
        "delvist_forklaret": Label(_("Delvist forklaret"), "◐", "warn"),
        "uforklaret": Label(_("Uforklaret"), "✕", "bad"),
        "mangler_dst": Label(_("DST mangler"), "○", "na"),
        "mangler_egen": Label(_("Eget tal mangler"), "○", "na"),
        "ikke_godkendt": Label(_("Ikke godkendt"), "○", "na"),
        "kode_ikke_gyldig": Label(_("Koden gælder ikke"), "○", "na"),
        "ufuldstaendig": Label(_("Ufuldstændig"), "○", "na"),
        "mangler": Label(_("Tal mangler"), "○", "na"),
        "mangler_regnskab": Label(_("Regnskab mangler"), "○", "na"),
        "ny": Label(_("Ny"), "●", "warn"),
        "åben": Label(_("Åben"), "○", "warn"),
        "accepteret": Label(_("Accepteret"), "✓", "na"),
        "mangler_oekonomi": Label(_("Mangler i økonomi"), "○", "warn"),
        "udeladt": Label(_("Indgår ikke"), "○", "na"),
        "afviger": Label(_("Afviger"), "✕", "bad"),
        "ens_som_sum": Label(_("Ens som sum"), "✓", "ok"),
        "anden_kommune": Label(_("Anden kommune"), "○", "na"),
        "ukendt_ydelse": Label(_("Ukendt ydelse"), "○", "na"),
        "periode_mangler": Label(_("Perioden mangler"), "○", "na"),
        "intet_tal": Label(_("Intet tal"), "○", "na"),
        "kan_ikke_regnes": Label(_("Kan ikke regnes"), "○", "na"),
        "ikke_disponeret": Label(_("Ikke disponeret"), "✕", "bad"),
        "betalt_ikke_disponeret": Label(_("Betalt, ikke disponeret"), "✕", "bad"),
        "disponeret_uden_ydelse": Label(_("Disponeret uden ydelse"), "✕", "bad"),
        "ikke_betalt": Label(_("Ikke betalt"), "✕", "bad"),
        "andet_beloeb": Label(_("Et andet beløb"), "✕", "bad"),
        "ikke_afgjort": Label(_("Kan ikke afgøres"), "○", "na"),
        "kode_ikke_disponeret": Label(_("Koden disponeres ikke"), "○", "na"),
    }
    return labels.get(name) or Label(name.replace("_", " ").capitalize(), "○", "na")


def severity(name: str) -> Label:
    """The label of a severity."""
    return {
        Severity.ERROR: Label(_("Fejl"), "✕", "bad"),
        Severity.WARNING: Label(_("Advarsel"), "!", "warn"),
        Severity.INFORMATION: Label(_("Oplysning"), "i", "na"),
    }[Severity(name)]


def severity_count(name: str, count: int) -> str:
    """``2 advarsler``: how many findings of a severity."""
    words = {
        Severity.ERROR: both("{antal} fejl"),
        Severity.WARNING: (_("{antal} advarsel"), _("{antal} advarsler")),
        Severity.INFORMATION: (_("{antal} oplysning"), _("{antal} oplysninger")),
    }
    return counted(count, *words[Severity(name)])


def step(name: str) -> str:
    """The name of a step of the bridge."""
    steps = {
        "raa": _("Jeres udtræk"),
        "rettet": _("Rettet siden leveringen bag DST"),
        "indlaesning": _("Indlæsning i FLIS"),
        "gyldighed": _("Kodens gyldighed"),
        "R1": _("Børn (R1)"),
        "R3": _("Døde (R3)"),
        "R2": _("Overlap (R2)"),
        "harmoniseret": _("Harmoniseret"),
        "dst": _("Danmarks Statistik"),
    }
    return steps.get(name) or (_(CAUSES[name]) if name in CAUSES else word(name))


def source(name: str) -> str:
    """The name of a source."""
    names = {
        "fagsystem": _("Fagsystem"),
        "flis": _("FLIS, personniveau"),
        "oekonomi": _("Økonomi"),
        "disponering": _("Disponering"),
        "afregning": _("Afregning"),
        "borger": _("Borgere"),
        "hand07": _("HAND07 (DST)"),
        "hand01": _("HAND01 (DST)"),
        "flis_antal": _("FLIS, antal"),
        "flis_fuldtid": _("FLIS, fuldtid"),
        "godkendt": _("Godkendelser"),
        "masteroversigt": _("Masteroversigt"),
        "befolkning": _("Folketal (FOLK1A)"),
        "regnskab": _("Regnskab (REGK31)"),
        "pladser": _("Pladser"),
        "yr": _("Ydelsesrefusion"),
        "yr_konto": _("Konti for ydelsesrefusion"),
        "yr_tabel": _("Trykte tabeller fra FLIS DAP"),
    }
    return names.get(name, name)


def cause(name: str) -> str:
    """A cause of a difference in the 8-tals kontrol, in the middle of a sentence."""
    if name in CAUSES:
        return _(CAUSES[name])
    return within(step(name) if step(name) != name else sentence(name))


def within(text: str) -> str:
    """A heading in the middle of a sentence: its first letter is small, but for a name in capitals (``DST mangler``)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def word(name: str) -> str:
    """A word that stands in the data (who acts, an end of an edge, a state …); an unknown one as it is written."""
    return _(WORDS[name]) if name in WORDS else name


def value_label(column_name: str, value: object) -> object:
    """The value of a result table as a person reads it: words in the chosen language, everything else as it is."""
    return _ways().get(column_of(column_name).wording, str)(value) if isinstance(value, str) else value


@cache
def _ways() -> Mapping[str, Callable[[str], str]]:
    """How the values of a column are said, by what the column is declared to hold."""
    return {
        "status": lambda name: status(name).text,
        "severity": lambda name: severity(name).text,
        "step": step,
        "cause": cause,
        "source": source,
        "table": table,
        "column": column,
        "figure": _figure_or_status,
        "key_figure": lambda name: column(name) if name in COLUMNS else _(name),
        "word": word,
        "words": lambda names: ", ".join(map(word, names.split(", "))),
    }


def _figure_or_status(value: str) -> str:
    """What a figure was and is: a status among the figures that are compared is said as one."""
    return status(value).text if value in IMPORTANCE else value


def table(name: str) -> str:
    """The heading of a result table."""
    return _(TABLES[name].heading) if name in TABLES else sentence(name)


def sheet(name: str) -> str:
    """What a result table's sheet is called in the workbook; its heading where no other name is declared."""
    return _(TABLES[name].sheet) if name in TABLES and TABLES[name].sheet else table(name)


def file(name: str) -> str:
    """Where all rows of a result table lie: its CSV file, else its sheet in the workbook."""
    if name in TABLES and TABLES[name].csv:
        return f"{name}.csv"
    return _("arket «{ark}»").format(ark=sheet(name))


def column(name: str) -> str:
    """The heading of a column; an unknown one is its own name with spaces."""
    return _(column_of(name).heading)


@cache
def _codes() -> Mapping[str, tuple[str, str]]:
    from reconcile.reference import rows

    return {
        row["dst_kode"]: (row["tekst"], row["paragraf"].replace("SEL §", "§\N{NO-BREAK SPACE}"))
        for row in rows("ydelseskode")
    }


def code_name(code: str) -> str:
    """What a dst_kode is called (StatBank's text); empty for an unknown one."""
    return _codes().get(code, ("", ""))[0]


def code_law(code: str) -> str:
    """The paragraph of serviceloven behind a dst_kode; empty for an unknown one."""
    return _codes().get(code, ("", ""))[1]


def when(*periods: str | None) -> str:
    """When something is, as it is said: «maj 2020» of ``2020-05``, «maj 2019 – april 2020» of two or of ``2019-05:2020-04``; a
    quarter, a year and a week as they are. One that is missing or is the one before is left out."""
    each = (part for period in periods if period for part in period.split(":"))
    return " – ".join(map(i18n.in_sentence, dict.fromkeys(each)))


def span(periods: tuple[str, ...]) -> str:
    """``2020K3``, or ``2020K1–2020K4`` for more than one; gaps in between are named by listing."""
    if len(periods) < 2:
        return "".join(periods)
    runs: list[list[str]] = []
    for period in sorted(periods):
        last = Quarter.parse(runs[-1][-1]) if runs else None
        if last and str(last.next) == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def counted(count: int, one: str, many: str, **names: str) -> str:
    """``one`` or ``many`` with ``{antal}`` and the other names filled in; both come from ``_()``."""
    return (one if abs(count) == 1 else many).format(antal=number(abs(count)), **names)


def enumerated(parts: Sequence[str]) -> str:
    """``a``, ``a og b``, ``a, b og c``."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{foerst} og {sidst}").format(foerst=", ".join(parts[:-1]), sidst=parts[-1])


def figure(value: int | None) -> str:
    """A count in a drawing or a sentence, where zero is a figure like any other; None is «mangler»."""
    return _("mangler") if value is None else number(value)


def count_or_dash(value: int | None) -> str:
    """A count: zero is a quiet dash, None is «mangler»."""
    if value is None:
        return _("mangler")
    return number(value) if value else "–"


def signed(value: int | None) -> str:
    """A difference with its sign (a true minus); zero is a quiet dash, None is «mangler»."""
    if not value:
        return count_or_dash(value)
    return f"{'−' if value < 0 else '+'}{number(abs(value))}"
