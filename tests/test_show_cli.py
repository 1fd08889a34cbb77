"""`prover show` on real journals: a list of attempts, one of them as a text, on a terminal, in a pipe, in a file."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agents.models.base import Text
from prover import show_cli
from prover.errors import ConfigError, JournalError
from prover.git.repository import Repository
from prover.journal import Journal, What
from prover.model import Usage
from prover.runs import journal_path
from tests.test_transcript import Talk, conversation, said

Make = Callable[[Mapping[str, str]], Path]
EVIL = "\x1b[31mred\x1b]0;title\x07\x9b2J"


@pytest.fixture
def root(project: Make) -> Path:
    return project({"A": "theorem done : True := trivial\n"})


def kept(root: Path, talk: Talk, run: str = "run-1") -> Path:
    """The talk as the journal of a run."""
    path = journal_path(Repository.of(root), run)
    with Journal.create(path) as journal:
        for event in talk.story.events:
            data = {**event.data, **({"run": run} if event.what is What.STARTED else {})}
            journal.extend([(event.what, data)], talk.said.get(data["number"], "") if event.what is What.SPENT else "")
    return path


def command(root: Path, *words: str | Path) -> Result:
    app = typer.Typer()
    app.command()(show_cli.show)
    return CliRunner().invoke(app, [*map(str, words), "--project", str(root)], env={"COLUMNS": "120"})


def two_agents() -> Talk:
    """Three attempts: one found nothing, one was bought, one is under way."""
    talk = Talk()
    talk.call(0, said(Text("Done.")), Usage(1500, 500), dollars=0.25)
    talk.story.nothing(talk.number)
    talk.story.assign("a", "automation")
    free = talk.story.assign("b", "sampler")
    talk.story.pay(free, tokens=12_000, dollars=None)
    talk.story.propose(free)
    return talk


def test_the_attempts_are_listed_with_what_each_has_cost_the_newest_last(root: Path) -> None:
    kept(root, two_agents())
    done = command(root)
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines() if "│" in line]
    assert rows == [
        ["1", "a", "refiner", "found nothing", "1", "2.0 K", "$0.25", "1.0 s"],
        ["2", "a", "automation", "under way", "", "", "", "0.0 s"],
        ["3", "b", "sampler", "under way", "1", "12.0 K", "unknown", "1.0 s"],
    ]


def test_a_declarations_attempts_are_listed_alone(root: Path) -> None:
    kept(root, two_agents())
    listed = json.loads(command(root, "b", "--json").stdout)
    assert [(one["attempt"], one["declaration"], one["group"]) for one in listed] == [(3, "b", "under way")]
    assert listed[0]["spent"]["unpriced"] == 12_000
    assert [one["attempt"] for one in json.loads(command(root, "--json").stdout)] == [1, 2, 3]


def test_an_attempt_in_a_pipe_is_its_markdown_and_in_a_file_the_same(root: Path, tmp_path: Path) -> None:
    kept(root, conversation())
    piped = command(root, "1")
    assert piped.stdout == conversation().page
    written = command(root, "1", "--to", tmp_path / "attempt.md")
    assert (written.exit_code, written.stdout) == (0, "")
    assert (tmp_path / "attempt.md").read_text(encoding="utf-8") == piped.stdout


def test_a_list_and_json_can_be_written_into_a_file_too(root: Path, tmp_path: Path) -> None:
    kept(root, conversation())
    command(root, "--to", tmp_path / "list.txt")
    assert "│ a           │ refiner │ proved │" in (tmp_path / "list.txt").read_text(encoding="utf-8")
    command(root, "1", "--json", "--to", tmp_path / "one.json")
    plain = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert plain == json.loads(command(root, "1", "--json").stdout)
    assert plain["calls"] == conversation().transcript.as_json()["calls"]


def test_the_latest_run_is_shown_or_the_one_that_is_named(root: Path) -> None:
    kept(root, conversation(), "zebra")
    kept(root, two_agents(), "ant")
    assert "ended: found nothing" in command(root, "1").stdout
    assert "ended: proved" in command(root, "1", "--run", "zebra").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["9"], "run run-1 has no attempt 9"),
        (["0"], "run run-1 has no attempt 0"),
        (["9" * 5000], "run run-1 has no attempt at 999"),
        (["nobody"], "run run-1 has no attempt at nobody"),
        (["-1"], "No such option"),
        (["1", "--run", "other"], "there is no journal at"),
    ],
)
def test_what_does_not_exist_is_said_in_one_line_with_what_to_do(root: Path, words: list[str], says: str) -> None:
    kept(root, conversation())
    done = command(root, *words)
    if isinstance(done.exception, SystemExit):
        assert (done.exit_code, says in done.stderr) == (2, True)
        return
    assert isinstance(done.exception, JournalError)
    assert says in str(done.exception)
    assert "\n" not in str(done.exception)
    assert "prover" in done.exception.remedy


def test_a_project_without_a_run_says_so(root: Path) -> None:
    error = command(root).exception
    assert isinstance(error, JournalError)
    assert "there has been no run" in str(error)


def test_a_place_that_cannot_be_written_is_said(root: Path, tmp_path: Path) -> None:
    kept(root, conversation())
    error = command(root, "1", "--to", tmp_path / "nowhere" / "x.md").exception
    assert isinstance(error, ConfigError)
    assert "No such file" in str(error)


SHOW = """
import sys, typer
from prover import show_cli
app = typer.Typer()
app.command()(show_cli.show)
app(sys.argv[1:])
"""


def on_a_terminal(root: Path, *words: str) -> str:
    """What the command writes where stdout is a real terminal."""
    master, slave = pty.openpty()
    command = [sys.executable, "-c", SHOW, *words, "--project", str(root)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=slave, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(slave)
        parts = []
        while part := _read(master):
            parts.append(part)
        os.close(master)
        assert process.wait(60) == 0
    return b"".join(parts).decode()


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # Linux says so that the other end has been closed
        return b""


def test_on_a_terminal_nothing_that_a_model_has_said_is_raw(root: Path) -> None:
    talk = Talk()
    talk.call(0, said(Text(f"{EVIL}\n# no heading\n```")), Usage(1, 1), model=f"m{EVIL}", prompt=EVIL)
    talk.story.add(What.NOTHING, **talk.story.attempts[1], seconds=1.0, why=f"it said {EVIL}", fault="")
    kept(root, talk)
    shown = on_a_terminal(root, "1")
    assert "⟨U+001B⟩[31mred⟨U+001B⟩]0;title⟨U+0007⟩⟨U+009B⟩2J" in shown
    assert "\x1b[1m" in shown  # rich's own: it is rendered
    assert not any(raw in shown for raw in ("\x1b[31mred", "\x1b]0;", "\x07", "\x9b"))
    assert "# Attempt" not in shown


def test_a_journal_that_a_run_is_writing_can_be_shown(root: Path) -> None:
    path = kept(root, Talk())
    about = {"attempt": 1, "declaration": "a", "agent": "refiner"}
    with Journal.resume(path) as writing:
        writing.append(What.NOTHING, **about, seconds=1.0, why="it gave up", fault="")
        assert "it gave up" in command(root, "1").stdout
        writing.append(What.ENDED, why="nothing left")
