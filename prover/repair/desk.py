"""A bench with an end: when the time for a proof is over, or Lean fails on it, there is no more of it.

So the repair of a proof ends with the best that it has, as it does when its checks are used. Made by
`prover.repair.file` for each proof.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager

from agents.base import Bench, Bill, Premise, Trial
from prover.errors import BudgetSpent, LeanError
from prover.model import Call


class Desk:
    """Implements `agents.base.Bench`. `why` says what has ended it, and is empty as long as nothing has."""

    def __init__(self, bench: Bench, seconds: float) -> None:
        self.why, self.checks = "", 0
        self._bench, self._end = bench, time.monotonic() + seconds

    async def try_bodies(
        self, bodies: Sequence[str], *, statement: str = "", helpers: str = "", patient: bool = False
    ) -> list[Trial]:
        async with self._asking():
            return await self._bench.try_bodies(bodies, statement=statement, helpers=helpers, patient=patient)

    async def goals(self, body: str = ":= by skip", helpers: str = "") -> tuple[str, ...]:
        async with self._asking():
            return await self._bench.goals(body, helpers)

    async def goals_at(
        self, body: str, places: Sequence[int], *, statement: str = "", helpers: str = ""
    ) -> tuple[tuple[str, ...] | None, ...]:
        async with self._asking():
            return await self._bench.goals_at(body, places, statement=statement, helpers=helpers)

    def read(self, path: str) -> str:
        return self._bench.read(path)

    async def search(self, query: str, *, most: int = 10) -> tuple[Premise, ...]:
        return await self._bench.search(query, most=most)

    def paying(self, call: Call) -> AbstractContextManager[Bill]:
        return self._bench.paying(call)

    def said(self, number: int) -> str | None:
        return self._bench.said(number)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Around a question to Lean. Raises BudgetSpent instead of what Lean raises."""
        if self.why:
            raise BudgetSpent(self.why)
        self.checks += 1
        try:
            async with asyncio.timeout(max(0.0, self._end - time.monotonic())):
                yield
        except TimeoutError as error:
            self.why = "its time is over"
            raise BudgetSpent(self.why) from error
        except (LeanError, BudgetSpent) as error:
            self.why = str(error)
            raise BudgetSpent(self.why) from error
