"""Statement locks: the file `statements.lock`, and what differs between it and a project as compiled.

The file has one entry per declaration. What is checked is the digest of its statement with all of the project that it
reaches (`Declaration.statement`); beside it stands what helps people: the statement as it reads, and the digest of what
is its own, which tells a cause from what follows from it. Pure functions, and the reading of the one file. Called by
the run, the judge and `prover lock`; knows nothing of Lean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prover.errors import LockError
from prover.model import Declaration, Kind

FILE = "statements.lock"
ABOUT = (
    "Locked statements. `prover lock --diff` says what differs from the code, `prover lock --accept NAME` accepts an "
    "intended change. Not to be edited by hand."
)
LANE = "see `prover lock --diff`; an intended change is accepted with `prover lock --accept NAME`"
_SHOWN = 3  # names in an error's one line
_SHA256 = r"^[0-9a-f]{64}$"


class Entry(BaseModel):
    """One locked declaration. `statement` is what counts; `own` and `reads` are for people."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str
    reads: str
    own: str = Field(pattern=_SHA256)
    statement: str = Field(pattern=_SHA256)


class Lock(BaseModel):
    """The file: entries by name. The same entries always make the same bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    about: str = ABOUT
    format: int = Field(default=1, ge=1, le=1)
    statements: dict[str, Entry]

    def text(self) -> str:
        """The file's content, sorted by name, one field a line, so that git shows and merges what changed."""
        ordered = self.model_copy(update={"statements": dict(sorted(self.statements.items()))})
        return ordered.model_dump_json(indent=1) + "\n"


class Change(StrEnum):
    """How a declaration differs from its lock."""

    ADDED = "added"  # it has no lock yet
    REMOVED = "removed"  # it is locked and gone
    CHANGED = "changed"  # it says something else
    FOLLOWS = "follows"  # it reads as before, and means something else because of what it reaches


@dataclass(frozen=True, slots=True)
class Difference:
    """One declaration that is not as it is locked; `causes` are the changed declarations that a `FOLLOWS` is due to."""

    name: str
    change: Change
    was: Entry | None
    now: Entry | None
    causes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values; how it read and reads now, null where it is not there."""
        was, now = (entry.reads if entry else None for entry in (self.was, self.now))
        return {"name": self.name, "change": self.change.value, "was": was, "now": now, "causes": list(self.causes)}


@dataclass(frozen=True, slots=True)
class Present:
    """A project's statements as they are now: what their entries would be, and which others give each its meaning."""

    entries: Mapping[str, Entry]
    meaning: Mapping[str, frozenset[str]]

    def reached(self, name: str) -> frozenset[str]:
        """The declarations that the meaning of `name` rests on, directly or through others, and itself."""
        reached, todo = {name}, [name]
        while todo:
            new = self.meaning[todo.pop()] - reached
            reached |= new
            todo.extend(new)
        return frozenset(reached)


def meaning(declaration: Declaration) -> frozenset[str]:
    """What gives a declaration its meaning: of a theorem what its statement uses, of all else the body too."""
    body = frozenset() if declaration.kind is Kind.THEOREM else declaration.proof_uses
    return (declaration.statement_uses | body) - {declaration.name}


def find(root: Path) -> Lock | None:
    """The lock of the project at `root`; None where there is no file. Raises LockError for one that is no lock."""
    path = root / FILE
    if not path.is_file():
        return None
    try:
        return Lock.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise LockError(
            f"cannot read {path}: {what}", f"take {FILE} back from git, then run `prover lock --diff`"
        ) from error


def file_digest(root: Path) -> str | None:
    """SHA-256 of the file as it lies there, None where there is none: two of them tell whether it was touched."""
    path = root / FILE
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def check(lock: Lock, declarations: Mapping[str, Declaration]) -> list[str]:
    """The locked names whose statements are not what they are locked to be, or that are gone, sorted.

    A declaration without a lock is no violation. Two hash values are compared for each name, and nothing else.
    """
    return sorted(
        name
        for name, entry in lock.statements.items()
        if name not in declarations or declarations[name].statement != entry.statement
    )


def enforce(root: Path, declarations: Mapping[str, Declaration]) -> None:
    """Raises LockError when the project at `root` has a lock that its declarations do not agree with."""
    lock = find(root)
    if lock is None or not (violated := check(lock, declarations)):
        return
    more = f" and {len(violated) - _SHOWN} more" if len(violated) > _SHOWN else ""
    raise LockError(f"not as locked in {FILE}: {', '.join(violated[:_SHOWN])}{more}", LANE)


def compare(lock: Lock, present: Present) -> list[Difference]:
    """Everything that differs, sorted by name; empty exactly when the file locks the project as it is."""
    violated = {
        name
        for name, entry in present.entries.items()
        if name in lock.statements and lock.statements[name].statement != entry.statement
    }
    themselves = {name for name in violated if lock.statements[name].own != present.entries[name].own}
    names = violated | (lock.statements.keys() ^ present.entries.keys())
    return [_difference(name, lock, present, themselves) for name in sorted(names)]


def _difference(name: str, lock: Lock, present: Present, themselves: Collection[str]) -> Difference:
    was, now = lock.statements.get(name), present.entries.get(name)
    if was is None or now is None:
        return Difference(name, Change.REMOVED if now is None else Change.ADDED, was, now)
    causes = () if name in themselves else tuple(sorted(present.reached(name).intersection(themselves)))
    return Difference(name, Change.FOLLOWS if causes else Change.CHANGED, was, now, causes)


def extend(lock: Lock, present: Present) -> Lock:
    """The lock with an entry for every declaration that had none; no other entry is touched."""
    return Lock(statements={**present.entries, **lock.statements})


def accept(lock: Lock, present: Present, names: Iterable[str]) -> tuple[Lock, list[Difference]]:
    """The lock with `names` as they are now, and what differed of it: `names`, and what follows from them alone.

    Raises LockError for a name that does not differ.
    """
    wanted = frozenset(names)
    differences = compare(lock, present)
    if same := sorted(wanted - {difference.name for difference in differences}):
        known = same[0] in present.entries
        what = f"{same[0]} is as it is locked" if known else f"there is no {same[0]}, and no lock of it"
        raise LockError(what, "name one of those that `prover lock --diff` lists")
    taken = [d for d in differences if d.name in wanted or (d.causes and wanted.issuperset(d.causes))]
    entries = {**lock.statements, **{d.name: d.now for d in taken if d.now}}
    gone = {d.name for d in taken if d.now is None}
    return Lock(statements={name: entry for name, entry in entries.items() if name not in gone}), taken
