"""What a process that was killed left between its journal and its branch is brought to agree."""

from pathlib import Path

import pytest

from benchmarks.perf.stub import OK, Clock, StubBuilder, StubSurveyor, synthetic
from prover.blueprint.plan import Blueprint
from prover.git.repository import Repository
from prover.journal import Event, What
from prover.project import Survey, write
from prover.recovery import GONE, reconcile, steps
from prover.state import State, fold
from tests.builders import Step, assigned, judged, proposed, spent, state
from tests.test_story import git

RUN, T0, T1 = "one", "Stub.M000.t0", "Stub.M000.t1"
LOST = "1" * 40  # a commit that is nowhere


@pytest.fixture
def root(tmp_path: Path) -> Path:
    synthetic(tmp_path / "project", 3, seed=1)
    return tmp_path / "project"


@pytest.fixture
def repository(root: Path) -> Repository:
    return Repository.of(root)


async def survey(root: Path) -> Survey:
    return await StubSurveyor(StubBuilder(Clock()), Blueprint({})).survey(root)


async def proved(root: Path, repository: Repository) -> str:
    """A commit with a proof of the first theorem on top of the base; no branch has it."""
    base = await survey(root)
    worktree = repository.add_worktree(f"{RUN}/merge", repository.resolve("main"))
    write(worktree.project, base.spliced({T0: OK}))
    commit = repository.commit(worktree, "Prove it\n", "automation")
    repository.remove_worktree(worktree)
    return commit


def left(base: str, *more: Step) -> State:
    """A run that was left after these steps."""
    started = {"run": RUN, "branch": f"prover/{RUN}", "base": base, "toolchain": "stub"}
    surveyed = {"declarations": 43, "theorems": 3, "open": [T0, T1, "Stub.M000.t2"]}
    return state((What.STARTED, started), (What.SURVEYED, surveyed), *more)


def accepted(commit: str) -> tuple[Step, ...]:
    return assigned(T0), proposed(T0), judged(T0, "proved", commit=commit)


async def test_a_move_that_was_announced_is_made(root: Path, repository: Repository) -> None:
    base, commit = repository.resolve("main"), await proved(root, repository)
    repository.start(RUN, base)
    run = left(base, *accepted(commit))
    assert reconcile(run, repository) == repository.tip(RUN) == commit
    # And once it is made, it is not made again.
    assert reconcile(run, repository) == commit


async def test_what_was_accepted_is_merged_when_the_branch_has_it(root: Path, repository: Repository) -> None:
    base, commit = repository.resolve("main"), await proved(root, repository)
    git(root, "checkout", "-q", "--detach", commit)
    resumed, merged = steps(left(base, *accepted(commit)), await survey(root), commit)
    assert resumed == (What.RESUMED, {"tip": commit, "continued": [], "asked": {}})
    assert merged[0] is What.MERGED
    assert (merged[1]["attempt"], merged[1]["commit"], merged[1]["outcome"]) == (1, commit, "proved")
    assert (merged[1]["tip"], merged[1]["closed"], merged[1]["opened"]) == (commit, [T0], [])


async def test_a_commit_that_is_lost_is_judged_again(root: Path, repository: Repository) -> None:
    base = repository.resolve("main")
    repository.start(RUN, base)
    run = left(base, *accepted(LOST))
    assert reconcile(run, repository) == base
    _, (what, change) = steps(run, await survey(root), base)
    assert (what, change["tip"], change["closed"]) == (What.MOVED, base, [])


async def test_a_branch_that_somebody_else_has_moved_is_followed(root: Path, repository: Repository) -> None:
    base, commit = repository.resolve("main"), await proved(root, repository)
    repository.start(RUN, commit)
    git(root, "checkout", "-q", "--detach", commit)
    run = left(base, *accepted(LOST))
    assert reconcile(run, repository) == commit
    _, (what, change) = steps(run, await survey(root), commit)
    assert (what, change["tip"], change["closed"]) == (What.MOVED, commit, [T0])


def test_a_branch_that_was_never_made_or_is_gone_is_made(repository: Repository) -> None:
    base = repository.resolve("main")
    assert reconcile(left(base), repository) == repository.tip(RUN) == base


async def test_attempts_that_were_with_an_agent_are_dropped_and_proposals_are_not(root: Path) -> None:
    run = left("abc", assigned(T0), assigned(T1), proposed(T1))
    _, (what, about) = steps(run, await survey(root), "abc")
    assert (what, about["declaration"], about["why"]) == (What.DROPPED, T0, GONE)
    assert about["seconds"] == 2.0  # from its start to the last that was heard


async def test_attempts_that_have_paid_for_a_call_go_on(root: Path) -> None:
    run = left("abc", assigned(T0), spent(T0, tokens=10), assigned(T1), proposed(T1))
    ((what, data),) = steps(run, await survey(root), "abc")
    assert (what, data["continued"]) == (What.RESUMED, [1])
    before = run.spent_on[T0].seconds
    goes_on = fold([Event(99, 99.0, what, data)], run)
    assert goes_on.flights.keys() == {1, 2}
    # From its start to the last that was heard of the process before.
    assert goes_on.spent_on[T0].seconds == before + 3.0
