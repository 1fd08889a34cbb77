"""What a person sees of a benchmark while it runs: a bar with the time that is left on a terminal, a line now and then
elsewhere.

Counts the events that the runner writes; decides nothing. Made by `prover bench run`.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from prover.bench.fold import Fold
from prover.bench.rows import Ended
from prover.journal import Event, What
from prover.state import State, fold
from prover.units import paid

_LINES = 20  # in all, where nobody sees a bar


class Display(AbstractContextManager["Display"]):
    """Call it with every event. `samples` is how many are to be drawn of each problem at most."""

    def __init__(self, console: Console, samples: int) -> None:
        self._console, self._samples = console, samples
        self._fold, self._state = Fold(), State()
        self._ends: Counter[Ended] = Counter()
        self._solved: dict[Ended, set[str]] = {Ended.PROVED: set(), Ended.DISPROVED: set()}
        self._drawn = self._total = self._lines = 0
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._bar = self._progress.add_task("compiling", total=None, said="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def compiling(self, ready: int, total: int) -> None:
        """The progress of the build of the statements, which comes first."""
        self._progress.update(self._bar, completed=ready, total=total)

    def __call__(self, event: Event) -> None:
        self._state = fold([event], self._state)
        if event.what is What.SURVEYED:
            self._total = self._samples * len(event.data["open"])
            self._progress.reset(self._bar, total=self._total, description="samples")
        row = self._fold(event)
        if row is not None:
            self._ends[row.ended] += 1
            self._drawn += row.counts and not row.negation
            if row.ended in self._solved:
                self._solved[row.ended].add(row.problem)
            self._progress.update(self._bar, completed=self._drawn, said=self._said())
            self._perhaps_a_line()

    def _said(self) -> str:
        proved, disproved = len(self._solved[Ended.PROVED]), len(self._solved[Ended.DISPROVED])
        others = [f"disproved {disproved}"] if disproved else []
        return ", ".join([f"proved {proved}", *others, *filter(None, [paid(self._state.spent)])])

    def _perhaps_a_line(self) -> None:
        if self._console.is_terminal or self._drawn * _LINES < (self._lines + 1) * self._total:
            return
        self._lines = self._drawn * _LINES // self._total
        self._console.print(f"{self._drawn} of {self._total} samples, {self._said()}", highlight=False, soft_wrap=True)
