"""The journal keeps what was written, in order, and says clearly when a file is not a journal."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from prover.errors import JournalError
from prover.journal import APPLICATION, VERSION, Event, Journal, What


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "one" / "journal.sqlite"


def test_events_come_back_as_they_were_written(path: Path) -> None:
    with Journal.create(path) as journal:
        written = [
            journal.append(What.STARTED, run="one", branch="prover/one", base="abc", toolchain="embedded"),
            journal.append(What.SURVEYED, declarations=3, theorems=2, open=["∀é"]),
        ]
    with Journal.read(path) as journal:
        assert list(journal.events()) == written


def test_events_are_numbered_from_one_and_can_be_read_from_any_number_on(path: Path) -> None:
    with Journal.create(path) as journal:
        for why in "abc":
            journal.append(What.ENDED, why=why)
        assert [event.number for event in journal.events()] == [1, 2, 3]
        assert [event.data["why"] for event in journal.events(after=2)] == ["c"]


def test_a_reader_sees_what_a_writer_that_is_still_running_has_written(path: Path) -> None:
    with Journal.create(path) as writer, Journal.read(path) as reader:
        writer.append(What.ENDED, why="first")
        assert [event.data["why"] for event in reader.events()] == ["first"]
        writer.append(What.ENDED, why="second")
        assert [event.data["why"] for event in reader.events(after=1)] == ["second"]


def test_a_reader_cannot_write(path: Path) -> None:
    Journal.create(path).close()
    with Journal.read(path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.append(What.ENDED, why="no")


def test_what_was_appended_survives_a_kill(path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys\n"
        "from prover.journal import Journal, What\n"
        "journal = Journal.create(pathlib.Path(sys.argv[1]))\n"
        "journal.append(What.ENDED, why='written')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(path)], timeout=60, check=False)
    assert killed.returncode == -9
    with Journal.read(path) as journal:
        assert [event.data["why"] for event in journal.events()] == ["written"]


def test_a_second_journal_at_the_same_place_is_refused(path: Path) -> None:
    Journal.create(path).close()
    with pytest.raises(JournalError, match="there is a journal"):
        Journal.create(path)


def test_a_missing_journal_says_how_to_get_one(path: Path) -> None:
    with pytest.raises(JournalError, match="no journal") as caught:
        Journal.read(path)
    assert "prover run" in caught.value.remedy


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(JournalError, match="cannot be read"):
        Journal.read(tmp_path / "journal.sqlite")


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "other.sqlite").execute("CREATE TABLE event (number)").connection.close()
    with pytest.raises(JournalError, match="not a journal of ours"):
        Journal.read(tmp_path / "other.sqlite")


def test_a_journal_of_another_version_is_refused(path: Path) -> None:
    Journal.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(JournalError, match=f"version {VERSION + 1}"):
        Journal.read(path)


def test_a_torn_row_is_reported_and_what_stands_before_it_is_still_given(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.append(What.ENDED, why="whole")
        journal._connection.execute("INSERT INTO event (time, what, data) VALUES (0, 'ended', '{\"why\": ')")
        read: list[Event] = []
        with pytest.raises(JournalError, match="torn"):
            read.extend(journal.events())  # extend keeps what came before the error
    assert [event.data["why"] for event in read] == ["whole"]
