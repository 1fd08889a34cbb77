"""Many checks on the real Lean while workers are killed: none is lost, none is wrong, and nothing is left.

The short form runs with the other tests; the long one is `slow` and also looks at memory.
"""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil
import pytest

from benchmarks.perf.theorems import Theorem, mixed
from prover.lean.crew import Replaced
from prover.lean.pool import LeanPool, Statistics, WorkerLimits
from prover.lean.toolchain import Toolchain

LIMITS = WorkerLimits(seconds=120.0, start=300.0, checks=10_000)

# V8 compiles a function of Lean when it is first used, twice over when it is used often: a worker's size is
# compared with what it was when every kind of theorem had been met a few times, not with that of an empty one.
WARM = 200


def workers() -> list[psutil.Process]:
    """The Lean workers of this program, oldest first."""
    found = []
    for process in psutil.Process().children():
        try:
            if "--worker" in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return sorted(found, key=lambda process: process.create_time())


@dataclass
class Soak:
    """A pool under fire: puts every theorem to it and, after some answers, kills a worker that is in the middle of
    something. The oldest `spared` workers are left alone."""

    pool: LeanPool
    kills: frozenset[int]  # after how many answers
    spared: int
    strangers: Sequence[psutil.Process]  # workers of somebody else
    choose: random.Random
    answered: int = 0
    killed: int = 0
    wrong: list[Theorem] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)  # of the oldest worker, in bytes, after each answer

    async def run(self, theorems: Sequence[Theorem]) -> None:
        async with asyncio.TaskGroup() as checks:
            for theorem in theorems:
                checks.create_task(self._check(theorem))

    async def _check(self, theorem: Theorem) -> None:
        check = await self.pool.check(theorem.text)
        if bool(check.errors) == theorem.sound:
            self.wrong.append(theorem)
        self.answered += 1
        alive = [worker for worker in workers() if worker not in self.strangers]
        self.sizes.append(alive[0].memory_info().rss)
        if self.answered in self.kills:
            os.kill(self.choose.choice(alive[self.spared :]).pid, signal.SIGKILL)
            self.killed += 1


async def soaked(toolchain: Toolchain, count: int, kills: int, size: int, spared: int) -> tuple[Soak, Statistics]:
    """What became of so many checks and kills, after the pool is closed."""
    choose, strangers = random.Random(2000), workers()
    async with LeanPool(toolchain, size=size, limits=LIMITS, warm="") as pool:
        soak = Soak(pool, frozenset(choose.sample(range(1, count - 5), kills)), spared, strangers, choose)
        await soak.run(mixed(count, seed=count))
    assert workers() == strangers
    return soak, pool.statistics()


async def test_no_check_is_lost_or_wrong_when_workers_are_killed(toolchain: Toolchain) -> None:
    soak, statistics = await soaked(toolchain, 60, kills=2, size=1, spared=0)
    assert (soak.answered, soak.killed, soak.wrong) == (60, 2, [])
    assert (statistics.checks, statistics.lost) == (60, 0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_2000_checks_and_20_kills(toolchain: Toolchain) -> None:
    soak, statistics = await soaked(toolchain, 2000, kills=20, size=2, spared=1)
    print(f"\n{statistics}; memory after {WARM} checks {soak.sizes[WARM] >> 20} MiB, at the end", end=" ")
    print(f"{soak.sizes[-1] >> 20} MiB, at most {max(soak.sizes[WARM:]) >> 20} MiB")
    assert (soak.answered, soak.killed, soak.wrong) == (2000, 20, [])
    assert (statistics.checks, statistics.lost) == (2000, 0)
    assert statistics.replaced[Replaced.DIED] <= 20
    assert soak.sizes[-1] <= 1.15 * soak.sizes[WARM]
