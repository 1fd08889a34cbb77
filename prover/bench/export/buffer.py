"""A replay buffer: a file that keeps, over many runs, a bounded, fresh and diverse set of examples of each problem.

JSON lines: the first says what the file is and which runs were added, each other is one entry. Every change is read,
made and written as a whole under a lock, so that a kill leaves the old file or the new one, and two processes take
turns. What is kept and what is drawn is `prover.bench.export.keeping`'s to say. Called by `prover bench export`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from prover.bench.export.examples import Example
from prover.bench.export.keeping import Entry, Settings, age, diverse, drawn, kept
from prover.errors import ConfigError, ProjectError
from prover.repair.original import write

_PATIENCE = 60.0  # seconds that another process may take for its change


class _Run(BaseModel):
    """A run that was added, when (seconds since the epoch), and a digest of what it offered last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    added: float
    offered: str


class _Head(BaseModel):
    """The file's first line. `gone` says, by digest, how often entries were drawn that are not there any more: where
    they come back, that is not forgotten. `entries` is the number of those that are, by which a torn file is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["lemmaworks replay buffer"] = "lemmaworks replay buffer"
    version: Literal[1] = 1
    runs: tuple[_Run, ...] = ()
    gone: dict[str, int] = {}
    entries: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What is in a buffer. `mean_age` is in runs, `mean_uses` counts draws; 0 for an empty one. `kinds` are shares."""

    size: int
    problems: int
    runs: int
    mean_age: float
    mean_uses: float
    kinds: Mapping[str, float]


@dataclass
class _Contents:
    """The file in memory; entries by digest."""

    runs: list[_Run] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def place(self, run: _Run) -> int | None:
        """The run's place among the runs; a new one becomes the last. None where it has offered the same before."""
        at = next((at for at, known in enumerate(self.runs) if known.name == run.name), len(self.runs))
        known = self.runs[at : at + 1]
        self.runs[at : at + 1] = [run.model_copy(update={"added": known[0].added}) if known else run]
        return None if known and known[0].offered == run.offered else at

    def offer(self, example: Example, place: int, limit: int) -> None:
        """Takes an example in that may still be drawn. One that is there already is then of the later of its runs."""
        known = self.entries.get(example.digest)
        uses = known.uses if known else self.gone.get(example.digest, 0)
        if (known.run < place) if known else (uses < limit):
            self.gone.pop(example.digest, None)
            used = known.used if known else 0.0
            self.entries[example.digest] = Entry(example=example, run=place, uses=uses, used=used)

    def keep(self, stay: Iterable[Entry]) -> None:
        """Leaves these alone."""
        before, self.entries = self.entries, {entry.digest: entry for entry in stay}
        left = (entry for digest, entry in before.items() if entry.uses and digest not in self.entries)
        self.gone.update({entry.digest: entry.uses for entry in left})

    def bound(self, settings: Settings) -> None:
        """Leaves what is kept of every problem."""
        self.keep([entry for own in self.by_problem() for entry in kept(own, len(self.runs), settings)])

    def by_problem(self) -> Iterable[list[Entry]]:
        problems: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            problems.setdefault(entry.problem, []).append(entry)
        return problems.values()


class Buffer:
    """The replay buffer at `path`. Every method reads the file, and those that change something write it.

    They raise ConfigError where the file is none of ours, or another process holds it for too long, and ProjectError
    where it cannot be read or written.
    """

    def __init__(self, path: Path, settings: Settings, clock: Callable[[], float], patience: float) -> None:
        self.path, self.settings = path, settings
        self._clock, self._patience = clock, patience

    @classmethod
    def open(
        cls,
        path: Path,
        settings: Settings | None = None,
        *,
        clock: Callable[[], float] = time.time,
        patience: float = _PATIENCE,
    ) -> Buffer:
        """The buffer of this file, which need not be there yet; `patience` in seconds."""
        buffer = cls(path, settings or Settings(), clock, patience)
        buffer.entries()
        return buffer

    def add(self, examples: Iterable[Example], run: str) -> int:
        """Takes in examples of a run; gives how many of them are in the buffer then.

        A run that is new makes all others older by one. The same examples of the same run again change nothing, and
        their order makes no difference.
        """
        offered = sorted(examples, key=lambda example: (example.digest, example.model_dump_json()))
        digests = {example.digest: None for example in offered}
        added = _Run(name=run, added=self._clock(), offered=sha256("".join(digests).encode()).hexdigest())
        with self._change() as now:
            if (place := now.place(added)) is not None:
                for example in offered:
                    now.offer(example, place, self.settings.reuse_limit)
                now.bound(self.settings)
            return len(digests.keys() & now.entries.keys())

    def draw(self, count: int, seed: int) -> list[Example]:
        """At most `count` different examples, and writes down that they were used. Deterministic by `seed`."""
        with self._change() as now:
            found = drawn(now.entries.values(), count, len(now.runs), self.settings, seed)
            for entry in found:
                now.entries[entry.digest] = entry.model_copy(update={"uses": entry.uses + 1, "used": self._clock()})
            return [entry.example for entry in found]

    def prune(self) -> int:
        """Removes what may not be drawn any more, and what the settings leave no place for; gives how many.

        The last proof of a problem stays, and is not drawn.
        """
        with self._change() as now:
            before = len(now.entries)
            now.keep([entry for own in now.by_problem() for entry in self._drawable(own, len(now.runs))])
            now.bound(self.settings)
            return before - len(now.entries)

    def _drawable(self, own: list[Entry], runs: int) -> list[Entry]:
        """Of a problem's entries those that may still be drawn; and the freshest proof, where no proof may be."""
        able = [entry for entry in own if entry.uses < self.settings.reuse_limit]
        if all(entry.fails for entry in able):
            able += diverse([entry for entry in own if not entry.fails], 1, runs, self.settings)
        return able

    def entries(self) -> tuple[Entry, ...]:
        """What is in it, by digest."""
        return tuple(self._read().entries.values())

    def figures(self) -> Figures:
        """What is in it, in numbers."""
        now = self._read()
        found = list(now.entries.values())
        kinds = Counter(entry.example.metadata.kind.value for entry in found)
        return Figures(
            size=len(found),
            problems=len({entry.problem for entry in found}),
            runs=len(now.runs),
            mean_age=fmean(age(entry, len(now.runs)) for entry in found) if found else 0.0,
            mean_uses=fmean(entry.uses for entry in found) if found else 0.0,
            kinds={kind: count / len(found) for kind, count in sorted(kinds.items())},
        )

    @contextmanager
    def _change(self) -> Iterator[_Contents]:
        from filelock import FileLock, Timeout

        try:
            with FileLock(f"{self.path}.lock", timeout=self._patience):
                now = self._read()
                yield now
                write(self.path, _lines(now).encode())
        except Timeout as error:
            raise ConfigError(f"another process holds {self.path}", "wait until it has ended, and try again") from error
        except OSError as error:
            raise ProjectError(f"cannot write {self.path}: {error.strerror}", "name another file") from error

    def _read(self) -> _Contents:
        if not self.path.exists():
            return _Contents()
        try:
            *lines, rest = self.path.read_bytes().split(b"\n")
            if rest or not lines:
                raise ValueError("its last line is cut off")
            head, *entries = lines
            return _contents(_Head.model_validate_json(head), [Entry.model_validate_json(line) for line in entries])
        except OSError as error:
            raise ProjectError(f"cannot read {self.path}: {error.strerror}", "name another file") from error
        except ValueError as error:
            raise ConfigError(
                f"{self.path} is no replay buffer, or is torn: {_first(error)}", "name another file, or a new one"
            ) from error


def _contents(head: _Head, entries: list[Entry]) -> _Contents:
    """Raises ValueError where the entries are not those of the head."""
    if len(entries) != head.entries:
        raise ValueError(f"it has {len(entries)} entries of {head.entries}")
    if any(entry.run >= len(head.runs) for entry in entries):
        raise ValueError("an entry is of a run that is not there")
    return _Contents(list(head.runs), dict(head.gone), {entry.digest: entry for entry in entries})


def _lines(now: _Contents) -> str:
    head = _Head(runs=tuple(now.runs), gone=dict(sorted(now.gone.items())), entries=len(now.entries))
    entries = (now.entries[digest] for digest in sorted(now.entries))
    return "".join(f"{line.model_dump_json()}\n" for line in (head, *entries))


def _first(error: ValueError) -> str:
    """What is wrong, on one line."""
    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
