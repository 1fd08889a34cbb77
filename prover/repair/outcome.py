"""What came of the repair of a file, for people and as JSON. `proved` is only said where the judge has said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from prover.model import Outcome, Spent, Verdict
from prover.repair.original import Original


class Status(StrEnum):
    """Of a declaration."""

    PROVED = "proved"  # the judge's verdict
    IMPROVED = "improved"  # fewer errors, or as many and fewer holes
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Result:
    """Of one declaration that failed, had a hole, or was refused.

    `errors` and `holes` are (before, after), `kept` the share of the proof's tokens that are still there, from 0 to 1.
    """

    name: str
    line: int
    status: Status
    why: str = ""
    verdict: Verdict | None = None
    errors: tuple[int, int] = (0, 0)
    holes: tuple[int, int] = (0, 0)
    kept: float = 1.0
    steps: tuple[str, ...] = ()
    checks: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        verdict = self.verdict
        return {
            "declaration": self.name,
            "line": self.line,
            "status": self.status,
            "why": self.why,
            "errors": list(self.errors),
            "holes": list(self.holes),
            "kept": round(self.kept, 4),
            "steps": list(self.steps),
            "checks": self.checks,
            "seconds": round(self.seconds, 3),
            "verdict": None if verdict is None else verdict.outcome,
            "reasons": [] if verdict is None else list(verdict.reasons),
            "rests_on": [] if verdict is None else list(verdict.rests_on),
            "explanation": "" if verdict is None else verdict.explanation,
        }


@dataclass(frozen=True)
class Report:
    """`others` are the theorems that needed nothing and that the judge calls proved; `mended` says what was changed
    outside of proofs, and `left` what stands in the way of the judge besides the results."""

    old: Original
    new: Original
    results: Sequence[Result]
    others: int
    mended: Sequence[str]
    left: Sequence[str]
    toolchain: str
    checks: int
    seconds: float
    spent: Spent

    @property
    def changed(self) -> bool:
        """Is there anything better than what was there?"""
        return self.new.data != self.old.data

    @property
    def proved(self) -> bool:
        """Is everything that was asked for proved?"""
        return not self.left and all(result.status is Status.PROVED for result in self.results)

    def diff(self, shown: str) -> bytes:
        """From the file to what is better; empty where nothing is."""
        return self.old.diff(self.new, shown)

    def as_json(self, shown: str) -> dict[str, Any]:
        """Plain values."""
        return {
            "file": shown,
            "proved": self.proved,
            "changed": self.changed,
            "declarations": [result.as_json() for result in self.results],
            "proved_as_they_stand": self.others,
            "mended": list(self.mended),
            "left": list(self.left),
            "diff": self.diff(shown).decode(errors="replace"),
            "toolchain": self.toolchain,
            "checks": self.checks,
            "seconds": round(self.seconds, 3),
            "calls": self.spent.calls,
            "tokens": self.spent.tokens,
            "dollars": self.spent.dollars,
        }


def is_proved(verdict: Verdict | None) -> bool:
    """The one place where a verdict is read for that word."""
    return verdict is not None and verdict.outcome is Outcome.PROVED
