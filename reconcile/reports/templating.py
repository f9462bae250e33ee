"""The one way a template is rendered: everything escaped, an unknown name is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reconcile.i18n import _
from reconcile.resources import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import Environment


def environment(**names: Any) -> Environment:
    """A Jinja environment over ``reports/templates/`` whose templates know ``_`` and these names."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(_=_, **names)
    return made
