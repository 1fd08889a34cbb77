"""The run's memory: append-only events in one SQLite file.

Every transition of a run is one event, written in one transaction before anything acts on it. Nothing else is stored:
what a run's state is, `prover.state` folds from the events. The coordinator writes; everyone may read, at any time.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from prover.errors import JournalError

APPLICATION = 0x4C454D4D  # "LEMM" in SQLite's application_id: tells our journals from foreign databases
VERSION = 1

_SCHEMA = """
CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    time   REAL NOT NULL,
    what   TEXT NOT NULL,
    data   TEXT NOT NULL
) STRICT
"""


class What(StrEnum):
    """The transitions of a run."""

    STARTED = "started"  # run, branch, base, toolchain
    SURVEYED = "surveyed"  # declarations, theorems, open: [names], at the base
    ASSIGNED = "assigned"  # declaration, agent, base, knew: [proved needs]
    PROPOSED = "proposed"  # declaration, agent, body, helpers, history, seconds
    NOTHING = "nothing"  # declaration, agent, seconds, why: the agent has no proposal
    JUDGED = "judged"  # declaration, agent, outcome, reasons, explanation, rests_on, seconds
    MERGED = "merged"  # declaration, agent, commit, closed: [declarations no longer open]
    CANARY = "canary"  # a decoy: statement, negates, why; then as JUDGED, with body, helpers; or as NOTHING
    ENDED = "ended"  # why, checks, workers_started, workers_replaced: {reason: how many}


@dataclass(frozen=True, slots=True)
class Event:
    """One transition. `time` is seconds since the epoch."""

    number: int
    time: float
    what: What
    data: Mapping[str, Any]


class Journal:
    """One run's events in one file. Raises JournalError for a torn, foreign or newer file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty journal; the file must not exist yet."""
        if path.exists():
            raise JournalError(f"there is a journal at {path} already", "start the run under another name")
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(_SCHEMA)
        connection.execute("COMMIT")
        return cls(connection, path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """An existing journal, for reading only."""
        if not path.is_file():
            raise JournalError(f"there is no journal at {path}", "start a run with `prover run`")
        journal = cls(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None), path)
        journal._check()
        return journal

    def _check(self) -> None:
        try:
            (application,) = self._connection.execute("PRAGMA application_id").fetchone()
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise JournalError(
                f"{self.path} cannot be read: {error}", "move the file away; the git branch has the proofs"
            ) from error
        if application != APPLICATION:
            raise JournalError(f"{self.path} is not a journal of ours", "move the file away")
        if version != VERSION:
            raise JournalError(
                f"{self.path} is a journal of version {version}; this is {VERSION}",
                "use the release that wrote it",
            )

    def append(self, what: What, **data: Any) -> Event:
        """Writes one event durably and returns it."""
        now = time.time()
        cursor = self._connection.execute(
            "INSERT INTO event (time, what, data) VALUES (?, ?, ?)",
            (now, what, json.dumps(data, ensure_ascii=False)),
        )
        assert cursor.lastrowid is not None
        return Event(cursor.lastrowid, now, what, data)

    def events(self, after: int = 0) -> Iterator[Event]:
        """The events whose number is above `after`, in order."""
        try:
            rows = self._connection.execute(
                "SELECT number, time, what, data FROM event WHERE number > ? ORDER BY number", (after,)
            )
            for number, when, what, data in rows:
                yield Event(number, when, What(what), json.loads(data))
        except (sqlite3.DatabaseError, ValueError) as error:
            raise JournalError(
                f"{self.path} is torn: {error}", "move the file away; the git branch has the proofs"
            ) from error

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
