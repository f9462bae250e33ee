"""The styles of somebody's own workbook: a date needs a format that shows it as one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconcile.reports.own_parts import attributes, with_attribute

_DAY = "14"
_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(45, 48))))


def with_dates(styles: bytes, looks: Mapping[int, str]) -> tuple[bytes, dict[int, str]]:
    """The styles with what is needed to show a date in columns of these looks, and the look of a date in each."""
    text = styles.decode("utf-8")
    found = re.search(r"(<cellXfs\b[^>]*>)(.*?)(</cellXfs>)", text, re.DOTALL)
    if found is None or not looks:
        return styles, dict(looks)
    formats = re.findall(r"<xf\b(?:[^>]*?/>|.*?</xf>)", found[2], re.DOTALL)
    custom = {told["numFmtId"]: told["formatCode"] for told in map(attributes, re.findall(r"<numFmt\b[^>]*>", text))}
    made: dict[int, str] = {}
    added: dict[str, str] = {}
    for column, look in looks.items():
        place = int(look or 0)
        told = attributes(formats[place].split(">")[0]) if place < len(formats) else {}
        if _is_date(told.get("numFmtId", "0"), custom):
            made[column] = look
            continue
        if look not in added:
            tag = formats[place] if place < len(formats) else "<xf/>"
            head, end = tag[: tag.index(">") + 1], tag[tag.index(">") + 1 :]
            formats.append(with_attribute(with_attribute(head, "numFmtId", _DAY), "applyNumberFormat", "1") + end)
            added[look] = str(len(formats) - 1)
        made[column] = added[look]
    start = with_attribute(found[1], "count", str(len(formats)))
    return text.replace(found[0], f"{start}{''.join(formats)}{found[3]}", 1).encode("utf-8"), made


def _is_date(number: str, custom: Mapping[str, str]) -> bool:
    code = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", custom.get(number, "")).casefold()
    return number in _BUILT_IN_DATES or ("d" in code and ("m" in code or "y" in code))
