"""What a warm Lean worker says about a text: messages and goals.

Hints guide agents; they never decide. Nothing here can become a verdict, and `prover.judge` imports none of it.
Made by `prover.lean.worker`, read by the agents.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from prover.model import Position


class Severity(StrEnum):
    """Lean's three kinds of message."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of Lean, with the half-open range that it is about."""

    severity: Severity
    text: str
    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Check:
    """What Lean said about one text.

    `goals` answers the positions that were asked for, in their order: the goals there as Lean prints them, an empty
    tuple where none is left, None where Lean has no tactic block. `seconds` is wall time, without waiting in a queue;
    `processor` are seconds of processors.
    """

    messages: tuple[Message, ...]
    goals: tuple[tuple[str, ...] | None, ...]
    seconds: float
    processor: float = 0.0

    @property
    def errors(self) -> tuple[Message, ...]:
        """The messages that are errors."""
        return tuple(message for message in self.messages if message.severity is Severity.ERROR)
