"""The loop of a benchmark: policy → agent → judge → row, until every sample is drawn or a limit is reached.

Owns every task it starts; writes one event per transition before it acts on it. Places draw samples side by side, one
task judges what they hand in. Nothing is merged: each attempt stands alone. `prover.bench.running` makes one runner for
a run, and another one when it is resumed.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from agents.base import Agent, Premise, asks_a_model
from agents.bench import LeanBench
from prover.bench.fold import DONE, Fold
from prover.bench.judging import Court, Verdicts, proves
from prover.bench.policy import Policy
from prover.bench.rows import Ended, Row
from prover.bench.workspace import Workspace
from prover.config import Config
from prover.errors import Unsound
from prover.journal import Event, What
from prover.lean.pool import LeanPool
from prover.lease import BEAT
from prover.ledger import Ledger
from prover.model import Attempt, Fault, Outcome, Task, Tried, Verdict
from prover.proposing import Nothing, propose
from prover.record import Record, about, handed_in
from prover.search.index import Index, found

GATHER = 8  # proposals that are judged at once; fewer wait while every place is busy, since each build costs a start
CRASHES = 3  # of the judge on one proposal, after which that is the verdict
OUT_OF_TIME = "the run's time is up"
NO_FILES: Mapping[str, str] = {}


@dataclass
class Runner:
    """One process's work on a benchmark. With a `disprover`, what the first sample has not proved is tried to disprove.

    `record` has the events so far; `fold` must have folded them.
    """

    record: Record
    workspace: Workspace
    pool: LeanPool
    court: Court
    agent: Agent
    policy: Policy
    config: Config
    fold: Fold
    disprover: Agent | None = None
    index: asyncio.Task[Index] | None = None
    waiting: deque[Attempt] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.record.state, self.config, self.record.together)
        self._ends: dict[str, set[Ended]] = {problem.name: set() for problem in self.workspace.problems}
        self._doubted = {row.problem for row in self.fold.ended if row.negation and row.counts}
        self._news, self._over = asyncio.Event(), asyncio.Event()
        self._drawing, self._settled, self._lost = True, time.monotonic(), 0
        for row in [row for row in self.fold.ended if row.problem in self._ends]:
            if row.counts and not row.negation:  # another one was never drawn, as far as this process is concerned
                self.policy.begun(row.problem)
            self._learn(row)
        for row in self.fold.under_way.values():
            self._begin(row.problem, row.negation)
        self.record.watchers.insert(0, self._seen)

    async def work(self) -> None:
        """Runs until nothing is under way and no sample may begin. Raises Unsound."""
        self.waiting.extend(self.record.state.waiting)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            judging = group.create_task(self._judge())
            await self._draw()
            self._drawing = False
            self._tell()
            await judging
            self._over.set()
        workers = self.pool.statistics()
        figures = {"checks": workers.checks, "workers_started": workers.started}
        self.record(What.ENDED, why=self._why(), **figures, workers_replaced=dict(workers.replaced))

    def _why(self) -> str:
        """Why no sample begins any more. What could not be drawn is drawn when the run is resumed."""
        name = self.policy.next(frozenset())
        if name is not None and (why := self.ledger.allows(name, self.agent.name)):
            return why
        return self.ledger.exhausted() or (f"{self._lost} samples could not be drawn" if self._lost else DONE)

    async def _draw(self) -> None:
        """All places at work, until there is nothing left to begin or the run's time is over."""
        asking = asks_a_model(self.agent.name)
        places = self.config.conversations if asking else self.config.workers
        left = [flight.number for flight in self.record.state.flights.values() if flight.proposal is None]
        try:
            async with asyncio.timeout(self.ledger.seconds_left()), asyncio.TaskGroup() as group:
                for number in left:
                    group.create_task(self._attempt(self._task(number)))
                for _ in range(max(1, places - len(left))):
                    group.create_task(self._place())
        except TimeoutError:
            for flight in [one for one in self.record.state.flights.values() if one.proposal is None]:
                which = about(flight.number, flight.declaration, flight.agent)
                seconds = round(time.time() - flight.began, 3)
                self.record(What.DROPPED, **which, seconds=seconds, why=OUT_OF_TIME)

    async def _place(self) -> None:
        while (task := await self._next()) is not None:
            await self._attempt(task)

    async def _next(self) -> Task | None:
        """The next sample, written down; waits as long as what is under way may still call for one."""
        while not self.ledger.exhausted():
            if (chosen := self._chosen()) is not None:
                name, agent, negation = chosen
                number = self.record.state.attempts + 1
                which = about(number, name, agent.name)
                self.record(What.ASSIGNED, **which, base="", knew=[], negation=negation)
                self._begin(name, negation)
                return self._task(number)
            if not self.record.state.flights:
                return None
            await self._news.wait()
        return None

    def _chosen(self) -> tuple[str, Agent, bool] | None:
        """Problem, agent, and whether it is its negation: first what is in doubt, then what the policy says."""
        flights = self.record.state.flights.values()
        if self.disprover is not None:
            open_ = {flight.declaration for flight in flights} | self._doubted
            doubtful = (name for name, ends in self._ends.items() if ends and Ended.PROVED not in ends)
            if (name := next((name for name in doubtful if name not in open_), None)) is not None:
                return name, self.disprover, True
        blocked = {flight.declaration for flight in flights if flight.agent != self.agent.name}
        if self.policy.patient:  # if what is before the judge is a proof, another sample is a waste
            blocked |= {flight.declaration for flight in flights if flight.proposal is not None}
        while (name := self.policy.next(blocked)) is not None and self.ledger.allows(name, self.agent.name):
            blocked.add(name)
        return None if name is None else (name, self.agent, False)

    def _task(self, number: int) -> Task:
        flight = self.record.state.flights[number]
        name, agent = flight.declaration, flight.agent
        task = self.workspace.task(name, agent, self.ledger.attempt_budget(name, agent), number)
        return replace(task, earlier=self._earlier(task))

    def _earlier(self, task: Task) -> tuple[Tried, ...]:
        """What a model would be told of attempts before is nothing: samples are independent. A script counts them."""
        if asks_a_model(task.agent):
            return ()
        rows = (*self.fold.ended, *self.fold.under_way.values())
        before = (row for row in rows if row.problem == task.declaration.name and row.attempt < task.number)
        return tuple(Tried(row.agent, frozenset(), row.ended.value) for row in before)

    async def _attempt(self, task: Task) -> None:
        """One agent at one problem; its proposal joins the queue."""
        began, name = time.monotonic(), task.declaration.name
        agent = self.agent if task.agent == self.agent.name else self.disprover
        assert agent is not None
        purse = self.ledger.purse(task, self.record.journal.said(task.number))
        find = partial(self._find, name)
        bench = LeanBench(self.pool, task, NO_FILES.__getitem__, self.config.check_seconds, purse, find)
        answer = await propose(agent, task, bench)
        ended = {**about(task.number, name, task.agent), "seconds": round(time.monotonic() - began, 3)}
        ended["processor"] = round(bench.processor, 3)
        if isinstance(answer, Nothing):
            best = answer.best
            text = {"body": best.body, "helpers": best.helpers, "feedback": list(best.feedback)} if best else {}
            sample = answer.fault != Fault.LIMIT or not self.ledger.allows(name, task.agent)
            self.record(What.NOTHING, why=answer.why, fault=answer.fault, sample=sample, **text, **ended)
        else:
            self.record(What.PROPOSED, **handed_in(answer), **ended)
            self.waiting.append(answer)
        self._tell()

    async def _find(self, asker: str, query: str, most: int) -> tuple[Premise, ...]:
        return await found(self.index, self.workspace.surveys[asker], query, most, asker=asker)

    async def _judge(self) -> None:
        """Batch after batch, as long as there is anything to come."""
        while True:
            flying = any(flight.proposal is None for flight in self.record.state.flights.values())
            if self.waiting and (len(self.waiting) >= GATHER or not flying or not self._drawing):
                batch = [*self.waiting]
                self.waiting.clear()
                self._settled = time.monotonic()
                await self.court.judge(batch, partial(self._settle, {a.number: a for a in batch}))
            elif not self._drawing:
                return
            else:
                await self._news.wait()

    def _settle(self, batch: Mapping[int, Attempt], verdicts: Verdicts) -> None:
        """Writes verdicts down, each with its share of the time since the last; what the judge did not survive waits
        again."""
        seconds = round((time.monotonic() - self._settled) / max(1, len(verdicts)), 3)
        self._settled = time.monotonic()
        for number, verdict in verdicts.items():
            attempt, flight = batch[number], self.record.state.flights[number]
            final = verdict.outcome is not Outcome.CRASHED or flight.crashes + 1 >= CRASHES
            which = about(number, attempt.declaration, attempt.agent)
            self.record(What.JUDGED, **which, **_said(verdict), seconds=seconds, final=final, commit="", tip="")
            if proves(verdict, attempt):
                self._demand_no_contradiction(attempt)
            if not final:
                self.waiting.append(attempt)
        self._tell()

    def _demand_no_contradiction(self, attempt: Attempt) -> None:
        """Raises Unsound when a statement and its negation are both proved."""
        name = attempt.declaration
        if {Ended.PROVED, Ended.DISPROVED} <= self._ends[name]:
            why = f"the judge calls {name} proved, and disproved"
            self.record(What.UNSOUND, why=why)
            raise Unsound(why, f"no figure of this run counts; please report it with {self.record.journal.path}")

    def _seen(self, event: Event) -> None:
        if (row := self.fold(event)) is not None:
            self._lost += not row.counts and not row.negation
            self._learn(row)

    def _learn(self, row: Row) -> None:
        self._ends[row.problem].add(row.ended)
        self.policy.ended(row)

    def _begin(self, name: str, negation: bool) -> None:
        if negation:
            self._doubted.add(name)
        else:
            self.policy.begun(name)

    def _tell(self) -> None:
        """Something has changed: whoever waits for it looks again."""
        self._news.set()
        self._news = asyncio.Event()

    async def _beat(self) -> None:
        """Shows that the run has an owner."""
        while not self._over.is_set():
            try:
                async with asyncio.timeout(BEAT):
                    await self._over.wait()
            except TimeoutError:
                self.record.journal.beat()


def _said(verdict: Verdict) -> dict[str, object]:
    return {
        "outcome": verdict.outcome,
        "reasons": list(verdict.reasons),
        "explanation": verdict.explanation,
        "rests_on": list(verdict.rests_on),
        "disproof": verdict.evidence.disproof,
    }
