"""What was read, as one suite: names made unique, statements that are given twice read once, and notes of both.

Pure; called by `prover.bench.suites.reading`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

from prover.bench.problem import Problem, Unusable
from prover.lean.lexer import Sort, tokens


class Gathering:
    """The problems so far, each with a name of its own."""

    def __init__(self) -> None:
        self.problems: dict[str, Problem] = {}
        self.unusable: list[Unusable] = []
        self.notes: Counter[str] = Counter()
        self._digests: dict[str, set[str]] = defaultdict(set)

    def add(self, found: Problem | Unusable) -> None:
        """One more; the very same statement under the same name is not taken again."""
        if isinstance(found, Unusable):
            self.unusable.append(found)
            return
        known = self._digests[found.name]
        if found.digest in known:
            self.notes["statement given again under the same name, read once"] += 1
            return
        known.add(found.digest)
        if found.name in self.problems:
            found = self._renamed(found)
            self.notes[f"name given again to another statement, which is {found.name} now"] += 1
        self.problems[found.name] = found

    def said(self) -> tuple[str, ...]:
        """The notes, a line each."""
        return tuple(f"{what}: {count}" for what, count in self.notes.items())

    def _renamed(self, problem: Problem) -> Problem:
        number = 2
        while (name := _numbered(problem.name, number)) in self.problems:
            number += 1
        start, end = _written_name(problem.statement)
        statement = problem.statement
        written = _numbered(statement[start:end], number)
        return replace(problem, name=name, statement=statement[:start] + written + statement[end:])


def _numbered(name: str, number: int) -> str:
    return f"{name[:-1]}_{number}»" if name.endswith("»") else f"{name}_{number}"


def _written_name(statement: str) -> tuple[int, int]:
    """Where the name stands in a statement: behind `theorem` or `lemma`."""
    ahead = [token for token in tokens(statement) if token.significant]
    return next(
        (name.start, name.end)
        for word, name in pairwise(ahead)
        if word.text in ("theorem", "lemma") and name.sort is Sort.NAME
    )
