"""The journal keeps what was written, in order, and says clearly when a file is not a journal."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from prover.errors import JournalError
from prover.journal import APPLICATION, VERSION, Event, Journal, What
from prover.lease import EXPIRES, NOBODY, Owner


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
    with Journal.read(path) as reader, pytest.raises(JournalError, match="reading only"):
        reader.append(What.ENDED, why="no")


def test_what_was_appended_survives_a_kill(path: Path) -> None:
    killed(path, "written")
    with Journal.read(path) as journal:
        assert [event.data["why"] for event in journal.events()] == ["written"]


def test_events_that_belong_together_are_written_all_or_none(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.extend([(What.ENDED, {"why": "one"}), (What.ENDED, {"why": "two"})])
        with pytest.raises(TypeError):
            journal.extend([(What.ENDED, {"why": "three"}), (What.ENDED, {"why": object()})])
        assert [event.data["why"] for event in journal.events()] == ["one", "two"]


def called(number: int = 0, attempt: int = 1) -> tuple[What, dict[str, object]]:
    return What.SPENT, {"attempt": attempt, "number": number}


def test_what_was_said_is_kept_beside_the_events_by_attempt_and_call(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.extend([called(1)], "second ∀")
        journal.extend([called(0)], "first")
        journal.extend([called(0, attempt=2)], "another attempt's")
        journal.extend([called(2)])
    with Journal.read(path) as journal:
        assert list(journal.said(1).items()) == [(0, "first"), (1, "second ∀")]
        assert journal.said(3) == {}
        assert len(list(journal.events())) == 4


def test_what_was_said_is_written_with_its_charge_or_not_at_all(path: Path) -> None:
    with Journal.create(path) as journal:
        with pytest.raises(TypeError):
            journal.extend([called(), (What.SPENT, {"attempt": 1, "number": object()})], "lost")
        hand_over(journal, Owner("elsewhere", 1, 2.0))
        with pytest.raises(JournalError, match="taken this run over"):
            journal.extend([called()], "lost")
        assert (list(journal.events()), journal.said(1)) == ([], {})


def test_what_is_said_can_be_read_while_it_is_written(path: Path) -> None:
    with Journal.create(path) as writer, Journal.read(path) as reader:
        writer.extend([called()], "hello")
        assert reader.said(1) == {0: "hello"}


def test_a_second_journal_at_the_same_place_is_refused(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.append(What.ENDED, why="begun")
    with pytest.raises(JournalError, match="there is a journal"):
        Journal.create(path)


KILLED = """
import os, pathlib, signal, sys
from prover.journal import Journal, What
journal = Journal.create(pathlib.Path(sys.argv[1]))
for why in sys.argv[2:]:
    journal.append(What.ENDED, why=why)
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(path: Path, *events: str) -> None:
    """A process that makes a journal, writes these events, and is killed."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), *events], timeout=60, check=False)
    assert done.returncode == -9


def test_a_journal_whose_run_never_began_is_used_again(path: Path) -> None:
    killed(path)
    with Journal.create(path) as journal:
        assert list(journal.events()) == []
        journal.append(What.ENDED, why="begun")


def test_two_processes_cannot_make_the_same_journal(path: Path) -> None:
    other = Owner(socket.gethostname(), os.getppid(), psutil.Process(os.getppid()).create_time())
    with Journal.create(path) as journal:
        hand_over(journal, other)
        with pytest.raises(JournalError, match="there is a journal"):
            Journal.create(path)


def hand_over(journal: Journal, owner: Owner, beat: float = 0.0) -> None:
    """As if another process held the run."""
    journal._connection.execute(
        "UPDATE lease SET host = ?, pid = ?, started = ?, beat = ?", (owner.host, owner.pid, owner.started, beat)
    )


def test_who_is_gone_can_be_taken_over_and_nothing_is_lost(path: Path) -> None:
    killed(path, "one", "two")
    with Journal.resume(path) as journal:
        journal.append(What.ENDED, why="three")
        assert [event.data["why"] for event in journal.events()] == ["one", "two", "three"]
        assert journal.holder()[0] == Owner.me()


def test_who_lives_cannot_be_taken_over(path: Path) -> None:
    with Journal.create(path), pytest.raises(JournalError, match=f"process {os.getpid()} on .* is working on this run"):
        Journal.resume(path)


def test_who_closes_a_journal_gives_the_run_back(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.append(What.ENDED, why="one")
    with Journal.read(path) as read:
        assert read.holder() == (NOBODY, 0.0)
    Journal.resume(path).close()


def test_an_owner_that_was_taken_over_can_write_nothing_more(path: Path) -> None:
    with Journal.create(path) as journal:
        hand_over(journal, Owner("elsewhere", 1, 2.0))
        for write in (lambda: journal.append(What.ENDED, why="no"), journal.beat):
            with pytest.raises(JournalError, match="taken this run over"):
                write()
        assert list(journal.events()) == []
    with Journal.read(path) as read:
        assert read.holder()[0].host == "elsewhere"  # closing takes nothing from whoever has it now


def test_the_owner_shows_that_it_lives(path: Path) -> None:
    with Journal.create(path) as journal:
        before = journal.holder()[1]
        journal.beat()
        assert journal.holder()[1] > before


@pytest.mark.parametrize(
    ("owner", "silent", "gone"),
    [
        (Owner.me(), 1e6, False),
        (Owner(Owner.me().host, Owner.me().pid, Owner.me().started - 100), 0.0, True),
        (Owner(Owner.me().host, 2**22 + 1, 0.0), 0.0, True),
        (Owner("elsewhere", 1, 0.0), EXPIRES - 1, False),
        (Owner("elsewhere", 1, 0.0), EXPIRES + 1, True),
    ],
    ids=["this process", "its number, used before", "no such process", "elsewhere, heard of", "elsewhere, silent"],
)
def test_an_owner_is_gone_when_its_process_is_or_its_heart_has_stopped(owner: Owner, silent: float, gone: bool) -> None:
    assert owner.is_gone(beat=1000.0, now=1000.0 + silent) is gone


def test_a_full_disk_is_one_clear_error_and_what_was_written_stays(path: Path) -> None:
    with Journal.create(path) as journal:
        journal.append(What.ENDED, why="written")
        pages = journal._connection.execute("PRAGMA page_count").fetchone()[0]
        journal._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(JournalError, match=r"cannot write .*full") as caught:
            journal.append(What.ENDED, why="x" * 100_000)
        assert "resume" in caught.value.remedy
        assert [event.data["why"] for event in journal.events()] == ["written"]


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
