"""FFB: persons per ydelse and tilbud of the common catalogue, overlaps, coverage and what could not be matched."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reconcile.domain.cpr import mask
from reconcile.domain.exact import rounded
from reconcile.results.ffb import FfbCount, FfbCoverage, FfbOverlap, FfbUnknown
from reconcile.results.rows import ResultTable
from reconcile.world.context import Context

_LAYERS = ("paragraf", "ydelse", "tilbud")


def tables(context: Context, source: str) -> list[ResultTable]:
    """``ffb``, ``ffb_overlap``, ``ffb_daekning`` and ``ffb_ukendte``; none where the source has no FFB column."""
    if not (context.has(source, "ffb_ydelse") or context.has(source, "ffb_tilbud")):
        return []
    return [
        ResultTable("ffb", FfbCount, tuple(_counts(context))),
        ResultTable("ffb_overlap", FfbOverlap, tuple(_overlaps(context))),
        ResultTable("ffb_daekning", FfbCoverage, tuple(_coverage(context))),
        ResultTable("ffb_ukendte", FfbUnknown, tuple(_unknown(context))),
    ]


def _counts(context: Context) -> Iterator[FfbCount]:
    rows = context.engine.rows("SELECT lag, navn, uuid, paragraf, periodetype, periode, borgere, ydelser FROM ffb_talt")
    for row in sorted(rows, key=lambda r: (_LAYERS.index(r[0]), r[4], r[5], r[1] == "I alt", r[1] == "", r[1])):
        layer, name, *rest = row
        yield FfbCount(layer, mask(name), *rest)


def _overlaps(context: Context) -> Iterator[FfbOverlap]:
    names = "lag, periode, paragraf_a, navn_a, paragraf_b, navn_b, borgere"
    for row in sorted(context.engine.rows(f"SELECT {names} FROM ffb_overlap"), key=lambda r: (_LAYERS.index(r[0]), r)):
        layer, period, first, first_name, second, second_name, persons = row
        yield FfbOverlap(layer, period, first, mask(first_name), second, mask(second_name), persons)


def _coverage(context: Context) -> Iterator[FfbCoverage]:
    names = "niveau, kategori, periode, ydelser, begge, kun_ydelse, kun_tilbud, ingen"
    for row in sorted(context.engine.rows(f"SELECT {names} FROM ffb_daekning"), key=lambda r: (r[0] != "alle", r)):
        made: tuple[Any, ...] = (*row, rounded(Fraction(row[3] - row[7], row[3]), 4))
        yield FfbCoverage(*made)


def _unknown(context: Context) -> Iterator[FfbUnknown]:
    rows = context.engine.rows("SELECT lag, tekst, ydelser, borgere FROM ffb_ukendt")
    for layer, text, courses, persons in sorted(rows, key=lambda r: (_LAYERS.index(r[0]), -r[2], r[1])):
        yield FfbUnknown(layer, mask(text), courses, persons)
