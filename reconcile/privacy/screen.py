"""The screen's side of the door: every line that a command says."""

from __future__ import annotations

from reconcile.privacy.door import typed


def say(told: object, *, err: bool = False) -> None:
    """A line on the terminal."""
    import click

    click.echo(typed(str(told)), err=err)
