"""Mutation testing: small faults are put into controls, rules and views, one at a time, and the tests have to notice.

``python tools/mutants.py --sample 150 --seed 1`` tries a sample (``make mutants``); ``--only hand07`` those of files whose
path has that in it; ``--all`` every one (a night). The report says the score and each fault that nobody noticed. A sample
is tried in the order of its drawing, so that what was done of one that is stopped is a sample too.

The tests are imported once. Each fault is then tried in a process forked from that, which runs the tests of the file's
group (``GROUPS``), the quickest first, until one fails. A fault that makes SQL that the database refuses is no fault that
anybody could leave behind, and does not count.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import random
import resource
import sys
import time
import types
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import mutate_python  # noqa: E402 - beside this file
import mutate_sql  # noqa: E402
import pytest  # noqa: E402

#: Beginning of a path → the tests that look at what it makes, the quickest first; ``rule_cases:VH`` are those of rules VH….
GROUPS: dict[str, str] = {
    "reconcile/sql/disponering/": "disponering",
    "reconcile/sql/faelles/": "bridge_population bridge_days bridge_volume postdiff rule_cases:VH bridge ottetal",
    "reconcile/sql/funktioner": "cpr vh_rules bridge_volume rule_cases:YR portable_sql",
    "reconcile/sql/genlevering/": "redelivery_edges redelivery bridge_earlier",
    "reconcile/sql/hand07/170": "bridge_persons bridge_candidates bridge_brute bridge_earlier",
    "reconcile/sql/hand07/": "bridge_days bridge_views bridge_rules_counted bridge_persons bridge_candidates bridge_volume bridge"
    " metamorphic bridge_brute bridge_earlier",
    **dict.fromkeys(
        (f"reconcile/sql/noegletal/{n}" for n in ("220", "230", "240", "250", "260", "270")),
        "noegletal_amounts noegletal_pris noegletal_flis noegletal_boundaries noegletal_brute",
    ),
    **dict.fromkeys(
        (f"reconcile/sql/noegletal/{n}" for n in ("280", "290", "300", "310", "320")),
        "noegletal_areas noegletal_enkelt noegletal_flis noegletal_boundaries noegletal_brute",
    ),
    **dict.fromkeys(
        (f"reconcile/sql/noegletal/{n}" for n in ("170", "180", "190", "200", "210")), "noegletal_areas noegletal_ffb"
    ),
    "reconcile/sql/noegletal/": "noegletal_by_hand noegletal_boundaries noegletal noegletal_splits noegletal_brute",
    "reconcile/sql/ottetal/": "ottetal_calendar_views oe_boundaries ottetal_month_views ottetal_price_views"
    " ottetal_rhythm_views ottetal_edge_views ottetal_kroner_views ottetal_views"
    " ottetal_money_views rule_cases:OE oe_rules oe_rules_accounts ottetal ottetal_missing"
    " ottetal_edges ottetal_gaps view_money ottetal_brute ottetal_edges_brute"
    " ottetal_rhythm_brute metamorphic",
    "reconcile/sql/postdiff/": "postdiff_views postdiff_boundaries postdiff rule_cases:FL metamorphic",
    "reconcile/sql/regnskab/": "regnskab",
    "reconcile/sql/validate/": "vh_rules rule_cases:VH rule_cases:UD rules_runner",
    "reconcile/sql/yr_forloeb": "yr_careers_edges yr_careers",
    "reconcile/sql/yr/065_yr_placering": "yr_placing yr_measures_by_hand yr_ledger_edges yr_ledger yr_counter_edges",
    **dict.fromkeys((f"reconcile/sql/yr/{n}" for n in ("205", "210", "220", "230")), "yr_ledger_edges yr_ledger"),
    **dict.fromkeys(
        (f"reconcile/sql/yr/{n}" for n in ("190", "195", "198", "199", "200", "245")),
        "yr_measures_by_hand yr_measures yr_split_by_hand yr_control yr_figures",
    ),
    "reconcile/sql/yr/160_yr_uge": "yr_split_by_hand yr_control yr_figures",
    "reconcile/sql/yr/215_yr_modning": "settling_edges settling",
    **dict.fromkeys(
        (f"reconcile/sql/yr/{n}" for n in ("240", "250", "260", "270")), "yr_loss_by_hand yr_loss yr_property"
    ),
    "reconcile/sql/yr_fordelt": "yr_split_by_hand yr_figures",
    "reconcile/sql/yr": "yr_counter_edges yr_row_edges yr_counters yr_rows yr_boundaries yr_loss yr_property yr_measures",
    "reconcile/controls/disponering": "disponering",
    "reconcile/controls/footing": "footing_sums footing_equations footing_structure footing_averages footing footing_identities"
    " footing_any",
    "reconcile/controls/hand07_earlier": "bridge_earlier",
    "reconcile/controls/hand07": "bridge_rules_counted bridge_persons bridge bridge_volume identities metamorphic bridge_brute",
    "reconcile/controls/identities_noegletal": "noegletal",
    "reconcile/controls/identities": "identities",
    "reconcile/controls/landscape": "landscape_boundaries sources_command reading",
    "reconcile/controls/lempelser": "verdict_honest",
    "reconcile/controls/meeting": "ottetal_statuses compare_core",
    "reconcile/controls/noegletal": "noegletal_areas noegletal_amounts noegletal_by_hand noegletal_flis noegletal_pris"
    " noegletal_enkelt noegletal_ffb noegletal noegletal_splits noegletal_brute",
    "reconcile/controls/ottetal": "ottetal_statuses ottetal ottetal_missing ottetal_edges ottetal_gaps view_money"
    " ottetal_brute metamorphic",
    "reconcile/controls/population": "population",
    "reconcile/controls/postdiff": "postdiff_boundaries postdiff metamorphic",
    "reconcile/controls/redelivery": "redelivery_edges redelivery_prints redelivery key_rotate bridge_earlier",
    "reconcile/controls/regnskab": "regnskab",
    "reconcile/controls/settling": "settling_edges settling",
    "reconcile/controls/validate": "landscape_boundaries vh_rules rule_cases:UD",
    "reconcile/controls/yr_careers": "yr_careers_edges yr_careers",
    "reconcile/controls/yr_compare": "yr_measures",
    "reconcile/controls/yr_ledger": "yr_ledger_edges yr_ledger",
    "reconcile/controls/yr_loss": "yr_loss_by_hand yr_loss",
    "reconcile/controls/yr_deliveries": "yr_deliveries_named yr_delivery yr_control",
    "reconcile/controls/yr_measures": "yr_measures_by_hand yr_measures yr_figures",
    "reconcile/controls/yr_periods": "yr_periods yr_measures yr_figures",
    "reconcile/controls/yr_printed": "yr_printed_cells yr_printed",
    "reconcile/controls/yr_split": "yr_split_by_hand yr_figures",
    "reconcile/controls/yr": "yr_control yr_careers yr_delivery yr_measures yr_figures yr_loss yr_ledger settling yr_passes",
    "reconcile/controls/": "rule_cases:OE ottetal noegletal bridge yr_control",
    "reconcile/rules/": "findings_said rules_where rules_catalogue rules_runner stock house_rule_locked rule_cases:VH"
    " rule_cases:YR",
}
#: The tests of a rule's own condition: its cases, and by the beginning of its name those of its like.
RULES = {
    "VH": "vh_rules",
    "UD": "",
    "OE": "oe_boundaries oe_rules oe_rules_accounts",
    "YR": "yr_row_edges yr_counter_edges yr_rows yr_counters yr_boundaries",
    "FL": "postdiff",
}
#: Seconds of work that a fault gets beyond what its tests take without it: one that goes on for ever has been noticed.
_MORE, _LONG = 20, 900


@dataclass(frozen=True)
class Mutant:
    """A fault: where it is, what it is, and what the process it is tried in does to have it."""

    file: str
    line: int
    what: str
    change: Any
    rule: str = ""

    @property
    def tests(self) -> list[str]:
        """The files of tests that have to notice."""
        if self.rule:
            return [f"rule_cases:{self.rule}", *RULES[self.rule[:2]].split()]
        return next(names.split() for beginning, names in GROUPS.items() if self.file.startswith(beginning))

    def apply(self) -> None:
        """Put the fault into this process."""
        if self.rule:
            _into_rules(self.rule, self.change)
        elif self.file.endswith(".sql"):
            _into_file(ROOT / self.file, self.change.text)
        else:
            _into_functions(ROOT / self.file, self.change)


def mutants() -> Iterator[Mutant]:
    """Every fault, in the order of the files."""
    for path in sorted((ROOT / "reconcile" / "sql").rglob("*.sql")):
        name = path.relative_to(ROOT).as_posix()
        for made in mutate_sql.changes(path.read_text(encoding="utf-8")):
            yield Mutant(name, made.line, f"{made.before} → {made.after or '(nothing)'}", made)
    for path in sorted(p for room in ("controls", "rules") for p in (ROOT / "reconcile" / room).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for change in mutate_python.changes(tree):
            yield Mutant(path.relative_to(ROOT).as_posix(), change.line, f"{change.function}: {change.what}", change)
    from reconcile.rules.catalogue import load_rules

    for rule in load_rules():
        for field in ("condition", "severity_sql"):
            for made in mutate_sql.changes(getattr(rule, field)):
                what = f"{rule.id} {field}: {made.before} → {made.after or '(nothing)'}"
                yield Mutant(f"expectations/{rule.file}", made.line, what, (field, made.text), rule.id)


def _into_file(path: Path, text: str) -> None:
    """Whoever reads the file reads the text."""
    read = Path.read_text
    Path.read_text = lambda self, *a, **k: text if self == path else read(self, *a, **k)  # type: ignore[method-assign]


def _into_rules(rule_id: str, change: tuple[str, str]) -> None:
    """The rule as it is, wherever somebody holds it, and as it is read from here on."""
    from reconcile.rules import catalogue

    made = catalogue._rule

    def changed(*given: Any) -> catalogue.Rule:
        rule = made(*given)
        if rule.id == rule_id:
            object.__setattr__(rule, *change)
        return rule

    catalogue._rule = changed  # type: ignore[assignment]
    for held in gc.get_objects():
        if isinstance(held, catalogue.Rule) and held.id == rule_id:
            object.__setattr__(held, *change)


def _into_functions(path: Path, change: mutate_python.Change) -> None:
    """The function's code is replaced in place, so that whoever imported it has the fault too."""
    module = sys.modules[".".join(path.relative_to(ROOT).with_suffix("").parts)]
    tree = change.made(ast.parse(path.read_text(encoding="utf-8")))
    code = _named(compile(tree, str(path), "exec", dont_inherit=True), change.function)
    found: Any = module
    for name in change.function.split("."):
        found = vars(found)[name]
    for step in ("__func__", "fget", "func", "__wrapped__"):  # a property, a cached function, a context manager …
        found = getattr(found, step, None) or found
    found.__code__ = code


def _named(code: types.CodeType, name: str) -> types.CodeType:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _named(constant, name)
    raise LookupError(name)


class Trial:
    """Takes the place of pytest's loop over the tests."""

    def __init__(self, chosen: Sequence[Mutant], *, green: bool) -> None:
        self.chosen, self.told, self.green = chosen, dict[Mutant, str](), green
        self.taken: dict[str, float] = {}
        self.reason = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Why the first test failed."""
        if report.failed and not self.reason:
            self.reason = str(report.longrepr).rpartition("\n")[0] + str(report.longrepr)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """First every test without a fault, then a process for each fault."""
        if session.testsfailed:  # else every fault would seem to be noticed
            raise SystemExit("tests cannot be collected")
        items = {name: _items(session, name) for mutant in self.chosen for name in mutant.tests}
        for name, tests in [] if self.green else items.items():
            outcome, self.taken[name] = self._forked(session, tests, None, 10_000)
            if outcome != "survived":
                raise SystemExit(f"{name} fails without any fault ({outcome})")
            print(f"{name}: {len(tests)} tests, {self.taken[name]:.1f} s", flush=True)
        for number, mutant in enumerate(self.chosen, 1):
            tests = [item for name in mutant.tests for item in items[name]]
            limit = _LONG if self.green else 2 * sum(self.taken[name] for name in mutant.tests) + _MORE
            self.told[mutant], spent = self._forked(session, tests, mutant, limit)
            told = f"{number}/{len(self.chosen)} {self.told[mutant]} {spent:.0f} s {mutant.file}:{mutant.line} {mutant.what}"
            print(" ".join(told.split()), flush=True)
        return True

    def _forked(
        self, session: pytest.Session, tests: Sequence[pytest.Item], mutant: Mutant | None, limit: float
    ) -> tuple[str, float]:
        child = os.fork()
        if not child:
            try:
                resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 5))
                os._exit(self._tried(session, tests, mutant))
            except BaseException:  # noqa: BLE001 - a fault may break anything, and that is noticed
                os._exit(1)
        _pid, status, used = os.wait4(child, 0)
        outcome = {0: "survived", 3: "stillborn"}.get(os.waitstatus_to_exitcode(status), "killed")
        return outcome, used.ru_utime + used.ru_stime

    def _tried(self, session: pytest.Session, tests: Sequence[pytest.Item], mutant: Mutant | None) -> int:
        plugins = session.config.pluginmanager
        plugins.unregister(plugins.getplugin("terminalreporter"))
        if mutant is not None:
            mutant.apply()
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
            if session.testsfailed:
                refused = ("ParserException", "BinderException", "CatalogException", "Parser Error", "Binder Error")
                sql = mutant is not None and not mutant.file.endswith(
                    ".py"
                )  # such words of a test of Python are its own
                return 3 if sql and any(word in self.reason for word in refused) else 1
        return 0


def _items(session: pytest.Session, name: str) -> list[pytest.Item]:
    module, _colon, rule = name.partition(":")
    return [i for i in session.items if i.path.stem == f"test_{module}" and (not rule or f"[{rule}" in i.name)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, default=100, help="how many faults are tried")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path has this in it")
    parser.add_argument("--all", action="store_true", help="every fault")
    parser.add_argument(
        "--green", action="store_true", help="the tests are known to pass: not tried without a fault first"
    )
    parser.add_argument("--like", type=Path, help="a report: only its survivors are tried again")
    parser.add_argument("--report", type=Path, help="where the outcome is written, as JSON")
    return parser.parse_args()


def main() -> int:
    """Try the faults, say the score and who survived."""
    asked = _arguments()
    os.environ.setdefault("RECONCILE_EXAMPLES", "suite")  # «deeper»: more random worlds, for what survived
    os.environ["RECONCILE_SHRINK"] = "0"
    every = [mutant for mutant in mutants() if asked.only in mutant.file]
    if asked.like:
        survived = {tuple(each) for each in json.loads(asked.like.read_text(encoding="utf-8"))["survivors"]}
        every = [mutant for mutant in every if (mutant.file, mutant.line, mutant.what) in survived]
    chosen = every
    if not (asked.all or asked.like):
        chosen = random.Random(asked.seed).sample(every, min(asked.sample, len(every)))  # noqa: S311 - no secret
    names = dict.fromkeys(name.partition(":")[0] for mutant in chosen for name in mutant.tests)
    begun, trial = time.monotonic(), Trial(chosen, green=asked.green)
    words = ["-q", "-p", "no:cacheprovider", *(f"{ROOT}/tests/test_{name}.py" for name in names)]
    pytest.main(words, plugins=[trial])
    counts = Counter(trial.told.values())
    survivors = [(m.file, m.line, m.what) for m, outcome in trial.told.items() if outcome == "survived"]
    judged = counts["killed"] + counts["survived"]
    score = 100 * counts["killed"] / judged if judged else 0.0
    print(
        f"\n{len(every)} faults known, {len(chosen)} tried in {time.monotonic() - begun:.0f} s: {dict(counts)}; {score:.1f} %"
    )
    for file, line, what in survivors:
        print(f"  {file}:{line}  {what}")
    if asked.report:
        asked.report.write_text(
            json.dumps({"counts": counts, "score": score, "survivors": survivors}, indent=1), encoding="utf-8"
        )
    return 0 if trial.told and len(trial.told) == len(chosen) else 2


if __name__ == "__main__":
    sys.exit(main())
