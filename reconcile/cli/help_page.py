"""What ``--help`` shows of each command: when it is used, its line in the list, and examples that can be typed as they stand."""

from __future__ import annotations

from typing import NamedTuple

import click

from reconcile.i18n import N_, _


class Page(NamedTuple):
    """The group a command stands in, its line there, and its examples, one a line."""

    group: str
    line: str
    examples: str


FIRST, QUARTER, NOW_AND_THEN = N_("Første gang"), N_("Hvert kvartal"), N_("Nu og da")
GROUPS = (FIRST, QUARTER, NOW_AND_THEN)

#: In the order in which they are listed: as they are used.
PAGES = {
    "demo": Page(FIRST, N_("skriver en eksempelkommune og kører alt på den"), "reconcile demo\nreconcile demo --open"),
    "init": Page(
        FIRST,
        N_("laver din egen arbejdsmappe"),
        N_("reconcile init min-mappe\nreconcile init min-mappe --kommune Lemvig"),
    ),
    "add": Page(
        FIRST,
        N_("hvad er den fil? Finder kolonnerne og skriver dem i reconcile.toml"),
        "reconcile add ind/*\nreconcile add ind/nexus.xlsx --as fagsystem\nreconcile add ind --dry-run",
    ),
    "sources": Page(
        FIRST,
        N_("hvad hver kilde leverer, og hvordan en fil bliver læst"),
        "reconcile sources\nreconcile sources ind/nexus-2023-09.xlsx",
    ),
    "statbank": Page(
        QUARTER,
        N_("henter en tabel fra Statistikbanken"),
        "reconcile statbank HAND07\nreconcile statbank HAND01 --period 2020K1:2024K4",
    ),
    "run": Page(
        QUARTER,
        N_("kører alt, der er kilder til, og skriver rapporten"),
        "reconcile run --period 2020K3\nreconcile run --period 2020K1:2020K4 --open\nreconcile run --if-changed --quiet",
    ),
    "compare": Page(
        QUARTER,
        N_("hvad er nyt, åbent og løst siden en tidligere kørsel?"),
        "reconcile compare\nreconcile compare ud/2026-10-01-101500 ud/2026-10-06-090000",
    ),
    "accept": Page(
        QUARTER,
        N_("skriver ned, at en forskel er kendt og i orden"),
        N_(
            'reconcile accept VH13-5d32a0225970 --by JH --until 2027-03-31 --reason "Meldt til DST"\n'
            "reconcile accept --from rapport.xlsx"
        ),
    ),
    "approve": Page(
        QUARTER,
        N_("er kvartalet klar til godkendelse? Skriver beslutningen"),
        N_(
            "reconcile approve 2020K3\n"
            'reconcile approve 2020K3 --decision godkend --by JH --note "Sager er meldt"\n'
            "reconcile approve --verify"
        ),
    ),
    "mail": Page(
        QUARTER,
        N_("sender rapporten, eller skriver den som kladde"),
        "reconcile mail --dry-run\nreconcile mail\nreconcile mail --eml rapport.eml",
    ),
    "validate": Page(
        NOW_AND_THEN,
        N_("er hvert udtræk, hvad vi tror? Kun reglerne"),
        "reconcile validate --period 2020K3",
    ),
    "hand07": Page(
        NOW_AND_THEN,
        N_("kun forskellen mellem jeres tal og Danmarks Statistiks"),
        "reconcile hand07 --period 2020K3",
    ),
    "ottetal": Page(
        NOW_AND_THEN,
        N_("kun 8-tals kontrollen: to tal fra hver af fire kilder"),
        "reconcile ottetal --period 2020K3 --code 1.4",
    ),
    "noegletal": Page(
        NOW_AND_THEN,
        N_("kun nøgletal: modtagere, helårsmodtagere, varighed, priser"),
        "reconcile noegletal --period 2020 --split alder_10\nreconcile noegletal --period 2020 --public",
    ),
    "yr": Page(
        NOW_AND_THEN,
        N_("kun ydelsesrefusion, og den mod økonomien"),
        "reconcile yr --period 2020K3\nreconcile yr --split bopaelskommune --split alder_10",
    ),
    "footing": Page(
        NOW_AND_THEN,
        N_("går en trykt tabel op, og hvilken celle er forkert?"),
        N_(
            "reconcile footing refusion-2021.csv\n"
            'reconcile footing pivot.xlsx --sheet Trappe --percent "Refusion"\n'
            "reconcile footing pivot.xlsx --html pivot.html\n"
            "reconcile footing udgift.csv modtagere.csv pris.csv"
        ),
    ),
    "rules": Page(NOW_AND_THEN, N_("alle regler, eller én forklaret"), "reconcile rules\nreconcile rules VH07"),
    "key": Page(NOW_AND_THEN, N_("skifter den hemmelige nøgle"), "reconcile key rotate"),
}


class Grouped(click.Group):
    """The commands in the order and the groups in which they are used; no line is cut."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """As :data:`PAGES` has them."""
        return [name for name in PAGES if name in self.commands]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """A section for each group."""
        for group in GROUPS:
            with formatter.section(_(group)):
                lines = [(name, _(page.line)) for name, page in PAGES.items() if page.group == group]
                formatter.write_dl(lines, col_max=30)


def add_examples(command: click.Command, name: str) -> None:
    """Show the examples of a command below its options, and of its subcommands the same."""

    def epilog(ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG001 - click's signature
        """Write a command's examples, one on a line, under the heading that fits their number."""
        lines = _(PAGES[name].examples).splitlines()
        with formatter.section(_("Eksempel") if len(lines) == 1 else _("Eksempler")):
            for line in lines:
                formatter.write(f"  {line}\n")

    # Made when it is shown, so that it is in the language of the moment, and written as it stands: it can be copied.
    command.format_epilog = epilog  # type: ignore[method-assign]
    command.short_help = _(PAGES[name].line)
    command.options_metavar = _("[VALG]")
    command.context_settings.setdefault("help_option_names", ["-h", "--help"])
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            add_examples(inner, name)
