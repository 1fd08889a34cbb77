"""One git command: without the user's hooks, signing and surroundings, within a limit, and with typed errors.

Tells a git that was interrupted (killed, or stopped by another one's lock) from one that refuses, and tries it again.
Knows neither worktrees nor branches. Called by `prover.git.repository` alone.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from prover.errors import GitInterrupted, RepositoryError

SECONDS = 120.0  # wall limit of one git command; a hung file system must not hang a run
TRIES = 4
# No housekeeping and no daemon: what git starts behind our back has no owner, and repacks what the user's git reads.
_SETTINGS = (
    *("core.hooksPath=/dev/null", "commit.gpgSign=false"),
    *("gc.auto=0", "maintenance.auto=false", "core.fsmonitor=false"),
)
_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
# `git rev-parse --local-env-vars`: whoever starts us from a hook or an alias has them, and they name his repository.
_LOCAL = frozenset(
    {
        *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"),
        *("GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE"),
        *("GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE"),
        *("GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX"),
    }
)
_OURS = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",  # `git status` would write the user's index
    "GIT_COMMITTER_NAME": "Lemmaworks",
    "GIT_COMMITTER_EMAIL": "lemmaworks@localhost",
    "LC_ALL": "C",
}
_LOCKED = re.compile(r"\.lock': File exists")
_SIGNALLED = 129  # above it, a shell's and git's exit code says which signal ended their child

# Whatever is called like a key stays here: filters and diff drivers of the user's settings are started by git.
_SECRET = re.compile(r"(API|ACCESS|SECRET).?KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)

T = TypeVar("T")


def git(*arguments: str, cwd: Path, author: str = "Lemmaworks", also: Collection[int] = ()) -> str:
    """What git prints. Raises GitInterrupted, or RepositoryError with git's own words.

    An exit code that is in `also` is no error.
    """
    passed_on = {name: value for name, value in os.environ.items() if name not in _LOCAL and not _SECRET.search(name)}
    env = passed_on | _OURS
    env |= {"GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": f"{author}@localhost"}
    try:
        done = subprocess.run(
            ["git", *_OPTIONS, *arguments],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            process_group=0,  # the user's Ctrl-C is for us; git finishes what it writes
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RepositoryError(
            f"git {arguments[0]} did not end within {SECONDS:.0f} s", "see whether the disk answers"
        ) from None
    except OSError as error:
        raise RepositoryError(f"cannot start git: {error.strerror}", "install git, and put it on the PATH") from error
    if done.returncode in (0, *also):
        return done.stdout.decode(errors="replace")
    words = " ".join(done.stderr.decode(errors="replace").split())
    if done.returncode < 0 or done.returncode > _SIGNALLED:
        raise GitInterrupted(f"git {arguments[0]} was killed (exit code {done.returncode})", "run the command again")
    if _LOCKED.search(words):
        raise GitInterrupted(f"git {arguments[0]} found a lock: {words}", "see which git is at work, or was killed")
    raise RepositoryError(f"git {arguments[0]} failed: {words}")


def nothing() -> None:
    """There is nothing to mend."""


def again(work: Callable[[], T], mend: Callable[[], None]) -> T:
    """The result of `work`, which is tried up to four times while git is interrupted, each time after `mend`.

    Exponential back-off with jitter, so that several who wait for one lock do not meet again at the next try.
    """

    def before(state: RetryCallState) -> None:
        if state.attempt_number > 1:
            mend()

    retrying = Retrying(
        retry=retry_if_exception_type(GitInterrupted),
        stop=stop_after_attempt(TRIES),
        wait=wait_random_exponential(multiplier=0.1, max=2.0),
        before=before,
        reraise=True,
    )
    return retrying(work)
