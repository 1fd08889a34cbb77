"""Rewriting that Lean has read and that does not go through: the other way round, without a rule, in another order.

A rule of rewriting is what stands between two commas in the brackets of `rw`.
"""

from __future__ import annotations

from collections.abc import Iterator

from agents.repair.rules.base import FAILED, Fix, Piece, Rule
from prover.lean.lexer import OPENING

_REWRITES = ("rw", "rwa", "rewrite", "erw", "simp_rw")


def reversed_rewriting(piece: Piece) -> Iterator[Fix]:
    """A rewrite rule that does not match is used the other way round, or not at all, or at all places by simp."""
    first, stop = piece.tactic(piece.said[0])
    if piece.word(first) not in _REWRITES or piece.word(first + 1) != "[":
        return
    rules = list(_rules(piece, first + 1))
    for start, end in [rule for rule in rules if rule[0] <= piece.said[0] < rule[1]] or rules:
        text = piece.between(start, end)
        arrow = piece.word(start) in ("←", "<-")
        turned = piece.between(start + 1, end) if arrow else f"← {text}"
        yield piece.replaced(start, end, turned, "rewriting the other way round")
        if len(rules) > 1:
            comma = end if piece.word(end) == "," else start - 1
            edge = min(start, comma), max(end, comma + 1)
            yield Fix.of(
                piece.tokens[edge[0]].start,
                piece.tokens[edge[1]].start if comma == end else piece.tokens[edge[1] - 1].end,
                "",
                "without a rewrite rule",
            )
            yield from _swapped_rules(piece, rules, (start, end))
    close = piece.closing(first + 1)
    brackets, rest = piece.between(first + 1, close + 1), piece.between(close + 1, stop)
    for word in ("simp only", "simp"):
        yield piece.replaced(first, stop, f"{word} {brackets} {rest}".rstrip(), f"{piece.word(first)} → {word}")


def _rules(piece: Piece, opening: int) -> Iterator[tuple[int, int]]:
    """The rules in the brackets of a rewriting, as ranges of tokens."""
    start, close = opening + 1, piece.closing(opening)
    while start < close:
        stop = start
        while stop < close and piece.word(stop) != ",":
            stop = piece.closing(stop) + 1 if piece.word(stop) in OPENING else stop + 1
        yield start, min(stop, close)
        start = stop + 1


def _swapped_rules(piece: Piece, rules: list[tuple[int, int]], rule: tuple[int, int]) -> Iterator[Fix]:
    """The rule changed with the one before and the one after it."""
    place = rules.index(rule)
    for a, b in zip(rules[max(place - 1, 0) : place + 1], rules[max(place, 1) : place + 2], strict=False):
        if a != b:
            between = piece.text[piece.tokens[a[1] - 1].end : piece.tokens[b[0]].start]
            yield piece.replaced(
                a[0], b[1], f"{piece.between(*b)}{between}{piece.between(*a)}", "rewriting in another order"
            )


_RW = "Tactic `rewrite` failed: Did not find an occurrence of the pattern"
RULES = (
    Rule(reversed_rewriting, "rw [h, k]", "rw [← h, k]", FAILED, _RW, "h"),
    Rule(reversed_rewriting, "rw [← h]", "rw [h]", FAILED, _RW, "← h"),
    Rule(reversed_rewriting, "rw [h, k] at l", "rw [k] at l", FAILED, _RW, "h"),
    Rule(reversed_rewriting, "rw [h, k] at l", "rw [k, h] at l", FAILED, _RW, "h"),
    Rule(reversed_rewriting, "rw [h]", "simp only [h]", FAILED, "motive is not type correct", "h"),
)
