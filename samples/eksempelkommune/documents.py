"""The configuration (reconcile.toml) and the answer key (plantet.csv, PLANTET.md, forventet_*.csv)."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from .model import World
from .plan import Expected
from .published import ABSENT, SUPPRESSED, expected_bridge, harmonisation
from .tables import write_csv

CONFIG = """\
# Eksempelkommunens opsætning. Alle stier er i forhold til denne fil.
# Kør den med: reconcile run --period 2020

[kommune]
kode = "999"                 # vores kommunekode; 999 findes ikke i virkeligheden
navn = "Eksempelkommune"     # står på rapporten

# Fagsystemet: det nuværende (CSV med egne overskrifter) og det tidligere (XLSX med værktøjets egne overskrifter).
[kilder.fagsystem]
filer = ["ind/nexus-*.csv", "ind/tidligere-fagsystem.xlsx"]

[kilder.fagsystem.kolonner]  # værktøjets kolonne = overskriften i filen
cpr = "CPR-nummer"
dst_kode = "DST kode"
start_dato = "Bevilget fra"
slut_dato = "Bevilget til"   # tom = åben
ydelse_id = "Bevillings-id"
handlekommune = "Handlekommune"
betalingskommune = "Betalingskommune"
maalgruppe = "Målgruppe (VUM)"   # flere skilles med |
funktionsvurdering = "Funktionsvurdering"
tilbud = "Leverandør"
system = "Kildesystem"       # nuvaerende eller tidligere
ffb_ydelse = "FFB-ydelse"

# FLIS' personudtræk; overskrifterne er værktøjets egne.
[kilder.flis]
filer = ["ind/flis.csv"]

# CPR-registeret: fødsels- og dødsdatoer.
[kilder.borger]
filer = ["ind/borger.csv"]
kolonner = { cpr = "Personnummer", foedselsdato = "Fødselsdato", doedsdato = "Dødsdato", kommune = "Bopælskommune" }

# Økonomisystemet: bogførte posteringer på hovedkonto 5.
[kilder.oekonomi]
filer = ["ind/oekonomi.csv"]

[kilder.oekonomi.kolonner]
konto = "Kontonummer"        # 5.38.58-1-001, 5.38.58 1 001, 538581001 eller 153858001
beloeb = "Beløb"             # 1.234,50; kreditnotaer er negative
bogfoert_dato = "Bogføringsdato"
cpr = "CPR"                  # tom på fælles udgifter
ydelsesperiode = "Ydelsesperiode"   # måneden, der betales for; tom = bogføringsmåneden
bilag = "Bilag"
tekst = "Posteringstekst"

# Disponeringsarket: bevilgede takster på midlertidige botilbud (§ 107), en række pr. takst.
[kilder.disponering]
filer = ["ind/disponering.xlsx"]
kolonner = { cpr = "CPR-nr" }

# Afregningssystemet: de afregnede takster, en række pr. måned.
[kilder.afregning]
filer = ["ind/afregning.csv"]
kolonner = { cpr = "Personnummer", konto = "Kontonummer", takst = "Takst (kr.)", fra = "Afregnet fra", til = "Afregnet til" }

# Masteroversigten: hvilken konto hører til hvilken DST-kode. En tom celle betyder «som ovenfor».
[kilder.masteroversigt]
filer = ["ind/masteroversigt.xlsx"]

[kilder.masteroversigt.kolonner]
dst_kode = "DST kode"
konto = "Funktionsområde"
paragraf = "Paragraf"
ydelse = "Indsatsydelse"
indsats = "Indsats i Nexus"
maalgruppe = "Målgruppeniveau"
tilbud = "Egne institutioner"
rytme = "Rytme"              # hvor tit der afregnes; forud eller bagud
rammestyret = "Rammestyret"

# Danmarks Statistiks offentliggjorte tal, hentet fra StatBank som CSV.
[kilder.hand07]              # modtagere
filer = ["ind/hand07.csv"]

[kilder.hand01]              # fuldtidsydelser
filer = ["ind/hand01.csv"]

# Hvilke kvartaler kommunen har godkendt.
[kilder.godkendt]
filer = ["ind/godkendt.csv"]

# Ydelsesrefusion: udtræk fra FLIS/DAP. Den anden fil er rettelser.
[kilder.yr]
filer = ["ind/yr-2020-*.csv"]

[regler]                         # alle er sat til deres standardværdi
ugegraense = "10000.00"          # YR01: kr. pr. uge, grænsen medregnet
efterslip_maaneder = 2           # OE02 og OE05: så længe må en betaling være om at komme
pris_k = 5                       # OE06: hvor mange MAD fra medianen
tolerance_antal = 0              # HAND07 og 8-tal: personer, på resten
tolerance_fuldtid = "0.05"       # HAND01: fuldtidsydelser, på resten
celle_borgere = "aabne"          # eller "alle"
tolerance_kr = "1.00"            # YR20, DI03 og DI04
slutdato_inklusiv = true         # slutdatoen er forløbets sidste aktive dag
population = "handlekommune"     # eller "betalingskommune"
paragraf_107_dage = 730          # VH13
systemskifte_andel = 0.2         # VH14: andel af en kodes forløb, der begynder samme dag
husregler = []                   # kommunens egne regler, slået til med deres id

[godkendelse]
aarlig_frist = ""                # årets frist hos Danmarks Statistik, fx "2022-02-11"; tom = ingen

[noegle]
fil = "noegle.key"               # laves af værktøjet; må aldrig lægges i versionsstyring
"""


def write_documents(world: World, folder: Path) -> None:
    """Everything beside the source files."""
    (folder / "reconcile.toml").write_text(CONFIG, encoding="utf-8", newline="\n")
    header = ("regel", "alvor", "kilde", "dst_kode", "ydelse", "periode", "antal", "beskrivelse")
    ordered = sorted(world.plan.counts.items())
    rows = [(*key[:6], count, key.beskrivelse) for key, count in ordered]
    write_csv(folder / "plantet.csv", header, rows, "utf-8-sig")
    bridge = sorted(expected_bridge(world), key=lambda row: row[:2])
    write_csv(folder / "forventet_bro.csv", ("dst_kode", "periode", "trin", "antal"), bridge, "utf-8-sig")
    write_csv(
        folder / "forventet_harmonisering.csv", ("regel", "fjernet", "aendret"), harmonisation(world), "utf-8-sig"
    )
    text = "\n".join(_lines(world, ordered))
    (folder / "PLANTET.md").write_text(text, encoding="utf-8", newline="\n")


def _lines(world: World, ordered: list[tuple[Expected, int]]) -> list[str]:
    """PLANTET.md: the same as plantet.csv, per rule, and what must not be found."""
    lines = [
        "# Plantede problemer",
        "",
        "Skrevet af `generate.py`. Tallene er de fund, en kørsel med `--period 2020` skal give; alt andet i filerne er",
        "rent. Fødsels- og personnumre står kun i kildefilerne. `plantet.csv` har det samme til maskiner.",
        "",
        "| regel | fund | heraf fejl | advarsel | information |",
        "|---|--:|--:|--:|--:|",
    ]
    for regel, group in groupby(ordered, key=lambda item: item[0].regel):
        by_level = {"fejl": 0, "advarsel": 0, "information": 0}
        for key, count in group:
            by_level[key.alvor] += count
        counts = " | ".join(str(n) for n in (sum(by_level.values()), *by_level.values()))
        lines.append(f"| {regel} | {counts} |")
    lines += ["", "## Hvert fund", ""]
    lines += ["| regel | kilde | kode eller ydelse | periode | antal | hvad |", "|---|---|---|---|--:|---|"]
    lines += _detail(ordered)
    (code, quarter), people = next(iter(world.dst_lacks.items()))
    lines += [
        "",
        "## HAND07",
        "",
        "`forventet_bro.csv` har hvert trin for hver kode og hvert kvartal, `forventet_harmonisering.csv` antallet af",
        "forløb, som hver regel fjerner og ændrer. Desuden:",
        "",
        f"- {code}, {quarter}: DST mangler {len(people)} personer, som ingen regel forklarer (rest −{len(people)}).",
        f"- {SUPPRESSED[0]}, {SUPPRESSED[1]}: StatBank skriver `..`.",
        f"- {ABSENT[0]}, {ABSENT[1]}: cellen mangler helt i udtrækket (ikke det samme som 0).",
        "- 1.18.1 og 1.18.2 i 2020K1 og 2020K2: koden fandtes ikke; StatBank skriver 0.",
        "",
        "## Ligner problemer, men er det ikke",
        "",
        *[f"- {text}" for text in world.plan.decoys],
        "",
    ]
    return lines


def _detail(ordered: list[tuple[Expected, int]]) -> list[str]:
    """One line per expectation; months and sources with the same text are joined."""
    joined: dict[tuple[str, str, str], tuple[list[str], list[str], int]] = {}
    for key, count in ordered:
        what = key.dst_kode or key.ydelse
        kilder, perioder, antal = joined.get((key.regel, what, key.beskrivelse), ([], [], 0))
        kilder = kilder if key.kilde in kilder else [*kilder, key.kilde]
        perioder = perioder if key.periode in perioder else [*perioder, key.periode]
        joined[key.regel, what, key.beskrivelse] = (kilder, perioder, antal + count)
    lines = []
    for (regel, what, text), (kilder, perioder, antal) in joined.items():
        span = perioder[0] if len(perioder) == 1 else f"{perioder[0]} til {perioder[-1]}"
        lines.append(f"| {regel} | {', '.join(kilder)} | {what} | {span} | {antal} | {text} |")
    return lines
