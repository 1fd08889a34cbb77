"""The run's memory: append-only events in one SQLite file, and the lease of the one process that may append.

Every transition of a run is one transaction, written before anything acts on it. Nothing else is stored: what a run's
state is, `prover.state` folds from the events. The run's owner writes; everyone may read, at any time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from prover.errors import JournalError
from prover.lease import NOBODY, Owner

APPLICATION = 0x4C454D4D  # "LEMM" in SQLite's application_id: tells our journals from foreign databases
VERSION = 3

_SCHEMA = """
CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    time   REAL NOT NULL,
    what   TEXT NOT NULL,
    data   TEXT NOT NULL
) STRICT;
CREATE TABLE said (
    attempt INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (attempt, number)
) STRICT;
CREATE TABLE lease (
    host    TEXT NOT NULL,
    pid     INTEGER NOT NULL,
    started REAL NOT NULL,
    beat    REAL NOT NULL
) STRICT;
"""
_MARKS = (
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
    "PRAGMA journal_mode = WAL",
)
_HELD = "EXISTS (SELECT 1 FROM lease WHERE (host, pid, started) = (?, ?, ?))"
_NO_ROOM = "free the disk or mend its rights, and resume"
_MOVE_AWAY = "move the file away; the git branch has the proofs"


class What(StrEnum):
    """The transitions of a run. `attempt` is the number of an attempt within the run, from 1.

    JUDGED has `commit`, `tip` and `final` besides: with a `commit` it accepts the attempt, and the branch is to be
    moved to `tip`, which MERGED says has been done; what is not `final` is judged again. A change of the project is
    `tip`, where the branch is now, `declarations` and `theorems`, how many there are, `closed`, the theorems that are
    no longer open, and `opened`, those that are and were not: the new lemmas of a split, say.
    """

    STARTED = "started"  # run, branch, base, toolchain, asked: the agents and the model that the user named, if any
    SURVEYED = "surveyed"  # declarations, theorems, open: [names], at the base
    RESUMED = "resumed"  # tip, continued: [attempts whose agents go on], asked; the owner before is gone
    ASSIGNED = "assigned"  # attempt, declaration, agent, base, knew: [proved needs]
    CALLING = "calling"  # attempt, declaration, agent, number, model, prompt, tokens, dollars: the most; see Call
    SPENT = "spent"  # attempt, declaration, agent, number, model, prompt, tokens, dollars, usage, seconds: see Call
    PROPOSED = "proposed"  # attempt, declaration, agent, seconds, and what `record.handed_in` says
    NOTHING = "nothing"  # attempt, declaration, agent, seconds, why, fault: the agent has no proposal
    DROPPED = "dropped"  # attempt, declaration, agent, seconds, why: over, and nothing follows about the declaration
    JUDGED = "judged"  # attempt, declaration, agent, outcome, reasons, explanation, rests_on, seconds, and see above
    BUILT = "built"  # attempts, builds, merged, seconds, waiting: a batch is through the merge queue
    MERGED = "merged"  # attempt, declaration, agent, outcome, commit, and the change (see above)
    MOVED = "moved"  # the change: somebody else moved the branch
    CANARY = "canary"  # a decoy: statement, negates, why; then as JUDGED, with body, helpers; or as NOTHING
    UNSOUND = "unsound"  # why: the judge called proved what cannot be; nothing more is merged in this run
    ENDED = "ended"  # why, checks, workers_started, workers_replaced: {reason: how many}


@dataclass(frozen=True, slots=True)
class Event:
    """One transition. `time` is seconds since the epoch."""

    number: int
    time: float
    what: What
    data: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Plain values, as `prover run --events` writes them."""
        return {"number": self.number, "time": self.time, "what": self.what.value, **self.data}


class Journal:
    """One run's events in one file. Raises JournalError for a torn, foreign or newer file, and for one that is not
    ours to write."""

    def __init__(self, connection: sqlite3.Connection, path: Path, owner: Owner | None = None) -> None:
        self._connection = connection
        self.path = path
        self._owner = owner

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty journal that this process holds. JournalError when a run has one there already.

        A file that was left by a process which ended before its run had begun is used again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path)
        journal = cls._opened(path, "rw")
        with journal._transaction():
            mine = journal.holder()[0] == Owner.me()
            if next(journal.events(), None) is not None or not (mine or journal._holder_is_gone()):
                raise JournalError(f"there is a journal at {path} already", "start the run under another name")
            journal._take()
        return journal

    @classmethod
    def resume(cls, path: Path) -> Self:
        """An existing journal, held by this process from now on; JournalError while its owner lives."""
        journal = cls._opened(path, "rw")
        with journal._transaction():
            if not journal._holder_is_gone():
                raise JournalError(f"{journal.holder()[0]} is working on this run", "wait for it, or end that process")
            journal._take()
        return journal

    @classmethod
    def read(cls, path: Path) -> Self:
        """An existing journal, for reading only."""
        return cls._opened(path, "ro")

    @classmethod
    def _opened(cls, path: Path, mode: str) -> Self:
        if not path.is_file():
            raise JournalError(f"there is no journal at {path}", "start a run with `prover run`")
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        journal = cls(sqlite3.connect(uri, uri=True, isolation_level=None), path)
        journal._check()
        return journal

    def _check(self) -> None:
        try:
            (application,) = self._connection.execute("PRAGMA application_id").fetchone()
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise JournalError(f"{self.path} cannot be read: {error}", _MOVE_AWAY) from error
        if application != APPLICATION:
            raise JournalError(f"{self.path} is not a journal of ours", "move the file away")
        if version != VERSION:
            raise JournalError(
                f"{self.path} is a journal of version {version}; this is {VERSION}",
                "use the release that wrote it",
            )

    def holder(self) -> tuple[Owner, float]:
        """Who holds the run, and the time of the last heartbeat."""
        try:
            host, pid, started, beat = self._connection.execute("SELECT * FROM lease").fetchone()
        except (sqlite3.DatabaseError, TypeError) as error:
            raise JournalError(f"{self.path} is torn: {error}", _MOVE_AWAY) from error
        return Owner(host, pid, started), beat

    def _holder_is_gone(self) -> bool:
        holder, beat = self.holder()
        return holder.is_gone(beat, time.time())

    def beat(self) -> None:
        """Shows that the owner lives; JournalError when the run has been taken over."""
        held = (*astuple(self._held_by()),)
        self._demand(self._connection.execute(f"UPDATE lease SET beat = ? WHERE {_HELD}", (time.time(), *held)), 1)

    def append(self, what: What, **data: Any) -> Event:
        """Writes one event durably and returns it."""
        return self.extend([(what, data)])[0]

    def extend(self, steps: Sequence[tuple[What, Mapping[str, Any]]], said: str = "") -> list[Event]:
        """Writes events that belong together, all of them or none.

        `said` is the exchange of the last of them, a SPENT: kept beside the events, since only who shows the attempt or
        goes on with it reads it.
        """
        now, held = time.time(), astuple(self._held_by())
        events = []
        with self._transaction():
            for what, data in steps:
                cursor = self._connection.execute(
                    f"INSERT INTO event (time, what, data) SELECT ?, ?, ? WHERE {_HELD}",
                    (now, what, json.dumps(data, ensure_ascii=False), *held),
                )
                self._demand(cursor, 1)
                assert cursor.lastrowid is not None
                events.append(Event(cursor.lastrowid, now, what, data))
            if said:
                which = events[-1].data["attempt"], events[-1].data["number"]
                self._connection.execute("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", (*which, said))
        return events

    def events(self, after: int = 0) -> Iterator[Event]:
        """The events whose number is above `after`, in order."""
        try:
            rows = self._connection.execute(
                "SELECT number, time, what, data FROM event WHERE number > ? ORDER BY number", (after,)
            )
            for number, when, what, data in rows:
                yield Event(number, when, What(what), json.loads(data))
        except (sqlite3.DatabaseError, ValueError) as error:
            raise JournalError(f"{self.path} is torn: {error}", _MOVE_AWAY) from error

    def said(self, attempt: int) -> dict[int, str]:
        """What was said in an attempt's calls, by their numbers and in their order."""
        try:
            rows = self._connection.execute(
                "SELECT number, text FROM said WHERE attempt = ? ORDER BY number", (attempt,)
            )
            return dict(rows.fetchall())
        except sqlite3.DatabaseError as error:
            raise JournalError(f"{self.path} is torn: {error}", _MOVE_AWAY) from error

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is read within it stood in the journal at one moment, whatever the run writes meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("COMMIT")

    def _held_by(self) -> Owner:
        if self._owner is None:
            raise JournalError(f"{self.path} is open for reading only", "this is a bug: please report it")
        return self._owner

    def _take(self) -> None:
        self._owner = Owner.me()
        self._connection.execute("DELETE FROM lease")
        self._connection.execute("INSERT INTO lease VALUES (?, ?, ?, ?)", (*astuple(self._owner), time.time()))

    def _demand(self, cursor: sqlite3.Cursor, rows: int) -> None:
        """A write that has found no lease of ours has written nothing."""
        if cursor.rowcount != rows:
            raise JournalError("another process has taken this run over", "leave the run to it")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            with self._connection:
                yield
        except sqlite3.DatabaseError as error:
            raise JournalError(f"cannot write {self.path}: {error}", _NO_ROOM) from error

    def close(self) -> None:
        """Also gives the lease back."""
        if self._owner is not None:
            with suppress(sqlite3.DatabaseError):  # it runs out by itself, and closing is no time for errors
                held = astuple(self._owner)
                values = ", ".join(f"{field} = ?" for field in ("host", "pid", "started"))
                self._connection.execute(
                    f"UPDATE lease SET {values}, beat = 0 WHERE {_HELD}", (*astuple(NOBODY), *held)
                )
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _make(path: Path) -> None:
    """An empty journal at `path`, held by this process, if there is no file yet: a whole one, or none at all."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.unlink(missing_ok=True)
    journal = Journal(sqlite3.connect(scratch, isolation_level=None), scratch)
    try:
        with journal:
            for statement in (*_SCHEMA.split(";"), *_MARKS):
                journal._connection.execute(statement)
            journal._take()
        os.link(scratch, path)
    except FileExistsError:
        pass  # it is for the caller to see whose it is
    except (sqlite3.DatabaseError, OSError) as error:
        raise JournalError(f"cannot write {path}: {error}", _NO_ROOM) from error
    finally:
        scratch.unlink(missing_ok=True)
