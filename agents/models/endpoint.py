"""One server as one key sees it: how many requests at once, whose turn it is, and when to leave it alone.

Nobody says how much a server can bear, so it is found out: additive increase, multiplicative decrease, as TCP does it
(RFC 5681; that this comes to a fair and efficient share is Chiu and Jain 1989). Turns are given first come, first
served. Knows nothing of money and messages, and never asks again; `agents.models.caller` takes a turn for every try.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from prover.errors import AgentMisconfigured, AgentUnavailable

START, MOST = 8, 256  # requests at once
PATIENCE = 600.0  # seconds; a server that asks for more is given up


class Endpoint:
    """Whoever wants to send a request takes a `turn`, and sends it within `sending`.

    `window` is how many may be under way at once, with the fraction that it has grown towards one more. `patience` are
    the seconds that one waits for this server.
    """

    def __init__(self, *, start: int = START, most: int = MOST, patience: float = PATIENCE) -> None:
        self.window, self.under_way, self.patience = float(start), 0, patience
        self._most = most
        self._waiting: deque[asyncio.Future[AgentUnavailable | None]] = deque()
        self._losses = 0
        self._paused_until = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._broken: dict[str, AgentMisconfigured] = {}

    @asynccontextmanager
    async def turn(self, model: str) -> AsyncIterator[None]:
        """A place in the window, for whatever one request to `model` needs.

        Raises AgentMisconfigured, and nothing is to be sent, when a request for that model has ended so before: nothing
        but a person will mend it. AgentUnavailable where the server asks for more than our patience.
        """
        self._refuse_if_broken(model)
        await self._admitted()
        try:
            self._refuse_if_broken(model)  # it may have come out while we waited
            yield
        finally:
            self._leave()

    @contextmanager
    def sending(self, model: str) -> Iterator[None]:
        """Around the request itself, within a turn: what it raises tells how the server is.

        AgentUnavailable halves the window, and pauses everybody for as long as the server asks for.
        """
        losses = self._losses
        try:
            yield
        except AgentUnavailable as error:
            self._lost(losses, error.after)
            raise
        except AgentMisconfigured as error:
            self._broken[model] = error
            raise
        self._answered()

    def _refuse_if_broken(self, model: str) -> None:
        if error := self._broken.get(model):
            raise AgentMisconfigured(str(error), error.remedy)

    async def _admitted(self) -> None:
        """Waits for a place in the window; who is cancelled meanwhile leaves none taken."""
        if error := self._given_up():
            raise error
        waiter: asyncio.Future[AgentUnavailable | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._admit()
        try:
            error = await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled() and waiter.result() is None:
                self._leave()
            raise
        if error:
            raise error

    def _admit(self) -> None:
        """Gives turns to those who have waited longest, as many as there is room for, and none during a pause."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._waiting and self._pause_left() > 0:
            self._timer = asyncio.get_running_loop().call_at(self._paused_until, self._admit)
            return
        while self._waiting and self.under_way < int(self.window):
            waiter = self._waiting.popleft()
            if not waiter.cancelled():
                self.under_way += 1
                waiter.set_result(None)

    def _leave(self) -> None:
        self.under_way -= 1
        self._admit()

    def _answered(self) -> None:
        """One more at once for every window of answers; none while the window is not used (RFC 7661)."""
        if self.under_way >= int(self.window):
            self.window = min(float(self._most), self.window + 1 / self.window)

    def _lost(self, losses: int, after: float) -> None:
        """Half as many at once. What was sent before the last halving says nothing of the window since (RFC 6582)."""
        if losses == self._losses:
            self.window, self._losses = max(1.0, self.window / 2), losses + 1
        self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + after)
        if error := self._given_up():
            for waiter in self._waiting:
                if not waiter.cancelled():
                    waiter.set_result(error)
            self._waiting.clear()

    def _pause_left(self) -> float:
        return self._paused_until - asyncio.get_running_loop().time()

    def _given_up(self) -> AgentUnavailable | None:
        """Why nobody waits for the server now."""
        if (left := self._pause_left()) <= self.patience:
            return None
        return AgentUnavailable(f"the server asks to be left alone for {left:.0f} s", after=left, free=True)
