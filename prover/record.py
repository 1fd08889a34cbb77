"""The journal of a run, and the state that its events amount to: what is written is folded, and shown to who watches.

The one way in which a run's parts write events. Decides nothing; the coordinator and its parts share one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prover.journal import Event, Journal, What
from prover.model import Attempt
from prover.state import State, fold


def about(number: int, declaration: str, agent: str) -> dict[str, Any]:
    """Which attempt an event is about, as every event of one says it."""
    return {"attempt": number, "declaration": declaration, "agent": agent}


def handed_in(attempt: Attempt) -> dict[str, Any]:
    """The text of a proposal, and the history that made it, as PROPOSED says them."""
    text = {"body": attempt.body, "helpers": attempt.helpers, "splits": attempt.splits, "refutes": attempt.refutes}
    drafted = {"drafted": attempt.drafted, "feedback": list(attempt.feedback)} if attempt.drafted else {}
    return {**text, **drafted, "history": list(attempt.history)}


@dataclass
class Record:
    """The `watchers` are called with every event, after it is written and folded."""

    journal: Journal
    watchers: list[Callable[[Event], None]]
    state: State = field(default_factory=State)

    def __call__(self, what: What, **data: Any) -> None:
        """Writes one event. Raises JournalError."""
        self.together([(what, data)])

    def together(self, steps: Sequence[tuple[What, Mapping[str, Any]]], said: str = "") -> None:
        """Writes events of which a killed process leaves all or none; `said` is as for `Journal.extend`."""
        for event in self.journal.extend(steps, said):
            fold([event], self.state)
            for watch in self.watchers:
                watch(event)
