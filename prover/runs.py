"""The runs of a repository: where their journals are, where each of them stands, and who is working on it.

Only reads. Called by the command line, and by `prover.running` for names and places.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from prover.errors import JournalError
from prover.git.repository import Repository
from prover.journal import Event, Journal, What
from prover.lease import NOBODY, Owner
from prover.project import Survey
from prover.state import State, fold


@dataclass(frozen=True, slots=True)
class Standing:
    """A run as its journal has it. `beat` is the time of its owner's last sign of life."""

    state: State
    owner: Owner
    beat: float

    @property
    def abandoned(self) -> bool:
        """Has it been left before its end, or before everything was put away?"""
        finished = self.state.ended is not None and self.owner == NOBODY
        return not finished and self.owner.is_gone(self.beat, time.time())


def journal_path(repository: Repository, run: str) -> Path:
    """Where a run keeps its journal."""
    return repository.home / "runs" / run / "journal.sqlite"


def next_name(repository: Repository) -> str:
    """`run-1`, `run-2`, … : the first that has neither a branch nor a journal with anything in it yet."""
    taken, number = {*repository.runs(), *(one.state.run for one in standings(repository))}, 1
    while f"run-{number}" in taken:
        number += 1
    return f"run-{number}"


def standings(repository: Repository) -> list[Standing]:
    """All runs that have begun, oldest first. Raises JournalError for a journal that cannot be read."""
    paths = (repository.home / "runs").glob("*/journal.sqlite")
    found = (_standing(path) for path in paths)
    return sorted((one for one in found if one.state.run), key=lambda one: one.state.began)


def standing(repository: Repository, run: str | None = None) -> Standing | None:
    """The run of that name, or else the one that began last; None when there has been no run.

    Raises JournalError when there is none of that name.
    """
    if run is not None:
        return _standing(journal_path(repository, run))
    return next(reversed(standings(repository)), None)


def begun(repository: Repository, run: str | None = None) -> Standing:
    """As `standing`, for who needs one. Raises JournalError when there has been none, or it has not begun."""
    found = standing(repository, run)
    if found is None or not found.state.run:
        which = f"run {run} has not begun" if run else f"there has been no run in {repository.home.parent}"
        raise JournalError(which, "start one with `prover run`")
    return found


def abandoned(repository: Repository, base: str) -> State | None:
    """Where the last run from that commit stands, if it was left before its end."""
    last = next((one for one in reversed(standings(repository)) if one.state.base == base), None)
    return last.state if last and last.abandoned else None


def history(repository: Repository, run: str) -> list[Event]:
    """All events of a run."""
    with Journal.read(journal_path(repository, run)) as journal:
        return list(journal.events())


def before_any_run(survey: Survey) -> State:
    """What a run would start from."""
    return fold([Event(0, 0.0, What.SURVEYED, survey.figures())])


def _standing(path: Path) -> Standing:
    with Journal.read(path) as journal:
        return Standing(fold(journal.events()), *journal.holder())
