"""The command line: `prover --help`. Parses, calls one thing, prints; decides nothing.

Exit codes everywhere: 0 for yes, 1 for no, 2 when the question could not be answered. An error of ours is one line that
says what is wrong and one that says what to do, on stderr.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prover import (
    bench_cli,
    bench_export_cli,
    bench_views_cli,
    certify_cli,
    disprove_cli,
    example,
    judge_cli,
    listing,
    lock_cli,
    repair_cli,
    report_cli,
    run_cli,
    runs,
    search_cli,
    show_cli,
    toolchain_cli,
)
from prover.blueprint import check
from prover.config import Config
from prover.display import compiling, standing, summary
from prover.doctor import examine
from prover.errors import ProverError
from prover.git.repository import Repository
from prover.options import AsJson, Project, print_json
from prover.picture import draw
from prover.project import Survey, Surveyor

app = typer.Typer(
    help="Lean 4 proofs by agents: open declarations in, proved and merged ones out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(toolchain_cli.app, name="toolchain", help="Find, install and examine a Lean.")
app.command()(run_cli.run)
app.command()(run_cli.resume)
app.command()(report_cli.report)
app.command()(show_cli.show)
app.command()(search_cli.search)
app.command()(judge_cli.judge)
app.command()(disprove_cli.disprove)
app.command()(repair_cli.repair)
bench = typer.Typer(help="Run suites of statements, and count what is proved.", no_args_is_help=True)
bench.command()(bench_cli.run)
bench.command()(bench_views_cli.report)
bench.command()(bench_views_cli.compare)
bench.command()(bench_views_cli.merge)
bench.command()(bench_export_cli.export)
bench.command()(bench_views_cli.doctor)
app.add_typer(bench, name="bench")
app.add_typer(lock_cli.app)
app.add_typer(certify_cli.app)

YES, NO, COULD_NOT = 0, 1, 2

out = Console()
err = Console(stderr=True)


def main() -> None:
    """The entry point of `prover`."""
    try:
        app()
    except ProverError as error:
        err.print(f"error: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        if error.remedy:
            err.print(f"   do: {error.remedy}", highlight=False, markup=False, soft_wrap=True)
        sys.exit(COULD_NOT)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Make a new Lean repository from the worked example."""
    example.create(folder)
    out.print(f"The worked example is in {folder}. Next: prover run {folder}")


@app.command()
def doctor(project: Project = Path(), as_json: AsJson = False) -> None:
    """Say what is missing on this machine, and what to do about it."""
    rows = asyncio.run(examine(project))
    if as_json:
        print_json([row.as_json() for row in rows])
    else:
        out.print(toolchain_cli.table(rows))
    raise typer.Exit(YES if all(row.fine for row in rows) else NO)


@app.command()
def graph(
    project: Project = Path(),
    only_open: Annotated[bool, typer.Option("--open", help="Only the frontier: what can be worked on now.")] = False,
    picture: Annotated[Path | None, typer.Option(help="Draw the graph into this SVG or PNG file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show the declarations, what they use, and which are open."""
    survey = _survey(project)
    if picture:
        draw(survey.graph, picture, project.resolve().name)
    if as_json:
        print_json(listing.as_json(survey.graph))
    else:
        out.print(listing.table(survey.graph, only_open))


@app.command()
def blueprint(project: Project = Path(), as_json: AsJson = False) -> None:
    """Hold the LaTeX plan against the code; exit code 1 when it claims what is not so."""
    survey = _survey(project)
    found = check.compare(survey.blueprint, survey.declarations, survey.graph.open())
    if as_json:
        print_json([discrepancy.as_json() for discrepancy in found])
    else:
        for discrepancy in found:
            out.print(str(discrepancy), highlight=False, markup=False, soft_wrap=True)
        out.print(f"{len(survey.blueprint.nodes)} labels in the plan, {len(found)} differences", highlight=False)
    raise typer.Exit(NO if any(d.severity is check.Severity.ERROR for d in found) else YES)


@app.command()
def status(
    project: Project = Path(),
    name: Annotated[str | None, typer.Option("--run", help="Which run; by default the latest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say where the latest run stands, also while it is running."""
    found = runs.standing(Repository.of(project), name)
    state = found.state if found else runs.before_any_run(_survey(project))
    if as_json:
        print_json(state.counts())
        return
    out.print(summary(state))
    if found:
        out.print(standing(state, found.owner, found.beat, time.time()), highlight=False, soft_wrap=True)


def _survey(project: Path) -> Survey:
    """The project as it is on disk, compiled under a progress bar."""
    surveyor = Surveyor.of(project, Config.of(project))
    with compiling(err) as progress:
        return asyncio.run(surveyor.survey(project, progress))
