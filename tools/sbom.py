"""Writes what the program is made of as a CycloneDX 1.6 document, from ``constraints.txt``: ``python tools/sbom.py > sbom.json``.

It says the same every time it is made of the same file: no time and no serial number.
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_LINE = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")


def components() -> Iterator[dict[str, Any]]:
    """Each pinned library with its package address and the hashes of its files."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "constraints.txt").read_text(encoding="utf-8")):
        if found := _LINE.match(block):
            name, version = found[1].lower(), found[2]
            yield {
                "type": "library",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                "hashes": [
                    {"alg": "SHA-256", "content": made} for made in sorted(re.findall("sha256:([0-9a-f]{64})", block))
                ],
            }


def document() -> dict[str, Any]:
    """The whole document."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "reconcile" / "__init__.py").read_text(encoding="utf-8"))
    name = setup["metadata"]["name"]
    ours = {"type": "application", "bom-ref": name, "name": name, "version": version[1] if version else "0"}
    made = list(components())
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**ours, "licenses": [{"license": {"id": setup["metadata"]["license"]}}]}},
        "components": made,
        "dependencies": [{"ref": name, "dependsOn": [each["bom-ref"] for each in made]}],
    }


if __name__ == "__main__":
    print(json.dumps(document(), indent=2, ensure_ascii=False))
