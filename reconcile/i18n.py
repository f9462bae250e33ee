"""The language a user reads: Danish in the source, English from the catalogue in ``locale/``.

``_()`` looks a Danish sentence up in the chosen language. Sentences with figures use named
placeholders and ``.format``, never f-strings, so that a translator sees the whole sentence.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

LANGUAGES = ("da", "en")
_chosen = "da"


def choose(lang: str) -> None:
    """Set the language of everything said from now on (``da`` or ``en``)."""
    global _chosen  # noqa: PLW0603 - one language per process, as in gettext.install
    _chosen = lang if lang in LANGUAGES else "da"


def language() -> str:
    """The chosen language, ``da`` or ``en``."""
    return _chosen


@cache
def _catalogue(lang: str) -> dict[str, tuple[str, str]]:
    """Danish text → the translation of one and of many, which are the same but for those marked with ``both``."""
    from babel.messages.pofile import read_po

    path = Path(__file__).with_name("locale") / lang / "LC_MESSAGES" / "reconcile.po"
    known: dict[str, tuple[str, str]] = {}
    with path.open("rb") as handle:
        for message in read_po(handle):
            said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if message.id and said and all(said):
                known[message.id if isinstance(message.id, str) else message.id[0]] = (said[0], said[-1])
    return known


def _(danish: str) -> str:
    """The sentence in the chosen language; the Danish one where no translation exists."""
    return both(danish)[0]


def both(danish: str) -> tuple[str, str]:
    """The singular and the plural of a phrase that in Danish is the same for one and many (``{antal} fund``)."""
    return (danish, danish) if _chosen == "da" else _catalogue(_chosen).get(danish, (danish, danish))


def N_(danish: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a sentence for the catalogue where it stands in a table; ``_()`` translates it when it is said."""
    return danish


#: The signs of a number in place of Python's, with one minus sign everywhere; Babel says the same at twenty times the cost.
_SIGNS = {"da": str.maketrans({",": ".", ".": ",", "-": "−"}), "en": str.maketrans({"-": "−"})}
#: What a month and a day look like in data: ``2020-07`` and, within a text too, ``2020-07-31``.
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def _grouped(value: int | Decimal, places: int) -> str:
    return format(Decimal(value), f",.{places}f").translate(_SIGNS[_chosen])


def kr(amount: Decimal) -> str:
    """``1.234,50`` (kr.)."""
    return _grouped(amount, 2)


def number(value: int | Decimal) -> str:
    """``1.234`` or ``3,5``: at most four decimals."""
    if isinstance(value, int):
        return _grouped(value, 0)
    return _grouped(value, 4).rstrip("0").rstrip(",.")


class Count(int):
    """A number in a sentence that has words for one and for many: ``{antal:række|rækker}`` is «1 række», «2 rækker»."""

    def __format__(self, words: str) -> str:
        one, _split, many = words.partition("|")
        return " ".join(filter(None, [number(int(self)), one if self == 1 else many]))


def fixed(value: Decimal, places: int = 1) -> str:
    """``3,0``: always so many decimals, half up, so that figures stand under each other."""
    return _grouped(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), places)


def day(value: date) -> str:
    """``01-07-2020`` in Danish, ``2020-07-01`` in English."""
    return value.strftime("%d-%m-%Y") if _chosen == "da" else value.isoformat()


def month(text: str) -> str:
    """``juli 2020`` of ``2020-07``."""
    names = _("januar februar marts april maj juni juli august september oktober november december").split()
    return f"{names[int(text[5:7]) - 1]} {text[:4]}"


def in_sentence(text: str) -> str:
    """A text from the data as it stands in a sentence: a month by its name, and days as the language writes them."""
    if _MONTH.fullmatch(text):
        return month(text)
    return _DAY.sub(r"\3-\2-\1", text) if _chosen == "da" else text


def value_text(value: object) -> str:
    """Any value as a person reads it: dates, counts and amounts in the chosen language, missing as «mangler»."""
    match value:
        case None | "":
            return _("mangler")
        case bool():
            return _("ja") if value else _("nej")
        case Decimal():
            return kr(value) if value == value.quantize(Decimal("0.01")) else number(value)
        case int():
            return number(value)
        case date():
            return day(value)
        case _other:
            return str(value)
