"""The English catalogue as tests see it: extracted from the source, read, and merged so that a diff stays small."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PO = ROOT / "reconcile" / "locale" / "en" / "LC_MESSAGES" / "reconcile.po"
_KEYWORDS = {"_": None, "N_": None, "both": (1, 1)}
_HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def extracted() -> Catalog:
    """Every string the source marks, with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as handle:
        methods, options = parse_mapping_cfg(handle)
    found = Catalog(locale="en")
    for folder in ("reconcile", "reports"):
        # The patterns of babel.cfg are relative to the repository, those of a walk to the folder walked.
        inside = [(pattern.removeprefix(f"{folder}/"), how) for pattern, how in methods if pattern.startswith(folder)]
        choices = {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}
        walked = extract_from_dir(ROOT / folder, inside, choices, _KEYWORDS, strip_comment_tags=True)
        for name, line, said, _comments, _context in walked:
            found.add(said, locations=[(f"{folder}/{name}", line)])
    return found


def stored() -> Catalog:
    """The catalogue of the repository."""
    with PO.open("rb") as handle:
        return read_po(handle, locale="en")


def messages(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def key(message: Message) -> str:
    """The Danish text."""
    return message.id if isinstance(message.id, str) else message.id[0]


def texts(message: Message) -> tuple[str, ...]:
    """The English text, or both of its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def merged(source: Catalog, known: Catalog) -> str:
    """The catalogue file: what the source says now, with the translations that are known; sorted, no dates or lines."""
    english = {key(message): texts(message) for message in messages(known)}
    made = Catalog(locale="en")
    for message in messages(source):
        have = english.get(key(message), ("",))
        made.add(message.id, have[0] if isinstance(message.id, str) else (have[0], have[-1]))
    out = io.BytesIO()
    write_po(out, made, width=0, no_location=True, omit_header=True, sort_output=True)
    return _HEADER + out.getvalue().decode("utf-8").strip() + "\n"
