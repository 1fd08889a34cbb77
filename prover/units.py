"""Seconds, tokens and dollars as a person reads them. Called by what prints tables."""

from __future__ import annotations

import math

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
    """With cents below a hundred."""
    return f"${sum_:,.2f}" if sum_ < 100 else f"${sum_:,.0f}"


def price(number: float, currency: str) -> str:
    """In `seconds`, `tokens`, `dollars` or `attempts`; infinitely much is beyond every budget."""
    if math.isinf(number):
        return "beyond every budget"
    if currency == "seconds":
        return duration(number)
    return dollars(number) if currency == "dollars" else f"{amount(math.ceil(number))} {currency}"
