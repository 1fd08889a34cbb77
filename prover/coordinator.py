"""The loop: ready → assign → propose → judge → merge, until nothing is worth an attempt or a limit is reached.

Owns every task it starts, and ends it; writes one event per transition before it acts on it. Attempts run side by side;
judging and merging is one batch at a time, so nothing is merged once a decoy of `prover.canary` has shown the judge to
be wrong. `prover.running` makes one coordinator for a run, and another one when the run is resumed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from agents.base import Agent, Bench, Premise, asks_a_model
from agents.bench import LeanBench
from prover.budget import Currency
from prover.canary import Canaries, Decoy
from prover.config import Config
from prover.dispatch import Assignment
from prover.errors import SlotError
from prover.frontier import Frontier
from prover.git.repository import Repository
from prover.journal import Event, What
from prover.landing import Landing
from prover.lean.pool import LeanPool
from prover.lease import BEAT
from prover.ledger import Ledger
from prover.merge import Merger
from prover.model import Attempt, Task
from prover.project import Survey
from prover.proposing import Nothing, propose
from prover.record import Record, about, handed_in
from prover.search.index import Index, found
from prover.state import State

GATHER = 6  # proposals that are judged at once; fewer wait while every place is busy, since each build costs a start
AT_ONCE = 16  # tasks given in one turn of the loop, of which every other one waits for the end
SOWING, DECOY = 0, -1  # what flies and is no attempt
NOTHING_LEFT = "nothing left that is worth an attempt"
OUT_OF_TIME = "the run's time is up"


@dataclass
class Coordinator:
    """One process's work on a run. `record` has the run's events so far, and what of them is still to be judged."""

    record: Record
    repository: Repository
    survey: Survey
    pool: LeanPool
    merger: Merger
    canaries: Canaries
    agents: Mapping[str, Agent]
    config: Config
    index: asyncio.Task[Index] | None = None  # what agents search in, where one of them does
    flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # by the attempt's number
    asking: set[int] = field(default_factory=set)  # those of them that ask a model, and so mostly wait for it
    modules: list[str] = field(default_factory=list)  # of the tasks given so far
    slotless: dict[str, str] = field(default_factory=dict)  # declaration → why no proof can be put into its source

    def __post_init__(self) -> None:
        config, state = self.config, self.record.state
        self.ledger = Ledger(state, config, self.record.together)
        self.landing = Landing(self.record, self.merger, self.canaries, self.survey, self._changed)
        self.landing.waiting.extend(state.waiting)
        tries = {name: agent.tries for name, agent in self.agents.items()}
        self.frontier = Frontier(
            self.survey.graph,
            state,
            tries,
            allows=self._allows,
            race=config.race,
            asking=frozenset(filter(asks_a_model, self.agents)),
            currency=self.currency,
            rule=config.budget_rule,
        )
        self.record.watchers.append(self._seen)
        self._merging: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._beat = time.monotonic()

    @property
    def currency(self) -> Currency:
        """What the run counts cost in: what it has least of, as far as its limits say."""
        limited = (unit for unit in Currency if getattr(self.config.limits, unit) is not None)
        return next(limited, Currency.SECONDS)

    def reasons(self) -> dict[str, str]:
        """Why each theorem that is open gets no attempt now; empty for one that would get one."""
        return {name: self.frontier.asleep(name) for name in self.record.state.open & self.survey.declarations.keys()}

    async def work(self) -> State:
        """Runs until nothing is under way and nothing may be started; returns the final state."""
        async with asyncio.TaskGroup() as group:
            self._fly(group, SOWING, self.canaries.sow())
            self._go_on(group)
            while True:
                self._start(group)
                if not self.flying and self._merging is None:
                    break
                await self._something_happens()
        self._end()
        return self.record.state

    def _start(self, group: asyncio.TaskGroup) -> None:
        """Fills the free places, and has judged what waits."""
        stop = self.ledger.exhausted()
        if stop and self.ledger.seconds_left() == 0:
            for number in list(self.flying):
                self._cancel(number, OUT_OF_TIME)
        elif not stop:
            self._fill(group)
        waiting, idle = len(self.landing.waiting), self._free()[False] > 0
        if waiting and self._merging is None and (idle or waiting >= GATHER):
            self._merging = group.create_task(self._land())

    def _fill(self, group: asyncio.TaskGroup) -> None:
        """Gives free places the best attempts there are, or a decoy when it is time for one; the rest a turn later."""
        for _ in range(AT_ONCE):
            places, tempted = [asks for asks, free in self._free().items() if free > 0], next(iter(self.agents))
            if not places:
                return
            chosen = self.frontier.next(self.modules[-self.config.workers :], places)
            decoy = None
            if DECOY not in self.flying and asks_a_model(tempted) in places:
                decoy = self.canaries.next(len(self.modules), self.record.state.canaries, idle=chosen is None)
            if decoy is not None:
                self._fly(group, DECOY, self._tempt(decoy, tempted), tempted)
            elif chosen is None:
                return
            elif (task := self._assign(chosen)) is not None:
                self._fly(group, task.number, self._attempt(task), task.agent)
        self._wake.set()

    def _free(self) -> dict[bool, int]:
        """How many attempts may begin of those that ask a model (True), and of those that keep a Lean worker busy."""
        asking = len(self.asking)
        return {True: self.config.conversations - asking, False: self.config.workers - len(self.flying) + asking}

    def _go_on(self, group: asyncio.TaskGroup) -> None:
        """Attempts whose owner was killed after they had paid for calls: what was said is not paid for again."""
        for flight in [one for one in self.record.state.flights.values() if one.proposal is None]:
            name, agent, number = flight.declaration, flight.agent, flight.number
            task = self._slotted(name, agent, number) if self._still_open(name) and agent in self.agents else None
            if task is None:
                why = "nobody goes on with it: its theorem is closed, or its agent is not in the team"
                self.record(What.DROPPED, **about(number, name, agent), seconds=0.0, why=why)
            else:
                self.modules.append(task.declaration.module)
                self._fly(group, number, self._attempt(task), agent)

    def _still_open(self, name: str) -> bool:
        declaration = self.survey.declarations.get(name)
        return declaration is not None and declaration.hole

    def _fly(self, group: asyncio.TaskGroup, number: int, work: Coroutine[Any, Any, None], agent: str = "") -> None:
        self.flying[number] = task = group.create_task(work)
        if asks_a_model(agent):
            self.asking.add(number)
        task.add_done_callback(lambda _: self._landed(number))

    def _landed(self, number: int) -> None:
        del self.flying[number]
        self.asking.discard(number)
        self._wake.set()

    async def _something_happens(self) -> None:
        """Waits for the end of an attempt or of a batch, and shows in the meantime that the run has an owner."""
        await asyncio.sleep(0)  # whoever was started gets a turn, also when something has happened already
        left = self.ledger.seconds_left()
        try:
            async with asyncio.timeout(BEAT if left is None or not self.flying else min(BEAT, left)):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()
        if time.monotonic() - self._beat >= BEAT:
            self.record.journal.beat()
            self._beat = time.monotonic()

    def _assign(self, chosen: Assignment) -> Task | None:
        """The task, written down; what it knows is what is merged now. None when there is no slot for it."""
        name, number = chosen.declaration, self.record.state.attempts + 1
        task = self._slotted(name, chosen.agent, number)
        if task is not None:
            self.modules.append(task.declaration.module)
            self.record(What.ASSIGNED, **about(number, name, task.agent), base=task.base, knew=sorted(chosen.knew))
        return task

    def _slotted(self, name: str, agent: str, number: int) -> Task | None:
        try:
            return self._task(name, agent, self.survey, number)
        except SlotError as error:  # it comes from a macro, say
            self.slotless[name] = str(error)
            self.frontier.touch(name)
            return None

    def _task(self, name: str, agent: str, survey: Survey, number: int = 0) -> Task:
        """What the agent is told of a declaration in `survey`."""
        return Task(
            declaration=survey.declarations[name],
            base=self.merger.tip,
            slot=survey.slot(name),
            outline=survey.outline(name),
            lemmas=survey.graph.lemmas_for(name),
            definitions=survey.graph.definitions_of(name),
            agent=agent,
            budget=self.ledger.attempt_budget(name, agent),
            number=number,
            earlier=tuple(self.record.state.tried.get(name, ())),
        )

    async def _attempt(self, task: Task) -> None:
        """One agent at one declaration; its proposal joins the queue."""
        began = time.monotonic()
        bench = self._bench(task, partial(self.repository.read, task.base))
        answer = await propose(self.agents[task.agent], task, bench)
        which = about(task.number, task.declaration.name, task.agent)
        ended = {**which, "seconds": round(time.monotonic() - began, 3)}
        if task.number not in self.record.state.flights:
            return  # it was cancelled while it ended
        if isinstance(answer, Nothing):
            self.record(What.NOTHING, why=answer.why, fault=answer.fault, **ended)
        else:
            self.record(What.PROPOSED, **handed_in(answer), **ended)
            self.landing.waiting.append(answer)

    async def _tempt(self, decoy: Decoy, agent: str) -> None:
        """An agent at a decoy, as if it were a declaration; its proposal joins the queue like any other."""
        began = time.monotonic()
        task = self._task(decoy.name, agent, self.canaries.survey)
        answer = await propose(self.agents[task.agent], task, self._bench(task, self.canaries.read))
        if isinstance(answer, Attempt):
            self.landing.waiting.append(answer)
        else:
            ended = {"agent": task.agent, "outcome": "nothing", "explanation": answer.why}
            self.record(What.CANARY, **decoy.as_json(), **ended, seconds=round(time.monotonic() - began, 3))

    def _bench(self, task: Task, read: Any) -> Bench:
        purse = self.ledger.purse(task, self.record.journal.said(task.number) if task.number else {})
        find = partial(self._find, task.declaration.name)
        return LeanBench(self.pool, task, read, self.config.check_seconds, purse, find)

    async def _find(self, asker: str, query: str, most: int) -> tuple[Premise, ...]:
        return await found(self.index, self.survey, query, most, asker=asker)

    def _cancel(self, number: int, why: str) -> None:
        """Ends what is still with its agent; an attempt's costs are charged, and its declaration is free again."""
        flight = self.record.state.flights.get(number)
        if flight is not None and flight.proposal is None:
            which = about(number, flight.declaration, flight.agent)
            self.record(What.DROPPED, **which, seconds=round(time.time() - flight.began, 3), why=why)
        self.flying[number].cancel()

    async def _land(self) -> None:
        try:
            await self.landing.land()
        finally:
            self._merging = None
            self._wake.set()

    def _changed(self) -> None:
        """The branch has moved: attempts at what is no longer a hole are over, and others may be worth one now."""
        self.survey = self.landing.survey
        for number, flight in list(self.record.state.flights.items()):
            if number in self.flying and not self._still_open(flight.declaration):
                self._cancel(number, "another attempt was merged first")
        self.frontier.moved(self.survey.graph)

    def _seen(self, event: Event) -> None:
        """What has happened to a declaration may change whether it is worth another attempt."""
        for name in (event.data.get("declaration"), event.data.get("negates")):
            if name is not None and name in self.survey.declarations:
                self.frontier.touch(name)

    def _allows(self, declaration: str, agent: str) -> str:
        """Why no attempt may be made, or nothing."""
        return self.slotless.get(declaration, "") or self.ledger.allows(declaration, agent)

    def _end(self) -> None:
        workers = self.pool.statistics()
        self.record(
            What.ENDED,
            why=self.ledger.exhausted() or NOTHING_LEFT,
            checks=workers.checks,
            workers_started=workers.started,
            workers_replaced=dict(workers.replaced),
        )
