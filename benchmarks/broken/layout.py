"""Faults in the layout of a proof: parts that are missing, where it breaks off, lines that stand too far in or out.

Each is a `Fault` that `benchmarks.broken.mutations` draws from. They go by lines and indentation alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from benchmarks.broken.words import block, indent, lines, pick, words

_LEFT = 0.4  # of the proof, when a part is missing
_ARM, _BULLET = ("| ",), ("· ",)
_TACTIC = (
    "have ",
    "rw ",
    "obtain ",
    "simp ",
    "intro ",
    "subst ",
    "cases ",
    "rcases ",
    "refine ",
    "induction ",
    "unfold ",
)


# Something is missing


def without_arm(body: str, choose: Random) -> str | None:
    """Without one `| … => …` and what belongs to it."""
    return _without(body, choose, _ARM)


def without_bullet(body: str, choose: Random) -> str | None:
    """Without one `· …` and what belongs to it."""
    return _without(body, choose, _BULLET)


def without_line(body: str, choose: Random) -> str | None:
    """Without a tactic that is not the last, and what belongs to it."""
    return _without(body, choose, _TACTIC)


def _without(body: str, choose: Random, starts: Sequence[str]) -> str | None:
    rows = lines(body)
    places = [at for at, row in enumerate(rows) if at and row.lstrip().startswith(tuple(starts))]
    texts = ("\n".join(rows[:at] + rows[block(rows, at) :]) for at in places)
    return pick(choose, (text for text in texts if len(text) >= _LEFT * len(body)), body)


# It breaks off


def cut_at_word(body: str, choose: Random) -> str | None:
    """Up to a word that is not among the first."""
    found = words(body)
    places = [token.start for token in found if token.start > _LEFT * len(body)]
    return pick(choose, (body[:at].rstrip() for at in places), body)


def cut_in_word(body: str, choose: Random) -> str | None:
    """Up to the middle of a word that is not among the first."""
    found = [token for token in words(body) if token.start > _LEFT * len(body) and token.end - token.start > 3]
    return pick(choose, (body[: (token.start + token.end) // 2] for token in found), body)


def cut_at_line(body: str, choose: Random) -> str | None:
    """Without the last lines."""
    rows = lines(body)
    return pick(choose, ("\n".join(rows[:end]) for end in range(2, len(rows))), body)


# It stands in the wrong column


def line_further(body: str, choose: Random) -> str | None:
    """One line further in."""
    return _shifted(body, choose, lambda rows, at: at + 1, 2)


def block_further(body: str, choose: Random) -> str | None:
    """A line, and what belongs to it, further in."""
    return _shifted(body, choose, block, choose.choice((1, 2, 4)))


def line_less(body: str, choose: Random) -> str | None:
    """One line further out."""
    return _shifted(body, choose, lambda rows, at: at + 1, choose.choice((-1, -2)))


def tail_less(body: str, choose: Random) -> str | None:
    """Everything from a line on further out."""
    return _shifted(body, choose, lambda rows, at: len(rows), choose.choice((-1, -2)))


def flat(body: str, choose: Random) -> str | None:
    """Some lines after one that opens a block at the column of that one, as when a model forgets a level."""
    rows = lines(body)
    openers = [at for at, row in enumerate(rows) if at and block(rows, at) > at + 1]
    moved = []
    for at in openers:
        end, column = block(rows, at), indent(rows[at])
        inner = [" " * column + row.lstrip() for row in rows[at + 1 : end]]
        moved.append("\n".join([*rows[: at + 1], *inner, *rows[end:]]))
    return pick(choose, moved, body)


def joined(body: str, choose: Random) -> str | None:
    """Two lines on one."""
    rows = lines(body)
    places = range(2, len(rows))
    return pick(
        choose,
        ("\n".join([*rows[: at - 1], f"{rows[at - 1]} {rows[at].lstrip()}", *rows[at + 1 :]]) for at in places),
        body,
    )


def _shifted(body: str, choose: Random, end: Callable[[Sequence[str], int], int], by: int) -> str | None:
    """The lines from one up to the end that is said for it, so many columns further in."""
    rows = lines(body)

    def moved(at: int) -> str:
        stop = end(rows, at)
        shifted = [" " * max(0, indent(row) + by) + row.lstrip() for row in rows[at:stop]]
        return "\n".join([*rows[:at], *shifted, *rows[stop:]])

    return pick(choose, (moved(at) for at in range(1, len(rows))), body)
