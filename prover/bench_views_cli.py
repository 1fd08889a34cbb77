"""`prover bench report`, `compare`, `merge` and `doctor`: what looks at suites and at runs, and runs nothing.

Each reads folders of runs or a suite, and prints; `prover.bench_export_cli` is for other people's programs. Mounted by
`prover.cli`.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prover.bench import results
from prover.bench.making import make
from prover.bench.merging import merged
from prover.bench.metrics.comparing import compare as compared
from prover.bench.report.parts import counted
from prover.bench.report.tables import comparison, tables
from prover.bench.rows import Results
from prover.bench.suites.opening import open_suite
from prover.bench.suites.wants import examine
from prover.bench_cli import Packages, Revision, Spec
from prover.config import Config
from prover.errors import ConfigError
from prover.options import AsJson, Choice, print_json
from prover.project import Surveyor
from prover.toolchain_cli import table

YES, NO = 0, 1

out = Console()
err = Console(stderr=True)

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run.")]
Runs = Annotated[list[Path], typer.Argument(metavar="RUN…", help="The folders of runs.")]


def report(run: Run, as_json: AsJson = False) -> None:
    """Print all that there is to say of a run, and make its files again: rows, summary, plots and page."""
    with err.status("drawing"):
        summary = make(run, results.read(run))
    if as_json:
        print_json(summary.as_json())
    else:
        out.print(tables(summary))
        out.print(f"The page: {run / results.PAGE}", highlight=False, soft_wrap=True)


def compare(
    first: Run,
    second: Run,
    k: Annotated[int | None, typer.Option("-k", min=1, help="Samples; by default the fewest of any problem.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two runs problem by problem: what each has solved, and whether the difference may be chance."""
    one, other = results.read(first), results.read(second)
    found = compared(counted(one, one.problems), counted(other, other.problems), k)
    note = _differs(one, other)
    if as_json:
        print_json({**asdict(found), "note": note})
    else:
        out.print(comparison(found, first.name, second.name))
        if note:
            err.print(f"note: {note}", style="yellow", highlight=False, soft_wrap=True)


def merge(
    runs: Runs,
    into: Annotated[Path, typer.Option("--out", "-o", help="The folder of the run that they make.")],
    as_json: AsJson = False,
) -> None:
    """Join the shards of a run into one."""
    if results.settings_of(into) is not None:
        raise ConfigError(f"there is a run in {into} already", "choose another folder")
    found = merged([results.read(run) for run in runs])
    settings = {**found.settings, "unfinished": found.unfinished, "wall_seconds": found.wall_seconds, "run": into.name}
    results.state_down(into, settings, found.problems, found.unusable)
    with err.status("drawing"):
        summary = make(into, found)
    if as_json:
        print_json(summary.as_json())
    else:
        out.print(tables(summary))


def doctor(
    suite: Spec, revision: Revision = None, project: Packages = None, toolchain: Choice = None, as_json: AsJson = False
) -> None:
    """Say which Lean and which packages a suite wants, and whether they are there; exit code 1 when one is missing."""
    found = asyncio.run(open_suite(suite, revision=revision))
    config = Config.of(project or Path(), toolchain=toolchain)
    lean = Surveyor.of(project or Path(), config, packages=project is not None).builder.toolchain
    rows = asyncio.run(examine(found, lean, lean.packages))
    if as_json:
        unusable = [asdict(one) for one in found.unusable]
        about = {"suite": found.name, "origin": found.origin, "digest": found.digest, "problems": len(found.problems)}
        print_json({**about, "unusable": unusable, "notes": found.notes, "rows": [row.as_json() for row in rows]})
    else:
        out.print(table(rows))
        for line in (found.origin, f"SHA-256 of the statements: {found.digest}", *found.notes):
            out.print(line, highlight=False, markup=False, soft_wrap=True)
        for one in found.unusable:
            out.print(f"not usable: {one.name}: {one.why}", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(YES if all(row.fine for row in rows) else NO)


def _differs(one: Results, other: Results) -> str:
    """What makes a comparison doubtful."""
    if one.settings["digest"] != other.settings["digest"]:
        return "these are not the same statements; only problems of the same name are compared"
    adaptive = [run for run in (one, other) if run.settings["policy"] != "uniform"]
    return "an adaptive policy draws most where it fails: pass@k is biased" if adaptive else ""
