"""Git for runs: the branch moves only by compare-and-swap, and the user's checkout is never touched."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from prover.errors import BranchMoved, GitInterrupted, NoProject, RepositoryError
from prover.git import command
from prover.git.repository import Repository

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
    with pytest.raises(BranchMoved, match="not at") as caught:
        repository.advance(RUN, old=base, new=second)
    assert caught.value.at == first
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
        for _ in range(2):
            async with repository.worktree(name, base) as tree:
                assert (tree.project / "A.lean").exists()

    async with asyncio.TaskGroup() as group:
        for name in "abcdef":
            group.create_task(use(name))
    assert git(checkout, "worktree", "list").count("\n") == 0


def test_what_a_killed_run_left_in_the_way_is_replaced(repository: Repository) -> None:
    base = start(repository)
    left = repository.add_worktree("one", base)
    (left.project / "A.lean").write_text("half a proof")
    assert (repository.add_worktree("one", base).project / "A.lean").read_text() == "theorem a : True := sorry\n"


# What is read without a checkout


def test_a_file_is_read_as_its_commit_has_it(repository: Repository) -> None:
    base = start(repository)
    commit = prove(repository, base)
    assert repository.read(base, "A.lean") == "theorem a : True := sorry\n"
    assert repository.read(commit, "A.lean") == "theorem a : True := trivial -- one\n"


def test_a_file_is_read_with_the_ends_of_its_lines(repository: Repository, checkout: Path) -> None:
    (checkout / "lean" / "B.lean").write_bytes("-- größer\r\n\n".encode())
    git(checkout, "add", ".")
    git(checkout, "commit", "-m", "second")
    assert repository.read(repository.resolve("HEAD"), "B.lean") == "-- größer\r\n\n"


@pytest.mark.parametrize("path", ["B.lean", "A.lean/x", "", ".", "../notes.txt", "sub/../A.lean", "/etc/hostname"])
def test_what_is_no_file_of_the_project_is_not_found(repository: Repository, checkout: Path, path: str) -> None:
    (checkout / "notes.txt").write_text("mine\n")
    git(checkout, "add", ".")
    git(checkout, "commit", "-m", "second")
    with pytest.raises(FileNotFoundError):
        repository.read(repository.resolve("HEAD"), path)


def test_a_file_of_no_commit_is_an_error_of_its_own(repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="there is no commit 1234"):
        repository.read("1234" * 10, "A.lean")


def test_a_commit_is_there_only_with_all_that_it_needs(repository: Repository, checkout: Path) -> None:
    commit = prove(repository, start(repository))
    assert repository.has(commit)
    assert not repository.has("1234" * 10)
    blob = git(checkout, "rev-parse", f"{commit}:lean/A.lean")
    (checkout / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert not repository.has(commit)


# Killed in the middle


WRAPPER = """#!/bin/sh
count=$(($(cat {folder}/count) + 1)); echo $count > {folder}/count
if [ $count -ge {first} ] && [ $count -le {last} ] && [ $((count % {each})) = 0 ]; then
    case {when} in
    done) {git} "$@" > /dev/null 2>&1 ;;
    locked)
        there=$({git} rev-parse --absolute-git-dir)
        case "$there" in */worktrees/*) touch "$there/index.lock" "$there/HEAD.lock" ;; esac
        [ -d {refs} ] && touch {refs}/one.lock ;;
    esac
    [ {owner} = True ] && kill -9 $PPID
    kill -9 $$
fi
exec {git} "$@"
"""


@dataclass
class Mortal:
    """A git that kills itself at some of its calls: before it does anything, when it is done, or holding locks."""

    folder: Path
    refs: Path

    def write(self, when: str, first: int = 1, last: int = 99, each: int = 1, *, owner: bool = False) -> None:
        """It dies at `each` call from the `first` to the `last`; its `owner`, who called it, with it if so wished."""
        real, numbers = shutil.which("git", path=os.defpath), {"first": first, "last": last, "each": each}
        text = WRAPPER.format(folder=self.folder, refs=self.refs, git=real, when=when, owner=owner, **numbers)
        (self.folder / "git").write_text(text)
        (self.folder / "git").chmod(0o755)
        (self.folder / "count").write_text("0")

    @property
    def calls(self) -> int:
        return int((self.folder / "count").read_text())


@pytest.fixture
def mortal(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mortal:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return Mortal(folder, checkout / ".git" / "refs" / "heads" / "prover")


def life(repository: Repository, base: str) -> None:
    """All that a run does with git, as often as it likes: the second time it finds what the first has left."""
    repository.sweep(RUN)
    if not repository.has_branch(RUN):
        repository.start(RUN, base)
    tree = repository.add_worktree(f"{RUN}/merge", base)
    (tree.project / "A.lean").write_text("theorem a : True := trivial\n")
    judged = repository.tree(tree)
    repository.reset(tree, base)
    (tree.project / "A.lean").write_text("theorem a : True := trivial\n")
    commit = repository.commit(tree, "Prove a", "automation")
    assert repository.tree_of(commit) == judged
    if repository.tip(RUN) == base:
        repository.advance(RUN, old=base, new=commit)
    repository.remove_worktree(tree)


def traces(checkout: Path) -> list[str]:
    """What a run has left behind in the repository, but for its branch."""
    inside, home = checkout / ".git", checkout / ".prover"
    left = [*inside.rglob("*.lock"), *(inside / "worktrees").glob("*"), *(home / "worktrees").glob("*")]
    return [str(path.relative_to(checkout)) for path in left]


@pytest.mark.parametrize("when", ["begun", "done", "locked"])
def test_a_git_that_is_killed_at_every_other_call_does_all_the_same(
    repository: Repository, checkout: Path, mortal: Mortal, when: str
) -> None:
    base = repository.resolve("HEAD")
    mortal.write(when, each=2)
    life(repository, base)
    assert mortal.calls > 20
    mortal.write("never", last=0)
    assert git(checkout, "log", "--format=%s", f"prover/{RUN}").split("\n") == ["Prove a", "first"]
    assert traces(checkout) == []


def test_a_git_that_is_killed_at_each_try_is_an_error(repository: Repository, mortal: Mortal) -> None:
    mortal.write("begun")
    with pytest.raises(GitInterrupted, match="was killed"):
        repository.resolve("HEAD")
    assert mortal.calls == 4


OWNER = """
import sys
from pathlib import Path
from prover.git import command
from prover.git.repository import Repository
from tests.test_repository import life
repository = Repository.of(Path(sys.argv[1]))
life(repository, sys.argv[2])
"""


@pytest.mark.parametrize(("call", "when"), [(5, "done"), (7, "locked"), (11, "locked")])
def test_what_a_killed_owner_leaves_the_next_one_sweeps_and_finishes(
    repository: Repository, checkout: Path, mortal: Mortal, call: int, when: str
) -> None:
    base = repository.resolve("HEAD")
    mortal.write(when, first=call, owner=True)
    words = [sys.executable, "-c", OWNER, str(checkout / "lean"), base]
    ended = subprocess.run(words, cwd=Path(__file__).parent.parent, check=False, timeout=20)
    assert ended.returncode == -signal.SIGKILL
    mortal.write("never", last=0)
    life(repository, base)
    assert git(checkout, "log", "--format=%s", f"prover/{RUN}").split("\n") == ["Prove a", "first"]
    assert traces(checkout) == []


@pytest.mark.parametrize("files", [["locked"], ["locked", "gitdir"], ["locked", "gitdir", "HEAD", "commondir"]])
def test_a_worktree_that_git_had_only_begun_is_swept(repository: Repository, checkout: Path, files: list[str]) -> None:
    base = start(repository)
    tree = repository.add_worktree(f"{RUN}/merge", base)
    (tree.record / "locked").write_text("initializing")
    for file in tree.record.iterdir():
        if file.name not in files:
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    shutil.rmtree(tree.path)
    repository.sweep(RUN)
    assert traces(checkout) == []
    assert repository.add_worktree(f"{RUN}/merge", base).head == base


def test_a_sweep_takes_nothing_of_another_run_or_of_the_user(repository: Repository, tmp_path: Path) -> None:
    base, mine = start(repository), tmp_path / "mine"
    git(tmp_path / "checkout", "worktree", "add", "--quiet", str(mine))
    others = [repository.add_worktree(name, base) for name in ("one-more/merge", "one/more/merge", "on/merge", "one-")]
    for tree in others:
        (tree.record / "index.lock").touch()
    repository.add_worktree(f"{RUN}/merge", base)
    repository.sweep(RUN)
    assert all(tree.head == base and (tree.record / "index.lock").exists() for tree in others)
    assert (mine / "lean" / "A.lean").exists()
    assert git(tmp_path / "checkout", "worktree", "list").count("\n") == 1 + len(others)


@pytest.mark.parametrize("run", ["", ".", "..", "../other", "/etc"])
def test_a_run_whose_name_leads_elsewhere_is_refused(repository: Repository, run: str) -> None:
    with pytest.raises(RepositoryError, match="cannot be the name of a run"):
        repository.sweep(run)


def test_the_users_own_locks_stay_where_they_are(repository: Repository, checkout: Path) -> None:
    locks = [checkout / ".git" / f"{name}.lock" for name in ("index", "HEAD", "packed-refs", "config")]
    for lock in locks:
        lock.write_text("mine")
    life(repository, repository.resolve("HEAD"))
    assert [lock.read_text() for lock in locks] == ["mine"] * 4


def test_a_run_started_from_a_hook_of_the_users_leaves_his_index_alone(
    repository: Repository, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = checkout / ".git" / "index"
    before = index.read_bytes()
    monkeypatch.setenv("GIT_INDEX_FILE", str(index))
    monkeypatch.setenv("GIT_DIR", str(checkout / ".git"))
    life(repository, repository.resolve("HEAD"))
    assert index.read_bytes() == before


async def test_a_worktree_goes_only_when_what_was_begun_in_it_is_over(repository: Repository) -> None:
    base, loop = start(repository), asyncio.get_running_loop()
    begun, cancelled, found = asyncio.Event(), threading.Event(), list[bool]()

    def work(file: Path) -> None:
        loop.call_soon_threadsafe(begun.set)
        cancelled.wait(10)
        found.append(file.exists())

    async def owner() -> None:
        async with repository.worktree(f"{RUN}/merge", base) as tree:
            await repository.in_turn(work, tree.project / "A.lean")

    task = asyncio.create_task(owner())
    await begun.wait()
    task.cancel()
    cancelled.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert found == [True]
    assert not any((repository.home / "worktrees").iterdir())


def test_a_branch_that_is_gone_has_moved(repository: Repository, checkout: Path) -> None:
    base = start(repository)
    commit = prove(repository, base)
    git(checkout, "branch", "-D", f"prover/{RUN}")
    with pytest.raises(BranchMoved, match="is gone") as caught:
        repository.advance(RUN, old=base, new=commit)
    assert caught.value.at == ""
    assert not repository.has_branch(RUN)


def test_a_branch_that_is_there_already_is_fine(repository: Repository) -> None:
    base = start(repository)
    commit = prove(repository, base)
    repository.advance(RUN, old=base, new=commit)
    repository.advance(RUN, old=base, new=commit)
    assert repository.tip(RUN) == commit


def test_a_git_that_hangs_is_ended(repository: Repository, mortal: Mortal, monkeypatch: pytest.MonkeyPatch) -> None:
    (mortal.folder / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (mortal.folder / "git").chmod(0o755)
    monkeypatch.setattr(command, "SECONDS", 0.1)
    with pytest.raises(RepositoryError, match="did not end within"):
        repository.resolve("HEAD")


def test_the_words_of_git_are_in_the_error(repository: Repository) -> None:
    with pytest.raises(RepositoryError, match="git worktree failed"):
        repository.add_worktree("one", "no-such-commit")
