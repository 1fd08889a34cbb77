"""An event loop whose time passes as soon as everybody waits: what takes minutes is tested in no time.

Only for what happens within this process: a loop that waits for a server or a program would hurry past its answer.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits, and nothing will ever happen"
            self.now += timeout
        return ready


class HurriedLoop(asyncio.SelectorEventLoop):
    """Its time is 0 at first."""

    def __init__(self) -> None:
        self._hurried = _Selector()
        super().__init__(self._hurried)

    def time(self) -> float:
        return self._hurried.now


def hurried(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, in a loop of its own."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(work)
