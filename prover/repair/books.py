"""The books of a repair: what its calls of a model may cost, and have cost, held against hard limits before each call.

A run's own ledger, over a journal that is gone with the repair. Called by `prover.repair.file`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.base import Purse
from prover.config import Config
from prover.journal import Journal, What
from prover.ledger import Ledger
from prover.model import Spent, Task
from prover.record import Record


@dataclass(frozen=True, slots=True)
class Books:
    """One purse for each declaration that is worked on."""

    record: Record
    ledger: Ledger

    @classmethod
    @contextmanager
    def opened(cls, config: Config) -> Iterator[Books]:
        """With the limits of these settings. Raises JournalError where there is no place to write."""
        with (
            tempfile.TemporaryDirectory(prefix="books-") as folder,
            Journal.create(Path(folder, "journal.sqlite")) as journal,
        ):
            record = Record(journal, [])
            yield cls(record, Ledger(record.state, config, record.together))

    @property
    def spent(self) -> Spent:
        """What has been paid for so far."""
        return self.record.state.spent

    def purse(self, task: Task) -> Purse:
        """What the attempt at a task pays from; the task's number is a new one each time."""
        about = {"attempt": task.number, "declaration": task.declaration.name, "agent": task.agent}
        self.record(What.ASSIGNED, **about, base="", knew=[])
        return self.ledger.purse(task)
