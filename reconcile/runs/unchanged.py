"""``--if-changed``: is there anything new to run on? For runs that a scheduler starts."""

from __future__ import annotations

from pathlib import Path

from reconcile import __version__
from reconcile.approval.readiness import changed_inputs
from reconcile.history.accepted import ACCEPTED
from reconcile.history.published import Manifest, manifests
from reconcile.rules.catalogue import load_rules, rules_hash
from reconcile.runs.pipeline import Request, own_rules
from reconcile.runs.public import PUBLIC


def unchanged_since(request: Request) -> Manifest | None:
    """The newest run in ``ud/`` of the same command, where a new one would be made of the same: inputs, configuration, rules,
    version, quarters and acceptances. None where something is new, or a source is no files."""
    config = request.config
    if any(not source.filer for source in config.kilder.values()):
        return None
    newest = next((run for run in manifests(config.folder)[0] if run.command == _command(request)), None)
    if newest is None or newest.mismatches():
        return None
    told = newest.data
    same = (
        told.get("version") == __version__
        and told.get("konfiguration_sha256") == config.sha256
        and told.get("regelsaet_sha256") == rules_hash(load_rules(own_rules(config)))
        and (not request.chosen or tuple(map(str, request.chosen)) == newest.periods)
        and not changed_inputs(config, newest)
        and not _newer(config.folder / ACCEPTED, newest)
    )
    return newest if same else None


def _command(request: Request) -> str:
    return f"{request.command}{PUBLIC}" if request.for_public else request.command


def _newer(path: Path, run: Manifest) -> bool:
    return path.is_file() and path.stat().st_mtime > run.time.timestamp()
