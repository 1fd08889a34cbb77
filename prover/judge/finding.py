"""One thing that is wrong with an attempt: the reason as the judge's JSON has it, and a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from prover.model import Reason


class Finding(NamedTuple):
    """`text` completes the sentence "the attempt is refused, because …"."""

    reason: Reason
    text: str


def reasons(findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """Each reason once, in the order of finding."""
    return tuple(dict.fromkeys(finding.reason for finding in findings))


def texts(findings: Iterable[Finding]) -> str:
    """Each sentence once, in the order of finding."""
    return "; ".join(dict.fromkeys(finding.text for finding in findings))
