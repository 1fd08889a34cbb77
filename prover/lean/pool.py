"""A pool of Lean workers: many checks, few processes, and no check lost to a process that fails.

A check is answered by a worker that has its header already, or else by a fresh one. Workers that died, got stuck,
grew fat or have done their share are replaced; a spare takes over at once while another one starts. Nothing that the
pool has started outlives it. What a check means is not its business. Used by the coordinator, which lends it to the
agents.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from prover.errors import CheckTimeout, ProverError, WorkerDied
from prover.lean.crew import Crew, Replaced, suitable
from prover.lean.hints import Check
from prover.lean.source import split_header
from prover.lean.toolchain import Toolchain
from prover.lean.worker import LeanWorker
from prover.model import Position

TRIES = 3  # workers that may die over one check before it is given up, and starts that may fail in a row
SETTLE = 5.0  # seconds in which a worker must be ready again after a cancelled check


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker may use before it is replaced.

    `seconds`: wall time of one check. `memory`: resident bytes, looked at after each check. `checks`: how many it
    answers. `start`: wall seconds until its imports are there.
    """

    seconds: float = 30.0
    memory: int = 4 << 30
    checks: int = 5000
    start: float = 120.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts since the pool was opened. `lost` are the checks that no worker could answer in all their tries."""

    started: int
    replaced: Mapping[Replaced, int]
    checks: int
    lost: int


@dataclass(eq=False, slots=True)
class _Ticket:
    """A check in the queue."""

    header: str
    worker: asyncio.Future[LeanWorker] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def served(self) -> bool:
        """A worker was handed over."""
        return self.worker.done() and not self.worker.cancelled() and self.worker.exception() is None

    def refuse(self, error: Exception) -> None:
        """Let the check end with `error`, unless it was cancelled meanwhile."""
        if not self.worker.done():
            self.worker.set_exception(error)


class LeanPool:
    """`size` workers at work at a time and `spares` that wait; never more processes than both together.

        async with LeanPool(toolchain, size=2, limits=WorkerLimits()) as pool:
            check = await pool.check("theorem t : 1 + 1 = 2 := rfl")

    With `warm`, spares import that header at once, so that they take over without delay; without it they can take
    any header, and the first check pays for the import. A worker cannot change its header, so checks that alternate
    between more headers than there are processes pay for a start each time. It keeps the imported modules as they
    were compiled when it imported them.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        *,
        size: int,
        spares: int = 1,
        limits: WorkerLimits | None = None,
        lean_path: Sequence[Path] = (),
        warm: str | None = None,
    ) -> None:
        if size < 1 or spares < 0:
            raise ValueError("a pool has at least one worker and no negative number of spares")
        self._toolchain = toolchain
        self._size = size
        self._spares = spares
        self._limits = limits or WorkerLimits()
        self._lean_path = tuple(lean_path)
        self._warm = warm
        self._queue: deque[_Ticket] = deque()
        self._open = False
        self._checks = self._lost = 0
        self._failures = 0  # starts that failed in a row

    async def __aenter__(self) -> Self:
        self._tasks = await asyncio.TaskGroup().__aenter__()
        self._crew = Crew(self._size + self._spares, self._tasks)
        self._open = True
        self._serve()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        for ticket in self._queue:
            ticket.refuse(RuntimeError("the pool was closed"))
        # All are killed before anything is awaited: a second Ctrl-C may end the waiting, not spare a process.
        for worker in self._crew.everyone:
            self._crew.dismiss(worker)
        # The body's own exception is not shown to the task group, which would wrap it into a group of one.
        await self._tasks.__aexit__(None, None, None)

    async def check(
        self,
        text: str,
        *,
        goals_at: Sequence[Position] = (),
        timeout: float | None = None,
    ) -> Check:
        """What Lean says about `text`, and the goals at the positions; see `LeanWorker.check`.

        `timeout` is wall seconds from the moment a worker has the text; the limits' `seconds` where none is given.
        Raises CheckTimeout, WorkerDied when that happened to as many as `TRIES` workers over this text, and
        ToolchainBroken when no worker can be started.
        """
        header, _ = split_header(text)
        seconds = self._limits.seconds if timeout is None else timeout
        self._checks += 1
        for tried in range(TRIES):
            try:
                async with self._lease(_Ticket(header), ahead=tried > 0) as worker:
                    return await worker.check(text, goals_at=goals_at, timeout=seconds)
            except WorkerDied as error:
                died = error
        self._lost += 1
        raise WorkerDied(f"{TRIES} Lean workers in a row died over one check; the last one: {died}") from died

    def statistics(self) -> Statistics:
        """Counts since the pool was opened."""
        return Statistics(self._crew.started, dict(self._crew.replaced), self._checks, self._lost)

    @asynccontextmanager
    async def _lease(self, ticket: _Ticket, *, ahead: bool) -> AsyncIterator[LeanWorker]:
        """A worker for one check; afterwards it is idle again, or replaced."""
        worker = await self._wait(ticket, ahead=ahead)
        try:
            yield worker
        except asyncio.CancelledError:
            if self._open:
                self._tasks.create_task(self._settle(worker))
            raise
        except BaseException as error:
            self._put_back(worker, Replaced.STUCK if isinstance(error, CheckTimeout) else None)
            raise
        else:
            self._put_back(worker)

    async def _wait(self, ticket: _Ticket, *, ahead: bool) -> LeanWorker:
        """Stand in the queue until there is a worker. A check whose worker died does not go back to its end."""
        if not self._open:
            raise RuntimeError("the pool is closed")
        if ahead:
            self._queue.appendleft(ticket)
        else:
            self._queue.append(ticket)
        self._serve()
        try:
            return await ticket.worker
        except asyncio.CancelledError:
            if ticket in self._queue:
                self._queue.remove(ticket)
            elif ticket.served:  # cancelled between the hand-over and now
                self._put_back(ticket.worker.result())
            raise

    def _serve(self) -> None:
        """Hand workers to those who wait, first come first served, and start what is missing.

        Called after every change. One who waits for a start may be overtaken by those whose header is there, but
        no longer than until the start is done.
        """
        if not self._open:
            return
        crew = self._crew
        for worker in [worker for worker in crew.idle if not worker.alive]:
            crew.retire(worker, Replaced.DIED)
        unclaimed = list(crew.starting)
        promised = 0
        for ticket in [ticket for ticket in self._queue if not ticket.worker.done()]:
            if len(crew.leased) + promised == self._size:
                break
            if ready := crew.lease(ticket.header):
                self._queue.remove(ticket)
                ticket.worker.set_result(ready)
                continue
            promised += 1
            if claimed := suitable(unclaimed, ticket.header):
                unclaimed.remove(claimed)
            else:
                crew.make_room(unclaimed)
                unclaimed = [worker for worker in unclaimed if worker in crew.starting]
                self._start(None)
        for _ in range(min(self._spares - crew.unused - len(unclaimed), crew.free)):
            self._start(self._warm)

    def _put_back(self, worker: LeanWorker, fault: Replaced | None = None) -> None:
        """End a lease: the worker is idle, or replaced where there is something wrong with it."""
        if not self._open:
            return
        if fault := fault or self._fault(worker):
            self._crew.retire(worker, fault)
        else:
            self._crew.rest(worker)
        self._serve()

    def _fault(self, worker: LeanWorker) -> Replaced | None:
        if not worker.alive:
            return Replaced.DIED
        if worker.memory() > self._limits.memory:
            return Replaced.FAT
        return Replaced.WORN if worker.checks >= self._limits.checks else None

    async def _settle(self, worker: LeanWorker) -> None:
        """Keep a worker whose check was cancelled, if it has let go of it."""
        try:
            await worker.check(worker.header or "", timeout=SETTLE)
        except (CheckTimeout, WorkerDied):
            self._put_back(worker, Replaced.STUCK)
        else:
            self._put_back(worker)

    def _start(self, header: str | None) -> None:
        worker = LeanWorker(self._toolchain, header=header, lean_path=self._lean_path, start_seconds=self._limits.start)
        self._crew.hire(worker)
        self._tasks.create_task(self._bring_up(worker))

    async def _bring_up(self, worker: LeanWorker) -> None:
        failure: ProverError | None = None
        try:
            await worker.start()
        except ProverError as error:
            failure = error
        if worker not in self._crew.starting:
            return  # given up meanwhile
        if failure is None:
            self._failures = 0
            self._crew.welcome(worker)
            self._serve()
        else:
            self._crew.dismiss(worker)
            self._try_again(failure)

    def _try_again(self, failure: ProverError) -> None:
        """After a failed start: start another, but not for ever. From the last try on, each costs a waiting check.

        Where nobody waits it ends there, and the next check tries again.
        """
        self._failures += 1
        if self._failures >= TRIES:
            if not self._queue:
                return
            self._queue.popleft().refuse(failure)
        self._serve()
