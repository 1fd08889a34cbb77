"""The lane for intended changes of statements: lock what is new, accept what has changed, reopen what rests on it.

The one place that writes `statements.lock`; it writes sources only when it is asked to reopen. Called by `prover lock`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prover import locks
from prover.errors import LockError, SlotError
from prover.graph import State
from prover.locks import Difference, Lock
from prover.model import Kind
from prover.project import Survey, write
from prover.statements import present

HOLE = ":= by\n  sorry"


@dataclass(frozen=True, slots=True)
class Step:
    """What one `prover lock` found and did.

    `added` got their first lock, `accepted` a new one; `left` are the differences that remain. `dependents` are all
    declarations that rest on an accepted one, with where they stand as compiled; `reopened` the theorems that were
    given a hole in place of their proof.
    """

    lock: Lock
    left: Sequence[Difference]
    added: Sequence[str] = ()
    accepted: Sequence[Difference] = ()
    dependents: Mapping[str, State] | None = None
    reopened: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "file": locks.FILE,
            "locked": len(self.lock.statements),
            "added": list(self.added),
            "accepted": [difference.as_json() for difference in self.accepted],
            "dependents": {name: state.value for name, state in (self.dependents or {}).items()},
            "reopened": list(self.reopened),
            "differences": [difference.as_json() for difference in self.left],
        }


def lock(project: Path, survey: Survey) -> Step:
    """Gives every declaration without a lock its first one; changes no other."""
    before, now = locks.find(project), present(survey)
    after = locks.extend(before or Lock(statements={}), now)
    if before is None or before != after:
        _write(project, after)
    added = sorted(after.statements.keys() - (before.statements if before else {}).keys())
    return Step(after, locks.compare(after, now), added)


def difference(project: Path, survey: Survey) -> Step:
    """What differs; writes nothing. Raises LockError when there is no lock."""
    held = _held(project)
    return Step(held, locks.compare(held, present(survey)))


def accept(project: Path, survey: Survey, names: Iterable[str], *, reopen: bool = False) -> Step:
    """Locks `names`, and what follows from them alone, as they are now.

    With `reopen`, the proofs of the theorems among them and among their dependents become holes in the sources.
    Raises LockError when there is no lock or a name does not differ from it.
    """
    now = present(survey)
    after, accepted = locks.accept(_held(project), now, names)
    _write(project, after)
    changed = [difference.name for difference in accepted if difference.now]
    dependents = sorted({other for name in changed for other in survey.graph.dependents(name)} - set(changed))
    reopened = _reopen(project, survey, [*changed, *dependents]) if reopen else []
    states = {name: State.READY if name in reopened else survey.graph.state(name) for name in dependents}
    return Step(after, locks.compare(after, now), (), accepted, states, reopened)


def _held(project: Path) -> Lock:
    if (held := locks.find(project)) is None:
        raise LockError(f"there is no {locks.FILE} in {project}", "run `prover lock`, and commit the file")
    return held


def _write(project: Path, after: Lock) -> None:
    try:
        (project / locks.FILE).write_text(after.text(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise LockError(f"cannot write {project / locks.FILE}: {error.strerror}", "make it writable") from error


def _reopen(project: Path, survey: Survey, names: Iterable[str]) -> list[str]:
    """Puts a hole in place of the proofs of these theorems, but for those that have one and those without a slot."""
    closed = [name for name in sorted(names) if _is_closed_theorem(survey, name)]
    write(project, survey.spliced(dict.fromkeys(closed, HOLE)))
    return closed


def _is_closed_theorem(survey: Survey, name: str) -> bool:
    declaration = survey.declarations[name]
    if declaration.kind is not Kind.THEOREM or declaration.hole:
        return False
    try:
        survey.slot(name)
    except SlotError:  # it comes from a macro, say: its proof is not the user's to write
        return False
    return True
