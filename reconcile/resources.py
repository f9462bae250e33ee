"""Where the files that ship with the package lie, in a wheel and in an editable install alike.

``expectations/`` and ``reports/templates/`` stand at the top of the repository and are installed inside the package
(``package_dir`` in setup.cfg); an editable install sees them only where they stand.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def _bundled(installed: str, source: str) -> Path:
    inside = _HERE / installed
    return inside if inside.is_dir() else _HERE.parent / source


EXPECTATIONS = _bundled("expectations", "expectations")
TEMPLATES = _bundled("templates", "reports/templates")
REFERENCE = _HERE / "reference"
SQL = _HERE / "sql"
FORMATS = _HERE / "sources" / "formats"
SAMPLES = _bundled("samples", "samples")
