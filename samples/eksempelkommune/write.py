"""Builds the municipality and writes all its files."""

from __future__ import annotations

from pathlib import Path

from .build import build
from .documents import write_documents
from .extracts import write_extracts
from .masteroversigt import write_masteroversigt
from .model import SEED, World
from .published_2020 import write_published


def write_all(folder: Path, seed: int = SEED) -> World:
    """Write the sample into a folder and return what it was written from."""
    world = build(seed)
    write_extracts(world, folder / "ind")
    write_masteroversigt(folder / "ind" / "masteroversigt.xlsx")
    write_documents(world, folder)
    write_published(folder / "publiceret")
    return world
