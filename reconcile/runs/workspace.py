"""Makes working folders: an empty one, and the sample municipality."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from reconcile.errors import InputError
from reconcile.i18n import N_, _
from reconcile.privacy import door
from reconcile.privacy.pseudonym import write_new_key
from reconcile.reference import rows
from reconcile.resources import SAMPLES, TEMPLATES

#: What of samples/ is the municipality's working folder; the rest is how it was made.
_SAMPLE_PARTS = ("reconcile.toml", "README.md", "PLANTET.md", "plantet.csv", "ind", "publiceret")

_WHY_IGNORED = N_("Persondata, rapporter og den hemmelige nøgle skal ikke i versionsstyring.")
_GITIGNORE = "# {why}\nnoegle.key\nkoersler.json\nind/\nud/\nrapport/\naftryk/\narbejdsboeger/\n*.lock\n*.eml\n"
#: Git leaves the line ends of the approvals alone: each line is sealed as it stands.
_GITATTRIBUTES = "approvals.jsonl -text\n"


#: A double click on Windows. The program is looked for in the folder's own venv, where it was when the folder was made,
#: and on the path; else a venv is made of the wheel that lies in the folder. 0 and 1 are results, 2 is a refusal.
_START_BAT = """@echo off
chcp 65001 >nul
rem {why}
setlocal
set PYTHONUTF8=1
cd /d "%~dp0"
set "RECONCILE=%~dp0.venv\\Scripts\\reconcile.exe"
if exist "%RECONCILE%" goto run
set "RECONCILE={scripts}\\reconcile.exe"
if exist "%RECONCILE%" goto run
set "RECONCILE=reconcile"
where reconcile >nul 2>nul && goto run
if not exist "reconcile-*.whl" goto absent
echo {making}
py -3 -m venv .venv || goto failed
for %%w in (reconcile-*.whl) do .venv\\Scripts\\python -m pip install --quiet "%%w" || goto failed
set "RECONCILE=%~dp0.venv\\Scripts\\reconcile.exe"
:run
"%RECONCILE%" run --open %*
if errorlevel 2 goto failed
pause
exit /b 0
:absent
echo {absent}
pause
exit /b 2
:failed
echo {failed}
pause
exit /b 2
"""
_START_PS1 = """# {why}
$ErrorActionPreference = "Stop"
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$env:PYTHONUTF8 = "1"
Set-Location -LiteralPath $PSScriptRoot
$kandidater = @("$PSScriptRoot\\.venv\\Scripts\\reconcile.exe", '{quoted}\\reconcile.exe')
$program = $kandidater | Where-Object {{ Test-Path -LiteralPath $_ }} | Select-Object -First 1
if (-not $program) {{ $program = (Get-Command reconcile -ErrorAction SilentlyContinue).Source }}
$wheel = Get-ChildItem -Path $PSScriptRoot -Filter "reconcile-*.whl" | Select-Object -First 1
if (-not $program -and $wheel) {{
    Write-Host "{making}"
    py -3 -m venv .venv
    & "$PSScriptRoot\\.venv\\Scripts\\python.exe" -m pip install --quiet $wheel.FullName
    $program = $kandidater[0]
}}
$kode = 2
if ($program) {{ & $program run --open @args; $kode = $LASTEXITCODE }} else {{ Write-Host "{absent}" }}
if ($kode -ge 2) {{ Write-Host "{failed}" }}
Read-Host "Enter" | Out-Null
exit $kode
"""


def create(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Make an empty working folder; yields each file and whether it was written (False: it stood there already).

    Raises:
        InputError: the folder cannot be made or written to.
    """
    config = (TEMPLATES / "reconcile.toml").read_text(encoding="utf-8")
    try:
        (folder / "ind").mkdir(parents=True, exist_ok=True)
        yield _write(folder / "reconcile.toml", config)
        yield _write(folder / "masteroversigt.csv", first_masteroversigt(), encoding="utf-8-sig")
        yield _write(folder / ".gitignore", _GITIGNORE.format(why=_(_WHY_IGNORED)))
        yield _write(folder / ".gitattributes", _GITATTRIBUTES)
        yield _write(folder / "start.bat", _START_BAT.format(**_start_texts()), newline="\r\n")
        yield _write(folder / "start.ps1", _START_PS1.format(**_start_texts()), encoding="utf-8-sig", newline="\r\n")
        yield _key(folder / "noegle.key")
    except OSError as error:
        text = _("Arbejdsmappen {mappe} kan ikke laves: {grund}.")
        raise InputError(text.format(mappe=folder, grund=error.strerror)) from None


def copy_sample(folder: Path) -> None:
    """Write the sample municipality to a folder, with a new key; files of an earlier demo are replaced.

    Raises:
        InputError: the folder holds something else, or cannot be written to.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "PLANTET.md").is_file():
        text = _("{mappe} er ikke tom og er ikke en tidligere demo. Vælg en anden mappe: reconcile demo MAPPE.")
        raise InputError(text.format(mappe=folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _SAMPLE_PARTS:
            source = SAMPLES / name
            if source.is_dir():
                shutil.copytree(source, folder / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, folder / name)
        _key(folder / "noegle.key")
    except OSError as error:
        raise InputError(_("Demoen kan ikke skrives i {mappe}: {grund}.").format(mappe=folder, grund=error)) from None


def _write(path: Path, text: str, encoding: str = "utf-8", newline: str = "\n") -> tuple[Path, bool]:
    if path.exists():
        return path, False
    door.write(path, text.replace("\n", newline).encode(encoding))
    return path, True


def _start_texts() -> dict[str, str]:
    """What the start files say, and where the program is installed that made them."""
    return {
        "why": _(
            "Dobbeltklik: kører afstemningen i denne mappe. Vinduet bliver stående, så man kan læse, hvad der står."
        ),
        "scripts": (scripts := sysconfig.get_path("scripts")),
        "quoted": scripts.replace("'", "''"),
        "making": _("Laver .venv i denne mappe (kun første gang) ..."),
        "absent": _("reconcile er ikke fundet. Læg filen reconcile-...-py3-none-any.whl i denne mappe, og prøv igen."),
        "failed": _("Kørslen stoppede; læs linjerne ovenfor."),
    }


def _key(path: Path) -> tuple[Path, bool]:
    try:
        write_new_key(path)
    except FileExistsError:
        return path, False
    return path, True


def first_masteroversigt() -> str:
    """The authorised links of codes and accounts, to begin from."""
    texts = {row["dst_kode"]: row for row in rows("ydelseskode")}
    lines = ["dst_kode;konto;paragraf;ydelse;maalgruppe;tilbud;rammestyret"]
    for link in rows("konto_kobling"):
        code = texts[link["dst_kode"]]
        lines.append(f"{link['dst_kode']};{link['konto']};{code['paragraf']};{code['tekst']};{link['niveau']};;nej")
    return "\n".join(lines) + "\n"
