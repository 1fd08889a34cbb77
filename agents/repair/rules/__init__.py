"""What models get wrong, and what is meant: rules by kind, each with an example, and all of them together.

Rules of syntax find their places in a text by themselves; the others are answers to one complaint. Whether a change is
kept is for Lean to say. `agents.repair.mending` and `agents.repair.closing` use them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from agents.repair.edits import applied
from agents.repair.rules.arms import RULES as ARMS
from agents.repair.rules.base import Change, Fix, Piece, Rule
from agents.repair.rules.layout import RULES as LAYOUT
from agents.repair.rules.lean3 import RULES as LEAN3
from agents.repair.rules.lean3 import begin_end, functions, proofs_from
from agents.repair.rules.lean3_cases import RULES as LEAN3_CASES
from agents.repair.rules.lean3_cases import named_cases
from agents.repair.rules.names import RULES as NAMES
from agents.repair.rules.rewrites import RULES as REWRITES
from agents.repair.rules.tactics import RULES as TACTICS
from agents.repair.rules.terms import RULES as TERMS

TABLE: tuple[Rule, ...] = (*LEAN3, *LEAN3_CASES, *TACTICS, *LAYOUT, *NAMES, *ARMS, *REWRITES, *TERMS)
# In this order they are tried: what was written as one thing is changed before its parts are.
_FIRST: tuple[Change, ...] = (begin_end, proofs_from, named_cases, functions)
SYNTAX: tuple[Change, ...] = tuple(dict.fromkeys([*_FIRST, *(rule.change for rule in TABLE if not rule.when)]))
_MOST = 20


def answers(piece: Piece) -> Iterator[list[Fix]]:
    """What each rule that is an answer to the complaint proposes, rule by rule."""
    for change in dict.fromkeys(rule.change for rule in TABLE if rule.when and rule.answers(piece.message)):
        if fixes := list(change(piece)):
            yield fixes


def in_turn(proposals: Sequence[Sequence[Fix]]) -> Iterator[Fix]:
    """The first of each, the second of each, and so on."""
    for row in zip_longest(*proposals):
        yield from (fix for fix in row if fix is not None)


def together(fixes: Sequence[Fix]) -> list[Fix]:
    """As many of the fixes as can be made at once, the first first."""
    chosen: list[Fix] = []
    for fix in fixes:
        if not fix.meets([edit for other in chosen for edit in other.edits]):
            chosen.append(fix)
    return chosen


def variants(was: str, why: str, near: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Slight changes of a text that Lean did not accept, with what was changed, likeliest first.

    `why` is what Lean said of it, `near` as for a `Piece`: see `names.asked` for which names it is to have.
    """
    piece = Piece(was, 0, len(was), why, near)
    syntax = [fixes for change in SYNTAX if (fixes := list(change(piece)))]
    every = together([fix for fixes in syntax for fix in fixes])
    found = [every] if every else []
    found += [[fix] for fix in in_turn(list(answers(piece)))]
    seen = {was}
    for fixes in found:
        text = applied(was, [edit for fix in fixes for edit in fix.edits])
        if text not in seen and len(seen) <= _MOST:
            seen.add(text)
            yield text, ", ".join(dict.fromkeys(fix.why for fix in fixes))
