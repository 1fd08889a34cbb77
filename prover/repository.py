"""Git, and nothing about Lean: worktrees, commits, and a branch that moves by compare-and-swap.

The user's checkout, index, stash and branches are never written: a run works in detached worktrees below `.prover/` at
the top of the repository (which ignores itself), and only `refs/heads/prover/<run>` moves. Every call is a git process,
so the run and the merge queue call them in threads.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import git

from prover.errors import NoProject, RepositoryError

BRANCHES = "refs/heads/prover/"
_IDENTITY = {"GIT_COMMITTER_NAME": "Lemmaworks", "GIT_COMMITTER_EMAIL": "lemmaworks@localhost"}
GIT_SECONDS = 120.0  # wall limit of one git command; a hung file system must not hang a run


@dataclass(frozen=True, slots=True)
class Worktree:
    """A detached checkout of one commit. `project` is the Lean project inside it."""

    path: Path
    project: Path


class Repository:
    """The git repository that a Lean project lives in; the project may be a folder inside it."""

    def __init__(self, repo: git.Repo, prefix: Path) -> None:
        self._repo = repo
        self._prefix = prefix
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worktrees")
        self.home = Path(repo.working_dir) / ".prover"

    @classmethod
    def of(cls, project: Path) -> Repository:
        """Raises NoProject when there is no such folder, RepositoryError when no repository with a commit has it."""
        if not project.is_dir():
            raise NoProject(f"there is no folder {project}", "give the path of a Lean project")
        try:
            repo = git.Repo(project, search_parent_directories=True)
        except git.InvalidGitRepositoryError as error:
            raise RepositoryError(
                f"{project} is not in a git repository", "run `git init` there and commit it"
            ) from error
        if repo.bare or not repo.head.is_valid():
            raise RepositoryError(f"the repository of {project} has no commit", "commit the project first")
        return cls(repo, project.resolve().relative_to(Path(repo.working_dir).resolve()))

    def _git(self, *arguments: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
        """One git command without the user's hooks, signing and editor; RepositoryError carries git's own words."""
        command = git.Git(cwd or self._repo.working_dir)
        command.update_environment(GIT_TERMINAL_PROMPT="0", **(env or {}))
        options = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
        try:
            return str(
                command.execute(
                    ["git", *options, *arguments],
                    kill_after_timeout=GIT_SECONDS,
                    strip_newline_in_stdout=True,
                )
            )
        except git.GitCommandError as error:
            raise RepositoryError(f"git {arguments[0]} failed: {error.stderr.strip()}") from error

    def resolve(self, revision: str) -> str:
        """The full hash of a revision."""
        return self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")

    def is_dirty(self) -> bool:
        """Whether the user's checkout has changes that a run, which starts from a commit, will not see."""
        return self._repo.is_dirty(untracked_files=True)

    def runs(self) -> list[str]:
        """The names of the runs that have a branch, oldest first."""
        listing = self._git("for-each-ref", "--sort=creatordate", "--format=%(refname)", BRANCHES)
        return [line.removeprefix(BRANCHES) for line in listing.splitlines()]

    def start(self, run: str, base: str) -> None:
        """Creates the run's branch at `base`."""
        self.advance(run, old="0" * 40, new=base)

    def _ignore_home(self) -> None:
        """Makes `.prover/`, which git does not see although the user's .gitignore says nothing of it."""
        self.home.mkdir(exist_ok=True)
        (self.home / ".gitignore").write_text("*\n", encoding="utf-8")

    def tip(self, run: str) -> str:
        """The commit that the run's branch points to."""
        return self.resolve(BRANCHES + run)

    def advance(self, run: str, *, old: str, new: str) -> None:
        """Moves the branch from `old` to `new`; RepositoryError when it is not at `old` any more (compare-and-swap)."""
        self._git("update-ref", "-m", "prover: merge", BRANCHES + run, new, old)

    @asynccontextmanager
    async def worktree(self, name: str, commit: str) -> AsyncIterator[Worktree]:
        """A worktree with an owner: it is gone when the block ends, whatever happens.

        Worktrees are added and removed in one thread, one after the other: git does not bear both at once.
        """
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
        """A fresh detached worktree at `.prover/worktrees/<name>`; what a killed run left there is replaced."""
        path = self.home / "worktrees" / name
        self._ignore_home()
        shutil.rmtree(path, ignore_errors=True)
        self._git("worktree", "add", "--quiet", "--force", "--detach", str(path), commit)
        return Worktree(path, path / self._prefix)

    def reset(self, worktree: Worktree, commit: str) -> None:
        """Brings a worktree of ours to `commit`, dropping whatever it held."""
        self._git("reset", "--quiet", "--hard", commit, cwd=worktree.path)

    def remove_worktree(self, worktree: Worktree) -> None:
        """Removes a worktree of ours and git's record of it."""
        self._git("worktree", "remove", "--force", str(worktree.path))

    def commit(self, worktree: Worktree, message: str, author: str) -> str:
        """Commits everything changed in the worktree and returns the hash; the branch does not move."""
        identity = {**_IDENTITY, "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": f"{author}@localhost"}
        self._git("commit", "--quiet", "--all", "--message", message, env=identity, cwd=worktree.path)
        return self._git("rev-parse", "HEAD", cwd=worktree.path)

    def tree(self, worktree: Worktree) -> str:
        """The hash of the tree that the worktree's files make, whether they are committed or not."""
        self._git("add", "--update", cwd=worktree.path)
        return self._git("write-tree", cwd=worktree.path)
