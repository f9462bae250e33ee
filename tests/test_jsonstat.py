"""JSON-stat downloads from StatBank as published figures, and StatBank's texts as codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.loading import reader

from reconcile.errors import InputError
from reconcile.reference import rows
from reconcile.settings.config import Regler, load_config
from reconcile.sources.jsonstat import jsonstat_rows
from reconcile.sources.statbank_names import as_code
from reconcile.world.context import Asked
from reconcile.world.prepare import open_world


def load(path: Path, source: str = "hand07") -> list[tuple[Any, ...]]:
    """(kommune, dst_kode, periode, antal, antal_tekst, status, raekke) as the source is read, in the file's order."""
    config = path.parent / "reconcile.toml"
    config.write_text(f'[kommune]\nkode = "665"\n[kilder.{source}]\nfiler = ["{path.name}"]\n', encoding="utf-8")
    asked = Asked(kommune="665", regler=Regler(), today=date(2021, 6, 1))
    with open_world(asked, reader(load_config(config), source)) as world:
        columns = "kommune, dst_kode, periode, antal, antal_tekst, status, raekke"
        return world.engine.rows(f"SELECT {columns} FROM {source} ORDER BY raekke")


def cube(values: Any, *, version: int = 1, status: Any = None, **changed: Any) -> dict[str, Any]:
    """HAND07 for Lemvig, two ydelsestyper, two quarters, as StatBank writes it (version 1) or as version 2."""
    dimension: dict[str, Any] = {
        "OMRÅDE": {"label": "område", "category": {"index": {"665": 0}, "label": {"665": "Lemvig"}}},
        "YDELSESTYPE": {
            "label": "ydelsestype",
            "category": {
                "index": {"30011": 0, "31182": 1},
                "label": {"30011": "Aktivitets- og samværstilbud", "31182": "x"},
            },
        },
        "Tid": {"category": {"index": {"2020K1": 0, "2020K2": 1}, "label": {"2020K1": "2020K1", "2020K2": "2020K2"}}},
        "ContentsCode": {"category": {"index": {"HAND07": 0}, "label": {"HAND07": "Modtagere"}}},
    }
    axes = {"id": list(dimension), "size": [1, 2, 2, 1]}
    dataset: dict[str, Any] = {"label": "HAND07", "value": values} | ({} if status is None else {"status": status})
    if version == 2:
        return {"version": "2.0", "class": "dataset", **dataset, **axes, "dimension": dimension} | changed
    return {"dataset": {**dataset, "dimension": {**dimension, **axes, "role": {"time": ["Tid"]}}} | changed}


def written(folder: Path, content: Any, name: str = "hand07.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def short(loaded: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(code, period, None if n is None else int(n), text) for _k, code, period, n, text, _s, _r in loaded]


@pytest.mark.parametrize("version", [1, 2])
def test_a_cube_is_one_row_per_cell_numbered_from_1(tmp_path: Path, version: int) -> None:
    loaded = load(written(tmp_path, cube([160, 157, 0, 2], version=version)))
    assert [row[-1] for row in loaded] == [1, 2, 3, 4]
    assert {row[0] for row in loaded} == {"665"}
    assert short(loaded) == [
        ("1.1", "2020K1", 160, None),
        ("1.1", "2020K2", 157, None),
        ("1.18.2", "2020K1", 0, None),
        ("1.18.2", "2020K2", 2, None),
    ]


@pytest.mark.parametrize("version", [1, 2])
def test_a_sparse_object_is_the_same_as_its_list(tmp_path: Path, version: int) -> None:
    dense = load(written(tmp_path, cube([160, None, 0, None], version=version)))
    sparse = load(written(tmp_path, cube({"0": 160, "2": 0}, version=version)))
    assert dense == sparse
    assert short(sparse)[1] == ("1.1", "2020K2", None, "")
    assert short(sparse)[2] == ("1.18.2", "2020K1", 0, None)


@pytest.mark.parametrize("status", [["", "..", "", "p"], {"1": "..", "3": "p"}])
def test_status_says_why_a_cell_has_no_figure_and_is_kept(tmp_path: Path, status: Any) -> None:
    loaded = load(written(tmp_path, cube([160, None, 0, 2], status=status)))
    assert [(row[3] is None, row[4], row[5]) for row in loaded] == [
        (False, None, None),
        (True, "..", ".."),
        (False, None, None),
        (False, None, "p"),
    ]


def test_decimals_are_exact(tmp_path: Path) -> None:
    path = written(
        tmp_path, json.dumps(cube([0, 1, 2, 3])).replace("[0, 1, 2, 3]", "[867.6, 0.1, 1e1, 2.0000]").encode()
    )
    assert [str(row[3]) for row in load(path, "hand01")] == ["867.6000", "0.1000", "10.0000", "2.0000"]


def test_an_index_may_be_a_list_and_a_single_category_have_only_a_text(tmp_path: Path) -> None:
    made = cube([160, 157, 0, 2], version=2)
    made["dimension"]["YDELSESTYPE"]["category"]["index"] = ["30011", "31182"]
    del made["dimension"]["OMRÅDE"]["category"]["index"]
    assert short(load(written(tmp_path, made)))[0] == ("1.1", "2020K1", 160, None)


def test_the_order_is_the_index_not_the_order_of_writing(tmp_path: Path) -> None:
    made = cube([160, 157, 0, 2], version=2)
    made["dimension"]["YDELSESTYPE"]["category"]["index"] = {"31182": 1, "30011": 0}
    assert short(load(written(tmp_path, made)))[0] == ("1.1", "2020K1", 160, None)


@pytest.mark.parametrize("source", ["hand07", "hand01", "flis_antal", "flis_fuldtid"])
def test_every_source_of_published_figures_reads_it(tmp_path: Path, source: str) -> None:
    assert len(load(written(tmp_path, cube([160, 157, 0, 2])), source)) == 4


def test_other_sources_find_no_column_of_theirs_in_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hand07\.json.*cpr findes ikke"):
        load(written(tmp_path, cube([1, 2, 3, 4])), "fagsystem")


def test_a_bad_cell_is_named_by_its_number_and_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load(written(tmp_path, cube([160, 157.5, 0, -2])))
    said = str(error.value)
    for word in ("hand07.json, række 2", "157.5", "række 4", "cellens nummer"):
        assert word in said


def test_a_bom_does_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(cube([160, 157, 0, 2])).encode()
    assert len(load(written(tmp_path, content))) == 4


GOOD = [160, 157, 0, 2]
BROKEN: list[tuple[Any, str]] = [
    (b"", "ikke gyldig JSON"),
    (json.dumps(cube(GOOD)).encode()[:200], "ikke gyldig JSON"),
    (b"\xff\xfe{}", "UTF-8"),
    (b"[" * 100_000, "JSON"),
    (b"[1, 2]", "ét datasæt"),
    ({"class": "collection", "link": {}}, "ét datasæt"),
    ({"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabellen blev ikke fundet"}, "Tabellen blev ikke fundet"),
    (cube([160, 157, 0]), "3 celler, dimensionerne giver 4"),
    (cube([160, 157, 0, 2, 3]), "5 celler"),
    (cube({"4": 1}), "«4»"),
    (cube({"-1": 1}), "«-1»"),
    (cube({"x": 1}), "«x»"),
    (cube(7), "liste eller et objekt"),
    (cube([160, True, 0, 2]), "celle 2 er ikke et tal"),
    (cube([160, [1], 0, 2]), "celle 2 er ikke et tal"),
    (json.dumps(cube(GOOD)).replace("157", "1e9999999").encode(), "celle 2 er ikke et tal"),
    (json.dumps(cube(GOOD)).replace("157", "NaN").encode(), "NaN"),
    (cube(GOOD, version=2, size=[1, 2, 2]), "«id» og «size»"),
    (cube(GOOD, version=2, size=[1, 2, 3, 1]), "«Tid»"),
    (cube(GOOD, version=2, id=["OMRÅDE", "YDELSESTYPE", "Tid", "KØN"]), "«KØN» mangler"),
    (cube(GOOD, version=2, dimension=[]), "ét datasæt"),
]


@pytest.mark.parametrize(("content", "words"), BROKEN)
def test_a_broken_file_is_an_error_that_names_the_file_and_what_is_wrong(
    tmp_path: Path, content: Any, words: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError) as error:
        list(jsonstat_rows(path, path.name))
    assert "hand07.json" in str(error.value)
    assert words in str(error.value)


def test_a_dimension_with_several_values_must_be_chosen_from(tmp_path: Path) -> None:
    made = cube(GOOD * 2, version=2, size=[1, 2, 2, 2])
    made["dimension"]["ContentsCode"]["category"] = {"index": ["a", "b"]}
    with pytest.raises(InputError, match=r"«ContentsCode» har 2 værdier"):
        load(written(tmp_path, made))


@pytest.mark.parametrize(("dimension", "what"), [("Tid", "kvartal"), ("YDELSESTYPE", "ydelsestype")])
def test_a_cube_without_quarters_or_ydelser_is_refused(tmp_path: Path, dimension: str, what: str) -> None:
    made = cube(GOOD, version=2)
    made["dimension"][dimension]["category"] = {"index": ["a", "b"]}
    with pytest.raises(InputError, match=f"er {what}"):
        load(written(tmp_path, made))


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=4, max_size=4))
def test_dense_and_sparse_agree_for_any_values(
    tmp_path_factory: pytest.TempPathFactory, values: list[int | None]
) -> None:
    folder = tmp_path_factory.mktemp("kubus")
    dense = list(jsonstat_rows(written(folder, cube(values), "a.json"), "f"))
    sparse = list(
        jsonstat_rows(written(folder, cube({str(i): v for i, v in enumerate(values) if v is not None}), "b.json"), "f")
    )
    assert dense == sparse
    assert [cells[3][1:] for _n, cells in dense[1:]] == ["" if v is None else str(v) for v in values]


# --- StatBank's texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Aktivitets- og samværstilbud (§ 104 i lov om social service)", "1.1"),
        ("30011 Aktivitets- og samværstilbud (§ 104 i lov om social service)", "1.1"),
        ("30011", "1.1"),
        ("1.12.0.2", "1.12.0.2"),
        ("Aktivitets- og samværstilbud", "1.1"),
        ("Kontant tilskud efter § 95 til ansættelse af hjælpere (§§ 83, 84) (§ 95 i lov om social service)", "1.17"),
        ("Længerevarende botilbud inkl. tilknyttede ydelser fx §§ 83, 85 (§ 108 i lov om social service)", "1.8.1"),
        ("Socialpædagogisk støtte i botilbudslignende tilbud (§ 85 i lov om social service)", "1.12.0.1"),
        ("Øvrig socialpædagogisk støtte, fx borgernes private hjem (§ 85 i lov om social service)", "1.12.0.2"),
        ("Hjælp til hjemløshed, ACT og M-ACT-støttemetode (§ 85 a i Serviceloven) (2024K1-)", "1.12.1.3"),
        (
            "Ved hastigt fremskridende sygdom, jf. § 83 i lov om social service (§ 117 a i Serviceloven) (2024K3-)",
            "1.20.0.1",
        ),
        (
            "Ved hastigt fremskridende sygdom, jf. § 112 i lov om social service (§ 117 a i Serviceloven) (2024K3-)",
            "1.20.0.3",
        ),
        (
            "Individuel tidsbegrænset socialpædagogisk hjælp og støtte (§ 82 b i lov om social service) (2020K3-)",
            "1.18.2",
        ),
        ("Noget helt nyt (§ 85 i lov om social service)", None),
        ("Noget helt nyt (§ 999 i lov om social service)", None),
        ("Aktivitets", None),
        ("Lemvig", None),
        ("", None),
    ],
)
def test_a_text_is_the_code_it_surely_is_or_none(text: str, code: str | None) -> None:
    assert as_code(text) == code


@pytest.mark.parametrize("row", rows("ydelseskode"), ids=lambda row: row["dst_kode"])
def test_every_ydelse_is_known_by_its_own_text_and_paragraph(row: dict[str, str]) -> None:
    paragraph, _space, inner = row["paragraf"].removeprefix("SEL ").partition(" ")
    label = f"{row['tekst']}, jf. {inner.strip('()')} ({paragraph} i lov om social service) (2020K3-)"
    assert as_code(label) == row["dst_kode"]
