"""What the commands have in common: their options, and how they print JSON. Called by `prover.cli` and its parts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from prover import printable

Project = Annotated[Path, typer.Argument(help="The folder of the Lean project.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
Choice = Annotated[str | None, typer.Option("--toolchain", help="embedded, elan:NAME or path:FILE.")]


def print_json(value: Any) -> None:
    """On stdout, and nothing else with it."""
    sys.stdout.write(printable.as_json(value) + "\n")
