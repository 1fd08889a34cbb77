"""The loop: ready → assign → propose → judge → merge, until nothing is worth an attempt.

Owns every task it starts; writes one event per transition before it acts on it. Attempts run side by side, each in a
worktree of its own; judging and merging is one batch at a time. `prover.running` makes one coordinator per run.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.base import Agent, BudgetSpent, GaveUp
from agents.bench import LeanBench
from prover import dispatch
from prover.config import Config
from prover.errors import LeanError
from prover.journal import Event, Journal, What
from prover.lean.pool import LeanPool
from prover.merge import Merger
from prover.model import Attempt, Task
from prover.project import Survey
from prover.repository import Repository
from prover.state import State, fold

BATCH = 12  # attempts judged in one build: a bad one costs the others one more build
GATHER = 6  # proposals that are judged at once; fewer wait while every place is busy, since each build costs a start


@dataclass
class Coordinator:
    """One run. `survey` is the project at the branch's tip; it changes with every merge."""

    run: str
    repository: Repository
    journal: Journal
    survey: Survey
    pool: LeanPool
    merger: Merger
    agents: Mapping[str, Agent]
    config: Config
    watch: Callable[[Event], None]
    state: State = field(default_factory=State)
    waiting: list[Attempt] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)  # of the tasks given so far
    numbers: Iterator[int] = field(default_factory=itertools.count)  # of the attempts' worktrees

    async def work(self) -> State:
        """Runs until nothing is under way and nothing is worth an attempt; returns the final state."""
        attempts: set[asyncio.Task[None]] = set()
        merging: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while True:
                free, warm = self.config.workers - len(attempts), self.modules[-self.config.workers :]
                for chosen in dispatch.assign(self.survey.graph, self.state, list(self.agents), free, warm):
                    attempts.add(group.create_task(self._attempt(self._assign(chosen))))
                idle = len(attempts) < self.config.workers
                if self.waiting and not merging and (idle or len(self.waiting) >= GATHER):
                    batch, self.waiting = self.waiting[:BATCH], self.waiting[BATCH:]
                    merging.add(group.create_task(self._judge_and_merge(batch)))
                if not attempts | merging:
                    break
                done, _ = await asyncio.wait(attempts | merging, return_when=asyncio.FIRST_COMPLETED)
                attempts -= done
                merging -= done
        workers = self.pool.statistics()
        self._record(
            What.ENDED,
            why="nothing left that is worth an attempt",
            checks=workers.checks,
            workers_started=workers.started,
            workers_replaced=dict(workers.replaced),
        )
        return self.state

    def start(self, base: str, toolchain: str) -> None:
        """Writes down what the run starts from."""
        self._record(What.STARTED, run=self.run, branch=f"prover/{self.run}", base=base, toolchain=toolchain)
        self._record(What.SURVEYED, **self.survey.figures())

    def _record(self, what: What, **data: Any) -> None:
        event = self.journal.append(what, **data)
        self.state = fold([event], self.state)
        self.watch(event)

    def _assign(self, chosen: dispatch.Assignment) -> Task:
        """The task, written down; what it knows is what is merged now."""
        name, survey, base = chosen.declaration, self.survey, self.merger.tip
        self.modules.append(survey.declarations[name].module)
        self._record(What.ASSIGNED, declaration=name, agent=chosen.agent, base=base, knew=sorted(chosen.knew))
        return Task(
            declaration=survey.declarations[name],
            base=base,
            slot=survey.slot(name),
            outline=survey.outline(name),
            lemmas=survey.graph.lemmas_for(name),
            definitions=survey.graph.definitions_of(name),
            agent=chosen.agent,
            budget=self.config.budget,
        )

    async def _attempt(self, task: Task) -> None:
        """One agent at one declaration; its proposal joins the queue."""
        began = time.monotonic()
        async with self.repository.worktree(f"{self.run}/{next(self.numbers)}", task.base) as worktree:
            bench = LeanBench(self.pool, task, worktree.project, self.config.check_seconds)
            answer = await self._propose(task, bench)
        seconds = round(time.monotonic() - began, 3)
        about = {"declaration": task.declaration.name, "agent": task.agent, "seconds": seconds}
        if isinstance(answer, GaveUp):
            self._record(What.NOTHING, why=answer.why, **about)
        else:
            self._record(What.PROPOSED, body=answer.body, history=list(answer.history), **about)
            self.waiting.append(answer)

    async def _propose(self, task: Task, bench: LeanBench) -> Attempt | GaveUp:
        """The agent's answer within its budget. A failing agent ends its attempt, never the run."""
        try:
            async with asyncio.timeout(task.budget.seconds):
                return await self.agents[task.agent].propose(task, bench)
        except TimeoutError:
            return GaveUp(f"{task.agent} found nothing within {task.budget.seconds:.0f} s")
        except BudgetSpent:
            return GaveUp(f"{task.agent} found nothing within {task.budget.checks} checks")
        except LeanError as error:
            return GaveUp(f"Lean failed {task.agent}: {error}")
        except Exception as error:  # noqa: BLE001  boundary: an agent's bug is its attempt's end, not the run's
            return GaveUp(f"{task.agent} failed: {type(error).__name__}: {error}")

    async def _judge_and_merge(self, batch: Sequence[Attempt]) -> None:
        """Judges the batch on the branch's tip and merges what is proved."""
        began = time.monotonic()
        result = await self.merger.merge(batch, self.survey)
        seconds = round(time.monotonic() - began, 3)
        for attempt in batch:
            verdict = result.verdicts[attempt.declaration]
            self._record(
                What.JUDGED,
                declaration=attempt.declaration,
                agent=attempt.agent,
                outcome=verdict.outcome,
                reasons=list(verdict.reasons),
                explanation=verdict.explanation,
                rests_on=list(verdict.rests_on),
                seconds=seconds,
            )
        closed = sorted((self.survey.graph.open() - result.survey.graph.open()) & self.survey.theorems())
        self.survey = result.survey
        for merge in result.merges:
            self._record(
                What.MERGED, declaration=merge.declaration, agent=merge.agent, commit=merge.commit, closed=closed
            )
