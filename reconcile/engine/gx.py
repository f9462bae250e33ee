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
from typing import TYPE_CHECKING, Any

from reconcile.engine.base import Engine
from reconcile.engine.gx_import import load

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Verdict:
    """What GX says of one rule: did it hold, how many rows did not, or why it could not be judged."""

    held: bool
    unexpected: int
    error: str | None


def judge(engine: Engine, rules: Sequence[tuple[str, str, str]]) -> dict[str, Verdict]:
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
    from great_expectations.expectations import UnexpectedRowsExpectation

    suite = ExpectationSuite(name=view)
    suite.expectations = [
        UnexpectedRowsExpectation(
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
def _batches(engine: Engine, views: Sequence[str]) -> Iterator[dict[str, Any]]:
    """View → GX batch, from one SQL data source on the engine's own database.

    All views are named when the source is made: GX writes its whole configuration anew for each that is added later.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gx = load()
        from great_expectations.datasource.fluent.sql_datasource import TableAsset

        _register_dialect(engine)
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_sql(
            "reconcile",
            connection_string="duckdb+buffered:///:memory:",
            create_temp_table=False,
            assets=[TableAsset(name=view, table_name=view) for view in views],
        )
        try:
            yield {asset.name: asset.get_batch(asset.build_batch_request()) for asset in source.assets}
        finally:
            source.get_execution_engine().engine.dispose()


def _register_dialect(engine: Engine) -> None:
    """Register ``duckdb+buffered://``, whose connections are cursors of the engine's own connection.

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
            """A connection to the run's own engine, whatever is asked for."""
            return duckdb_engine.ConnectionWrapper(engine.cursor())

    globals()["BufferedDialect"] = BufferedDialect  # the registry imports it by name
    registry.register("duckdb.buffered", __name__, "BufferedDialect")
