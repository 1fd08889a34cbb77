"""The certificate: what is proved is said to be, what is not is not, and one commit has one certificate."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from prover import lane
from prover.certificate import Certificate, certify
from prover.certificate_page import page
from prover.errors import BuildFailed, ProjectError, RepositoryError
from prover.judge.certificate import Row, Standing, rows
from prover.lean.build import Builder, nobody
from prover.lean.declarations import declared
from prover.lean.environment import Environment
from prover.lean.expr import BVAR
from prover.lean.module import Constant, Module, Safety
from prover.lean.name import Name
from prover.lean.replay import Replayed
from prover.model import Reason
from prover.project import Surveyor
from tests.test_cli import NO, YES, prover, refused
from tests.test_expr import expr
from tests.test_story import git

Make = Callable[[Mapping[str, str]], Path]
TEXT = Path(__file__).parent.parent / "lean_project"

GROUND = """
/-- A definition that is all there. -/
def Small (n : Nat) : Prop := n < 5

theorem done : Small 1 := by
  unfold Small
  omega

theorem gap : 2 + 2 = 4 := by
  sorry
"""
ABOVE = """module

public import Ground

@[expose] public section

theorem upon_gap : 2 + 2 = 4 := gap

axiom cheat : (0 : Nat) = 1

theorem cheated : (2 : Nat) = 3 := absurd cheat (by decide)

theorem evaluated : 2 ^ 10 = 1024 := by native_decide

axiom Point : Type

theorem about (p : Point) : p = p := rfl

theorem extensional (p q : Prop) (h : p ↔ q) : p = q := propext h

def half : Nat := sorry

theorem upon_half : half = half := rfl

structure Box where
  size : Nat
"""
STANDINGS = {
    "Small": Standing.COMPLETE,
    "done": Standing.PROVED,
    "gap": Standing.OPEN,
    "upon_gap": Standing.OPEN,
    "cheat": Standing.ASSUMED,
    "cheated": Standing.REFUSED,
    "evaluated": Standing.REFUSED,
    "Point": Standing.ASSUMED,
    "about": Standing.PROVED,
    "extensional": Standing.PROVED,
    "half": Standing.OPEN,
    "upon_half": Standing.OPEN,
    "Box": Standing.COMPLETE,
}


@pytest.fixture
def root(project: Make) -> Path:
    """A project with something of everything, and a lock that it agrees with."""
    return project({"Ground": GROUND, "Above": ABOVE})


@pytest.fixture
async def environment(builder: Builder, root: Path) -> Environment:
    return (await builder.build(root)).environment


def by_name(found: list[Row]) -> dict[str, Row]:
    return {row.name: row for row in found}


# The judging


async def test_every_declaration_gets_the_standing_that_its_compiled_data_bears_out(environment: Environment) -> None:
    assert {row.name: row.standing for row in rows(environment)} == STANDINGS


async def test_what_is_not_proved_says_why(environment: Environment) -> None:
    found = by_name(rows(environment))
    why = {name: (row.reasons, row.explanation) for name, row in found.items() if row.reasons}
    assert why == {
        "gap": ((Reason.SORRY,), "it has a hole"),
        "upon_gap": ((Reason.SORRY,), "it rests on the open gap"),
        "cheated": ((Reason.AXIOM,), "it uses the axiom cheat"),
        "evaluated": ((Reason.TRUST_COMPILER,), "it trusts the compiler's evaluation instead of the kernel's"),
        "half": ((Reason.SORRY,), "it has a hole"),
        "upon_half": ((Reason.SORRY,), "it rests on the open half"),
    }
    assert found["upon_half"].rests_on == ("half",)


async def test_the_axioms_of_everything_are_listed(environment: Environment) -> None:
    found = {row.name: row.axioms for row in rows(environment)}
    assert found["extensional"] == ("propext",)
    assert found["about"] == ("Point",)
    assert {"cheat"} <= set(found["cheated"]) <= {"cheat", "propext"}
    assert "sorryAx" in found["upon_half"]
    assert found["Small"] == ()


async def test_what_the_kernel_refuses_counts_against_all_that_rests_on_it(environment: Environment) -> None:
    small = next(name for name in environment.constants if str(name.user) == "Small")
    replayed = Replayed("some kernel", 9, {small: "it is ill-typed"})
    found = by_name(rows(environment, replayed))
    assert found["Small"].reasons == (Reason.KERNEL,)
    assert found["Small"].explanation.endswith("it is ill-typed")
    refused = {name for name, row in found.items() if Reason.KERNEL in row.reasons}
    assert refused == {name for name in found if small in environment.reached(declared(environment)[name])}
    everything = by_name(rows(environment, Replayed("some kernel", 9, all_refused="found a problem")))
    assert all(Reason.KERNEL in row.reasons for row in everything.values())


def altered(environment: Environment, name: str, **changes: Any) -> Environment:
    """The environment with one constant of `Ground` made something else."""

    def other(constant: Constant) -> Constant:
        return replace(constant, **changes) if constant.name == Name.parse(name) else constant

    ground = environment.modules["Ground"]
    constants = {found.name: found for found in map(other, ground.constants.values())}
    module = Module(ground.imports, constants, ground.entries, ground.is_module, ground.word)
    return Environment({**environment.modules, "Ground": module})


async def test_a_theorem_upon_unsafe_code_is_refused(environment: Environment) -> None:
    done = by_name(rows(altered(environment, "Small", safety=Safety.UNSAFE)))["done"]
    assert (done.standing, done.reasons) == (Standing.REFUSED, (Reason.HYGIENE,))
    assert "Small, which is unsafe code" in done.explanation


async def test_a_term_that_is_not_finished_refuses_what_rests_on_it(environment: Environment) -> None:
    found = by_name(rows(altered(environment, "Small", value=expr(BVAR, 0))))
    assert found["Small"].reasons == found["done"].reasons == (Reason.HYGIENE,)


# The certificate


@pytest.fixture(scope="module")
def worked_example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked example in a repository of its own, with its statements locked."""
    root = tmp_path_factory.mktemp("example") / "numbers"
    shutil.copytree(TEXT, root, ignore=shutil.ignore_patterns(".prover", ".lake"))
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "first")
    return root


def names_and_verdicts(certificate: Certificate) -> dict[str, str]:
    return {row["name"]: row["verdict"] for row in certificate.content["declarations"]}


@pytest.mark.usefixtures("toolchain")
async def test_two_clones_of_one_commit_get_the_same_bytes(worked_example: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(worked_example), "elsewhere")
    one, two = await certify(worked_example, nobody), await certify(tmp_path / "elsewhere", nobody)
    assert (one.text, page(one)) == (two.text, page(two))
    assert one.content["commit"] == git(worked_example, "rev-parse", "HEAD").strip()
    assert one.content["tree"] == git(worked_example, "rev-parse", "HEAD^{tree}").strip()
    for place in (worked_example, tmp_path, Path.home()):
        assert str(place) not in one.text + page(one)


@pytest.mark.usefixtures("toolchain")
async def test_the_certificate_of_the_worked_example_agrees_with_its_survey(
    worked_example: Path, builder: Builder
) -> None:
    survey = await Surveyor(builder).survey(worked_example)
    found = names_and_verdicts(await certify(worked_example, nobody))
    assert found.keys() == survey.declarations.keys()
    assert {name for name, verdict in found.items() if verdict == "open"} == survey.graph.open()
    assert {name for name, verdict in found.items() if verdict == "proved"} == survey.theorems() - survey.graph.open()
    assert set(found.values()) == {"proved", "complete", "open"}


@pytest.mark.usefixtures("toolchain")
async def test_compiling_everything_again_changes_no_byte_and_leaves_no_worktree(project: Make) -> None:
    root = project({"Ground": GROUND})
    cached, fresh = await certify(root, nobody), await certify(root, nobody, fresh=True)
    assert cached.text == fresh.text
    assert git(root, "worktree", "list").count("\n") == 1
    assert not any((root / ".prover" / "worktrees").iterdir())


@pytest.mark.usefixtures("toolchain")
async def test_a_commit_is_judged_and_not_what_lies_around(root: Path) -> None:
    committed = await certify(root, nobody)
    assert names_and_verdicts(committed) == {name: standing.value for name, standing in STANDINGS.items()}
    (root / "Ground.lean").write_text("this is no Lean")
    (root / "Other.lean").write_text("axiom anything : False")
    assert (await certify(root, nobody)).text == committed.text
    git(root, "add", ".")
    git(root, "commit", "-qm", "broken")
    with pytest.raises(BuildFailed, match="Ground"):
        await certify(root, nobody)
    assert (await certify(root, nobody, revision="HEAD~1")).text == committed.text
    with pytest.raises(RepositoryError):
        await certify(root, nobody, revision="nowhere")


@pytest.mark.usefixtures("toolchain")
async def test_a_checkout_that_changes_while_it_is_compiled_gets_no_certificate(root: Path) -> None:
    def meddle(ready: int, total: int) -> None:
        for file in (root / ".prover" / "worktrees").glob("*/Ground.lean"):
            file.write_text("theorem changed : 1 = 1 := rfl")

    with pytest.raises(ProjectError, match="changed while it was compiled"):
        await certify(root, meddle)


@pytest.mark.usefixtures("toolchain")
async def test_the_certificate_says_whether_the_statements_are_as_locked(root: Path, builder: Builder) -> None:
    assert (await certify(root, nobody)).content["lock"] == {"sha256": None, "locked": 0, "violated": []}
    lane.lock(root, Surveyor(builder).read(await builder.build(root)))
    git(root, "add", ".")
    git(root, "commit", "-qm", "locked")
    locked = (await certify(root, nobody)).content["lock"]
    assert (locked["locked"], locked["violated"]) == (len(STANDINGS), [])
    assert locked["sha256"] == sha256((root / "statements.lock").read_bytes()).hexdigest()

    file = root / "Ground.lean"
    file.write_text(file.read_text().replace("n < 5", "n < 7"))
    git(root, "commit", "-qam", "a wider definition, without a word")
    assert (await certify(root, nobody)).content["lock"]["violated"] == ["Small", "done"]


# The page


class Reader(HTMLParser):
    """What a browser would make of the page: ids, links within it, elements that are still open, what is fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            if key == "href" and (value or "").startswith("#"):
                self.links.append(unquote((value or "")[1:]))
            if key == "src" or (tag == "link" and key == "href"):
                self.fetched.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.usefixtures("toolchain")
async def test_the_page_shows_every_declaration_and_links_to_what_is_there(root: Path) -> None:
    certificate = await certify(root, nobody)
    text = page(certificate)
    read = Reader(text)
    assert set(STANDINGS) <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))
    assert set(read.links) <= set(read.ids)
    assert (read.open, read.fetched, "script" in read.tags) == ([], [], False)
    assert sha256(certificate.text.encode()).hexdigest() in text
    assert "Not everything is proved" in text


@pytest.mark.usefixtures("toolchain")
async def test_nothing_in_a_project_can_act_on_the_page(project: Make) -> None:
    root = project(
        {"A": 'def loud : String := "</code><script>alert(1)</script>"\n\ntheorem «a <b> c» : 1 < 2 := by decide\n'}
    )
    certificate = await certify(root, nobody)
    read = Reader(page(certificate))
    assert (read.open, "script" in read.tags, "b" in read.tags) == ([], False, True)
    assert certificate.clean


# The command


@pytest.mark.usefixtures("toolchain")
def test_the_command_says_no_and_why_and_writes_both_files(root: Path, tmp_path: Path) -> None:
    done = prover("certify", root, "--out", tmp_path / "out")
    assert done.returncode == NO
    assert "refused  cheated: it uses the axiom cheat\n" in done.stdout
    assert "13 declarations: 3 proved, 2 complete, 2 axiom, 4 open, 2 refused\n" in done.stdout
    written = (tmp_path / "out" / "certificate.json").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "certificate.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads(written)["summary"]["refused"] == 2

    assert "cannot write" in refused(prover("certify", root, "--json", "--out", root / "Ground.lean"))


@pytest.mark.usefixtures("toolchain")
def test_the_command_says_yes_when_everything_is_proved(project: Make) -> None:
    done = prover("certify", project({"A": "theorem done : 1 = 1 := rfl\n"}), "--json")
    assert done.returncode == YES
    assert json.loads(done.stdout)["summary"]["proved"] == 1
