"""Which workers a pool has: each is starting, idle or leased, and there are never more of them than places.

Bookkeeping alone: it waits for nothing and decides nothing about checks. Whoever leaves the crew is killed on the spot
and reaped by a task of the pool's group. Used by `prover.lean.pool`.
"""

from __future__ import annotations

from asyncio import TaskGroup
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from prover.lean.worker import LeanWorker


class Replaced(StrEnum):
    """Why a worker was given up."""

    DIED = "died"
    STUCK = "stuck"  # timed out, or did not settle after a cancelled check
    FAT = "fat"
    WORN = "worn"
    HEADER = "header"  # made room for one with other imports


class Crew:
    """The workers of a pool with that many places. The first of the idle ones is the least recently used."""

    def __init__(self, places: int, tasks: TaskGroup) -> None:
        self._places = places
        self._tasks = tasks
        self.starting: list[LeanWorker] = []
        self.idle: list[LeanWorker] = []
        self.leased: list[LeanWorker] = []
        self.started = 0
        self.replaced: Counter[Replaced] = Counter()

    @property
    def everyone(self) -> tuple[LeanWorker, ...]:
        """All that have a process, or will have one in a moment."""
        return (*self.starting, *self.idle, *self.leased)

    @property
    def free(self) -> int:
        """Places without a worker."""
        return self._places - len(self.everyone)

    @property
    def unused(self) -> int:
        """How many idle workers have done nothing yet."""
        return sum(not worker.checks for worker in self.idle)

    def hire(self, worker: LeanWorker) -> None:
        """Somebody is about to start it."""
        self.starting.append(worker)
        self.started += 1

    def welcome(self, worker: LeanWorker) -> None:
        """It has started."""
        self.starting.remove(worker)
        self.idle.append(worker)

    def lease(self, header: str) -> LeanWorker | None:
        """An idle worker for a text with that header, if there is one."""
        worker = suitable(self.idle, header)
        if worker:
            self.idle.remove(worker)
            self.leased.append(worker)
        return worker

    def rest(self, worker: LeanWorker) -> None:
        """Its lease has ended well."""
        self.leased.remove(worker)
        self.idle.append(worker)

    def make_room(self, dispensable: Sequence[LeanWorker]) -> None:
        """Where all places are taken, give up the idle worker that was used longest ago.

        One that was never used goes only where there is no other, and one of the `dispensable` (who are starting)
        last of all. There must be one of them.
        """
        if self.free <= 0:
            used = [worker for worker in self.idle if worker.checks]
            self.retire((used or self.idle or dispensable)[0], Replaced.HEADER)

    def retire(self, worker: LeanWorker, reason: Replaced) -> None:
        """Give a worker up. Its place is free at once: it is dead long before a new one has grown."""
        self.replaced[reason] += 1
        self.dismiss(worker)

    def dismiss(self, worker: LeanWorker) -> None:
        """Kill a worker, and let it be reaped."""
        for state in (self.starting, self.idle, self.leased):
            if worker in state:
                state.remove(worker)
        worker.kill()
        self._tasks.create_task(worker.close())


def suitable(workers: Sequence[LeanWorker], header: str) -> LeanWorker | None:
    """The latest of the workers with that header, or else one that may take any."""
    same = (worker for worker in reversed(workers) if worker.header == header)
    blank = (worker for worker in workers if worker.header is None)
    return next(same, None) or next(blank, None)
