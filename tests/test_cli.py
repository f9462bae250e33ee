"""The command line: exit codes, messages, and that nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.runs import cell, publish, result, working_folder

from reconcile.cli import main
from reconcile.engine.duckdb import Engine
from reconcile.runs.workspace import create


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder with HAND07 and FLIS figures that agree."""
    list(create(tmp_path))
    configure(tmp_path, '[kilder.hand07]\nfiler = ["h.csv"]\n[kilder.flis_antal]\nfiler = ["f.csv"]\n')
    (tmp_path / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n", encoding="utf-8")
    (tmp_path / "f.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n", encoding="utf-8")
    return tmp_path


def configure(folder: Path, sources: str) -> None:
    (folder / "reconcile.toml").write_text(f'[kommune]\nkode = "665"\nnavn = "Prøveby"\n{sources}', encoding="utf-8")


def call(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    assert isinstance(stop.value.code, int)
    return stop.value.code


def test_exit_0_when_all_agrees(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("hand07", "--config", folder / "reconcile.toml") == 0
    out = capsys.readouterr().out
    assert "stemmer" in out
    assert "rapport.html" in out
    assert list((folder / "ud").glob("*/manifest.json"))


def test_the_configuration_is_found_from_above_and_below_and_several_are_refused_only_where_one_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("en", "to"):
        (tmp_path / name).mkdir()
    one = working_folder(tmp_path / "en")
    runs = [publish(result(cells=[cell()]), one / "ud" / name) for name in ("1", "2")]
    for place in (tmp_path, one, one / "ud"):
        monkeypatch.chdir(place)
        assert call("approve", "2020K3") == 0
        assert "ud/2" in capsys.readouterr().out
    working_folder(tmp_path / "to")
    monkeypatch.chdir(tmp_path)
    for words in (("approve", "2020K3"), ("run",), ("add", runs[0] / "manifest.json")):
        assert call(*words) == 2
        assert "Flere mapper har en reconcile.toml (en, to); gå ind i den ene" in capsys.readouterr().err
    assert call("compare", *runs) == 0


def test_exit_1_when_a_difference_is_unexplained(folder: Path) -> None:
    (folder / "f.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;161\n", encoding="utf-8")
    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "-q") == 1


def test_exit_0_when_the_difference_is_within_the_tolerance(folder: Path) -> None:
    (folder / "f.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;161\n", encoding="utf-8")
    with (folder / "reconcile.toml").open("a", encoding="utf-8") as handle:
        handle.write("[regler]\ntolerance_antal = 1\n")
    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "-q") == 0


def test_exit_2_names_file_row_column_value_and_remedy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160,5\n1.1;2020X2;1\n", encoding="utf-8")
    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r") == 2
    said = capsys.readouterr().err
    for word in ("h.csv", "række 2", "«antal»", "«160,5»", "helt tal", "række 3", "«periode»", "«2020X2»", "2020K3"):
        assert word in said
    assert "Traceback" not in said
    assert not (folder / "r").exists()


def test_exit_2_leaves_an_earlier_report_as_it_was(folder: Path) -> None:
    call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "-q")
    before = {p.name: p.read_bytes() for p in (folder / "r").iterdir()}
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;x\n", encoding="utf-8")
    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "-q") == 2
    assert {p.name: p.read_bytes() for p in (folder / "r").iterdir()} == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("hand07", "--period", "2020K5"),
        ("hand07", "--config", "findes-ikke.toml"),
        ("findesikke",),
        ("hand07", "--ukendt"),
        ("rules", "VH99"),
        ("yr",),
        ("run", "--engine", "polars"),
        ("ottetal", "--kode", "1.44"),
    ],
    ids=" ".join,
)
def test_exit_2_for_bad_usage(
    folder: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert call(*arguments) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["1.44"], " Mente du «1.4»?"),
        (["1.4.1"], " Mente du «1.4»?"),
        (["1,4"], " Mente du «1.4»?"),
        (["30014"], " Mente du «1.4»?"),
        (["§ 103"], " Mente du «1.4»?"),
        (["SEL §85"], " Mente du «1.12.0.1» eller «1.12.0.2»?"),
        (["82a"], " Mente du «1.18.1»?"),
        (["1.4,1.1"], " Skriv --kode 1.4 --kode 1.1."),
        (["foo"], ""),
    ],
)
def test_an_unknown_code_is_named_with_what_could_be_meant(
    folder: Path, words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for code in ["1.4", *words, "1.999"] for word in ("--kode", code)]
    assert call("ottetal", "--config", folder / "reconcile.toml", *options) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"--kode «{words[0]}» er ikke en kendt DST-kode.{hint}"
    assert said[1].startswith("--kode «1.999» er ikke en kendt DST-kode.")


def test_exit_130_when_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import reconcile.runs.pipeline

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reconcile.runs.pipeline, "execute", interrupted)
    assert call("hand07", "--config", folder / "reconcile.toml") == 130


def test_a_bug_shows_no_traceback_and_no_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import reconcile.runs.pipeline

    def broken(*_arguments: object) -> None:
        raise RuntimeError("0101010001")

    monkeypatch.setattr(reconcile.runs.pipeline, "execute", broken)
    assert call("hand07", "--config", folder / "reconcile.toml") == 2
    said = capsys.readouterr().err
    assert "Uventet fejl" in said
    assert "0101010001" not in said
    assert "Traceback" not in said


def test_quarantine_sets_bad_rows_aside_and_exits_1(folder: Path) -> None:
    (folder / "h.csv").write_text("dst_kode;periode;antal\n1.1;2020K1;160\n1.3;2020K1;x\n", encoding="utf-8")
    assert call("hand07", "--config", folder / "reconcile.toml", "--out", folder / "r", "--quarantine", "-q") == 1
    aside = (folder / "r" / "karantaene.csv").read_text(encoding="utf-8-sig")
    assert "h.csv;3;antal;" in aside
    assert "karantaene.csv" in (folder / "r" / "manifest.json").read_text(encoding="utf-8")


def test_init_makes_a_working_folder_and_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("init", tmp_path / "ny") == 0
    made = {p.name for p in (tmp_path / "ny").iterdir()}
    files = {"reconcile.toml", "masteroversigt.csv", "noegle.key", ".gitignore", ".gitattributes"}
    assert made == files | {"ind", "start.bat", "start.ps1"}
    key = tmp_path / "ny" / "noegle.key"
    secret = key.read_text(encoding="ascii")
    if os.name == "posix":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    (tmp_path / "ny" / "reconcile.toml").write_text("# min egen\n", encoding="utf-8")
    assert call("init", tmp_path / "ny") == 0
    assert "findes i forvejen" in capsys.readouterr().out
    assert key.read_text(encoding="ascii") == secret
    assert (tmp_path / "ny" / "reconcile.toml").read_text(encoding="utf-8") == "# min egen\n"


def test_a_fresh_folder_has_nothing_to_work_on_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call("init", tmp_path)
    config = tmp_path / "reconcile.toml"
    capsys.readouterr()
    assert call("run", "--config", config, "-q") == 2
    assert 'kode = "665"' in capsys.readouterr().err
    config.write_text(config.read_text(encoding="utf-8").replace('"000"', '"665"'), encoding="utf-8")
    assert call("run", "--config", config, "-q") == 2
    assert "[kilder.fagsystem]" in capsys.readouterr().err
    assert not list((tmp_path / "ud").glob("*")), "no report of nothing"


def test_a_missing_key_is_refused_when_persons_are_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(folder, '[kilder.fagsystem]\nfiler = ["v.csv"]\n')
    (folder / "v.csv").write_text("cpr;dst_kode;start_dato\n0101010001;1.1;01-01-2020\n", encoding="utf-8")
    (folder / "noegle.key").unlink()
    assert call("hand07", "--config", folder / "reconcile.toml") == 2
    assert "noegle.key" in capsys.readouterr().err
    assert not (folder / "noegle.key").exists()


def test_rules_lists_every_rule_and_explains_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("rules") == 0
    listed = capsys.readouterr().out
    for rule in ("VH01", "VH16", "OE01", "OE07", "FL04", "YR01", "YR20"):
        assert rule in listed
    assert call("rules", "vh07") == 0
    explained = capsys.readouterr().out
    for word in ("VH07", "oplysning", "under 17", "Kilde"):
        assert word in explained


def test_demo_refuses_a_folder_with_something_else_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mit.txt").write_text("x", encoding="utf-8")
    assert call("demo", tmp_path) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mit.txt"]


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys\nfrom reconcile.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'duckdb', 'great_expectations', 'openpyxl', 'jinja2', 'pydantic', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_nothing_is_written_to_stderr_when_it_is_piped(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reconcile", "hand07", "--config", str(folder / "reconcile.toml")],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0
    assert done.stderr == ""


#: One name per option in every command, English first, with its Danish alias.
ALIASES = {
    "--period": "--periode",
    "--code": "--kode",
    "--by": "--af",
    "--note": "--notat",
    "--reason": "--begrundelse",
    "--until": "--indtil",
    "--from": "--fra",
    "--into": "--ind-i",
    "--split": "--fordel",
    "--public": "--offentlig",
    "--if-changed": "--hvis-nyt",
    "--to-owners": "--til-ansvarlige",
}


def test_an_option_has_the_same_english_name_and_danish_alias_in_every_command() -> None:
    from reconcile.cli.group import reconcile

    seen = set()
    for command in reconcile.commands.values():
        for parameter in command.params:
            for english, danish in ALIASES.items():
                if english in parameter.opts or danish in parameter.opts:
                    seen.add(english)
                    assert parameter.opts[:2] == [english, danish], command.name
    assert seen >= {"--period", "--code", "--by", "--note", "--reason", "--until", "--into", "--split"}


@pytest.mark.parametrize("command", ["accept", "approve", "statbank", "ottetal"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_both_names_of_an_option_stand_in_the_help(command: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    from reconcile.cli.group import reconcile

    assert call(command, "-h", "--lang", lang) == 0
    said = capsys.readouterr().out
    for parameter in reconcile.commands[command].params:
        for english, danish in ALIASES.items():
            if english in parameter.opts:
                assert f"{english}, {danish}" in said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "Disken er fuld"),
        (MemoryError(), "ikke hukommelse nok"),
        (FileNotFoundError(2, "No usable temporary directory found in ['/tmp']"), "ingen midlertidig mappe"),
        (ZeroDivisionError("0105701121"), "Uventet fejl"),
    ],
)
def test_a_machine_without_room_is_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("reconcile.runs.pipeline.load_sources", fail)
    assert call("hand07", "--config", folder / "reconcile.toml") == 2
    told = capsys.readouterr().err
    assert said in told
    assert "0105701121" not in told


def test_a_database_without_room_to_spill_is_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def spill(engine: Engine, *_args: object, **_options: object) -> None:
        engine.run("SET memory_limit = '30MB'")
        engine.run("SET max_temp_directory_size = '1MB'")
        engine.run("CREATE TABLE t AS SELECT range AS r, hash(range) AS h FROM range(20000000)")

    monkeypatch.setattr("reconcile.runs.pipeline.load_sources", spill)
    assert call("hand07", "--config", folder / "reconcile.toml") == 2
    assert "Uventet" not in capsys.readouterr().err
