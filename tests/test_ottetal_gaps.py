"""Gaps in the masteroversigt: each is said with its account, its rows and what could be meant."""

from __future__ import annotations

from typing import Any

import pytest
from support.ottetal import ANNA, MASTER, course
from support.worlds import world

from reconcile.controls import ottetal
from reconcile.controls.ottetal_gaps import gaps


def said(master: list[dict[str, Any]], **tables: Any) -> list[str]:
    """The gaps of a masteroversigt; its first row is row 2."""
    with world({"masteroversigt": master, **tables}) as context:
        ottetal.build(context)
        return list(gaps(context, []))


def link(code: str, konto: str | None = None, **more: Any) -> dict[str, Any]:
    return {"dst_kode": code, "konto": konto, **more}


def test_a_masteroversigt_without_gaps_says_only_what_is_rammestyret() -> None:
    assert said(MASTER) == ["Rammestyrede konti og tilbud er ikke med i OE01–OE06: 1.13.3 (5.38.53-1-004, række 8)."]


@pytest.mark.parametrize(
    ("code", "konto", "sentence"),
    [
        ("1.4", "538851002", "Kontoen 5.38.85-1-002 (1.4, række 2) har en funktion, der ikke findes i kontoplanen."
                             " Mente du «5.38.58-1-002»?"),
        ("1.3", "538481001", "Kontoen 5.38.48-1-001 (1.3, række 2) har en funktion, der ikke findes i kontoplanen."
                             " Mente du «5.38.58-1-001»?"),
        ("1.4", "530261001", "Kontoen 5.30.26-1-001 (1.4, række 2) ligger uden for 5.38, og dens funktion kendes ikke"
                             " her; tjek den."),
        ("1.4", "538589001", "Kontoen 5.38.58-9-001 (1.4, række 2) har en dranst, der ikke findes; den er 1–7, og 1 er"
                             " drift. Mente du «5.38.58-1-001»?"),
        ("1.12.0.2", "538391009", "Kontoen 5.38.39-1-009 (1.12.0.2, række 2) har en gruppering, der ikke er blandt"
                                  " funktionens; tjek den. Mente du «5.38.39-1-005»?"),
        ("1.1", "538581001", "Kontoen 5.38.58-1-001 står på 1.1 (række 2), men hører hos Lemvig og Komponent til 1.4;"
                             " tjek den."),
    ],
)  # fmt: skip
def test_an_account_that_is_not_there_or_is_anothers_is_named(code: str, konto: str, sentence: str) -> None:
    assert said([link(code, konto)]) == [sentence]


@pytest.mark.parametrize("konto", ["538391008", "538391999", "538392003", "538393001", "538581099"])
def test_only_grupperinger_of_a_funktion_that_the_reference_data_has_whole_are_judged(konto: str) -> None:
    assert said([link("1.3", konto)]) == []


def test_an_account_on_two_codes_is_named_with_both_and_their_rows() -> None:
    (sentence,) = said([link("1.8.2", "538501001"), link("1.8.1", "538501001"), link("1.8.1", "538501001")])
    assert "Konti på flere koder: 5.38.50-1-001 (1.8.1 + 1.8.2, rækkerne 2–4)." in sentence


def test_the_rows_are_named_with_their_file_where_there_are_several() -> None:
    rows = [link("1.8.1", "538501001", fil="a.csv"), link("1.8.2", "538501001", fil="b.csv", raekke=7)]
    assert "(1.8.1 + 1.8.2, a.csv række 2, b.csv række 7)" in said(rows)[0]


def test_an_unknown_code_is_said_to_be_out_of_the_figures() -> None:
    assert said([link("1.8"), link("1.44")]) == [
        "Masteroversigten nævner koden 1.8 (række 2), som ikke kendes; beløb på dens konti tæller ikke med."
        " Skriv den underkode, det er: 1.8.1, 1.8.2.",
        "Masteroversigten nævner koden 1.44 (række 3), som ikke kendes; beløb på dens konti tæller ikke med."
        " Mente du «1.4»?",
    ]


@pytest.mark.parametrize(
    ("code", "paragraph", "fits"),
    [
        ("1.4", "SEL §103.1 Beskyttet beskæftigelse", True),
        ("1.4", "SEL § 104", False),
        ("1.12.0.1", "ABL § 105", True),
        ("1.12.0.1", "ABL § 115 jf. SEL 85", True),
        ("1.18.1", "SEL § 82", True),
        ("1.13.4", "§§ 97 - 99", True),
        ("1.13.2", "§§ 97 - 99", False),
        ("1.4", "Beskyttet beskæftigelse", True),
    ],
)
def test_a_code_beside_another_paragraph_than_its_own_is_named(code: str, paragraph: str, *, fits: bool) -> None:
    sentences = said([link(code, paragraf=paragraph)])
    assert (sentences == []) == fits
    assert fits or f"Koden {code} (række 2) hører til" in sentences[0]


def test_an_indsats_whose_number_is_under_another_code_is_named() -> None:
    rows = [
        link("1.4", indsats="1.4.1 Beskyttet"),
        link("1.4", indsats="1.1.1 Aktivitet"),
        link("1.18.1", indsats="1.18 x"),
    ]
    assert said(rows) == [
        "Indsatsen «1.1.1 Aktivitet» (række 3) er koblet til 1.4, men dens nummer hører under en anden kode."
    ]


def test_rammestyret_in_some_rows_of_an_account_and_a_tilbud_nobody_is_at_are_named() -> None:
    rows = [link("1.4", "538581001", rammestyret=True, tilbud="Høvlen|Hovlen"), link("1.4", "538581001")]
    courses = [course(ANNA, "1.4", "2020-01-01", tilbud="høvlen")]
    framed, mixed, tilbud = said(rows, fagsystem=courses)
    assert "1.4 (5.38.58-1-001, række 2)" in framed
    assert mixed.startswith("Kontoen 5.38.58-1-001 er rammestyret i nogle rækker og ikke i andre (rækkerne 2–3)")
    assert tilbud == "Det rammestyrede tilbud «Hovlen» (række 2) har ingen ydelse i fagsystemet. Mente du «høvlen»?"
    with world({"masteroversigt": rows[:1], "fagsystem": courses}, lacks={"fagsystem": ["tilbud"]}) as context:
        ottetal.build(context)
        assert "har ingen kolonne med tilbud" in list(gaps(context, []))[-1]


def test_very_many_gaps_of_a_kind_are_counted_and_a_cpr_in_a_cell_is_masked() -> None:
    sentences = said([link("1.3", f"538991{n:03d}", paragraf="§ 99 010180-1234") for n in range(30)])
    assert "… og 10 huller mere af samme slags i masteroversigten." in sentences
    assert "1234" not in " ".join(sentences)


def test_a_maalgruppe_without_an_account_below_one_that_has_is_named() -> None:
    blank = link("1.4", None, maalgruppe="1.1")
    (sentence,) = said([link("1.4", "538581001", maalgruppe="2"), blank])
    assert sentence == (
        "Målgruppen 1.1 på 1.4 (række 3) har ingen konto, men koden har. Er den som ovenfor, så flet cellerne eller"
        " skriv kontoen."
    )
    assert said([link("1.4", "538581001", maalgruppe="1.1"), blank]) == []
    assert said([link("1.4", "538581001"), blank]) == []
