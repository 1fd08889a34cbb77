"""Whatever is killed at whatever moment, what a run comes to in the end is what it would have come to undisturbed.

A life of the coordinator ends at a moment that is chosen for it, or while its git or its Lean is killed at random; the
next life goes on. After the last one nothing that was proved is lost, nothing is merged twice, and nothing is left
behind. The long form, on the real Lean, makes two hundred kills.
"""

from __future__ import annotations

import itertools
import json
import selectors
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil
import pytest

from benchmarks.perf.stub import BAD_BUILD, BAD_NAMED, OK, synthetic
from prover import example
from prover.journal import Journal, What
from prover.lease import NOBODY
from prover.state import fold
from tests.chaos_life import dooms
from tests.test_story import git

RUN = "run-1"
LIFE = 600.0  # seconds after which a life that neither ends nor is killed has failed
CHAPTERS = ("Sum", "Parity", "Power")
SOLUTIONS = Path(__file__).parent / "data" / "solutions" / "worked_example.toml"


@dataclass
class Chaos:
    """A project, the script of its agent, and how often something was killed."""

    root: Path
    script: Path
    options: tuple[str, ...]
    choose: Random
    kills: Counter[str] = field(default_factory=Counter)

    def life(self, doom: str = "", *, restless: bool = False) -> int:
        """One life of the process; its exit code. When `restless`, its git and its Lean are killed now and then."""
        words = [sys.executable, "-m", "tests.chaos_life", str(self.root), str(self.script), *self.options]
        words += ["--doom", doom] if doom else []
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            if restless:
                self._disturb(process)
            _, said = process.communicate(timeout=LIFE)
        if process.returncode == -9:
            self.kills[said.partition("dies ")[2].strip() or "whenever"] += 1
        else:
            assert process.returncode == 0, said
        return process.returncode

    def _disturb(self, process: subprocess.Popen[str]) -> None:
        """Kills some of its children, while it is quiet or whenever a git is at work, and then itself."""
        with selectors.DefaultSelector() as events:
            assert process.stdout is not None
            events.register(process.stdout, selectors.EVENT_READ)
            if not process.stdout.readline():  # from the first event on
                return
            left, only = self.choose.randint(1, 6), self.choose.choice(("git", ""))
            while left:
                said = events.select(timeout=0.0 if only else 0.4)
                if said and not process.stdout.readline():
                    return  # it has ended
                left -= (bool(only) or not said) and self._kill_child(process.pid, only)
        process.kill()

    def _kill_child(self, parent: int, only: str) -> bool:
        """Any child that there is now, or only one of that name."""
        with suppress(psutil.Error):
            children = psutil.Process(parent).children(recursive=True)
            if found := [child for child in children if child.name().startswith(only)]:
                child = self.choose.choice(found)
                self.kills[f"child {child.name()}"] += 1
                child.kill()
                return True
        return False

    def over(self) -> bool:
        journal = self.root / ".prover" / "runs" / RUN / "journal.sqlite"
        if not journal.exists():
            return False
        with Journal.read(journal) as read:
            return fold(read.events()).ended is not None and read.holder()[0] == NOBODY


def tree(root: Path) -> str:
    return git(root, "rev-parse", f"prover/{RUN}^{{tree}}").strip()


def declarations(root: Path) -> list[str]:
    """Those that were merged, by the commits of the run's branch."""
    log = git(root, "log", "--format=%(trailers:key=Declaration,valueonly,separator=%x2C)", f"main..prover/{RUN}")
    return [line for line in log.splitlines() if line]


def refs(root: Path) -> str:
    """The user's branches, index and stash."""
    ours = "refs/heads/prover/"
    return "".join(line for line in git(root, "for-each-ref").splitlines() if ours not in line) + git(
        root, "ls-files", "--stage"
    )


def assert_nothing_is_lost_or_left(chaos: Chaos, undisturbed: Path, before: str) -> None:
    root = chaos.root
    assert tree(root) == tree(undisturbed)
    merged = declarations(root)
    assert sorted(merged) == sorted(declarations(undisturbed))
    assert len(merged) == len(set(merged))
    with Journal.read(root / ".prover" / "runs" / RUN / "journal.sqlite") as journal:
        events = list(journal.events())
    state = fold(events)
    told = [event.data["declaration"] for event in events if event.what is What.MERGED]
    assert sorted(told) == sorted(merged)
    assert state.tip == git(root, "rev-parse", f"prover/{RUN}").strip()
    assert state.flights == {}
    assert git(root, "worktree", "list").count("\n") == 1
    assert list((root / ".prover" / "worktrees").glob("**/*")) == []
    assert list((root / ".git").rglob("*.lock")) == []
    assert refs(root) == before
    assert [process for process in psutil.process_iter() if _is_of(process, root)] == []


def _is_of(process: psutil.Process, root: Path) -> bool:
    with suppress(psutil.Error):
        return str(root) in " ".join(process.cmdline())
    return False


def undisturbed(make: Callable[[str], Chaos]) -> Chaos:
    calm = make("undisturbed")
    assert calm.life() == 0
    assert calm.over()
    return calm


# Without Lean

STUB = {
    **{f"Stub.M000.t{n}": [OK] for n in range(12)},
    "Stub.M000.t3": [BAD_NAMED, OK],
    "Stub.M000.t5": [BAD_BUILD, OK],
    "Stub.M000.t7": [f"{OK} uses Stub.M000.t2", f"{OK} uses Stub.M000.t2"],
}


def script(path: Path, answers: dict[str, list[str]]) -> Path:
    path.write_text("".join(f'"{name}" = {json.dumps(bodies)}\n' for name, bodies in answers.items()))
    return path


@pytest.fixture
def stub(tmp_path: Path) -> Callable[[str], Chaos]:
    """Makes copies of one stub project."""
    original = tmp_path / "original"
    synthetic(original, 14, seed=1)
    answers = script(tmp_path / "script.toml", STUB)

    def make(name: str) -> Chaos:
        shutil.copytree(original, tmp_path / name)
        return Chaos(tmp_path / name, answers, ("--stub",), Random(name))

    return make


# Moments that come in every run without Lean, in an order in which each life gets to its own
FATES = (
    *("event:started:before:1", "event:started:after:1", "git:start:after:1", "event:assigned:after:3"),
    *("event:resumed:before:1", "event:proposed:after:9", "git:commit:after:2", "event:built:after:1"),
    *("event:judged:before:1", "event:judged:after:1", "git:advance:before:1", "git:advance:after:1"),
    *("event:merged:after:1", "event:ended:before:1", "event:ended:after:1", "git:remove_worktree:before:1"),
)


def test_a_coordinator_that_is_killed_at_one_transition_after_another_loses_nothing(
    stub: Callable[[str], Chaos],
) -> None:
    chaos = stub("disturbed")
    before = refs(chaos.root)
    for fate in FATES:
        assert chaos.life(fate) == -9, fate
    assert chaos.life() == 0
    assert_nothing_is_lost_or_left(chaos, undisturbed(stub).root, before)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_kind_of_moment_may_be_the_last(stub: Callable[[str], Chaos]) -> None:
    calm, struck = undisturbed(stub).root, set[str]()
    for number, fate in enumerate(dooms()):
        chaos = stub(f"disturbed {number}")
        before = refs(chaos.root)
        chaos.life("event:assigned:after:4")  # so that there is something to resume and to drop
        if chaos.life(fate) == -9:
            struck.add(fate)
            chaos.life()
        assert_nothing_is_lost_or_left(chaos, calm, before)
    never = {What.SPENT, What.MOVED, What.CANARY, What.UNSOUND, What.STARTED, What.SURVEYED}
    expected = {fate for fate in dooms() if fate.split(":")[1] not in never | {"start", "sweep"}}
    assert expected <= struck


# On the real Lean


@pytest.fixture
def worked_example(tmp_path: Path) -> Callable[[str], Chaos]:
    """Copies of the worked example, whose agent knows some chapters' solutions, but has other answers first.

    Most of these are refused without a build, so that much happens in a run that does not take long.
    """
    original = tmp_path / "original"
    example.create(original)
    texts = "".join((original / "Numbers" / f"{chapter}.lean").read_text() for chapter in CHAPTERS)
    solutions = tomllib.loads(SOLUTIONS.read_text(encoding="utf-8"))
    known = sorted(name for name in solutions if f"theorem {name.removeprefix('Numbers.')} " in texts)
    wrong = {name: [":= by\n  nonsense"] for name in known[::5]}
    answers = {name: [*[":= by sorry"] * 4, *wrong.get(name, []), *[solutions[name]] * 3] for name in known}
    written = script(tmp_path / "script.toml", answers)

    def make(name: str) -> Chaos:
        shutil.copytree(original, tmp_path / name)
        careful = ("--careful",) if name.endswith("careful") else ()
        return Chaos(tmp_path / name, written, careful, Random(name))

    return make


KILLS = 200
ENOUGH = 40  # kills in one run, after which it may come to its end
RARE = ("judged", "built", "merged", "ended")


def fate(choose: Random) -> str:
    """Mostly the so manieth thing that happens, whatever it is; else one of what is rare."""
    when, dice = choose.choice(("before", "after")), choose.random()
    if dice < 0.65:
        return f"event:*:{when}:{choose.randint(1, 30)}"
    return f"git:*:{when}:{choose.randint(1, 8)}" if dice < 0.92 else f"event:{choose.choice(RARE)}:{when}:1"


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
@pytest.mark.usefixtures("toolchain")
def test_two_hundred_kills_change_nothing(worked_example: Callable[[str], Chaos]) -> None:
    calm, kills, choose, runs = undisturbed(worked_example), Counter[str](), Random(5), itertools.count(1)
    while kills.total() < KILLS:
        chaos = worked_example(f"disturbed {next(runs)}" + choose.choice((*[""] * 7, " careful")))
        before = refs(chaos.root)
        while not chaos.over():
            calmer, restless = chaos.kills.total() >= ENOUGH, choose.random() < 0.12
            chaos.life("" if restless or calmer else fate(choose), restless=restless and not calmer)
        assert_nothing_is_lost_or_left(chaos, calm.root, before)
        kills += chaos.kills
        print(f"{kills.total()} kills: {dict(kills)}", flush=True)
