"""What is wrong in reconcile.toml, as sentences: the TOML reader's and pydantic's faults in the user's language."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconcile.i18n import _


def syntax_sentence(file: str, reason: str) -> str:
    """What tomllib says, with the place in Danish and the two mistakes that are made most often."""
    place = re.search(r" ?\(at line ([0-9]+), column ([0-9]+)\)", reason)
    text = _("{fil}, linje {linje}, tegn {tegn}: ikke gyldig TOML ({grund}).") if place else _("{fil}: {grund}.")
    line, column = place.groups() if place else ("", "")
    said = text.format(fil=file, linje=line, tegn=column, grund=reason.replace(place[0] if place else "", ""))
    return said + _(" Tekst skal stå i anførselstegn, og stier skrives med /, ikke \\.")


def real_faults(faults: Sequence[Any]) -> list[Any]:
    """The faults to be told: not the unknown keys (told with what could be meant), nor a list that is "too short"
    because the elements in it are wrong."""
    places = [fault["loc"] for fault in faults]

    def named_deeper(where: tuple[int | str, ...]) -> bool:
        """Whether a fault is of something inside the place, which says more."""
        return any(len(place) > len(where) and place[: len(where)] == where for place in places)

    return [
        f
        for f in faults
        if f["type"] != "extra_forbidden" and not (f["type"] == "too_short" and named_deeper(f["loc"]))
    ]


def fault_sentence(fault: Mapping[str, Any]) -> str:
    """A pydantic fault in Danish, with where it is and the value that stands there."""
    where = ".".join(str(part) for part in fault["loc"])
    kind = fault["type"]
    context = fault.get("ctx", {})
    if kind == "missing":
        if where == "kilder":
            return _("der er ingen kilder endnu; «reconcile add FIL» finder ud af, hvad en fil er, og skriver den.")
        return _("{hvor} mangler.").format(hvor=where)
    texts = {
        "bool_type": _("skal være true eller false"),
        "bool_parsing": _("skal være true eller false"),
        "int_type": _("skal være et helt tal"),
        "int_parsing": _("skal være et helt tal"),
        "int_from_float": _("skal være et helt tal"),
        "decimal_parsing": _('skal være et beløb eller tal, fx "10000.00"'),
        "decimal_max_places": _("må højst have to decimaler"),
        "literal_error": _("skal være {valg}").format(valg=_choices(context)),
        "string_type": _("skal være tekst"),
        "string_pattern_mismatch": _('skal være en kommunekode med tre cifre, en liste af dem eller "alle"'),
        "decimal_type": _('skal være et beløb eller tal, fx "10000.00"'),
        "decimal_max_digits": _("er for stort"),
        "decimal_whole_digits": _("er for stort"),
        "finite_number": _("skal være et endeligt tal"),
        "tuple_type": _('skal være en liste i [ ], fx ["ind/*.csv"]'),
        "too_short": _("må ikke være tom"),
        "string_too_short": _("må ikke være tom"),
        "greater_than_equal": _("skal være mindst {mindst}").format(mindst=context.get("ge", "")),
        "greater_than": _("skal være over {mindst}").format(mindst=context.get("gt", "")),
        "less_than_equal": _("må højst være {hoejst}").format(hoejst=context.get("le", "")),
        "value_error": str(context.get("error", "")),
        "model_type": _("skal være en tabel"),
        "mapping_type": _("skal være en tabel"),
        "dict_type": _("skal være en tabel"),
    }
    reason = texts.get(kind) or _("kan ikke læses ({grund})").format(grund=fault["msg"])
    if isinstance(fault["input"], dict) and kind == "value_error":
        return _("{hvor}: {grund}.").format(hvor=where, grund=reason.rstrip(".")).replace("?.", "?")
    return _("{hvor}: {grund} (der står {vaerdi}).").format(hvor=where, grund=reason, vaerdi=_as_toml(fault["input"]))


def _as_toml(value: object) -> str:
    """A value as it stands in the file, more or less."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            hidden = re.sub(r"(://[^/@:]*):.*@", r"\1:…@", value)  # a password that should not stand there
            return json.dumps(hidden, ensure_ascii=False)
        case dict() | list():
            return "{ … }" if isinstance(value, dict) else "[ … ]"
        case _other:
            return str(value)


def _choices(context: Mapping[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", '"').replace(" or ", _(" eller "))
