"""One run from start to finish: opens what it needs, lets the coordinator work, closes everything again.

Wires the repository, the toolchain, the build, the warm pool, the judge and the agents together. Decides nothing and
prints nothing; the CLI calls `run`, with a display that watches the events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from agents.automation import Automation
from agents.base import Agent
from agents.scripted import Scripted
from prover import canary, locks
from prover.config import Config
from prover.coordinator import Coordinator
from prover.errors import ConfigError, unwrapped
from prover.journal import Event, Journal, What
from prover.judge.gate import Gate
from prover.lean.build import Progress
from prover.lean.pool import LeanPool, WorkerLimits
from prover.merge import Merger
from prover.project import Survey, Surveyor
from prover.repository import Repository
from prover.state import State, fold


def agents(config: Config, script: Path | None) -> dict[str, Agent]:
    """The run's agents by name, in the order in which a declaration gets them."""
    known: dict[str, Callable[[], Agent]] = {"automation": Automation}
    if script is not None:
        known["scripted"] = lambda: Scripted.from_file(script)
    names = ("scripted", *config.agents) if script and "scripted" not in config.agents else config.agents
    for name in names:
        if name not in known:
            raise ConfigError(
                f"there is no agent `{name}`", f"choose among {', '.join(known)}; `scripted` needs --script"
            )
    return {name: known[name]() for name in names}


def next_name(repository: Repository) -> str:
    """`run-1`, `run-2`, … : the first that has no branch yet."""
    taken, number = set(repository.runs()), 1
    while f"run-{number}" in taken:
        number += 1
    return f"run-{number}"


async def run(
    project: Path,
    config: Config,
    team: Mapping[str, Agent],
    *,
    name: str | None,
    base: str,
    watch: Callable[[Event], None],
    progress: Progress,
) -> tuple[State, Survey]:
    """Runs until nothing is worth an attempt. Returns the final state, and the project at the branch's tip.

    Raises LockError when a statement at `base` is not what it is locked to be there, and Unsound when the judge called
    proved what cannot be.
    """
    repository = Repository.of(project)
    surveyor = Surveyor.of(project, config)
    run, commit = name or next_name(repository), repository.resolve(base)
    try:
        async with repository.worktree(f"{run}/merge", commit) as worktree:
            survey = await surveyor.survey(worktree.project, progress)
            locks.enforce(worktree.project, survey.declarations)
            repository.start(run, commit)
            async with AsyncExitStack() as stack:
                journal = stack.enter_context(Journal.create(journal_path(repository, run)))
                gate = await stack.enter_async_context(Gate.opened(surveyor.builder, replay=config.replay))
                cage = canary.cage(run, commit, repository, surveyor, survey, gate, config.canaries)
                canaries = await stack.enter_async_context(cage)
                pool = await stack.enter_async_context(_pool(surveyor, survey, config))
                merger = Merger(run, commit, repository, worktree, surveyor, gate)
                coordinator = Coordinator(run, repository, journal, survey, pool, merger, canaries, team, config, watch)
                coordinator.start(commit, surveyor.builder.toolchain.name)
                state = await coordinator.work()
    except ExceptionGroup as group:
        raise unwrapped(group) from None
    return state, coordinator.survey


def journal_path(repository: Repository, run: str) -> Path:
    """Where a run keeps its journal."""
    return repository.home / "runs" / run / "journal.sqlite"


def _pool(surveyor: Surveyor, survey: Survey, config: Config) -> LeanPool:
    """Workers that import the project's modules as they are at the start: a merge changes no statement."""
    limits = WorkerLimits(config.check_seconds, int(config.worker_gib * 2**30), config.worker_checks)
    library = survey.build.library
    return LeanPool(
        surveyor.builder.toolchain, size=config.workers, spares=config.spares, limits=limits, lean_path=[library]
    )


def latest(repository: Repository, run: str | None) -> State | None:
    """Where the run of that name stands, or else the one that began last; None when there has been no run."""
    paths = [journal_path(repository, run)] if run else sorted((repository.home / "runs").glob("*/journal.sqlite"))
    return max(map(_state, paths), key=lambda state: state.began, default=None)


def _state(path: Path) -> State:
    with Journal.read(path) as journal:
        return fold(journal.events())


def before_any_run(survey: Survey) -> State:
    """What a run would start from."""
    return fold([Event(0, 0.0, What.SURVEYED, survey.figures())])
