"""Great Expectations over the run's DuckDB file: it decides which rules hold and counts what does not.

An engine only: ephemeral context, no stores, no Data Docs (they load from outside hosts and carry raw values), no
values in results (they may be CPR numbers). GX closes a connection before it fetches, and DuckDB then drops the pending
result; the dialect below fetches at once.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import local
from typing import TYPE_CHECKING, Any, Protocol

from reconcile.engine.gx_import import load

if TYPE_CHECKING:
    from collections.abc import Iterator


#: The engine that is judged in this thread, and the data sources that were made in it.
_HERE = local()
#: How many data sources are kept: a run has one for each of its controls.
_MANY = 50


@dataclass(frozen=True)
class Verdict:
    """What GX says of one rule: did it hold, how many rows did not, or why it could not be judged."""

    held: bool
    unexpected: int
    error: str | None


class Judged(Protocol):
    """What is judged: an engine, or what stands in for it in another process."""

    def names(self) -> frozenset[str]:
        """The tables and views there are."""

    def cursor(self) -> Any:
        """A cursor of the DB-API."""


def judge(engine: Judged, rules: Sequence[tuple[str, str, str]]) -> dict[str, Verdict]:
    """Judge rules, each ``(id, view, condition)`` with parameters filled in, and return a verdict for every id.

    A rule that GX drops or leaves out is a verdict with an error, never a silent pass.
    """
    known = engine.names()
    verdicts = {rule: Verdict(False, 0, f"no view {view}") for rule, view, _ in rules if view not in known}
    views = sorted({view for _, view, _ in rules} & known)
    with _batches(engine, views) as batches:
        for view, batch in batches.items():
            verdicts |= _judge_view(batch, view, [(rule, condition) for rule, v, condition in rules if v == view])
    missing = {rule for rule, _, _ in rules} - set(verdicts)
    return verdicts | {rule: Verdict(False, 0, "no verdict") for rule in missing}


def _judge_view(batch: Any, view: str, rules: Sequence[tuple[str, str]]) -> dict[str, Verdict]:
    from great_expectations import ExpectationSuite

    suite = ExpectationSuite(name=view)
    suite.expectations = [
        _rule_type()(
            unexpected_rows_query=f"SELECT 1 AS hit FROM {{batch}} WHERE {_braced(condition)}", meta={"regel": rule}
        )
        for rule, condition in rules
    ]
    results = batch.validate(suite, result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0})
    return {r.expectation_config.meta["regel"]: _verdict(r) for r in results.results}


def _verdict(result: Any) -> Verdict:
    error = _error(result.exception_info)
    if error is not None:
        return Verdict(False, 0, error)
    return Verdict(bool(result.success), int(result.result["observed_value"]), None)


def _error(info: Mapping[str, Any]) -> str | None:
    """GX reports an error as a failure; the two shapes of ``exception_info`` tell them apart."""
    shapes = [info] if "raised_exception" in info else list(info.values())
    raised = [shape for shape in shapes if shape.get("raised_exception")]
    return str(raised[0].get("exception_message", "")) if raised else None


def _braced(condition: str) -> str:
    return condition.replace("{", "{{").replace("}", "}}")


@contextmanager
def _batches(engine: Judged, views: Sequence[str]) -> Iterator[dict[str, Any]]:
    """View → GX batch, of the engine's own database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _HERE.engine = engine
        try:
            source = _source(tuple(views))
            yield {asset.name: asset.get_batch(asset.build_batch_request()) for asset in source.assets}
        finally:
            if source := _sources().get(tuple(views)):
                source.get_execution_engine().engine.dispose()  # its connection is a cursor of this engine
            del _HERE.engine


def _sources() -> dict[tuple[str, ...], Any]:
    sources: dict[tuple[str, ...], Any] = vars(_HERE).setdefault("sources", {})
    return sources


def _source(views: tuple[str, ...]) -> Any:
    """A data source with these views. It is made once and used for every engine that has them, since to make one costs as much
    as to judge ten rules.

    All views are named when the source is made: GX writes its whole configuration anew for each that is added later.
    """
    if views not in _sources():
        gx = load()
        from great_expectations.datasource.fluent.sql_datasource import TableAsset

        _register_dialect()
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        made = context.data_sources.add_sql(
            "reconcile",
            connection_string="duckdb+buffered:///:memory:",
            create_temp_table=False,
            assets=[TableAsset(name=view, table_name=view) for view in views],
        )
        if len(_sources()) >= _MANY:
            _sources().clear()
        _sources()[views] = made
    return _sources()[views]


@cache
def _rule_type() -> Any:
    """An expectation of rows that works out its configuration once: GX asks for it forty times for each rule, which was a
    third of what judging took."""
    from great_expectations.compatibility.pydantic import PrivateAttr
    from great_expectations.expectations import UnexpectedRowsExpectation

    class JudgedRows(UnexpectedRowsExpectation):  # type: ignore[misc]
        """What a rule's query finds is unexpected. Nobody changes it after it is made."""

        _configuration: Any = PrivateAttr(default=None)

        @property
        def configuration(self) -> Any:
            """What GX is told of it."""
            if self._configuration is None:
                self._configuration = super().configuration
            return self._configuration

    return JudgedRows


@cache
def _register_dialect() -> None:
    """Register ``duckdb+buffered://``, whose connections are cursors of the connection of the engine that is judged.

    A second connection to the same file would need duckdb-engine's configuration, which differs from ours.
    """
    import duckdb_engine
    from sqlalchemy.dialects import registry
    from sqlalchemy.dialects.postgresql.base import PGExecutionContext
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    class BufferedContext(PGExecutionContext):
        def post_exec(self) -> None:
            """Take the rows as soon as the statement has run: the cursor is shared."""
            super().post_exec()  # type: ignore[no-untyped-call]
            if self.cursor is not None and self.cursor.description:
                self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                    self.cursor, self.cursor.description, self.cursor.fetchall()
                )

    class BufferedDialect(duckdb_engine.Dialect):  # type: ignore[misc]
        execution_ctx_cls = BufferedContext
        supports_statement_cache = False

        def connect(self, *_args: Any, **_options: Any) -> Any:
            """A connection to the engine that is judged, whatever is asked for."""
            return duckdb_engine.ConnectionWrapper(_HERE.engine.cursor())

    globals()["BufferedDialect"] = BufferedDialect  # the registry imports it by name
    registry.register("duckdb.buffered", __name__, "BufferedDialect")
