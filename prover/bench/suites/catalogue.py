"""The public suites by name, with their pins: `catalogue.toml`, which is data. Called by `opening`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("catalogue.toml")


class Entry(BaseModel):
    """One suite: a git repository or a dataset of the hub, what of it, and which revision."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str
    git: str = ""
    hub: str = ""
    inside: str = ""
    revision: str = ""
    licence: str = ""
    toolchain: str = ""
    statements: int | None = None  # as its source says


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by its name."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Entry.model_validate(fields) for name, fields in entries.items()}
