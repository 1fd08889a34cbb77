"""A proof of a file as a task, which is what benches and agents work on: made of the text alone.

Made by `prover.repair` and by the benchmarks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.leantext import mentions
from prover.lean.lexer import tokens
from prover.lean.source import position
from prover.model import Budget, Declaration, Kind, Slot, Task
from prover.repair.parts import Part, parts

OPEN = ":= sorry"
_RFL = re.compile(r":=\s*(?:by\s+)?rfl")
_DEFINITIONS = frozenset({"def", "abbrev", "structure", "class", "inductive", "opaque"})


def task_for(text: str, slot: Slot, name: str, agent: str, budget: Budget, number: int = 0) -> Task:
    """The task of the declaration `name`, which stands in that slot of the text.

    The outline is the text before it, with `sorry` for the proofs in it: so it is the same whatever becomes of those
    before, and Lean elaborates it once. `lemmas` are the theorems before it, the nearest first.
    """
    found = parts(text)
    before = [part for part in found if part.end <= slot.command]
    theorems = [part.name for part in reversed(before) if part.keyword in ("theorem", "lemma") and part.name]
    definitions = [
        part.name for part in before if part.keyword in _DEFINITIONS and part.name and uses(slot.statement, part.name)
    ]
    start, end = position(text, slot.command), position(text, slot.body[1])
    declaration = Declaration(name, "", Kind.THEOREM, "", frozenset(), frozenset(), True, start, end)
    before_it = outline(text, found, slot)
    return Task(declaration, "", slot, before_it, tuple(theorems), tuple(definitions), agent, budget, number)


def outline(text: str, found: Sequence[Part], slot: Slot) -> str:
    """What stands before the declaration in that slot, as Lean is to know it for a trial of its proof.

    What stands directly before it with `in` is there without the `in`. A `mutual` block around it is opened: the
    others in it are stated before it.
    """
    own = next(part for part in found if part.command <= slot.command < part.end)
    if own.mutual is None:
        return _opened(text, found, 0, own)
    start = next(part for part in found if part.start == own.mutual)
    others = [part for part in found if part.mutual == own.mutual and part is not own and part.proof]
    stated = "\n\n".join(text[part.start : part.slot.body[0]] + OPEN for part in others if part.slot)
    return f"{_opened(text, found, 0, start)}{stated}\n\n{_before_in(text, own)}"


def _opened(text: str, found: Sequence[Part], at: int, own: Part) -> str:
    """The text from `at` up to a command, with holes for proofs. Those by `rfl` stay: `dsimp` uses a theorem only
    when it has one."""
    pieces = []
    for part in found:
        if part.end <= own.start and part.keyword in ("theorem", "lemma") and part.slot is not None:
            start, end = part.slot.body
            if not _RFL.fullmatch(text[start:end].strip()):
                pieces += [text[at:start], OPEN]
                at = end
    return "".join(pieces) + text[at : own.start] + _before_in(text, own)


def _before_in(text: str, own: Part) -> str:
    """`open A in set_option b 1 in` as the commands `open A` and `set_option b 1`."""
    pieces, at = [], own.start
    for token in tokens(text[: own.command], own.start):
        if token.text == "in":
            pieces.append(text[at : token.start] + "\n")
            at = token.end
    return "".join(pieces) + text[at : own.command]


def uses(text: str, name: str) -> bool:
    """Does the text use what is called so, by its whole name or by one that leaves out namespaces?"""
    words = name.split(".")
    return any(mentions(text, ".".join(words[number:])) for number in range(len(words)))
