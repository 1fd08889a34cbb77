"""Compiled packages of a Lake project: statements import them, agents use them, and the judge too."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from agents.base import Agent, Bench, GaveUp
from agents.scripted import Scripted
from prover.bench.judging import Court
from prover.bench.problem import Problem, Suite
from prover.bench.rows import Results
from prover.bench.suites.wants import examine
from prover.bench.workspace import make
from prover.config import Config
from prover.errors import ProjectError
from prover.judge.gate import Gate
from prover.lean.build import Builder
from prover.lean.leanchecker import NativeKernel, lay_out
from prover.lean.native import Native
from prover.lean.packages import digest, identity, packages_of, with_packages
from prover.lean.sandbox import Unconfined
from prover.lean.toolchain import Toolchain
from prover.model import Attempt, Outcome, Task
from prover.project import Surveyor
from prover.team import Team
from tests.conftest import HEADER
from tests.test_bench_run import ends, judged, order, ran
from tests.test_build import Compiler, write
from tests.test_replay import native

OUTPUT = Path(".lake", "build", "lib", "lean")
BASIC = f"""{HEADER}
def Pack.thrice (n : Nat) : Nat := n + n + n

theorem Pack.thrice_eq (n : Nat) : Pack.thrice n = 3 * n := by
  unfold Pack.thrice
  omega
"""
WRONG = f"""{HEADER}
axiom Pack.cheat : False

theorem Pack.left_open : 1 = 2 := by
  sorry

theorem Pack.cheated : 1 = 3 := Pack.cheat.elim
"""
SIX = Problem("six", "theorem six (n : Nat) : Pack.thrice (2 * n) = 6 * n", header="import Pack.Basic")
PROOF = "by rw [Pack.thrice_eq]; omega"
TWO = Problem("two", "theorem two : 1 + 1 = 2")
FALSE = Problem("four", "theorem four : 1 = 4", header="import Pack.Wrong")


@pytest.fixture(scope="module")
async def using(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Lake project that was built elsewhere, with the package `pack`: compiled modules, and no sources."""
    folder = tmp_path_factory.mktemp("packages")
    (folder / "sources").mkdir()
    build = await builder.build(write(folder / "sources", {"Pack.Basic": BASIC, "Pack.Wrong": WRONG}))
    place = folder / "project" / ".lake" / "packages" / "pack" / OUTPUT
    lay_out([*build.modules.values()], place)
    for path in place.rglob("*.olean*"):  # the time is of the content, so that a second test run compiles nothing again
        seconds = int(sha256(path.read_bytes()).hexdigest()[:7], 16)
        os.utime(path, (seconds, seconds))
    return folder / "project"


@pytest.fixture(scope="module")
def surveyor(using: Path) -> Surveyor:
    return Surveyor.of(using, Config(), packages=True)


class Trying:
    """Hands in the first body that its bench calls closed; none of them needs to be right."""

    name = "trying"
    tries = 1

    def __init__(self, *bodies: str) -> None:
        self.bodies = bodies

    async def propose(self, task: Task, bench: Bench) -> Attempt | GaveUp:
        trials = await bench.try_bodies(self.bodies)
        closed = [trial.body for trial in trials if trial.closes]
        return Attempt(task.declaration.name, self.name, closed[0]) if closed else GaveUp(str(trials[0].messages))


# On the embedded Lean


async def drawn(surveyor: Surveyor, using: Path, folder: Path, agent: Agent) -> Results:
    """One sample of the agent at SIX."""
    config = Config(workers=1, spares=0)
    team = Team({agent.name: agent})
    what = order(surveyor.builder, SIX, team=team, surveyor=surveyor, project=using, config=config)
    return await ran(what, folder)


async def test_a_proof_with_a_lemma_of_a_package_is_proved_and_passes_the_kernel_again(
    surveyor: Surveyor, using: Path, tmp_path: Path
) -> None:
    found = await drawn(surveyor, using, tmp_path / "r", Scripted({"six": [f":= {PROOF}"]}))
    (row,) = found.rows
    assert (ends(found), found.unusable) == ({"six": ["proved"]}, ())
    assert "the kernel of embedded-4.28.0-pre, asked again, accepts it" in row.why
    assert found.settings["packages"] == identity(using, surveyor.builder.toolchain.packages)


@pytest.mark.slow
async def test_an_agent_tries_the_lemmas_of_a_package_at_its_bench(
    surveyor: Surveyor, using: Path, tmp_path: Path
) -> None:
    found = await drawn(surveyor, using, tmp_path / "r", Trying(":= by omega", f":= {PROOF}"))
    assert [(row.ended.value, row.body) for row in found.rows] == [("proved", f":= {PROOF}")]


@pytest.mark.slow
async def test_without_its_package_a_statement_is_counted_apart(builder: Builder, tmp_path: Path) -> None:
    made = await make(tmp_path / "w", [TWO, SIX], Surveyor(builder))
    assert [problem.name for problem in made.problems] == ["two"]
    assert [(one.name, "Pack" in one.why) for one in made.unusable] == [("six", True)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", ["Pack.cheat.elim", "absurd Pack.left_open (by decide)", "absurd Pack.cheated (by decide)"]
)
async def test_what_a_package_leaves_open_or_assumes_proves_nothing(
    surveyor: Surveyor, tmp_path: Path, body: str
) -> None:
    workspace = await make(tmp_path / "w", [FALSE], surveyor)
    async with Gate.opened(surveyor.builder) as gate:
        found = await judged(Court(gate, workspace, tmp_path / "j"), Attempt("four", "a", f":= {body}", number=1))
    assert found[1].outcome is not Outcome.PROVED


async def test_the_doctor_finds_what_is_there_and_misses_what_is_not(surveyor: Surveyor, builder: Builder) -> None:
    suite = Suite("s", (SIX, replace(SIX, name="seven", header="import Pack.Basic\nimport Mathlib"), TWO))
    lean = surveyor.builder.toolchain
    rows = {row.subject: row.problem for row in await examine(suite, lean, lean.packages)}
    assert rows["Pack.Basic, which 2 of 3 statements import"] == ""
    assert rows["Mathlib, which 1 of 3 statements import"] == "it is not there"
    rows = {row.subject: row.problem for row in await examine(suite, builder.toolchain, ())}
    assert rows["Pack.Basic, which 2 of 3 statements import"] == "it is not there"


# Which folders


def compiled(folder: Path, module: str = "A") -> Path:
    """A folder of compiled modules, with one that nobody reads."""
    folder.mkdir(parents=True)
    (folder / f"{module}.olean").write_bytes(b"old")
    return folder


def test_packages_come_in_the_order_of_their_names_and_the_projects_own_modules_last(
    tmp_path: Path, toolchain: Toolchain
) -> None:
    assert with_packages(toolchain, tmp_path) == toolchain
    own = compiled(tmp_path / OUTPUT)
    mathlib, aesop = (compiled(tmp_path / ".lake" / "packages" / name / OUTPUT) for name in ("mathlib", "aesop"))
    (tmp_path / ".lake" / "packages" / "unbuilt").mkdir()
    assert packages_of(tmp_path) == (aesop, mathlib)
    assert with_packages(toolchain, tmp_path).packages == (aesop, mathlib, own)


def test_the_digest_is_of_the_compiled_modules_and_of_nothing_else(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "p")
    was = digest([folder])
    (folder / "A.ilean").touch()
    (folder / "A.trace").touch()
    assert digest([folder]) == was
    os.utime(folder / "A.olean", (1, 1))
    touched = digest([folder])
    compiled(folder / "B", "C")
    assert len({was, touched, digest([folder])}) == 3


def test_packages_are_the_same_on_another_machine_where_lake_says_so(tmp_path: Path) -> None:
    here, there = (compiled(tmp_path / name / ".lake" / "packages" / "p" / OUTPUT) for name in ("here", "there"))
    os.utime(there / "A.olean", (1, 1))
    assert identity(tmp_path / "here", [here]) != identity(tmp_path / "there", [there])
    for name in ("here", "there"):
        (tmp_path / name / "lake-manifest.json").write_text('{"packages": []}')
    assert identity(tmp_path / "here", [here]) == identity(tmp_path / "there", [there])
    own = [compiled(tmp_path / name / OUTPUT) for name in ("here", "there")]  # of these, lake says nothing
    os.utime(own[1] / "A.olean", (1, 1))
    assert identity(tmp_path / "here", [here, own[0]]) != identity(tmp_path / "there", [there, own[1]])


def test_a_project_that_is_not_there_has_no_packages(tmp_path: Path, toolchain: Toolchain) -> None:
    with pytest.raises(ProjectError, match="there is no folder"):
        with_packages(toolchain, tmp_path / "none")


async def test_what_imports_a_package_is_compiled_again_when_that_has_changed(tmp_path: Path) -> None:
    folder = compiled(tmp_path / "p")
    compiler = Compiler(tmp_path / "log")
    (tmp_path / "root").mkdir()
    root = write(tmp_path / "root", {"M": ""})

    async def modules(*packages: Path) -> list[str]:
        await Builder(replace(compiler, packages=packages), tmp_path / "cache").build(root)
        return compiler.compiled()

    assert [await modules(), await modules(), await modules(folder), await modules(folder)] == [["M"], [], ["M"], []]
    (folder / "A.olean").write_bytes(b"other")
    assert [await modules(folder), await modules()] == [["M"], []]


# A native Lean


def test_a_native_lean_finds_packages_behind_what_it_is_told_to_look_at_first(tmp_path: Path) -> None:
    project, own = tmp_path / "project", compiled(tmp_path / "own")
    package = compiled(project / ".lake" / "packages" / "pack" / OUTPUT)
    lean = Native("path:lean", "4.30.0", tmp_path / "lib" / "lean", tmp_path / "bin" / "lean", Unconfined())
    command = with_packages(lean, project).command(["A.lean"], lean_path=[own])
    assert command.env["LEAN_PATH"] == f"{own}{os.pathsep}{package}"


async def test_leanchecker_finds_packages_too(using: Path, tmp_path: Path) -> None:
    last = f"os.environ['LEAN_PATH'].split({os.pathsep!r})[-1]"
    deed = f"sys.exit(0 if os.path.exists(os.path.join({last}, 'Pack', 'Basic.olean')) else 3)"
    lean = with_packages(native(tmp_path, deed), using)
    assert isinstance(lean, Native)
    async with NativeKernel(lean, tmp_path / "bin" / "leanchecker") as kernel:
        assert (await kernel.replay([])).all_refused == ""
