"""Git, and nothing about Lean: worktrees, commits, and a branch that moves by compare-and-swap.

The user's checkout, index, stash, branches and locks are never written: a run works in detached worktrees below
`.prover/` at the top of the repository (which ignores itself), and only `refs/heads/prover/<run>` moves. Whatever of it
is killed at whatever moment, the next call or the next owner's `sweep` goes on from there. Nearly every call is a git
process, so the run and the merge queue call them in threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import ParamSpec, TypeVar
from urllib.parse import quote

import git as gitpython

from prover.errors import BranchMoved, GitInterrupted, NoProject, RepositoryError
from prover.git.command import again, git, nothing
from prover.git.leftovers import clear

BRANCHES = "refs/heads/prover/"
NOWHERE = "0" * 40  # where a branch is that does not exist, in git's words
TEXTS = 128  # files that are kept for whoever reads them next

Mend = Callable[[], None]  # what is to be done before git is asked once more
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Worktree:
    """A detached checkout of one commit. `project` is the Lean project inside it."""

    path: Path
    project: Path

    @property
    def record(self) -> Path:
        """The folder in which git keeps its index, its HEAD and its locks."""
        words = (self.path / ".git").read_text(encoding="utf-8")
        return self.path / words.removeprefix("gitdir:").strip()

    @property
    def head(self) -> str:
        """The commit that it is at."""
        return (self.record / "HEAD").read_text(encoding="ascii").strip()

    def unlock(self) -> None:
        """Removes the locks that a killed git left; to be called while no git of the owner's is at work."""
        for lock in self.record.rglob("*.lock"):
            lock.unlink(missing_ok=True)


class Repository:
    """The git repository that a Lean project lives in; the project may be a folder inside it."""

    def __init__(self, repo: gitpython.Repo, prefix: Path) -> None:
        self._prefix = prefix
        self._top = Path(repo.working_dir)
        self._common = Path(repo.common_dir).resolve()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worktrees")
        self._text = lru_cache(maxsize=TEXTS)(self._read)
        self.home = self._top / ".prover"

    @classmethod
    def of(cls, project: Path) -> Repository:
        """Raises NoProject when there is no such folder, RepositoryError when no repository with a commit has it."""
        if not project.is_dir():
            raise NoProject(f"there is no folder {project}", "give the path of a Lean project")
        try:
            repo = gitpython.Repo(project, search_parent_directories=True)
        except gitpython.InvalidGitRepositoryError as error:
            raise RepositoryError(
                f"{project} is not in a git repository", "run `git init` there and commit it"
            ) from error
        # Asked in a process that ends: GitPython would keep one of git's for as long as the repository is in use.
        head = ("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if repo.bare or not again(lambda: git(*head, cwd=project, also=(1,)), nothing):
            raise RepositoryError(f"the repository of {project} has no commit", "commit the project first")
        return cls(repo, project.resolve().relative_to(Path(repo.working_dir).resolve()))

    # What is there

    def resolve(self, revision: str) -> str:
        """The full hash of a revision. Raises RepositoryError when there is no such commit."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if not (commit := self._git(*words, also=(1,))):
            raise RepositoryError(f"there is no commit {revision}", "see `git log` and `git branch`")
        return commit

    def is_dirty(self) -> bool:
        """Whether the user's checkout has changes that a run, which starts from a commit, will not see."""
        return bool(self._git("status", "--porcelain", "--untracked-files=normal"))

    def tracks(self, file: Path) -> bool:
        """Whether git has the file, or had it in the last commit, so that it comes with a checkout."""
        name = file.resolve().relative_to(self._top.resolve()).as_posix()
        return bool(self._git("ls-files", "--", name) or self._git("ls-tree", "HEAD", "--", name))

    def has(self, commit: str) -> bool:
        """Whether the commit and all that it needs are still there: git drops what no branch has, after some weeks."""
        try:
            self._git("rev-list", "--objects", "--no-walk", "--quiet", commit)
        except GitInterrupted:
            raise
        except RepositoryError:
            return False
        return True

    def tree_of(self, commit: str) -> str:
        """The hash of the commit's tree."""
        return self._git("rev-parse", "--verify", "--end-of-options", f"{commit}^{{tree}}")

    def read(self, commit: str, path: str) -> str:
        """A file of the project as the commit has it, from git's objects: one git process, and none the next time.

        Raises FileNotFoundError for what is no file there or lies outside of the project, RepositoryError when there is
        no such commit.
        """
        return self._text(commit, path)

    def _read(self, commit: str, path: str) -> str:
        inside = PurePosixPath(path)
        if inside.is_absolute() or ".." in inside.parts:
            raise FileNotFoundError(f"{path} is not in the project")
        name = (PurePosixPath(self._prefix.as_posix()) / inside).as_posix()
        try:
            return again(lambda: git("cat-file", "blob", f"{commit}:{name}", cwd=self._top), nothing)
        except GitInterrupted:
            raise
        except RepositoryError as error:
            raise FileNotFoundError(f"there is no file {path} in {self.resolve(commit)}") from error

    # The run's branch

    def runs(self) -> list[str]:
        """The names of the runs that have a branch, oldest first."""
        listing = self._git("for-each-ref", "--sort=creatordate", "--format=%(refname)", BRANCHES)
        return [line.removeprefix(BRANCHES) for line in listing.splitlines()]

    def has_branch(self, run: str) -> bool:
        """Whether the run's branch exists."""
        return self._at(run) != NOWHERE

    def tip(self, run: str) -> str:
        """The commit that the run's branch points to."""
        return self.resolve(BRANCHES + run)

    def start(self, run: str, base: str) -> None:
        """Creates the run's branch at `base`; RepositoryError when there is one."""
        if self.has_branch(run):
            raise RepositoryError(f"there is a branch prover/{run} already", "start the run under another name")
        self.advance(run, old=NOWHERE, new=base)

    def advance(self, run: str, *, old: str, new: str) -> None:
        """Moves the branch from `old` to `new` (compare-and-swap). It is fine when it is at `new` already.

        Raises BranchMoved when it is at something else.
        """
        words = ("update-ref", "-m", "prover: merge", BRANCHES + run, new, old)
        try:
            self._git(*words, mend=lambda: self._unlock_branch(run))
        except GitInterrupted:
            raise
        except RepositoryError as error:
            if (at := self._at(run)) == new:
                return
            if at == old:
                raise
            where = f"at {at}" if at != NOWHERE else "gone"
            said = f"the branch prover/{run} is {where}, not at {old}"
            raise BranchMoved(said, at=at if at != NOWHERE else "") from error

    def _at(self, run: str) -> str:
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", BRANCHES + run, also=(1,))
        return found or NOWHERE

    def _unlock_branch(self, run: str) -> None:
        (self._common / f"{BRANCHES}{run}.lock").unlink(missing_ok=True)

    # Worktrees

    async def in_turn(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Calls `work` in the one thread in which worktrees come, change and go, one after the other.

        What an owner who was cancelled has begun there is over before his worktree goes.
        """
        return await asyncio.wrap_future(self._thread.submit(work, *arguments, **named))

    @asynccontextmanager
    async def worktree(self, name: str, commit: str) -> AsyncIterator[Worktree]:
        """A worktree with an owner: it is gone when the block ends, whatever happens."""
        adding = self._thread.submit(self.add_worktree, name, commit)
        try:
            yield await asyncio.shield(asyncio.wrap_future(adding))
        finally:
            self._thread.submit(self._remove_added, adding).result()

    def _remove_added(self, adding: Future[Worktree]) -> None:
        """Also for an owner that was cancelled while it was being added."""
        if adding.exception() is None:
            self.remove_worktree(adding.result())

    def add_worktree(self, name: str, commit: str) -> Worktree:
        """A fresh detached worktree below `.prover/worktrees/`, in place of what may be left of one of that name.

        `name` is the run's, or that with a slash and a word.
        """
        path = self._place(name)
        self._ignore_home()
        again(lambda: self._clear(path), nothing)
        words = ("worktree", "add", "--quiet", "--force", "--detach", str(path), commit)
        self._git(*words, mend=lambda: self._clear(path))
        return Worktree(path, path / self._prefix)

    def remove_worktree(self, worktree: Worktree) -> None:
        """Removes a worktree of ours and git's record of it; with the last one of a run its folder."""
        again(lambda: self._clear(worktree.path), nothing)
        if (folder := worktree.path.parent) != self.home / "worktrees" and not any(folder.iterdir()):
            folder.rmdir()

    def sweep(self, run: str) -> None:
        """Removes what an earlier owner of the run left: worktrees, git's records of them, locks. Nobody else's."""
        folder = self._place(run)
        again(lambda: self._clear(folder), nothing)
        self._unlock_branch(run)

    def _place(self, name: str) -> Path:
        """The folder of a run's worktrees, or of one of them. Its last part tells whose it is, since that is all that a
        half-made record of git's consists of."""
        run, _, leaf = name.rpartition("/") if "/" in name else (name, "", "")
        owner = quote(run, safe="")
        if owner.startswith(".") or not owner:
            raise RepositoryError(f"`{run}` cannot be the name of a run", "use letters, digits and hyphens")
        folder = self.home / "worktrees" / owner
        return folder / f"{owner}@{leaf}" if leaf else folder

    def _clear(self, place: Path) -> None:
        clear(place, self._common / "worktrees")

    def _ignore_home(self) -> None:
        """Makes `.prover/`, which git does not see although the user's .gitignore says nothing of it."""
        self.home.mkdir(exist_ok=True)
        (self.home / ".gitignore").write_text("*\n", encoding="utf-8")

    def reset(self, worktree: Worktree, commit: str) -> None:
        """Brings a worktree of ours to `commit`, dropping whatever it held."""
        self._git("reset", "--quiet", "--hard", commit, cwd=worktree)

    def tree(self, worktree: Worktree) -> str:
        """The hash of the tree that the worktree's files make, whether they are committed or not."""
        self._git("add", "--update", cwd=worktree)
        return self._git("write-tree", cwd=worktree)

    def commit(self, worktree: Worktree, message: str, author: str) -> str:
        """Commits everything changed in the worktree, if only in words, and returns the hash; no branch moves."""
        before = worktree.head

        def once() -> None:
            if worktree.head == before:  # else git was killed when it had done it
                words = ("--quiet", "--all", "--allow-empty", "--cleanup=verbatim", "--message", message)
                git("commit", *words, cwd=worktree.path, author=author)

        again(once, worktree.unlock)
        return worktree.head

    def _git(
        self, *words: str, cwd: Worktree | None = None, also: Collection[int] = (), mend: Mend | None = None
    ) -> str:
        """The one line that git prints; a command that may be done twice, and is when it was interrupted."""
        place, unlock = (cwd.path, cwd.unlock) if cwd else (self._top, nothing)
        return again(lambda: git(*words, cwd=place, also=also), mend or unlock).strip()
