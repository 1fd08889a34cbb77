"""The Lean text of problems and attempts: the file that was judged, what a prover is asked and answers, its likeness.

Pure; elaborates nothing and says nothing about truth. Called by exports, training data and the replay buffer.
"""

from __future__ import annotations

from functools import lru_cache

from prover.bench.problem import HOLE, Problem
from prover.bench.rows import Row
from prover.disproof import disproof_text
from prover.lean.lexer import Sort, tokens
from prover.lean.source import find_slot, position
from prover.model import Attempt, Slot

_WIDTH = 3  # tokens of a shingle: enough to tell `rw [a, b]` from `rw [b, a]`
_KEYWORDS = {"theorem", "lemma", "def", "abbrev", "instance", "example"}


def whole(problem: Problem, row: Row) -> str:
    """The Lean file of an attempt: header, preamble, the attempt's lemmas, the statement with the attempt's proof.

    Where the attempt is at the negation, a theorem that states it takes the statement's place. Raises SlotError where
    it has no negation that could be written. An attempt without a text is the file that leaves the problem open.
    """
    if not row.body:
        return problem.text
    return _joined(problem.header, problem.preamble, answer(problem, row)) + "\n"


def answer(problem: Problem, row: Row, body: str = "", helpers: str | None = None) -> str:
    """The part of the file that is the attempt's own; with another `body` and other `helpers`, where they are given."""
    text, lemmas = body or row.body, row.helpers if helpers is None else helpers
    if row.negation:
        attempt = Attempt(row.problem, row.agent, text.rstrip(), helpers=lemmas, refutes=True)
        return disproof_text(slot(problem), attempt)
    arms = "\n" if text.startswith("|") else " "
    return _joined(lemmas, f"{problem.statement.strip()}{arms}{text.rstrip()}")


def slot(problem: Problem) -> Slot:
    """Where the problem's declaration stands in its text. Raises SlotError where no declaration of its name does."""
    start = len(problem.text) - len(f"{problem.statement.strip()} {HOLE}\n")
    return find_slot(problem.text, position(problem.text, start), problem.name)


def _joined(*pieces: str) -> str:
    return "\n\n".join(piece.strip() for piece in pieces if piece.strip())


@lru_cache(maxsize=1 << 12)
def words(text: str) -> tuple[str, ...]:
    """The tokens that Lean acts on: no comments, no documentation, no white space."""
    return tuple(token.text for token in tokens(text) if token.significant and token.sort is not Sort.DOC)


def normal(text: str) -> str:
    """The text such that two that differ in comments and white space alone are the same."""
    return " ".join(words(text))


def said(problem: Problem) -> str:
    """What a problem says, whatever it is called: preamble, binders and type, normalised.

    The same theorem is in several suites under several names; this is by what it is found again.
    """
    stated = words(problem.statement)
    keyword = next((at for at, word in enumerate(stated) if word in _KEYWORDS), -2)
    return " ".join((*words(problem.preamble), *stated[keyword + 2 :]))


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of three Lean tokens of the text (Broder 1997); of a shorter one, all that it has."""
    found = words(text)
    return frozenset(found[at : at + _WIDTH] for at in range(max(1, len(found) - _WIDTH + 1)))


def likeness(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Jaccard's coefficient of two sets of shingles, from 0 to 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common)
