"""`prover toolchain`: install the embedded Lean, list what there is, examine it. Mounted by `prover.cli`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, ProgressColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from prover.config import Config
from prover.lean.doctor import Row
from prover.lean.doctor import doctor as examine
from prover.lean.embedded.install import Progress, install
from prover.lean.toolchain import find, installed
from prover.options import Choice

app = typer.Typer(no_args_is_help=True)
out = Console()
err = Console(stderr=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else.")]
BYTES = "download"  # the stage that is counted in bytes; the others count files


@app.command("install")
def install_(
    force: Annotated[bool, typer.Option(help="Also when it is there already.")] = False,
) -> None:
    """Install the embedded Lean into the user's cache; a second time there is nothing to do."""
    with Bars(
        TextColumn("{task.description:9}"), BarColumn(), Amount(), console=err, disable=not err.is_terminal
    ) as bars:
        shown: dict[str, TaskID] = {}

        def report(progress: Progress) -> None:
            if progress.stage not in shown:
                shown[progress.stage] = bars.add_task(progress.stage, total=progress.total)
            bars.update(shown[progress.stage], completed=progress.done)

        lean = asyncio.run(install(force=force, report=report))
    out.print(f"{lean.name} is installed in {lean.folder}", highlight=False, soft_wrap=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the toolchains that work."""
    found = installed()
    if as_json:
        rows = [{"name": t.name, "version": t.version, "library": str(t.library)} for t in found]
        typer.echo(json.dumps(rows, indent=2))
        return
    shown = Table("name", "version", "library")
    for lean in found:
        shown.add_row(lean.name, lean.version, str(lean.library))
    out.print(shown if found else "There is none. Next: prover toolchain install")


@app.command()
def doctor(
    project: Annotated[Path, typer.Argument(help="The folder of a Lean project.")] = Path(),
    choice: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Start the project's Lean and say what is wrong with it; exit code 1 when something is."""
    rows = asyncio.run(examine(find(project, choice, Config.of(project).sandbox)))
    if as_json:
        typer.echo(json.dumps([row.as_json() for row in rows], indent=2))
    else:
        out.print(table(rows))
    raise typer.Exit(0 if all(row.fine for row in rows) else 1)


def table(rows: Sequence[Row]) -> Table:
    """The rows, for people."""
    shown = Table("", "question", "what is wrong", "what to do")
    for row in rows:
        shown.add_row("[green]ok[/]" if row.fine else "[red]no[/]", row.subject, row.problem, row.remedy)
    return shown


class Amount(ProgressColumn):
    """Megabytes of a download, numbers of anything else."""

    _bytes, _files = DownloadColumn(), MofNCompleteColumn()

    def render(self, task: Task) -> Text:
        return (self._bytes if task.description == BYTES else self._files).render(task)
