"""What a person sees of a run: a live table on a terminal, one line per event elsewhere, and the tables after it.

Folds the events that the coordinator writes; decides nothing. What it cannot know from them, why an open theorem is not
worked on and what it would cost, the caller says. The CLI makes one display per run.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from types import MappingProxyType, TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from prover.journal import Event, What
from prover.lean.build import Progress as BuildProgress
from prover.lease import Owner
from prover.model import Spent
from prover.printable import visible
from prover.state import Flight, State, fold
from prover.units import amount, at_least, calls, duration, paid

_STYLES = {
    "proved": "green",
    "reduced": "cyan",
    "rejected": "yellow",
    "resource": "magenta",
    "crashed": "red",
    "nothing": "dim",
    "dropped": "dim",
}
_REFUSED = {"nothing": "refused", "rejected": "refused"}  # how the attempt at a decoy should end
_LAST = 8  # lines shown below the attempts under way
_FLIGHTS = 10  # attempts under way that are shown
_ROWS = 50  # open theorems that the table at the end of a run names
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Display(AbstractContextManager["Display"]):
    """Call it with every event. `state` is what the events amount to so far."""

    def __init__(self, console: Console) -> None:
        self.state = State()
        self._console = console
        self._lines: deque[Text] = deque(maxlen=_LAST)
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
        return Group(_bar(state, now), _figures(state), _running(state, now), *self._lines)


def _bar(state: State, now: float) -> Table:
    done = len(state.opened) - len(state.open)
    bar = Table.grid(padding=(0, 1))
    bar.add_row(
        Text(state.run, style="bold"),
        ProgressBar(total=max(1, len(state.opened)), completed=done, width=40),
        f"{done} of {len(state.opened)} open theorems proved, {len(state.merged)} merged",
        _clock(now - state.began),
    )
    return bar


def _figures(state: State) -> Text:
    """What is under way and what has been paid for."""
    figures = [f"attempts under way: {len(state.flights)}", f"waiting for the judge: {len(state.waiting)}"]
    figures += [f"calls under way: {len(state.calling)}"] if state.calling else []
    return Text(", ".join(filter(None, [*figures, paid(state.spent)])), style="dim")


def _running(state: State, now: float) -> Table:
    """The attempts that have been under way for longest, and how many there are besides."""
    table = Table.grid(padding=(0, 2))
    for flight in islice(state.flights.values(), _FLIGHTS):
        name = Text("  ▸ " + flight.declaration, style="cyan")
        table.add_row(name, Text(_doing(flight), style="dim"), Text(_clock(now - flight.began), style="dim"))
    if (more := len(state.flights) - _FLIGHTS) > 0:
        table.add_row(Text(f"    … and {more} more", style="dim"))
    return table


def _doing(flight: Flight) -> str:
    if flight.accepted:
        return "accepted, is being merged"
    doing = f"{flight.agent} is at it" if flight.proposal is None else "waits for the judge"
    return ", ".join(filter(None, [doing, _cost(flight.spent)]))


def _cost(spent: Spent) -> str:
    """Of an attempt under way, in few words."""
    if not spent.calls:
        return ""
    return f"{calls(spent.calls)}, {amount(spent.tokens)} tokens, {at_least(spent.dollars, spent.unpriced)}"


def _line(event: Event) -> Text | None:
    """What is worth a line in the log, or None. What agents and Lean have said may hold anything."""
    data = {key: visible(value) if isinstance(value, str) else value for key, value in event.data.items()}
    match event.what:
        case What.SURVEYED:
            opened = len(data["open"])
            return Text(f"{data['declarations']} declarations, {data['theorems']} theorems, {opened} of them open")
        case What.RESUMED:
            return Text(f"resumed   at {data['tip'][:10]}; the process before is gone", style="bold")
        case What.NOTHING | What.DROPPED:
            word = event.what.value
            return Text.assemble((f"{word:<10}", _STYLES[word]), data["declaration"], (f"  {data['why']}", "dim"))
        case What.JUDGED:
            return _judged(data)
        case What.BUILT:
            return _built(data)
        case What.MOVED:
            change = f"theorems closed: {len(data['closed'])}, opened: {len(data['opened'])}"
            return Text(f"moved     the branch was moved to {data['tip'][:10]}: {change}", style="bold")
        case What.CANARY:
            return _canary(data)
        case What.UNSOUND:
            return Text(f"unsound   {data['why']}", style="bold red")
        case _:
            return None


def _judged(data: Mapping[str, Any]) -> Text:
    why = "" if data["outcome"] == "proved" else f"  {data['explanation']}"
    again = "" if data["final"] else "; it is judged again"
    label = (f"{data['outcome']:<10}", _STYLES[data["outcome"]])
    return Text.assemble(label, data["declaration"], (f"  by {data['agent']}{why}{again}", "dim"))


def _built(data: Mapping[str, Any]) -> Text:
    words = (
        f"judged: {data['attempts']}, merged: {data['merged']}, builds: {data['builds']}, waiting: {data['waiting']}"
    )
    return Text(f"built     {words}", style="dim")


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
    done = len(state.opened) - len(state.open)
    table = Table(title=f"Run {state.run} on branch {state.branch}", title_justify="left", show_header=False)
    table.add_row("declarations", str(state.declarations))
    table.add_row("theorems", str(state.theorems))
    table.add_row("open at the start or since", str(len(state.opened)))
    table.add_row("of those proved", f"{done} ({done / len(state.opened):.0%})" if done else "0")
    table.add_row("merged", f"{len(state.merged)} commits")
    table.add_row("still open", str(len(state.open)))
    table.add_row("attempts", _attempts(state))
    table.add_row("canaries", _counted(Counter(_REFUSED.get(ended, ended) for ended in state.canaries.values())))
    resumed = f", resumed {state.resumed} {'time' if state.resumed == 1 else 'times'}" if state.resumed else ""
    table.add_row("time", duration(state.worked) + resumed)
    if cost := paid(state.spent):
        table.add_row("cost", cost)
    table.add_row("toolchain", state.toolchain)
    if state.ended is not None:
        table.add_row("ended", Text(state.ended))
    return table


def _attempts(state: State) -> str:
    outcomes = Counter(tried.ended for tries in state.tried.values() for tried in tries)
    return _counted(outcomes + Counter({"dropped": state.dropped.total(), "under way": len(state.flights)}))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"


def standing(state: State, owner: Owner, beat: float, now: float) -> str:
    """One line on who works on a run. `beat` is the owner's last heartbeat and `now` the time, in seconds since the
    epoch."""
    if state.ended is not None:
        return f"it is over: {state.ended}"
    if owner.is_gone(beat, now):
        return "nobody is working on it; `prover resume` goes on"
    return f"{owner} is working on it, last sign {max(0.0, now - beat):.0f} s ago"


def ending(state: State, reasons: Mapping[str, str] = _NOTHING, prices: Mapping[str, str] = _NOTHING) -> Group:
    """The figures of a run that is over, and what it left open.

    `reasons` says of an open theorem, by its name, why it is not worked on; `prices` what would buy even odds of a
    proof.
    """
    return Group(summary(state), *([_still_open(state, reasons, prices)] if state.open else []))


def _still_open(state: State, reasons: Mapping[str, str], prices: Mapping[str, str]) -> Table:
    names = sorted(state.open)
    table = Table(title="Still open", title_justify="left")
    table.add_column("theorem", style="cyan", overflow="fold")
    table.add_column("attempts", justify="right")
    if prices:
        table.add_column("even odds after", justify="right")
    table.add_column("why")
    for name in names[:_ROWS]:
        price = [prices.get(name, "")] if prices else []
        attempts = str(state.spent_on.get(name, Spent()).attempts)
        table.add_row(Text(name), attempts, *price, Text(_why(name, state, reasons)))
    if len(names) > _ROWS:
        table.caption = f"and {len(names) - _ROWS} more"
    return table


def _why(name: str, state: State, reasons: Mapping[str, str]) -> str:
    if name in state.refuted:
        return "its negation is proved: it is false"
    return visible("; ".join(filter(None, (state.why(name), reasons.get(name, "")))) or "it was not attempted")


@contextmanager
def compiling(console: Console) -> Iterator[BuildProgress]:
    """A progress bar over the modules of a build."""
    columns = (TextColumn("compiling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda ready, total: bar.update(task, completed=ready, total=total)
