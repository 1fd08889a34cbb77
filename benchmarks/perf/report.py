"""How a measurement is run, shown and written down; what is measured is for the callers, one program each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    F = TypeVar("F", bound=DataclassInstance)
else:
    F = TypeVar("F")

JsonFile: TypeAlias = Annotated[Path | None, typer.Option("--json", help="Write the figures here as well.")]


def as_table(toolchain: str, processors: int, rows: Iterable[tuple[str, str]]) -> Table:
    """What was measured, a line each."""
    shown = Table("measured", "value", title=f"{toolchain} on {processors} processors")
    for what, value in rows:
        shown.add_row(what, value)
    return shown


def report(
    measure: Callable[[Progress], Coroutine[Any, Any, F]], table: Callable[[F], Table], json_file: Path | None
) -> None:
    """Measures under a progress bar, prints the table, and writes the figures to `json_file` if there is one."""
    console = Console()
    with Progress(console=console) as progress:
        figures = asyncio.run(measure(progress))
    console.print(table(figures))
    if json_file is not None:
        json_file.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
