"""Git for runs: the branch moves only by compare-and-swap, and the user's checkout is never touched."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from prover.errors import NoProject, RepositoryError
from prover.repository import Repository

RUN = "one"


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=User", "-c", "user.email=user@localhost")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit, whose Lean project is the folder `lean`."""
    folder = tmp_path / "checkout"
    (folder / "lean").mkdir(parents=True)
    (folder / "lean" / "A.lean").write_text("theorem a : True := sorry\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


@pytest.fixture
def repository(checkout: Path) -> Repository:
    return Repository.of(checkout / "lean")


def start(repository: Repository) -> str:
    base = repository.resolve("HEAD")
    repository.start(RUN, base)
    return base


def prove(repository: Repository, base: str, *, worktree: str = "one") -> str:
    """A commit on top of `base` with the hole filled."""
    tree = repository.add_worktree(worktree, base)
    (tree.project / "A.lean").write_text(f"theorem a : True := trivial -- {worktree}\n")
    return repository.commit(tree, "Prove a", author="automation")


def test_a_folder_that_is_not_there_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(NoProject, match="no folder"):
        Repository.of(tmp_path / "nowhere")


def test_a_folder_outside_git_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="not in a git repository") as caught:
        Repository.of(tmp_path)
    assert "git init" in caught.value.remedy


def test_a_repository_without_a_commit_says_what_to_do(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(RepositoryError, match="no commit"):
        Repository.of(tmp_path)


def test_a_worktree_shows_the_project_of_its_commit(repository: Repository) -> None:
    tree = repository.add_worktree("one", start(repository))
    assert (tree.project / "A.lean").read_text() == "theorem a : True := sorry\n"
    assert tree.project.name == "lean"


def test_a_commit_moves_no_branch(repository: Repository) -> None:
    base = start(repository)
    commit = prove(repository, base)
    assert commit != base
    assert repository.tip(RUN) == base == repository.resolve("main")


def test_the_branch_moves_from_the_expected_commit_only(repository: Repository) -> None:
    base = start(repository)
    first = prove(repository, base, worktree="one")
    second = prove(repository, base, worktree="two")
    repository.advance(RUN, old=base, new=first)
    with pytest.raises(RepositoryError, match="update-ref failed"):
        repository.advance(RUN, old=base, new=second)
    assert repository.tip(RUN) == first


def test_a_run_cannot_start_twice_under_one_name(repository: Repository) -> None:
    base = start(repository)
    with pytest.raises(RepositoryError):
        repository.start(RUN, base)


def test_runs_are_listed_by_their_branches(repository: Repository) -> None:
    assert repository.runs() == []
    start(repository)
    assert repository.runs() == [RUN]


def test_the_users_checkout_stays_as_it_was_even_when_dirty(repository: Repository, checkout: Path) -> None:
    (checkout / "lean" / "A.lean").write_text("theorem a : True := by -- in the middle of it\n")
    git(checkout, "add", ".")
    (checkout / "notes.txt").write_text("mine\n")
    before = (
        git(checkout, "status", "--porcelain"),
        git(checkout, "diff", "HEAD"),
        git(checkout, "branch", "--show-current"),
    )
    base = start(repository)
    repository.advance(RUN, old=base, new=prove(repository, base))
    after = (
        git(checkout, "status", "--porcelain"),
        git(checkout, "diff", "HEAD"),
        git(checkout, "branch", "--show-current"),
    )
    assert before == after
    assert repository.is_dirty()


def test_hooks_and_signing_of_the_user_do_not_run(repository: Repository, checkout: Path) -> None:
    hook = checkout / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    git(checkout, "config", "commit.gpgSign", "true")
    base = start(repository)
    assert prove(repository, base) != base


def test_the_author_is_the_agent(repository: Repository, checkout: Path) -> None:
    commit = prove(repository, start(repository))
    assert git(checkout, "show", "-s", "--format=%an", commit) == "automation"


def test_a_tree_has_the_same_hash_before_and_after_its_commit(repository: Repository) -> None:
    tree = repository.add_worktree("one", start(repository))
    (tree.project / "A.lean").write_text("theorem a : True := trivial\n")
    before = repository.tree(tree)
    repository.commit(tree, "Prove a", author="automation")
    assert repository.tree(tree) == before


def test_a_removed_worktree_leaves_no_trace(repository: Repository, checkout: Path) -> None:
    tree = repository.add_worktree("one", start(repository))
    repository.remove_worktree(tree)
    assert not tree.path.exists()
    assert git(checkout, "worktree", "list").count("\n") == 0


async def test_worktrees_come_and_go_side_by_side(repository: Repository, checkout: Path) -> None:
    base = start(repository)

    async def use(name: str) -> None:
        for _ in range(5):
            async with repository.worktree(name, base) as tree:
                assert (tree.project / "A.lean").exists()

    async with asyncio.TaskGroup() as group:
        for name in "abcdefgh":
            group.create_task(use(name))
    assert git(checkout, "worktree", "list").count("\n") == 0


def test_what_a_killed_run_left_in_the_way_is_replaced(repository: Repository) -> None:
    base = start(repository)
    left = repository.add_worktree("one", base)
    (left.project / "A.lean").write_text("half a proof")
    assert (repository.add_worktree("one", base).project / "A.lean").read_text() == "theorem a : True := sorry\n"


def test_the_words_of_git_are_in_the_error(repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="git worktree failed"):
        repository.add_worktree("one", "no-such-commit")
