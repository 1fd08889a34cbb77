"""Reads the corpus: what each attempt is for, and what the judge must say of it.

The first line of an attempt says it all; README.md beside this file describes its form. What the judge in fact says
is the business of the tests that call `cases`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from prover.model import Outcome, Reason

ROOT = Path(__file__).parent
TARGETS, ATTACKS, HONEST = ROOT / "targets", ROOT / "attacks", ROOT / "honest"

# -- target[NAME] | expected: REJECT REASON, REASON | embedded: cannot run | contained (remark)
# The name may be followed by `: STATEMENT`, for the reader.
_FIRST_LINE = re.compile(
    r"-- target\[(?P<target>\w+)\](?:: .*?)?"
    r" \| expected: (?P<expected>REJECT|ACCEPT-AS-DISPROOF|ACCEPT|NOT PROVED)"
    r"(?P<reasons> [A-Z_]+(?:, [A-Z_]+)*)?"
    r"(?P<idle> \| embedded: cannot run)?"
    r"(?P<contained> \| contained)?"
    r"(?: \((?P<remark>.*)\))?"
)


class Expected(StrEnum):
    """What the judge must say."""

    REJECT = "REJECT"
    NOT_PROVED = "NOT PROVED"  # for whatever reason
    ACCEPT = "ACCEPT"
    DISPROOF = "ACCEPT-AS-DISPROOF"  # accepted as a proof of the negation; as a proof of the target it is none


@dataclass(frozen=True, slots=True)
class Case:
    """One attempt. `reasons` are those that would be right; a rejection must give at least one of them."""

    path: Path
    target: Path
    expected: Expected
    reasons: frozenset[Reason]
    contained: bool  # it proves its target honestly and misbehaves beside it, where the sandbox holds it
    runs_embedded: bool  # whether the embedded Lean can execute the trick; where not, it is refused all the same
    remark: str

    @property
    def name(self) -> str:
        return self.path.stem

    def fits(self, outcome: Outcome, reasons: Collection[Reason]) -> bool:
        """Whether a verdict on the target is right. Running out of time is right only where RESOURCE is expected."""
        if self.expected is Expected.ACCEPT:
            return outcome is Outcome.PROVED
        if self.expected is not Expected.REJECT:
            return outcome is not Outcome.PROVED
        right = {Outcome.REJECTED, Outcome.RESOURCE} if Reason.RESOURCE in self.reasons else {Outcome.REJECTED}
        return outcome in right and not self.reasons.isdisjoint(reasons)


def cases(folder: Path) -> list[Case]:
    """Every attempt of the folder, by name. Raises ValueError, naming the file, for a first line of another form."""
    return [case(path, folder.parent / "targets") for path in sorted(folder.glob("*.lean"))]


def case(path: Path, targets: Path = TARGETS) -> Case:
    """The attempt at `path`, on a target of the folder `targets`. Raises ValueError."""
    with path.open(encoding="utf-8") as file:
        line = file.readline().rstrip("\n")
    found = _FIRST_LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"{path.name}: the first line is not `-- target[NAME] | expected: …`: {line}")
    expected = Expected(found["expected"])
    words = [word.strip() for word in (found["reasons"] or "").split(",") if word.strip()]
    if (expected is Expected.REJECT) != bool(words) or not set(words) <= set(Reason):
        raise ValueError(f"{path.name}: REJECT goes with reasons of prover.model.Reason, and nothing else does: {line}")
    return Case(
        path,
        targets / f"{found['target']}.lean",
        expected,
        frozenset(map(Reason, words)),
        found["contained"] is not None,
        found["idle"] is None,
        found["remark"] or "",
    )
