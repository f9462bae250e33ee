"""reconcile: 8-tals kontrol, ydelsesrefusion and HAND07 for Danish municipalities.

From Python: ``reconcile.run("reconcile.toml", period="2020K3")`` and ``reconcile.load(folder)``; see ``reconcile.api``.
"""

from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Looked up when it is used: «import reconcile» and the command line read no heavy library.
    if name in ("run", "load", "Run"):
        from importlib import import_module

        return getattr(import_module("reconcile.api"), name)
    raise AttributeError(f"module 'reconcile' has no attribute {name!r}")
