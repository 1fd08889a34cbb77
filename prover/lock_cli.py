"""`prover lock`: hold the project's statements fast. Parses, calls one thing, prints; mounted by `prover.cli`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prover import lane, locks
from prover.config import Config
from prover.display import compiling
from prover.errors import ConfigError
from prover.lane import Step
from prover.locks import Change, Difference
from prover.options import AsJson, Project, print_json
from prover.project import Survey, Surveyor

app = typer.Typer()
out = Console()
err = Console(stderr=True)


@app.command("lock")
def lock_(
    project: Project = Path(),
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; say what differs from the lock.")] = False,
    accept: Annotated[list[str] | None, typer.Option(help="Lock this changed statement as it is now.")] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="With --accept: empty the proofs that it affects.")] = False,
    as_json: AsJson = False,
) -> None:
    """Lock every statement in statements.lock; exit code 1 while one is not as it is locked."""
    if (diff and accept) or (reopen and not accept):
        raise ConfigError(
            "these options do not go together", "say --diff alone, or --accept NAME, or both of --accept NAME --reopen"
        )
    survey = _compiled(project)
    if accept:
        step = lane.accept(project, survey, accept, reopen=reopen)
    else:
        step = lane.difference(project, survey) if diff else lane.lock(project, survey)
    if as_json:
        print_json(step.as_json())
    else:
        for line in _lines(step):
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1 if step.left else 0)


def _compiled(project: Path) -> Survey:
    """The project as it is on disk; its plan, if it has one, is of no interest here."""
    surveyor = Surveyor.of(project, Config.of(project))
    with compiling(err) as progress:
        return surveyor.read(asyncio.run(surveyor.builder.build(project, progress)))


def _lines(step: Step) -> Iterator[str]:
    for difference in step.accepted:
        yield f"accepted  {difference.name}"
    for name, state in (step.dependents or {}).items():
        yield f"rests on it  {name}: {'reopened' if name in step.reopened else state.value}"
    for difference in step.left:
        yield from _shown(difference)
    added = f", {len(step.added)} of them new" if step.added else ""
    yield f"{len(step.lock.statements)} statements are locked in {locks.FILE}{added}; {len(step.left)} differ"


def _shown(difference: Difference) -> Iterator[str]:
    """A difference as a few lines."""
    why = f" from {', '.join(difference.causes)}" if difference.causes else ""
    yield f"{difference.change.value}{why}  {difference.name}"
    if difference.change is Change.FOLLOWS:
        return
    if difference.was:
        yield f"  - {difference.was.reads}"
    if difference.now:
        yield f"  + {difference.now.reads}"
    if difference.was and difference.now and difference.was.reads == difference.now.reads:
        yield "  it reads the same: a variable, an option, a notation or an instance that it uses has changed"
