"""One thing that is wrong with an attempt: the reason as the judge's JSON has it, and a sentence for people."""

from __future__ import annotations

from typing import NamedTuple

from prover.model import Reason


class Finding(NamedTuple):
    """`text` completes the sentence "the attempt is refused, because …"."""

    reason: Reason
    text: str
