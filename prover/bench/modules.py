"""Which statements of a suite share a module: each module costs a start of Lean.

Statements with the same before them share one. So do those whose definitions can stand side by side, where none of them
speaks of what only another one needs: then it means the same as on its own. Pure. Called by `prover.bench.workspace`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from agents.leantext import mentions
from prover.bench.problem import HOLE, Problem
from prover.repair.parts import parts

TOGETHER = 16  # statements in one module: when an attempt is judged, the others in its module are compiled again
# What says something of its own name and of nothing else.
_PLAIN = frozenset({"def", "abbrev", "theorem", "lemma", "inductive", "structure", "opaque"})


@dataclass
class Module:
    """Statements with what stands before them all: the header, what holds for the rest of a file, and definitions."""

    header: str
    around: tuple[str, ...]
    definitions: dict[str, str] = field(default_factory=dict)  # by their names, in order
    problems: list[Problem] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The text before the statements."""
        return "\n\n".join(filter(None, (self.header.strip(), *self.around, *self.definitions.values())))

    @property
    def text(self) -> str:
        """The module's source, in which every statement is left open."""
        stated = (f"{problem.statement.strip()} {HOLE}" for problem in self.problems)
        return "\n\n".join(filter(None, (self.head, *stated))) + "\n"

    def lines(self) -> Iterator[tuple[str, int]]:
        """The line, from 0, on which each statement starts."""
        line = self.head.count("\n") + 2 if self.head else 0
        for problem in self.problems:
            yield problem.name, line
            line += f"{problem.statement.strip()} {HOLE}".count("\n") + 2

    def takes(self, other: Module) -> bool:
        """Can the statements of the other one stand here as well, and mean the same?"""
        if (self.header, self.around) != (other.header, other.around):
            return False
        if len(self.problems) + len(other.problems) > TOGETHER:
            return False
        shared = self.definitions.keys() & other.definitions.keys()
        if any(self.definitions[name] != other.definitions[name] for name in shared):
            return False
        mine, theirs = self.definitions.keys() - shared, other.definitions.keys() - shared
        return not (self._speaks_of(theirs) or other._speaks_of(mine))

    def add(self, other: Module) -> None:
        """Takes in what `takes` has allowed."""
        self.definitions |= other.definitions
        self.problems += other.problems

    def _speaks_of(self, names: Iterable[str]) -> bool:
        text = f"{self.head}\n" + "\n".join(problem.statement for problem in self.problems)
        return any(mentions(text, name.rpartition(".")[2]) for name in names)


def modules(problems: Sequence[Problem]) -> dict[str, Module]:
    """The modules by their names, `Suite0001` and so on."""
    made: list[Module] = []
    for _, group in groupby(sorted(problems, key=_needs), key=_needs):
        alike = list(group)
        for first in range(0, len(alike), TOGETHER):
            new = _module(alike[first : first + TOGETHER])
            if (place := next((old for old in made if old.takes(new)), None)) is not None:
                place.add(new)
            else:
                made.append(new)
    return {f"Suite{number:04}": module for number, module in enumerate(made, start=1)}


def _needs(problem: Problem) -> tuple[str, str]:
    return problem.header, problem.preamble


def _module(alike: Sequence[Problem]) -> Module:
    """A module of problems that need the same; all of that is `around` where it cannot be taken apart."""
    first = alike[0]
    preamble = first.preamble.strip()
    found = [(part, preamble[part.start : part.end]) for part in parts(preamble)]
    plain = [bool(part.keyword in _PLAIN and part.name and "@[" not in text) for part, text in found]
    around = [text for (_, text), is_plain in zip(found, plain, strict=True) if not is_plain]
    definitions = {part.name: text for (part, text), is_plain in zip(found, plain, strict=True) if is_plain}
    divided = plain == sorted(plain) and len(around) + len(definitions) == len(found)
    if not divided or "".join(preamble.split()) != "".join("".join((*around, *definitions.values())).split()):
        around, definitions = [preamble] if preamble else [], {}
    return Module(first.header, tuple(around), definitions, list(alike))
