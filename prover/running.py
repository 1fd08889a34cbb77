"""One run from start to finish, or from where it was left: opens what it needs, lets the coordinator work, and closes
everything again.

Wires the repository, the toolchain, the build, the warm pool, the judge and the agents together. Decides nothing and
prints nothing; the CLI calls `run` and `resume`, with a display that watches the events.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prover import canary, locks, recovery
from prover.config import Config
from prover.coordinator import Coordinator
from prover.git.repository import Repository, Worktree
from prover.journal import Event, Journal, What
from prover.judge.gate import Gate
from prover.landing import unsound
from prover.lean.build import Progress
from prover.lean.pool import LeanPool
from prover.merge import Merger
from prover.project import Survey, Surveyor
from prover.record import Record
from prover.runs import journal_path, next_name
from prover.search.index import Index, made_beside
from prover.state import fold
from prover.team import Team

Watch = Callable[[Event], None]


@dataclass(frozen=True)
class Crew:
    """What a run is worked on with: where, by which Lean, within which limits, by whom, and who looks on."""

    repository: Repository
    surveyor: Surveyor
    config: Config
    team: Team
    watchers: Sequence[Watch]
    progress: Progress
    project: Path = Path()  # where the user has it, with the packages that it uses
    asked: Mapping[str, Any] = field(default_factory=dict)  # of agents and model, what the user named, if anything

    @classmethod
    def of(
        cls,
        project: Path,
        config: Config,
        team: Team,
        watchers: Sequence[Watch],
        progress: Progress,
        asked: Mapping[str, Any] = recovery.NOTHING,
    ) -> Crew:
        """Raises NoProject, RepositoryError or ToolchainError."""
        repository, surveyor = Repository.of(project), Surveyor.of(project, config)
        return cls(repository, surveyor, config, team, watchers, progress, project, asked)

    @property
    def toolchain(self) -> str:
        """What the journal calls the Lean."""
        return self.surveyor.builder.toolchain.name

    def gate(self) -> AbstractAsyncContextManager[Gate]:
        """The judge, for as long as the run is worked on."""
        return Gate.opened(self.surveyor.builder, replay=self.config.replay)

    def index(self) -> AbstractAsyncContextManager[asyncio.Task[Index] | None]:
        """What the agents search in, where one of them does."""
        asked = self.team.asks and self.config.search
        return (
            made_beside(self.surveyor.builder.toolchain, self.project, self.config.corpus) if asked else nullcontext()
        )

    def pool(self, survey: Survey) -> AbstractAsyncContextManager[LeanPool]:
        """Workers that import the project's modules as they are at the start: a merge changes no statement."""
        config = self.config
        library, lean = survey.build.library, self.surveyor.builder.toolchain
        return LeanPool(
            lean, size=config.workers, spares=config.spares, limits=config.worker_limits, lean_path=[library]
        )


async def run(crew: Crew, *, name: str | None = None, base: str = "HEAD") -> Coordinator:
    """A new run from `base`, until nothing is worth an attempt or a limit is reached; returns what is left of it.

    Raises LockError when a statement at `base` is not what it is locked to be there, and Unsound when the judge called
    proved what cannot be.
    """
    repository, commit = crew.repository, crew.repository.resolve(base)
    run = name or next_name(repository)
    async with crew.team.opened() as stack:
        journal = stack.enter_context(_claimed(journal_path(repository, run)))
        await asyncio.to_thread(repository.sweep, run)
        worktree = await stack.enter_async_context(repository.worktree(f"{run}/merge", commit))
        survey = await _survey(crew, worktree)
        started = {"run": run, "branch": f"prover/{run}", "base": commit, "asked": dict(crew.asked)}
        record = Record(journal, [*crew.watchers])
        record.together([(What.STARTED, {**started, "toolchain": crew.toolchain}), (What.SURVEYED, survey.figures())])
        repository.start(run, commit)
        return await _work(crew, stack, record, worktree, survey)


async def resume(crew: Crew, name: str) -> Coordinator:
    """Goes on with a run whose process is gone, or which has ended and may have got new limits since.

    Raises what `run` raises, and JournalError when somebody is working on it.
    """
    repository = crew.repository
    async with crew.team.opened() as stack:
        journal = stack.enter_context(Journal.resume(journal_path(repository, name)))
        record = Record(journal, [*crew.watchers], fold(journal.events()))
        if record.state.unsound:
            raise unsound(record.state.unsound, record)
        await asyncio.to_thread(repository.sweep, name)
        tip = await asyncio.to_thread(recovery.reconcile, record.state, repository)
        worktree = await stack.enter_async_context(repository.worktree(f"{name}/merge", tip))
        survey = await _survey(crew, worktree)
        record.together(list(recovery.steps(record.state, survey, tip, crew.asked)))
        return await _work(crew, stack, record, worktree, survey)


async def _survey(crew: Crew, worktree: Worktree) -> Survey:
    survey = await crew.surveyor.survey(worktree.project, crew.progress)
    locks.enforce(worktree.project, survey.declarations)
    return survey


async def _work(crew: Crew, stack: AsyncExitStack, record: Record, worktree: Worktree, survey: Survey) -> Coordinator:
    state, surveyor = record.state, crew.surveyor
    gate = await stack.enter_async_context(crew.gate())
    cage = canary.cage(state, crew.repository, surveyor, survey, gate, crew.config.canaries)
    canaries = await stack.enter_async_context(cage)
    pool = await stack.enter_async_context(crew.pool(survey))
    merger = Merger(state.run, state.tip, crew.repository, worktree, surveyor, gate)
    index = await stack.enter_async_context(crew.index())
    coordinator = Coordinator(
        record, crew.repository, survey, pool, merger, canaries, crew.team.agents, crew.config, index
    )
    await coordinator.work()
    return coordinator


@contextmanager
def _claimed(path: Path) -> Iterator[Journal]:
    """The journal of a new run, which is gone again if the run does not begin."""
    with Journal.create(path) as journal:
        try:
            yield journal
        finally:
            if next(journal.events(), None) is None:
                journal.close()
                shutil.rmtree(path.parent)
