"""A run over several kommuner: each on its part, several at a time, their reports published together under one manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconcile.i18n import _, choose, language
from reconcile.privacy import screen

if TYPE_CHECKING:
    from reconcile.cli.extras import Extras
    from reconcile.reports.page_kommuner import Overview
    from reconcile.results.kommuner import KommuneRow, QuarterCells
    from reconcile.results.redelivery import NewPrint
    from reconcile.runs.kommuner import Whole
    from reconcile.runs.pipeline import Request

#: As many kommuner as make another process pay: it has the libraries to load.
_A_PROCESS = 4


@dataclass(frozen=True)
class Job:
    """A kommune to run: on what, where its report is staged, and where it will lie. ``password`` is the sagsliste's."""

    request: Request
    started: datetime
    whole: Whole
    kommune: str
    staged: Path
    out: Path
    extra: Extras
    password: str | None


@dataclass(frozen=True)
class Done:
    """What came of a kommune."""

    row: KommuneRow
    quarters: tuple[QuarterCells, ...]
    periods: tuple[str, ...]
    rules_hash: str
    new_print: NewPrint | None


def run_kommuner(
    request: Request, started: datetime, folder: Path, *, extra: Extras, password: str | None, quiet: bool
) -> int:
    """Run every kommune of the configuration and publish their reports and the overview; returns the exit code."""
    from reconcile.history.published import next_number
    from reconcile.reports.page_kommuner import headline, write_overview
    from reconcile.reports.publish import move_in, staged
    from reconcile.runs.kommuner import FOLDER, read_whole

    with staged(folder) as staging:
        with read_whole(request, started) as whole:
            silent = replace(request, progress=_nothing, lookup=None, passwords={})
            jobs = [
                Job(silent, started, whole, kommune, staging / kommune, folder / kommune, extra, password)
                for kommune in whole.codes
            ]
            done = []
            for one in _all(jobs):
                done.append(one)
                text = _("kommuner: {antal} af {alle}")
                request.progress(text.format(antal=len(done), alle=len(jobs)))
            overview = _overview(request, started, whole, done)
        write_overview(overview, staging, next_number(folder))
        move_in(staging, folder)
    for one in done:
        keep_print(request.config.folder / FOLDER / one.row.kommune, one.new_print)
    if not quiet:
        screen.say("\n".join([headline(overview.rows), _("Rapport: {fil}").format(fil=folder / "rapport.html")]))
    return overview.exit_code


def _nothing(_text: str) -> None:
    """The progress of one kommune is not told."""


def _all(jobs: list[Job]) -> Iterator[Done]:
    """What comes of the jobs, in their order; so many processes as there are cores, where there is work for them."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    processes = min(os.cpu_count() or 1, len(jobs) // _A_PROCESS)
    if processes < 2 or jobs[0].request.spark:  # Spark shares each kommune's work out by itself
        yield from map(run_one, jobs)
        return
    context = multiprocessing.get_context("spawn")  # the database's threads do not live through a fork
    pool = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(language(),))
    try:
        yield from pool.map(run_one, jobs)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _begin(chosen: str) -> None:
    """What a process of the pool begins with: the language; and it ends with the process it works for, and not before."""
    import signal
    import threading

    choose(chosen)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    from reconcile.privacy.ending import end

    if parent := multiprocessing.parent_process():
        parent.join()
        end()


def run_one(job: Job) -> Done:
    """Run a kommune and stage its report."""
    from reconcile.cli.extras import writers
    from reconcile.privacy.pseudonym import Lookup
    from reconcile.reports.publish import write_report
    from reconcile.reports.verdict import judge
    from reconcile.results.kommuner import kommune_row, quarters
    from reconcile.rules.catalogue import load_rules
    from reconcile.runs.followup import follow_up
    from reconcile.runs.kommuner import FOLDER, config_of, run_part
    from reconcile.runs.pipeline import own_rules
    from reconcile.runs.public import public

    kept = job.request.config.folder / FOLDER / job.kommune
    kept.mkdir(parents=True, exist_ok=True)
    lookup = None if job.password is None else Lookup()
    config = config_of(job.request.config, job.kommune)
    found, loaded, new_print = run_part(replace(job.request, lookup=lookup), job.started, job.whole, job.kommune)
    followed = follow_up(found, config, job.out, kept)
    result = public(followed) if job.request.for_public else followed
    rules = load_rules(own_rules(config))
    extras = writers(result, rules, job.extra, lookup, job.password or "")
    job.staged.mkdir()
    write_report(result, job.staged, _nothing, quarantined=loaded.quarantined, rules=rules, extras=extras)
    row = kommune_row(result, judge(result).headline)
    return Done(row, quarters(result), result.perioder, result.rules_hash, new_print)


def _overview(request: Request, started: datetime, whole: Whole, done: list[Done]) -> Overview:
    from reconcile import __version__
    from reconcile.reports.page_kommuner import Overview

    kommune = request.config.kommune
    facts = {
        "version": __version__,
        "kommando": request.command,
        "kommune": kommune.kode,
        "perioder": sorted({period for one in done for period in one.periods}),
        "konfiguration_sha256": request.config.sha256,
        "regelsaet_sha256": done[0].rules_hash,
    }
    return Overview(
        started=started,
        name=kommune.navn,
        rows=[one.row for one in done],
        quarters=[one.quarters for one in done],
        sources=whole.loaded.sources,
        caveats=[*whole.loaded.caveats, *whole.nobodys, *whole.outside],
        quarantined=whole.loaded.quarantined,
        facts=facts,
    )


def keep_print(working_folder: Path, new_print: NewPrint | None) -> None:
    """Keep the print of a new delivery now that its report is there; that it cannot be kept changes no verdict."""
    from reconcile.controls.redelivery_prints import keep
    from reconcile.errors import InputError

    if new_print is None:
        return
    try:
        keep(working_folder, new_print)
    except InputError as error:
        text = _("Leveringen er ikke gemt, så den næste ikke kan sammenlignes med den: {grund}")
        screen.say(text.format(grund=error), err=True)
