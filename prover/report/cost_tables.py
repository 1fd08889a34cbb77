"""A run's tokens and money as tables for a terminal, of what `prover.report.costs` counts.

Called by `prover.report.tables`, and only where a model was called.
"""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from prover.model import Spent
from prover.report.costs import Asked, Cost, PerProof, from_cache
from prover.units import amount, at_least, duration, money

_DEAREST = 10  # declarations that are listed
_KINDS = ("in", "out", "cache reads", "cache writes", "cached", "tokens", "dollars")


def for_a_proof(price: PerProof) -> str:
    """`4.0 K tokens, $0.50`."""
    if price.tokens is None or price.dollars is None or price.unpriced is None:
        return "no proof"
    return f"{amount(round(price.tokens))} tokens, {money(price.dollars, round(price.unpriced))}"


def models(asked: tuple[Asked, ...], whole: Spent) -> Table:
    """Calls, tokens by kind, the share of the input that was read from the cache, and the calls' time, by model."""
    table = Table(title="Models", title_justify="left")
    table.add_column("model", overflow="fold")
    for column in ("calls", *_KINDS, "time"):
        table.add_column(column, justify="right")
    for one in asked:
        table.add_row(Text(one.model), f"{one.spent.calls:,}", *_kinds(one.spent), duration(one.spent.seconds))
    if len(asked) > 1:
        table.add_section()
        seconds = sum(one.spent.seconds for one in asked)
        table.add_row("all", f"{whole.calls:,}", *_kinds(whole), duration(seconds))
    return table


def _kinds(spent: Spent) -> list[str]:
    usage, share = spent.usage, from_cache(spent.usage)
    counts = [amount(n) for n in (usage.input, usage.output, usage.cache_read, usage.cache_write)]
    cached = "" if share is None else f"{share:.0%}"
    return [*counts, cached, amount(spent.tokens), at_least(spent.dollars, spent.unpriced)]


def dearest(costs: tuple[Cost, ...]) -> Table:
    """The declarations that have cost most, and whether they were proved."""
    table = Table(title="Most expensive declarations", title_justify="left")
    table.add_column("declaration", overflow="fold")
    table.add_column("proved")
    for column in ("attempts", "calls", "tokens", "dollars", "time"):
        table.add_column(column, justify="right")
    for cost in costs[:_DEAREST]:
        spent = cost.spent
        counts = [f"{spent.attempts:,}", f"{spent.calls:,}", amount(spent.tokens)]
        paid = at_least(spent.dollars, spent.unpriced)
        table.add_row(Text(cost.declaration), "yes" if cost.proved else "", *counts, paid, duration(spent.seconds))
    if len(costs) > _DEAREST:
        table.caption = f"and {len(costs) - _DEAREST} more"
    return table
