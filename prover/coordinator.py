"""The loop: ready → assign → propose → judge → merge, until nothing is worth an attempt.

Owns every task it starts; writes one event per transition before it acts on it. Attempts run side by side, each in a
worktree of its own; judging and merging is one batch at a time, so nothing is merged once a decoy of `prover.canary`
has shown the judge to be wrong. `prover.running` makes one coordinator per run.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.base import Agent, BudgetSpent, GaveUp
from agents.bench import LeanBench
from prover import dispatch
from prover.canary import Canaries, Decoy, judged_apart
from prover.config import Config
from prover.errors import LeanError
from prover.journal import Event, Journal, What
from prover.lean.pool import LeanPool
from prover.merge import Merger
from prover.model import Attempt, Outcome, Task, Verdict
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
    canaries: Canaries
    agents: Mapping[str, Agent]
    config: Config
    watch: Callable[[Event], None]
    state: State = field(default_factory=State)
    waiting: list[Attempt] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)  # of the tasks given so far
    numbers: Iterator[int] = field(default_factory=itertools.count)  # of the attempts' worktrees

    async def work(self) -> State:
        """Runs until nothing is under way and nothing is worth an attempt; returns the final state."""
        merging: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            attempts: set[asyncio.Task[None]] = {group.create_task(self.canaries.sow())}
            while True:
                for attempt in self._next(self.config.workers - len(attempts)):
                    attempts.add(group.create_task(attempt))
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

    def _next(self, free: int) -> list[Coroutine[Any, Any, None]]:
        """The attempts for so many free places: one at a decoy when it is time for that, the others at declarations."""
        warm = self.modules[-self.config.workers :]
        chosen = dispatch.assign(self.survey.graph, self.state, list(self.agents), free, warm)
        idle, over = len(chosen) < free, len(self.state.canaries)
        decoy = self.canaries.next(len(self.modules), over, idle=idle) if free else None
        decoys = [self._tempt(decoy)] if decoy else []
        return [*decoys, *(self._attempt(self._assign(choice)) for choice in chosen[: free - len(decoys)])]

    def _assign(self, chosen: dispatch.Assignment) -> Task:
        """The task, written down; what it knows is what is merged now."""
        name, base = chosen.declaration, self.merger.tip
        self.modules.append(self.survey.declarations[name].module)
        self._record(What.ASSIGNED, declaration=name, agent=chosen.agent, base=base, knew=sorted(chosen.knew))
        return self._task(name, chosen.agent, self.survey)

    def _task(self, name: str, agent: str, survey: Survey) -> Task:
        """What the agent is told of a declaration in `survey`."""
        return Task(
            declaration=survey.declarations[name],
            base=self.merger.tip,
            slot=survey.slot(name),
            outline=survey.outline(name),
            lemmas=survey.graph.lemmas_for(name),
            definitions=survey.graph.definitions_of(name),
            agent=agent,
            budget=self.config.budget,
        )

    async def _attempt(self, task: Task) -> None:
        """One agent at one declaration; its proposal joins the queue."""
        began = time.monotonic()
        async with self.repository.worktree(f"{self.run}/{next(self.numbers)}", task.base) as worktree:
            answer = await self._propose(task, worktree.project)
        about = {"declaration": task.declaration.name, "agent": task.agent, "seconds": _since(began)}
        if isinstance(answer, GaveUp):
            self._record(What.NOTHING, why=answer.why, **about)
        else:
            made = {"body": answer.body, "helpers": answer.helpers, "history": list(answer.history)}
            self._record(What.PROPOSED, **made, **about)
            self.waiting.append(answer)

    async def _tempt(self, decoy: Decoy) -> None:
        """The first agent at a decoy, as if it were a declaration; its proposal joins the queue like any other."""
        began = time.monotonic()
        task = self._task(decoy.name, next(iter(self.agents)), self.canaries.survey)
        answer = await self._propose(task, self.canaries.root)
        if isinstance(answer, GaveUp):
            ended = {"agent": task.agent, "outcome": "nothing", "explanation": answer.why, "seconds": _since(began)}
            self._record(What.CANARY, **decoy.as_json(), **ended)
        else:
            self.waiting.append(answer)

    async def _propose(self, task: Task, root: Path) -> Attempt | GaveUp:
        """The agent's answer within its budget. A failing agent ends its attempt, never the run."""
        bench = LeanBench(self.pool, task, root, self.config.check_seconds)
        try:
            async with asyncio.timeout(task.budget.seconds):
                answer = await self.agents[task.agent].propose(task, bench)
            if isinstance(answer, Attempt) and answer.declaration != task.declaration.name:
                return GaveUp(f"{task.agent} answered for {answer.declaration}")
            return answer
        except TimeoutError:
            return GaveUp(f"{task.agent} found nothing within {task.budget.seconds:.0f} s")
        except BudgetSpent:
            return GaveUp(f"{task.agent} found nothing within {task.budget.checks} checks")
        except LeanError as error:
            return GaveUp(f"Lean failed {task.agent}: {error}")
        except Exception as error:  # noqa: BLE001  boundary: an agent's bug is its attempt's end, not the run's
            return GaveUp(f"{task.agent} failed: {type(error).__name__}: {error}")

    async def _judge_and_merge(self, batch: Sequence[Attempt]) -> None:
        """Judges the batch on the branch's tip and merges what is proved, once the decoys in it are judged."""
        for attempt in [a for a in batch if a.declaration in self.canaries.decoys]:
            await self._judge_decoy(attempt)
        for attempt in [a for a in batch if a.declaration in self.state.refuted]:
            await self._judge_refuted(attempt)
        apart = self.canaries.decoys.keys() | self.state.refuted.keys()
        await self._merge([attempt for attempt in batch if attempt.declaration not in apart])

    async def _merge(self, batch: Sequence[Attempt]) -> None:
        began = time.monotonic()
        result = await self.merger.merge(batch, self.survey)
        for attempt in batch:
            self._record(What.JUDGED, **_judged(attempt, result.verdicts[attempt.declaration], began))
        closed = sorted((self.survey.graph.open() - result.survey.graph.open()) & self.survey.theorems())
        self.survey = result.survey
        for merge in result.merges:
            self._record(
                What.MERGED, declaration=merge.declaration, agent=merge.agent, commit=merge.commit, closed=closed
            )

    async def _judge_decoy(self, attempt: Attempt) -> None:
        """Raises Unsound when what cannot be proved, or not together with what is merged, is called proved."""
        began, decoy = time.monotonic(), self.canaries.decoys[attempt.declaration]
        verdict = await self.canaries.judge(attempt)
        text = {"body": attempt.body, "helpers": attempt.helpers}
        self._record(What.CANARY, **{**decoy.as_json(), **text, **_judged(attempt, verdict, began)})
        if verdict.outcome is Outcome.PROVED and decoy.contradicts(self.state.merged):
            raise decoy.unsound(self.journal.path)

    async def _judge_refuted(self, attempt: Attempt) -> None:
        """A proof of what has been refuted is merged in no case; raises Unsound when it is called proved."""
        began, decoy = time.monotonic(), self.canaries.decoys[self.state.refuted[attempt.declaration]]
        await asyncio.to_thread(self.repository.reset, self.merger.worktree, self.merger.tip)
        verdict = await judged_apart(self.merger.gate, attempt, self.survey, self.merger.worktree.project)
        self._record(What.JUDGED, **_judged(attempt, verdict, began))
        if verdict.outcome is Outcome.PROVED:
            raise decoy.unsound(self.journal.path)


def _judged(attempt: Attempt, verdict: Verdict, began: float) -> dict[str, Any]:
    """What the journal keeps of a verdict."""
    return {
        "declaration": attempt.declaration,
        "agent": attempt.agent,
        "outcome": verdict.outcome,
        "reasons": list(verdict.reasons),
        "explanation": verdict.explanation,
        "rests_on": list(verdict.rests_on),
        "seconds": _since(began),
    }


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
