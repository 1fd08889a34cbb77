"""Seconds, tokens and dollars as a person reads them. Called by what prints tables and transcripts."""

from __future__ import annotations

import math

from prover.model import Spent, Usage

_YEAR = 365 * 24 * 3600.0


def duration(seconds: float) -> str:
    """`4.2 s`, `12:05 min`, `3:07 h`, `1,204 h` or `over a year`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    if seconds > _YEAR:
        return "over a year"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02} h" if minutes < 6000 else f"{minutes / 60:,.0f} h"


def amount(number: int) -> str:
    """`950`, `12.3 K`, `4.1 M` or `83.0 G`."""
    for size, unit in ((10**9, "G"), (10**6, "M"), (10**3, "K")):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return str(number)


def dollars(sum_: float) -> str:
    """With cents below a hundred, and hundredths of a cent below ten cents, as one call of a model costs."""
    if 0 < sum_ < 0.1:
        return f"${max(sum_, 0.0001):.4f}"
    return f"${sum_:,.2f}" if sum_ < 100 else f"${sum_:,.0f}"


def money(sum_: float, unpriced: int) -> str:
    """`$1.23`, with `40.0 K tokens of unknown price` beside or instead of it, which are not free."""
    unknown = f"{amount(unpriced)} tokens of unknown price"
    if not unpriced:
        return dollars(sum_)
    return f"{dollars(sum_)} and {unknown}" if sum_ else unknown


def at_least(sum_: float, unpriced: float) -> str:
    """The same for a narrow column."""
    if not unpriced:
        return dollars(sum_)
    return f"over {dollars(sum_)}" if sum_ else "unknown"


def kinds(usage: Usage) -> str:
    """`1.2 K in, 300 out, 8.0 K read from the cache, 1.1 K written to it`: only those that there are."""
    words = {
        "in": usage.input,
        "out": usage.output,
        "read from the cache": usage.cache_read,
        "written to the cache": usage.cache_write,
    }
    return ", ".join(f"{amount(count)} {kind}" for kind, count in words.items() if count)


def paid(spent: Spent) -> str:
    """Tokens by kind, money and calls; empty where no model was called."""
    if not spent.calls:
        return ""
    kind = f" ({kinds(spent.usage)})" if spent.usage.tokens else ""
    return f"{amount(spent.tokens)} tokens{kind}, {money(spent.dollars, spent.unpriced)}, in {calls(spent.calls)}"


def calls(number: int) -> str:
    """`1 call` or `3 calls`, of a model."""
    return f"{number:,} call{'' if number == 1 else 's'}"


def price(number: float, currency: str) -> str:
    """In `seconds`, `tokens`, `dollars` or `attempts`; infinitely much is beyond every budget."""
    if math.isinf(number):
        return "beyond every budget"
    if currency == "seconds":
        return duration(number)
    return dollars(number) if currency == "dollars" else f"{amount(math.ceil(number))} {currency}"
