"""What a person sees of a run: a live table on a terminal, one line per event elsewhere, and the tables after it.

Folds the events that the coordinator writes; decides nothing. The CLI makes one display per run.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from prover.dispatch import waiting_for
from prover.graph import DeclarationGraph
from prover.journal import Event, What
from prover.lean.build import Progress as BuildProgress
from prover.state import State, fold

_STYLES = {"proved": "green", "rejected": "yellow", "resource": "magenta", "crashed": "red", "nothing": "dim"}
_REFUSED = {"nothing": "refused", "rejected": "refused"}  # how the attempt at a decoy should end
_LAST = 8  # finished attempts shown below the running ones


class Display(AbstractContextManager["Display"]):
    """Call it with every event. `state` is what the events amount to so far."""

    def __init__(self, console: Console) -> None:
        self.state = State()
        self._console = console
        self._lines: list[Text] = []
        self._compiled = (0, 0)
        self._live = Live(get_renderable=self._screen, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def __call__(self, event: Event) -> None:
        self.state = fold([event], self.state)
        if line := _line(event):
            self._lines.append(line)
            if not self._console.is_terminal:
                self._console.print(_clock(event.time - self.state.began), line, highlight=False, soft_wrap=True)

    def compiling(self, ready: int, total: int) -> None:
        """The progress of the build that comes before the first event."""
        if not self._console.is_terminal and ready == total > self._compiled[0]:
            self._console.print(f"compiled {total} modules", highlight=False)
        self._compiled = (ready, total)

    def _screen(self) -> Group:
        state, now = self.state, time.time()
        if not state.run:
            ready, total = self._compiled
            bar = Table.grid(padding=(0, 1))
            bar.add_row("compiling", ProgressBar(total=max(1, total), completed=ready, width=40), f"{ready} of {total}")
            return Group(bar)
        done = len(state.closed)
        bar = Table.grid(padding=(0, 1))
        bar.add_row(
            Text(f"{state.run}", style="bold"),
            ProgressBar(total=max(1, len(state.opened)), completed=done, width=40),
            f"{done} of {len(state.opened)} open theorems proved, {len(state.merged)} merged",
            _clock(now - state.began),
        )
        return Group(bar, _running(state, now), *self._lines[-_LAST:])


def _running(state: State, now: float) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, data in state.in_flight.items():
        doing = "waits for the judge" if name in state.proposed else f"{data['agent']} is at it"
        table.add_row(Text("  ▸ " + name, style="cyan"), Text(doing, style="dim"))
    return table


def _line(event: Event) -> Text | None:
    """What is worth a line in the log, or None."""
    data = event.data
    match event.what:
        case What.SURVEYED:
            words = (
                f"{data['declarations']} declarations, {data['theorems']} theorems, {len(data['open'])} of them open"
            )
            return Text(words)
        case What.NOTHING:
            return Text.assemble(("nothing   ", "dim"), data["declaration"], (f"  {data['why']}", "dim"))
        case What.JUDGED:
            why = "" if data["outcome"] == "proved" else f"  {data['explanation']}"
            label = (f"{data['outcome']:<10}", _STYLES[data["outcome"]])
            return Text.assemble(label, data["declaration"], (f"  by {data['agent']}{why}", "dim"))
        case What.CANARY:
            return _canary(data)
        case _:
            return None


def _canary(data: Mapping[str, Any]) -> Text:
    """A decoy's end: dim when it is as it should be, loud when something is refuted or the judge is wrong."""
    outcome = _REFUSED.get(data["outcome"], data["outcome"])
    line = f"canary    {outcome}  {data['declaration']}  by {data['agent']}  {data['why']}"
    return Text(line, style="bold red" if outcome == "proved" else "dim")


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    return f"{minutes:2}:{seconds:02}"


def summary(state: State) -> Table:
    """The figures of a run, for its end and for `prover status`."""
    outcomes = Counter(tried.ended for tries in state.tried.values() for tried in tries)
    table = Table(title=f"Run {state.run} on branch {state.branch}", title_justify="left", show_header=False)
    table.add_row("declarations", str(state.declarations))
    table.add_row("theorems", str(state.theorems))
    table.add_row("open at the start", str(len(state.opened)))
    share = f" ({len(state.closed) / len(state.opened):.0%})" if state.opened else ""
    table.add_row("of those proved", f"{len(state.closed)}{share}")
    table.add_row("merged", f"{len(state.merged)} commits")
    table.add_row("still open", str(len(state.open)))
    table.add_row("attempts", ", ".join(f"{count} {ended}" for ended, count in sorted(outcomes.items())) or "none")
    canaries = Counter(_REFUSED.get(ended, ended) for ended in state.canaries.values())
    table.add_row("canaries", ", ".join(f"{count} {ended}" for ended, count in sorted(canaries.items())) or "none")
    table.add_row("time", _clock(state.last - state.began).strip() + " min")
    table.add_row("toolchain", state.toolchain)
    return table


def ending(state: State, graph: DeclarationGraph) -> Group:
    """The figures of a run that is over, and what it left open."""
    return Group(summary(state), *([_still_open(state, graph)] if state.open else []))


def _still_open(state: State, graph: DeclarationGraph) -> Table:
    table = Table(title="Still open", title_justify="left")
    table.add_column("theorem", style="cyan", overflow="fold")
    table.add_column("attempts", justify="right")
    table.add_column("why")
    for name in sorted(state.open):
        why = state.why.get(name, "complete, but rests on what is open")
        why = "its negation is proved: it is false" if name in state.refuted else why
        waits = waiting_for(name, graph, state)
        why += f"; waits for {', '.join(sorted(waits))}" if waits else ""
        table.add_row(Text(name), str(len(state.tried.get(name, ()))), Text(why))
    return table


@contextmanager
def compiling(console: Console) -> Iterator[BuildProgress]:
    """A progress bar over the modules of a build."""
    columns = (TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda ready, total: bar.update(task, completed=ready, total=total)
