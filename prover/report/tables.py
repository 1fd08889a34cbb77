"""A run's report as tables for a terminal, of the figures that `prover.report.figures` makes.

Called by `prover.report_cli`.
"""

from __future__ import annotations

from rich.console import Group as Several
from rich.table import Table
from rich.text import Text

from prover.model import Spent
from prover.report import cost_tables
from prover.report.costs import from_cache
from prover.report.figures import Queue, Report, Work, part
from prover.report.outcomes import Class, Group
from prover.report.remaining import Left
from prover.units import amount, at_least, dollars, duration, paid

_STYLES = {
    Group.PROVED: "green",
    Group.REDUCED: "cyan",
    Group.REJECTED: "yellow",
    Group.FAULT: "red",
    Group.RESOURCE: "magenta",
    Group.CRASHED: "red",
}
_NAMED = 12  # declarations of the critical path that are named


def tables(report: Report, left: Left | None = None) -> Several:
    """All of them, one after the other."""
    paid = [cost_tables.models(report.models, report.spent), cost_tables.dearest(report.declarations)]
    return Several(figures(report, left), outcomes(report), agents(report), *(paid if report.spent.calls else []))


def figures(report: Report, left: Left | None = None) -> Table:
    """The run as a whole, and its merge queue."""
    table = Table(title=f"Run {report.run} on branch {report.branch}", title_justify="left", show_header=False)
    still_open = report.points[-1].open if report.points else 0
    table.add_row("proved in the run", f"{report.proved} theorems, {still_open} of {report.theorems} still open")
    table.add_row("time worked", duration(report.worked) + _times(report.resumed))
    table.add_row("time of attempts", duration(report.spent.seconds))
    if report.spent.calls:
        _add_paid(table, report)
    _add_queue(table, report.queue, report.worked)
    share = part(report.lost.seconds, report.all_attempts.seconds)
    table.add_row("lost to restarts", f"{duration(report.lost.seconds)} of attempts, {share:.1%}")
    if left is not None:
        table.add_row("critical path left", Text(_path(left)))
    if report.ended is not None:
        table.add_row("ended", Text(report.ended))
    return table


def _add_paid(table: Table, report: Report) -> None:
    table.add_row("paid", paid(report.spent))
    table.add_row("for each merged proof", cost_tables.for_a_proof(report.for_a_proof))
    share = from_cache(report.spent.usage)
    table.add_row("input from the cache", "unknown" if share is None else f"{share:.0%}")


def _add_queue(table: Table, queue: Queue, worked: float) -> None:
    hourly = part(3600 * queue.merged, worked)
    table.add_row("merges", f"{queue.merged} in {queue.builds} builds, {queue.merges_per_build:.1f} for each")
    table.add_row("merges an hour", f"{hourly:.1f}")
    table.add_row("time in the judge", f"{duration(queue.seconds)}, {part(queue.seconds, worked):.0%} of the time")
    table.add_row("longest queue", f"{queue.longest} proposals")


def _times(resumed: int) -> str:
    return f", taken up again {resumed} {'time' if resumed == 1 else 'times'}" if resumed else ""


def _path(left: Left) -> str:
    """The chain in its order, cut in the middle of a long one's names."""
    if not left.chain:
        return "nothing is open"
    names = left.chain[:_NAMED]
    more = f" → … and {len(left.chain) - _NAMED} more" if len(left.chain) > _NAMED else ""
    price = "" if left.seconds is None else f", expected to take {duration(left.seconds)} of attempts"
    return f"{len(left.chain)} declarations{price}: {' → '.join(names)}{more}"


def outcomes(report: Report) -> Table:
    """What became of the attempts, and the part of each class in everything that was spent, in per cent."""
    whole = report.all_attempts
    table = Table(title="What became of the attempts", title_justify="left")
    table.add_column("outcome", no_wrap=True)
    for column in ("attempts", "%", "time", "% of time", *_paid_column(whole)):
        table.add_column(column, justify="right")
    for share in report.shares:
        label = Text(words(share.what), style=_STYLES.get(share.what.group, ""))
        table.add_row(label, *_cells(share.spent, whole))
    table.add_section()
    table.add_row("all", *_cells(whole, whole))
    return table


def _paid_column(whole: Spent) -> list[str]:
    """Only where something was paid for: what counts is money, and tokens where a price is not known."""
    if _is_priced(whole):
        return ["% of dollars"]
    return ["% of tokens"] if whole.tokens else []


def _is_priced(whole: Spent) -> bool:
    return whole.dollars > 0 and not whole.unpriced


def _cells(spent: Spent, whole: Spent) -> list[str]:
    pairs = [(spent.attempts, whole.attempts), (spent.seconds, whole.seconds)]
    cost = [(spent.dollars, whole.dollars) if _is_priced(whole) else (spent.tokens, whole.tokens)]
    counted, timed, *rest = [f"{100 * part(*pair):.1f}" for pair in [*pairs, *(cost if _paid_column(whole) else [])]]
    return [f"{spent.attempts:,}", counted, duration(spent.seconds), timed, *rest]


def agents(report: Report) -> Table:
    """Who proved what, and at what price: dollars, or else time, and tokens, over all attempts of the agent."""
    whole, reduced = report.all_attempts, any(work.reduced for work in report.agents)
    table = Table(title="Agents", title_justify="left")
    table.add_column("agent", no_wrap=True)
    columns = {
        "attempts": [f"{work.spent.attempts:,}" for work in report.agents],
        "proved": [f"{work.proved:,}" for work in report.agents],
        **({"reduced": [f"{work.reduced:,}" for work in report.agents]} if reduced else {}),
        "time": [duration(work.spent.seconds) for work in report.agents],
        **({"tokens": [amount(work.spent.tokens) for work in report.agents]} if whole.tokens else {}),
        **({"dollars": [_dollars(work.spent) for work in report.agents]} if whole.calls else {}),
        "for a proof": [_price(work, in_dollars=_is_priced(whole)) for work in report.agents],
        **({"tokens for a proof": [_tokens(work) for work in report.agents]} if whole.tokens else {}),
    }
    for column in columns:
        table.add_column(column, justify="right")
    for work, *cells in zip(report.agents, *columns.values(), strict=True):
        table.add_row(Text(work.agent), *cells)
    return table


def _price(work: Work, *, in_dollars: bool) -> str:
    if not work.proved:
        return "no proof"
    return dollars(work.spent.dollars / work.proved) if in_dollars else duration(work.spent.seconds / work.proved)


def _tokens(work: Work) -> str:
    price = work.for_a_proof
    return "no proof" if price.tokens is None else amount(round(price.tokens))


def _dollars(spent: Spent) -> str:
    return at_least(spent.dollars, spent.unpriced)


def words(what: Class) -> str:
    """A class as it is read: `rejected: SORRY`."""
    return f"{what.group}: {what.detail}" if what.detail else what.group.value
