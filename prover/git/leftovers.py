"""What is left of worktrees, whole ones and those that a killed git had only begun: found, and removed.

`git worktree prune` does not take what a killed `git worktree add` leaves: it stays locked as "initializing". Removing
both folders is all that `git worktree remove` does. Called by `prover.git.repository`, with places of its own only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from prover.errors import GitInterrupted


def clear(place: Path, records: Path) -> None:
    """Removes the folder `place`, and git's records, of those in `records`, of the worktrees in it.

    A record that names no folder yet is told by its own name, which git takes from the last part of the worktree's
    path: that is the last part of `place`, or starts with it and an `@`. Raises GitInterrupted.
    """
    for record in list(_records(place, records)):
        _remove(record)
    _remove(place)


def _records(place: Path, records: Path) -> Iterator[Path]:
    for record in records.glob("*"):
        try:
            home = (record / "gitdir").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            home = ""
        begun = f"{record.name}@".startswith(f"{place.name}@")
        if (record / home).resolve().is_relative_to(place.resolve()) if home else begun:
            yield record


def _remove(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        # A git whose parent was killed may still write there for a moment.
        raise GitInterrupted(f"cannot remove {folder}: {error.strerror}", "see who uses it") from error
