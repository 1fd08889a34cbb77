"""The figures of the rows, by configuration and by what was wrong, as they are shown and written down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import mean, quantiles
from typing import Any

from rich.table import Table

from benchmarks.repairing.cases import CONFIGS, FULL, Row

LEGEND = """\
repaired: Lean accepts the proof at the bench; the judge's count is printed beside it.
holes, errors: left in one proof, on average; what Lean could not read is an error too.
kept: share of the original's tokens that are still there.
lost: correct parts (accepted by Lean, in no block that fails) that are gone, of all together.
checks, s, p50, p90: checks and seconds of one proof, with waiting for those beside it.
baselines: "statement alone" is automation on the theorem, whatever proof was handed in."""


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of some rows: a number of cases, and means, but for `repaired` and `lost`, which are counts."""

    what: str
    cases: int
    repaired: int
    holes: float
    errors: float
    kept: float
    lost: int
    checks: float
    seconds: float
    seconds_p50: float
    seconds_p90: float

    @classmethod
    def of(cls, what: str, rows: Sequence[Row]) -> Line:
        """The rows must not be none."""
        times = [row.outcome.seconds for row in rows]
        cuts = quantiles(times, n=10, method="inclusive") if len(times) > 1 else times * 9
        return cls(
            what=what,
            cases=len(rows),
            repaired=sum(row.closes for row in rows),
            holes=mean(row.holes for row in rows),
            errors=mean(row.errors for row in rows),
            kept=mean(row.kept for row in rows),
            lost=sum(len(row.lost) for row in rows),
            checks=mean(row.outcome.checks for row in rows),
            seconds=mean(times),
            seconds_p50=cuts[4],
            seconds_p90=cuts[8],
        )

    @property
    def cells(self) -> Iterable[str]:
        """As they are shown."""
        share = f"{self.repaired} ({self.repaired / self.cases:.0%})"
        numbers = f"{self.holes:.2f}", f"{self.errors:.2f}", f"{self.kept:.0%}", f"{self.lost}", f"{self.checks:.1f}"
        times = (f"{seconds:.2f}" for seconds in (self.seconds, self.seconds_p50, self.seconds_p90))
        return (self.what, str(self.cases), share, *numbers, *times)


def by_config(rows: Sequence[Row]) -> list[Line]:
    """A line for each configuration, in the order in which they are listed."""
    return _lines(rows, {config: [row for row in rows if row.config == config] for config in CONFIGS})


def by_kind(rows: Sequence[Row], config: str = FULL) -> list[Line]:
    """A line for each kind of fault, each source and each split, of one configuration. A proof may have two faults."""
    mine = [row for row in rows if row.config == config]
    kinds = sorted({kind for row in mine for kind in row.case.broken.kinds})
    groups = {kind: [row for row in mine if kind in row.case.broken.kinds] for kind in kinds}
    for source in ("mutant", "byhand"):
        groups[f"source: {source}"] = [row for row in mine if row.case.broken.source == source]
    for split in ("tuning", "heldout"):
        groups[f"split: {split}"] = [row for row in mine if row.case.broken.split == split]
    return _lines(mine, groups)


def _lines(rows: Sequence[Row], groups: Mapping[str, Sequence[Row]]) -> list[Line]:
    return [Line.of(what, some) for what, some in groups.items() if some]


def table(title: str, lines: Iterable[Line]) -> Table:
    """The lines under their heads."""
    heads = ("cases", "repaired", "holes", "errors", "kept", "lost", "checks", "s", "p50", "p90")
    shown = Table("", title=title, box=None, collapse_padding=True)
    for head in heads:
        shown.add_column(head, justify="right")
    for line in lines:
        shown.add_row(*line.cells)
    return shown


def as_json(row: Row) -> dict[str, Any]:
    """One row with what it is about."""
    broken, done = row.case.broken, row.outcome.repaired
    return {
        "id": broken.id,
        "theorem": broken.theorem,
        "kinds": list(broken.kinds),
        "source": broken.source,
        "split": broken.split,
        "config": row.config,
        "closes": row.closes,
        "errors": row.errors,
        "holes": row.holes,
        "kept": round(row.kept, 4),
        "lost": row.lost,
        "checks": row.outcome.checks,
        "seconds": round(row.outcome.seconds, 3),
        "why": row.outcome.why,
        "before": row.case.proof.body if row.case.proof else "",
        "after": done.proof.body if done else "",
        "steps": list(done.steps) if done else [],
    }


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """All lines, and all rows."""
    return {
        "configurations": [asdict(line) for line in by_config(rows)],
        "kinds": [asdict(line) for line in by_kind(rows)],
        "rows": [as_json(row) for row in rows],
    }
