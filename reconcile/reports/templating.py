"""The one way a template is rendered: everything escaped, an unknown name is an error."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from reconcile import __version__
from reconcile.i18n import _, language
from reconcile.privacy import door
from reconcile.resources import TEMPLATES

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket


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
        bytecode_cache=_compiled(),
    )
    made.globals.update(_=_, **names)
    return made


def _compiled() -> BytecodeCache:
    """Compiled templates, kept beside the templates as Python keeps its modules: to compile them is a tenth of a small run.

    Where nothing may be written they are compiled each time. A template that has changed is compiled anew, and so is every
    one for another version or language: what is constant in it is worked out when it is compiled.
    """
    from jinja2 import BytecodeCache

    folder = TEMPLATES / "__pycache__"

    class Compiled(BytecodeCache):
        """One file for each template."""

        def get_cache_key(self, name: str, filename: str | None = None) -> str:
            """What its file is called."""
            return super().get_cache_key(f"{name} {language()} {__version__}", filename)

        def load_bytecode(self, bucket: Bucket) -> None:
            """Read it, if it is there and of this source."""
            with suppress(OSError), (folder / f"{bucket.key}.j2c").open("rb") as file:
                bucket.load_bytecode(file)

        def dump_bytecode(self, bucket: Bucket) -> None:
            """Keep it."""
            if not sys.dont_write_bytecode:
                with suppress(OSError):
                    folder.mkdir(exist_ok=True)
                    door.write_whole(folder / f"{bucket.key}.j2c", bucket.bytecode_to_string(), sealed=True)

    return Compiled()
