"""The register of planted problems: what each rule is expected to find, with `--period 2020`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Expected(NamedTuple):
    """One line of plantet.csv, without its count."""

    regel: str
    alvor: str
    kilde: str
    dst_kode: str
    ydelse: str
    periode: str
    beskrivelse: str


@dataclass
class Plan:
    """Counts of expected findings, and sentences about what must *not* be found."""

    counts: Counter[Expected] = field(default_factory=Counter)
    decoys: list[str] = field(default_factory=list)

    def expect(
        self,
        regel: str,
        alvor: str,
        kilde: str,
        beskrivelse: str,
        *,
        dst_kode: str = "",
        ydelse: str = "",
        periode: str = "",
        antal: int = 1,
    ) -> None:
        """Register `antal` expected findings."""
        self.counts[Expected(regel, alvor, kilde, dst_kode, ydelse, periode, beskrivelse)] += antal

    def expect_vh(self, regel: str, alvor: str, beskrivelse: str, dst_kode: str, antal: int = 1) -> None:
        """Register a VH finding in both the fagsystem and the FLIS extract."""
        for kilde in ("fagsystem", "flis"):
            self.expect(regel, alvor, kilde, beskrivelse, dst_kode=dst_kode, antal=antal)

    def expect_months(self, regel: str, alvor: str, beskrivelse: str, dst_kode: str, periods: Iterable[str]) -> None:
        """Register one OE finding per month."""
        for periode in periods:
            self.expect(regel, alvor, "oekonomi", beskrivelse, dst_kode=dst_kode, periode=periode)

    def decoy(self, beskrivelse: str) -> None:
        """Note something that looks like a problem and is none."""
        self.decoys.append(beskrivelse)
