"""Statement locks: what is locked stays, a cause is told from what follows, and only the lane changes a lock."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.automation import Automation
from prover import lane, locks
from prover.errors import LockError
from prover.lean.build import Builder
from prover.locks import Change, Entry, Lock, Present
from prover.model import Declaration, Kind
from prover.project import Survey, Surveyor
from tests.builders import declaration
from tests.test_cli import NO, YES, prover, refused
from tests.test_run import run
from tests.test_story import git

Make = Callable[[Mapping[str, str]], Path]
Surveyed = Callable[[str], Awaitable[tuple[Path, Survey]]]

SOURCE = """
/-- Below five. -/
def Small (n : Nat) : Prop := n < 5 -- strictly

structure Box where
  size : Nat

theorem small_one : Small 1 := by
  unfold Small
  omega

theorem box_full (b : Box) (h : 0 < b.size) : b.size ≠ 0 := by
  omega

theorem both (b : Box) (h : Small b.size) : Small b.size ∧ True := ⟨h, trivial⟩

theorem apart : 1 + 1 = 2 := rfl

theorem upon : 1 + 2 = 3 := by
  have := small_one
  rfl

variable (k : Nat)

theorem self : k = k := rfl
"""
# One definition says something else, and one theorem is proved in another way.
WIDER = SOURCE.replace("n < 5", "n < 7").replace("1 + 1 = 2 := rfl", "1 + 1 = 2 := by decide")
# Another two, one of them by a variable alone; a theorem is gone and one is new.
REWORKED = (
    WIDER.replace("  size : Nat\n", "  size : Nat\n  weight : Nat\n")
    .replace("(k : Nat)", "(k : Int)")
    .replace("theorem apart : 1 + 1 = 2 := by decide", "theorem fresh : 2 = 2 := rfl")
)


@pytest.fixture
def surveyed(builder: Builder, project: Make) -> Surveyed:
    """Puts a text into the one module of a project; returns the project's folder and what was compiled."""
    made: list[Path] = []

    async def survey(text: str) -> tuple[Path, Survey]:
        if not made:
            made.append(project({"A": SOURCE}))
        file = made[0] / "A.lean"
        file.write_text(file.read_text().partition("public section\n")[0] + "public section\n" + text)
        return made[0], Surveyor(builder).read(await builder.build(made[0]))

    return survey


def entry(statement: str, own: str = "0") -> Entry:
    return Entry(kind="theorem", reads="theorem t : True", own=own * 64, statement=statement * 64)


# The file

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
kinds = st.sampled_from([kind.value for kind in Kind])
entries = st.builds(Entry, kind=kinds, reads=st.text(), own=digests, statement=digests)


@given(statements=st.dictionaries(st.text(min_size=1), entries, max_size=5))
def test_a_lock_is_read_back_as_it_was_written_and_has_one_form(
    statements: dict[str, Entry], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("lock")
    text = Lock(statements=statements).text()
    (root / locks.FILE).write_text(text, encoding="utf-8", newline="\n")
    found = locks.find(root)
    assert found is not None
    assert found.statements == statements
    assert Lock(statements=dict(reversed(statements.items()))).text() == found.text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< ours\n{}\n",
        '{"statements": []}',
        '{"statements": {}, "format": 2}',
        '{"statements": {"a": {"kind": "theorem", "reads": "", "own": "0", "statement": "0"}}}',
        '{"statements": {}, "unlocked": ["a"]}',
    ],
)
def test_what_is_no_lock_is_refused_and_never_read_as_an_empty_one(text: str, tmp_path: Path) -> None:
    (tmp_path / locks.FILE).write_text(text)
    with pytest.raises(LockError, match="cannot read") as caught:
        locks.find(tmp_path)
    assert "git" in caught.value.remedy
    with pytest.raises(LockError):
        locks.enforce(tmp_path, {})


# What is checked


sayings = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("012"))


@given(locked=sayings, now=sayings)
def test_the_check_names_exactly_the_locked_names_that_say_something_else_or_are_gone(
    locked: dict[str, str], now: dict[str, str]
) -> None:
    lock = Lock(statements={name: entry(digit) for name, digit in locked.items()})
    declarations = {name: _saying(name, digit) for name, digit in now.items()}
    assert locks.check(lock, declarations) == sorted(n for n in locked if locked[n] != now.get(n))


def _saying(name: str, digit: str) -> Declaration:
    return replace(declaration(name), statement=digit * 64)


def test_an_error_of_the_check_is_one_line_with_the_first_names_and_the_lane(tmp_path: Path) -> None:
    (tmp_path / locks.FILE).write_text(Lock(statements={name: entry("1") for name in "abcde"}).text())
    with pytest.raises(LockError, match=r"^not as locked in statements.lock: a, b, c and 2 more$") as caught:
        locks.enforce(tmp_path, {})
    assert "prover lock --diff" in caught.value.remedy


def test_a_change_that_nothing_of_the_project_explains_is_a_change_of_the_declaration_itself() -> None:
    lock, now = Lock(statements={"a": entry("1")}), Present({"a": entry("2")}, {"a": frozenset()})
    (difference,) = locks.compare(lock, now)
    assert (difference.change, difference.causes) == (Change.CHANGED, ())


# What differs, on the real Lean


async def changes(surveyed: Surveyed, text: str) -> dict[str, tuple[Change, tuple[str, ...]]]:
    """What differs from the lock of SOURCE once the project has another text."""
    root, survey = await surveyed(SOURCE)
    lane.lock(root, survey)
    root, survey = await surveyed(text)
    return {d.name: (d.change, d.causes) for d in lane.difference(root, survey).left}


async def test_every_declaration_is_locked_as_it_reads_and_nothing_differs_then(surveyed: Surveyed) -> None:
    root, survey = await surveyed(SOURCE)
    step = lane.lock(root, survey)
    assert (step.lock.statements.keys(), list(step.left)) == (survey.declarations.keys(), [])
    reads = {name: found.reads for name, found in step.lock.statements.items()}
    assert reads["Small"] == "def Small (n : Nat) : Prop := n < 5"
    assert reads["Box"] == "structure Box where size : Nat"
    assert reads["both"] == "theorem both (b : Box) (h : Small b.size) : Small b.size ∧ True"
    written = (root / locks.FILE).read_bytes()
    assert not lane.lock(root, survey).added
    assert (root / locks.FILE).read_bytes() == written


async def test_another_proof_is_no_difference_and_what_follows_names_its_cause(surveyed: Surveyed) -> None:
    follows = (Change.FOLLOWS, ("Small",))
    assert await changes(surveyed, WIDER) == {"Small": (Change.CHANGED, ()), "small_one": follows, "both": follows}


async def test_a_field_a_variable_a_removal_and_an_addition_are_differences(surveyed: Surveyed) -> None:
    assert await changes(surveyed, REWORKED) == {
        "Small": (Change.CHANGED, ()),
        "Box": (Change.CHANGED, ()),
        "self": (Change.CHANGED, ()),
        "small_one": (Change.FOLLOWS, ("Small",)),
        "box_full": (Change.FOLLOWS, ("Box",)),
        "both": (Change.FOLLOWS, ("Box", "Small")),
        "apart": (Change.REMOVED, ()),
        "fresh": (Change.ADDED, ()),
    }


# The lane


async def test_locking_again_adds_what_is_new_and_touches_nothing_else(surveyed: Surveyed) -> None:
    before = lane.lock(*await surveyed(SOURCE)).lock
    step = lane.lock(*await surveyed(REWORKED))
    assert step.added == ["fresh"]
    assert {name: e for name, e in step.lock.statements.items() if name != "fresh"} == before.statements
    assert {d.name for d in step.left} == {"Small", "Box", "self", "small_one", "box_full", "both", "apart"}


async def test_accepting_a_cause_accepts_what_follows_from_it_alone(surveyed: Surveyed) -> None:
    lane.lock(*await surveyed(SOURCE))
    root, survey = await surveyed(REWORKED)
    step = lane.accept(root, survey, ["Small"])
    assert [d.name for d in step.accepted] == ["Small", "small_one"]
    assert {d.name for d in step.left} == {"Box", "self", "box_full", "both", "apart", "fresh"}
    assert step.dependents == {"both": "proved", "upon": "proved"}
    # What follows from both is accepted with the second of them.
    assert [d.name for d in lane.accept(root, survey, ["Box"]).accepted] == ["Box", "both", "box_full"]
    rest = [d.name for d in lane.accept(root, survey, ["self", "apart", "fresh"]).accepted]
    assert rest == ["apart", "fresh", "self"]
    assert not lane.difference(root, survey).left
    locks.enforce(root, survey.declarations)


async def test_accepting_two_causes_together_accepts_what_follows_from_both(surveyed: Surveyed) -> None:
    lane.lock(*await surveyed(SOURCE))
    root, survey = await surveyed(REWORKED)
    accepted = {d.name for d in lane.accept(root, survey, ["Small", "Box"]).accepted}
    assert accepted == {"Small", "Box", "small_one", "box_full", "both"}


async def test_accepting_what_follows_does_not_accept_its_cause(surveyed: Surveyed) -> None:
    lane.lock(*await surveyed(SOURCE))
    root, survey = await surveyed(WIDER)
    assert [d.name for d in lane.accept(root, survey, ["both"]).accepted] == ["both"]
    assert [d.name for d in lane.difference(root, survey).left] == ["Small", "small_one"]


async def test_what_does_not_differ_cannot_be_accepted(surveyed: Surveyed) -> None:
    root, survey = await surveyed(SOURCE)
    with pytest.raises(LockError, match=r"there is no statements\.lock"):
        lane.accept(root, survey, ["Small"])
    lane.lock(root, survey)
    with pytest.raises(LockError, match="Small is as it is locked"):
        lane.accept(root, survey, ["Small"])
    with pytest.raises(LockError, match="there is no nonsense"):
        lane.accept(root, survey, ["nonsense"])


async def test_a_lock_that_cannot_be_written_is_one_error(surveyed: Surveyed) -> None:
    root, survey = await surveyed(SOURCE)
    assert locks.file_digest(root) is None
    (root / locks.FILE).mkdir()
    with pytest.raises(LockError, match="cannot write"):
        lane.lock(root, survey)


async def test_reopening_puts_holes_for_the_proofs_that_rest_on_the_change_and_no_others(surveyed: Surveyed) -> None:
    lane.lock(*await surveyed(SOURCE))
    root, survey = await surveyed(WIDER)
    step = lane.accept(root, survey, ["Small"], reopen=True)
    assert step.reopened == ["both", "small_one", "upon"]
    _, survey = await surveyed((root / "A.lean").read_text().partition("public section\n")[2])
    assert survey.graph.holes() == {"both", "small_one", "upon"}
    assert not lane.difference(root, survey).left


# Where it is held


@pytest.mark.usefixtures("toolchain")
async def test_a_run_does_not_start_on_a_statement_that_is_not_as_it_is_locked(surveyed: Surveyed) -> None:
    root, survey = await surveyed(SOURCE)
    lane.lock(root, survey)
    await surveyed(WIDER)
    git(root, "add", ".")
    git(root, "commit", "-qm", "a wider definition, without a word")
    with pytest.raises(LockError, match="Small, both, small_one"):
        await run(root, Automation())
    assert git(root, "branch", "--list", "prover/*") == ""


@pytest.mark.usefixtures("toolchain")
def test_the_command_says_yes_or_no_and_prints_what_changed(project: Make) -> None:
    root = project({"A": SOURCE})
    assert prover("lock", root).returncode == YES
    file = root / "A.lean"
    file.write_text(file.read_text().replace("n < 5", "n < 7").replace("1 + 1 = 2 := rfl", "1 + 1 = 2 := by decide"))

    shown = prover("lock", root, "--diff")
    assert shown.returncode == NO
    assert "- def Small (n : Nat) : Prop := n < 5\n  + def Small (n : Nat) : Prop := n < 7\n" in shown.stdout
    assert "follows from Small  small_one" in shown.stdout
    assert "do not go together" in refused(prover("lock", root, "--diff", "--accept", "Small"))

    accepted = prover("lock", root, "--accept", "Small", "--json")
    assert accepted.returncode == YES
    step = json.loads(accepted.stdout)
    assert [d["name"] for d in step["accepted"]] == ["Small", "both", "small_one"]
    assert (step["dependents"], step["differences"]) == ({"upon": "proved"}, [])
