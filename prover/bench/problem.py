"""The nouns of a benchmark: a Problem is one statement to be proved, a Suite is many of them with a pin.

Frozen values, no I/O. Readers make them, the workspace makes Lean modules of them, results carry their digests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any

HOLE = ":= by\n  sorry"


class Truth(StrEnum):
    """What the suite says of a statement, for whoever counts; no agent is told."""

    TRUE = "true"
    FALSE = "false"  # on purpose: whoever finds that out has solved it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """One statement, in the pieces of the Lean file that states it:

        import Mathlib                                   header: imports, and the opens and options of all of the file
        open Real
        def f (x : ℝ) := x ^ 2                           preamble: commands of this problem's own, mostly none
        theorem f_zero (x : ℝ) (h : x = 0) : f x = 0     statement: the command up to its `:=`

    `name` is unique in its suite, and is the theorem's name as Lean knows it, namespaces of the preamble included.
    """

    name: str
    statement: str
    header: str = ""
    preamble: str = ""
    split: str = ""
    domain: str = ""
    level: str = ""
    informal: str = ""  # the statement in words
    truth: Truth = Truth.UNKNOWN
    source: str = ""  # where it was read: a file and a line

    @property
    def text(self) -> str:
        """The Lean file that states it and leaves it open."""
        pieces = (self.header.strip(), self.preamble.strip(), f"{self.statement.strip()} {HOLE}")
        return "\n\n".join(piece for piece in pieces if piece) + "\n"

    @property
    def digest(self) -> str:
        """SHA-256 of what is to be proved: name, header, preamble, statement."""
        return _digest([self.name, self.header, self.preamble, self.statement])

    def as_json(self) -> dict[str, Any]:
        """Plain values, one line of a suite's `problems.jsonl`."""
        fields = dict(zip(self.__slots__, astuple(self), strict=True))
        return {key: value for key, value in fields.items() if value or key in ("name", "statement")}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Problem:
        """The problem of `as_json`."""
        return cls(**{**fields, "truth": Truth(fields.get("truth", Truth.UNKNOWN))})


@dataclass(frozen=True, slots=True)
class Unusable:
    """A record, or a statement, that is no problem to be counted: a field is missing, or it does not elaborate."""

    name: str
    why: str  # one line
    source: str = ""


@dataclass(frozen=True)
class Suite:
    """`origin` says where the records come from, with the revision where there is one. `wants` is the toolchain that it
    was written for, as in a `lean-toolchain` file; empty where nobody says. `attempt_seconds` is the wall limit of its
    rules for an attempt of an agent that asks no model; None where they have none."""

    name: str
    problems: tuple[Problem, ...]
    unusable: tuple[Unusable, ...] = ()
    origin: str = ""
    wants: str = ""
    notes: tuple[str, ...] = field(default=())  # what the reader has changed or left out, a line each
    attempt_seconds: float | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all its statements, in whatever order they are."""
        return _digest(sorted(problem.digest for problem in self.problems))

    def only(self, problems: Iterable[Problem]) -> Suite:
        """The suite with these problems alone."""
        return replace(self, problems=tuple(problems))


def _digest(texts: Iterable[str]) -> str:
    return sha256(b"".join(len(data := text.encode()).to_bytes(8, "big") + data for text in texts)).hexdigest()
