"""`prover report`: what a run proved, at what cost, and where the rest went. Reads a journal, prints, writes a picture.

Mounted by `prover.cli`. The events have no graph, so the critical path that is left comes from the run's branch,
compiled in a worktree of its own that is gone afterwards.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from prover import figure, runs
from prover.config import Config
from prover.display import compiling
from prover.errors import ProverError
from prover.git.repository import Repository
from prover.graph import DeclarationGraph
from prover.options import AsJson, Project, print_json
from prover.project import Surveyor
from prover.report import remaining
from prover.report.figures import Report
from prover.report.figures import report as make
from prover.report.plots import plot
from prover.report.remaining import Left
from prover.report.tables import tables
from prover.state import State

err = Console(stderr=True)


def report(
    project: Project = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; by default the latest.")] = None,
    as_json: AsJson = False,
    picture: Annotated[
        Path | None, typer.Option("--plot", help="Draw into this SVG or PNG file; by default beside the journal.")
    ] = None,
    graph: Annotated[bool, typer.Option("--graph/--no-graph", help="Look for the critical path that is left.")] = True,
) -> None:
    """Say what a run proved over time and cost, and what became of its attempts."""
    repository = Repository.of(project)
    state = runs.begun(repository, run).state
    where = picture or runs.journal_path(repository, state.run).with_name("report.svg")
    figure.check(where)
    made = make(runs.history(repository, state.run))
    left = path_left(state, lambda tip: survey(project, repository, tip)) if graph else None
    plot(made, where)
    if as_json:
        print_json(as_plain(made, left))
    else:
        out = Console()
        out.print(tables(made, left))
        out.print(f"The plots: {where}", highlight=False, soft_wrap=True, markup=False)


async def survey(project: Path, repository: Repository, tip: str) -> DeclarationGraph:
    """The graph at a commit of the run's branch. Raises ProverError when it does not compile here."""
    surveyor = Surveyor.of(project, Config.of(project))
    async with repository.worktree(f"report-{os.getpid()}", tip) as worktree:
        with compiling(err) as progress:
            return (await surveyor.survey(worktree.project, progress)).graph


def path_left(state: State, look: Callable[[str], Coroutine[Any, Any, DeclarationGraph]]) -> Left | None:
    """The critical path in the graph that `look` finds at the branch's tip; None, and a note, when it finds none."""
    try:
        return remaining.left(asyncio.run(look(state.tip)), state)
    except ProverError as error:
        note = f"note: the critical path is not in the report: {error}"
        err.print(note, style="yellow", highlight=False, markup=False, soft_wrap=True)
        return None


def as_plain(made: Report, left: Left | None) -> dict[str, Any]:
    """The report as JSON; `left` is null when it was not looked for, its `seconds` when they are unknown or endless."""
    if left is None:
        return {**made.as_json(), "left": None}
    seconds = left.seconds if left.seconds is not None and math.isfinite(left.seconds) else None
    return {**made.as_json(), "left": {"critical_path": list(left.chain), "seconds": seconds}}
