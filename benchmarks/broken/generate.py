"""Makes the mutants anew: `python -m benchmarks.broken.generate`.

Draws mutants of every original, has Lean look at each, keeps those that Lean refuses or that leave something open, and
writes as many of them as are wanted, of all kinds alike, to `mutants.jsonl`. Run by hand when an original is added; a
test says that the file is what the seeds give, and a slow one that Lean refuses all of it.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from agents.base import Trial
from agents.bench import LeanBench
from benchmarks.broken.corpus import MUTANTS, split, task_of
from benchmarks.broken.mutations import KINDS, mutated
from benchmarks.broken.originals import Original, originals
from prover.config import Config
from prover.lean.embedded.install import install
from prover.lean.pool import LeanPool, WorkerLimits
from prover.ledger import Ledger
from prover.state import State

SEEDS = 1  # mutants of each kind that are drawn for a theorem
DOUBLES = 4  # drawn with two faults
WANTED = 300
MOST = 4  # kept of one theorem
SHARE = 5  # one in so many of those that are kept has two faults
SECONDS = 120.0  # for one document


@dataclass(frozen=True, slots=True)
class Mutant:
    """A drawn mutant: what `mutated` makes of the theorem's proof with these kinds and this seed."""

    theorem: str
    kinds: tuple[str, ...]
    seed: int
    body: str


def row(mutant: Mutant) -> str:
    """As it stands in the file."""
    return json.dumps({**asdict(mutant), "split": split(mutant.theorem)}, ensure_ascii=False)


def drawn(original: Original) -> list[Mutant]:
    """Candidates of every kind and with two faults, no text twice."""
    wanted: list[tuple[tuple[str, ...], int]] = [((kind,), seed) for kind in KINDS for seed in range(SEEDS)]
    choose = Random(original.name)
    wanted += [(tuple(choose.sample(sorted(KINDS), 2)), SEEDS + number) for number in range(DOUBLES)]
    found: dict[str, Mutant] = {}
    for kinds, seed in wanted:
        body = mutated(original.proof, kinds, seed, original.name)
        if body is not None and body not in found:
            found[body] = Mutant(original.name, kinds, seed, body)
    return list(found.values())


def chosen(broken: Mapping[str, Sequence[Mutant]]) -> list[Mutant]:
    """As many as are wanted, round by round one of each theorem, of the kind of which there is least so far."""
    left = {theorem: list(mutants) for theorem, mutants in broken.items()}
    kept: list[Mutant] = []
    count: Counter[str] = Counter()
    for _ in range(MOST):
        for mutants in left.values():
            two = len(kept) % SHARE == SHARE - 1
            fitting = [m for m in mutants if (len(m.kinds) == 2) == two]
            if not fitting or len(kept) == WANTED:
                continue
            best = min(fitting, key=lambda mutant: sum(count[kind] for kind in mutant.kinds))
            mutants[:] = [mutant for mutant in mutants if mutant.kinds != best.kinds]
            count.update(best.kinds)
            kept.append(best)
    order = {theorem: place for place, theorem in enumerate(broken)}
    return sorted(kept, key=lambda mutant: order[mutant.theorem])


async def trials(pool: LeanPool, original: Original, bodies: Sequence[str], helpers: str = "") -> list[Trial]:
    """What Lean says of some bodies for the theorem, behind these lemmas, as patiently as Lean is by itself."""
    task = task_of(original)
    purse = Ledger(State(), Config(), lambda steps, said: None).purse(task)
    bench = LeanBench(pool, task, _no_files, SECONDS, purse)
    return await bench.try_bodies(bodies, helpers=helpers, patient=True)


def _no_files(path: str) -> str:
    raise FileNotFoundError(path)


async def broken_mutants(progress: Progress) -> dict[str, list[Mutant]]:
    """Of each original those mutants that Lean refuses; raises ValueError where it refuses the original."""
    found: dict[str, list[Mutant]] = {}
    async with LeanPool(await install(), size=1, spares=0, limits=WorkerLimits(seconds=SECONDS)) as pool:
        for original in progress.track(list(originals().values()), description="mutants, checked by Lean"):
            mutants = drawn(original)
            seen = await trials(pool, original, [original.proof, *(mutant.body for mutant in mutants)])
            if not seen[0].closes:
                raise ValueError(f"Lean refuses the original {original.name}: {seen[0].messages[0]}")
            found[original.name] = [m for m, trial in zip(mutants, seen[1:], strict=True) if not trial.closes]
    return found


def table(rows: Sequence[Mutant]) -> Table:
    """How many there are of each kind, on both sides of the split; one with two faults counts for both kinds."""
    shown = Table(
        "kind", "tuning", "held out", title=f"{len(rows)} mutants of {len({r.theorem for r in rows})} theorems"
    )
    for name, kept in [
        *((kind, _of(rows, kind)) for kind in KINDS),
        ("two faults", _double(rows)),
        ("all", list(rows)),
    ]:
        sides = Counter(split(mutant.theorem) for mutant in kept)
        shown.add_row(name, str(sides["tuning"]), str(sides["heldout"]))
    return shown


def _of(rows: Sequence[Mutant], kind: str) -> list[Mutant]:
    return [mutant for mutant in rows if kind in mutant.kinds]


def _double(rows: Sequence[Mutant]) -> list[Mutant]:
    return [mutant for mutant in rows if len(mutant.kinds) == 2]


def main() -> None:
    """Draws, checks, chooses, writes and counts."""
    console = Console()
    with Progress(console=console) as progress:
        kept = chosen(asyncio.run(broken_mutants(progress)))
    MUTANTS.write_text("".join(row(mutant) + "\n" for mutant in kept), encoding="utf-8")
    console.print(table(kept))


if __name__ == "__main__":
    main()
