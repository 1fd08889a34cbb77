"""One benchmark run from start to finish, or from where it was left: opens what it needs, lets the runner work, and
closes everything again.

Wires the workspace, the warm pool, the judge, the agent and the journal together. Decides nothing and prints nothing;
`prover bench run` calls `run`, with a display that watches the events.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.base import Agent
from agents.disprover import Disprover
from prover.bench import results
from prover.bench.fold import Fold
from prover.bench.judging import Court
from prover.bench.policy import Adaptive, Allocation, Policy, Uniform
from prover.bench.problem import Problem, Suite
from prover.bench.rows import Results
from prover.bench.runner import Runner
from prover.bench.workspace import Workspace, make, task_of
from prover.budget import Currency
from prover.config import Config
from prover.journal import Event, Journal, What
from prover.judge.gate import Gate
from prover.lean.build import Progress, nobody
from prover.lean.pool import LeanPool
from prover.lean.source import split_header
from prover.project import Surveyor
from prover.record import Record
from prover.recovery import taken_over
from prover.search.index import Index, made_beside
from prover.state import fold
from prover.team import Team

Watch = Callable[[Event], None]


@dataclass(frozen=True)
class Order:
    """What is to be run: `samples` by one agent of every problem of the suite's shard, or as many in all."""

    suite: Suite
    problems: Sequence[Problem]  # those of the suite that this process runs
    config: Config
    team: Team
    surveyor: Surveyor
    samples: int
    policy: Allocation = Allocation.UNIFORM
    least: float = 0.0
    disprove: bool = False
    project: Path | None = None  # whose packages the statements import

    @property
    def agent(self) -> Agent:
        """The one that draws the samples."""
        (agent,) = self.team.agents.values()
        return agent


async def run(
    order: Order,
    settings: Mapping[str, Any],
    folder: Path,
    watchers: Sequence[Watch],
    progress: Progress = nobody,
    past: Watch = lambda event: None,
) -> Results:
    """The results; a run that is in the folder already is gone on with, and `past` is told its events so far.

    Raises JournalError while somebody else is working on it, Unsound, ProjectError when no statement elaborates, and
    what the models raise that cannot be asked.
    """
    async with order.team.opened() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        workspace = await make(scratch / "stated", order.problems, order.surveyor, progress)
        unusable = (*order.suite.unusable, *workspace.unusable)
        path = folder / results.JOURNAL
        # Whoever is working on a run finds it as it was left: nothing of it is written before it is ours.
        resumed = stack.enter_context(Journal.resume(path)) if _has_begun(path) else None
        results.state_down(folder, settings, workspace.problems, unusable)
        journal = resumed or stack.enter_context(Journal.create(path))
        record = _record(journal, workspace.problems, settings, watchers, past)
        config, builder = order.config, order.surveyor.builder
        gate = await stack.enter_async_context(Gate.opened(builder, replay=config.replay))
        pool = await stack.enter_async_context(_pool(order, workspace))
        await _warm(pool, _header(order, workspace), config.workers)
        court = Court(gate, workspace, scratch / "judged")
        disprover = Disprover() if order.disprove else None
        index = await stack.enter_async_context(_index(order))
        policy, so_far = _policy(order, workspace.problems), _folded(journal)
        runner = Runner(record, workspace, pool, court, order.agent, policy, config, so_far, disprover, index)
        await runner.work()
        return results.folded(journal, settings, workspace.problems, unusable)


def _has_begun(path: Path) -> bool:
    if not path.exists():
        return False
    with Journal.read(path) as journal:
        return next(journal.events(), None) is not None


def _record(
    journal: Journal, problems: Sequence[Problem], settings: Mapping[str, Any], watchers: Sequence[Watch], past: Watch
) -> Record:
    """The run's record, with what a killed process left under way settled; `past` is told the events so far."""
    events = [*journal.events()]
    for event in events:
        past(event)
    record = Record(journal, [*watchers], fold(events))
    if events:
        record.together([*taken_over(record.state, tip="")])
        return record
    names = [problem.name for problem in problems]
    started = {"run": settings["run"], "branch": "", "base": settings["digest"], "toolchain": settings["toolchain"]}
    surveyed = {"declarations": len(names), "theorems": len(names), "open": names}
    record.together([(What.STARTED, {**started, "asked": {}}), (What.SURVEYED, surveyed)])
    return record


def _folded(journal: Journal) -> Fold:
    so_far = Fold()
    for event in journal.events():
        so_far(event)
    return so_far


def _index(order: Order) -> AbstractAsyncContextManager[asyncio.Task[Index] | None]:
    """What the agent searches in, where it does."""
    asked, lean = order.team.asks and order.config.search, order.surveyor.builder.toolchain
    return made_beside(lean, order.project, order.config.corpus) if asked else nullcontext()


def _policy(order: Order, problems: Sequence[Problem]) -> Policy:
    if order.policy is Allocation.UNIFORM:
        return Uniform(problems, order.samples)
    limits = order.config.limits
    currency = next((unit for unit in Currency if getattr(limits, unit) is not None), Currency.SECONDS)
    return Adaptive(problems, order.samples, order.agent.name, currency, order.least)


def _pool(order: Order, workspace: Workspace) -> LeanPool:
    config = order.config
    lean, header = order.surveyor.builder.toolchain, _header(order, workspace)
    return LeanPool(lean, size=config.workers, spares=min(1, config.spares), limits=config.worker_limits, warm=header)


def _header(order: Order, workspace: Workspace) -> str:
    """The imports of the first problem, which mostly are those of all."""
    name = order.agent.name
    return split_header(task_of(workspace.problems[0], name, order.config.budget_of(name)).outline)[0]


async def _warm(pool: LeanPool, header: str, workers: int) -> None:
    """Starts the workers before any attempt's time begins: the first ones would find less than the others."""
    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(pool.check(header))
