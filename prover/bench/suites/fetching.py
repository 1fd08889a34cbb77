"""Suites from elsewhere: a git repository, or a dataset of the Hugging Face hub, at a revision.

What was fetched stays in the user's cache under its exact commit, so that a suite that is pinned is fetched once and
opens without a network afterwards. Nothing that was fetched is executed. Called by `prover.bench.suites.opening`.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from prover.bench.suites.hub import LIMITS, download
from prover.errors import ConfigError, ProverError, RepositoryError
from prover.git.command import git
from prover.lean.process import Limits

_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file or folder, and where it comes from: with the commit, and whether it is as in that commit."""

    path: Path
    origin: str


def from_git(url: str, inside: str, revision: str, store: Path) -> Fetched:
    """`inside` of the repository at `url`, a URL or a path. Blocking; git's own limit holds for each of its commands.

    `revision` is a whole commit hash, a branch or a tag. Raises ConfigError with git's words.
    """
    local = Path(url).expanduser()
    url = str(local.resolve()) if local.exists() else url
    kept = store / "git" / sha256(url.encode()).hexdigest()[:16]
    try:
        kept.mkdir(parents=True, exist_ok=True)
        known = kept / revision
        checkout = known if _COMMIT.fullmatch(revision) and known.is_dir() else _fetched(url, revision, kept)
    except OSError as error:
        raise ConfigError(
            f"cannot write {kept}: {error.strerror}", "free some space, or set LEMMAWORKS_CACHE"
        ) from error
    except RepositoryError as error:
        raise ConfigError(
            f"cannot fetch {revision} of {url}: {error}", "give a URL that git can read, and a tag or a whole commit"
        ) from error
    return Fetched(_within(checkout, inside, url), f"{url}{inside and '#'}{inside} at commit {checkout.name}")


def _fetched(url: str, revision: str, kept: Path) -> Path:
    """The files of the revision, in a folder that is named by its commit."""
    with tempfile.TemporaryDirectory(dir=kept, prefix="fetching-") as folder:
        here = Path(folder) / "files"
        here.mkdir()
        git("init", "-q", cwd=here)
        git("fetch", "-q", "--depth=1", "--no-tags", "--", url, revision, cwd=here)
        # A link of the repository's could lead out of it.
        git("-c", "core.symlinks=false", "-c", "core.autocrlf=false", "checkout", "-q", "FETCH_HEAD", cwd=here)
        place = kept / git("rev-parse", "HEAD", cwd=here).strip()
        if not place.is_dir():
            here.rename(place)
    return place


def _within(checkout: Path, inside: str, url: str) -> Path:
    path = (checkout / inside).resolve()
    if not path.exists() or not path.is_relative_to(checkout.resolve()):
        raise ConfigError(f"there is no {inside} in {url} at {checkout.name}", "correct what stands behind the #")
    return path


def local_origin(path: Path) -> str:
    """What to say of a path of this machine: with its commit where it is in a checkout of git's."""
    folder = path if path.is_dir() else path.parent
    try:
        commit = git("rev-parse", "HEAD", cwd=folder).strip()
        changed = git("status", "--porcelain", "--ignored", "--", str(path.resolve()), cwd=folder).strip()
    except ProverError:
        return str(path)  # no checkout, or no git
    return f"{path} at commit {commit}{', with uncommitted changes' if changed else ''}"


def from_hub(dataset: str, file: str, revision: str, store: Path, limits: Limits = LIMITS) -> Fetched:
    """A file of a dataset. Blocking, within the limits. Raises ConfigError in one line."""
    kept = store / "hub"
    known = kept / f"datasets--{dataset.replace('/', '--')}" / "snapshots" / revision / file  # the hub client's layout
    path = known if known.is_file() else download(dataset, file, revision, kept, limits)
    commit = path.relative_to(kept).parts[2]
    return Fetched(path, f"the dataset {dataset}#{file} at commit {commit}")
