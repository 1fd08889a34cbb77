"""`prover run` and `prover resume`: start a run, or go on with one, and show it while it works.

Parses, wires the display and the event stream, and calls `prover.running`; decides nothing. Called by `prover.cli`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from prover import running, runs
from prover.config import Config, Limits
from prover.coordinator import Coordinator
from prover.display import Display, ending
from prover.errors import ConfigError
from prover.git.repository import Repository
from prover.options import AsJson, Choice, Project, print_json
from prover.picture import draw
from prover.report.remaining import prices
from prover.running import Crew
from prover.state import State
from prover.stream import Stream
from prover.team import Team
from prover.units import price

Agents = Annotated[list[str] | None, typer.Option("--agent", help="Who proposes; may be given more than once.")]
Script = Annotated[Path | None, typer.Option(help="The answers of the agent `scripted`, a TOML file.")]
Model = Annotated[
    str | None,
    typer.Option(help="Whom the agents ask: anthropic:NAME, openai:NAME, vllm:NAME@http://HOST:PORT/v1 and so on."),
]
Workers = Annotated[int | None, typer.Option(min=1, help="Warm Lean workers, and attempts at once.")]
Conversations = Annotated[int | None, typer.Option(min=1, help="Attempts at once that ask a model, besides.")]
Seconds = Annotated[float | None, typer.Option(help="Wall time of one attempt.")]
Race = Annotated[int | None, typer.Option(min=1, help="Attempts at one declaration at once; the first proof wins.")]
Limit = Annotated[
    list[str] | None,
    typer.Option(help="What the run may use up: dollars=N, tokens=N, attempts=N, seconds=N; may be given repeatedly."),
]
Events = Annotated[str | None, typer.Option(help="Write each event as a line of JSON to this file, or - for stdout.")]
Work = Callable[[Crew, Display], Coroutine[Any, Any, Coordinator]]

out = Console()
err = Console(stderr=True)


def run(
    project: Project = Path(),
    name: Annotated[str | None, typer.Option(help="The run's name; its branch is prover/NAME.")] = None,
    base: Annotated[str, typer.Option(help="The commit to start from.")] = "HEAD",
    agent: Agents = None,
    model: Model = None,
    script: Script = None,
    toolchain: Choice = None,
    workers: Workers = None,
    conversations: Conversations = None,
    attempt_seconds: Seconds = None,
    race: Race = None,
    limit: Limit = None,
    events: Events = None,
    as_json: AsJson = False,
) -> None:
    """Prove what is open and merge it on a branch; exit code 1 when something is still open.

    The last run from the same commit is gone on with when it was left before its end.
    """

    repository = Repository.of(project)
    left = None if name else runs.abandoned(repository, repository.resolve(base))

    async def work(crew: Crew, display: Display) -> Coordinator:
        if crew.repository.is_dirty():
            err.print("note: the run starts from a commit; your uncommitted changes are not part of it", style="yellow")
        return await (_resumed(crew, display, left) if left else running.run(crew, name=name, base=base))

    asked = _asked(agent, model, left)
    settings = {"toolchain": toolchain, "workers": workers, "race": race, "conversations": conversations}
    more = {"attempt_seconds": attempt_seconds, "limits": Limits.parsed(limit or ())}
    config = Config.of(project, **asked, **settings, **more)
    _go(project, config, asked, script, events, as_json, work)


def resume(
    project: Project = Path(),
    name: Annotated[str | None, typer.Option("--run", help="Which run; by default the latest.")] = None,
    agent: Agents = None,
    model: Model = None,
    script: Script = None,
    toolchain: Choice = None,
    workers: Workers = None,
    conversations: Conversations = None,
    attempt_seconds: Seconds = None,
    race: Race = None,
    limit: Limit = None,
    events: Events = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was killed or stopped, or that has ended and may use more now.

    Its agents and its model are those that it had, unless others are named.
    """

    state = runs.begun(Repository.of(project), name).state

    async def work(crew: Crew, display: Display) -> Coordinator:
        return await _resumed(crew, display, state)

    asked = _asked(agent, model, state)
    settings = {"toolchain": toolchain, "workers": workers, "race": race, "conversations": conversations}
    more = {"attempt_seconds": attempt_seconds, "limits": Limits.parsed(limit or ())}
    config = Config.of(project, **asked, **settings, **more)
    _go(project, config, asked, script, events, as_json, work)


def _asked(agents: list[str] | None, model: str | None, before: State | None) -> dict[str, Any]:
    """The agents and the model that the user names, or else those that were named for the run that is gone on with."""
    named = {key: value for key, value in (("agents", agents), ("model", model)) if value}
    return {**(before.asked if before else {}), **named}


async def _resumed(crew: Crew, display: Display, state: State) -> Coordinator:
    """From where the run stands on, which the display knows from now on, too."""
    err.print(f"going on with {state.run}", highlight=False)
    display.state = state
    return await running.resume(crew, state.run)


def _go(
    project: Path,
    config: Config,
    asked: Mapping[str, Any],
    script: Path | None,
    events: str | None,
    as_json: bool,
    work: Work,
) -> None:
    """Works under a display; prints what has become of the run, and exits with 0 or 1, or with 2 when interrupted."""
    if as_json and events == "-":
        raise ConfigError("--json and --events - both write to stdout", "write the events to a file, or leave one out")
    team = Team.of(project, config, script, is_tracked=lambda file: Repository.of(project).tracks(file))
    if config.model and not team.asks:
        err.print(f"note: no agent asks {config.model}; `--agent refiner` does", style="yellow", highlight=False)
    console = err if as_json or events == "-" else out
    with ExitStack() as stack:
        display = stack.enter_context(Display(console))
        streams = [stack.enter_context(Stream.to(events))] if events else []
        crew = Crew.of(project, config, team, [display, *streams], display.compiling, asked)
        try:
            finished = asyncio.run(work(crew, display))
        except KeyboardInterrupt:
            err.print("stopped; `prover resume` goes on", highlight=False)
            raise typer.Exit(2) from None
    _print(finished, crew, console, as_json)
    raise typer.Exit(1 if finished.record.state.open else 0)


def _print(finished: Coordinator, crew: Crew, console: Console, as_json: bool) -> None:
    state = finished.record.state
    picture = runs.journal_path(crew.repository, state.run).with_name("graph.svg")
    draw(finished.survey.graph, picture, state.run, frozenset(state.merged))
    if as_json:
        print_json(state.counts())
    else:
        found = prices(finished.survey.graph, state, finished.currency).items()
        shown = {name: price(cost, finished.currency) for name, cost in found}
        console.print(ending(state, finished.reasons(), shown))
        console.print(f"The graph: {picture}\nThe proofs: git log {state.branch}", highlight=False, soft_wrap=True)
