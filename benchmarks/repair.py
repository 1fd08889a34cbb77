"""What a repair without a model is worth: `python -m benchmarks.repair [--split tuning] [--configs …] [--json FILE]`.

Repairs the broken proofs of `benchmarks.broken` by every configuration in `benchmarks.repairing.cases`, has the judge
look at what all stages together have completed, and prints two tables. With `--model-experiment` a scripted model is
asked instead: `benchmarks.repairing.experiment` says for what. Run by hand and by a test.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.broken.corpus import Broken, corpus
from benchmarks.perf.report import JsonFile
from benchmarks.repairing import experiment
from benchmarks.repairing.bench import Lab
from benchmarks.repairing.cases import CONFIGS, FULL, Row, all_rows
from benchmarks.repairing.tables import LEGEND, by_config, by_kind, figures, table
from benchmarks.repairing.verdicts import Claim, judged, proved
from prover.errors import ConfigError
from prover.judge.gate import Gate
from prover.lean import cache
from prover.lean.build import Build, Builder
from prover.lean.embedded.install import install
from prover.lean.pool import LeanPool, WorkerLimits
from prover.project import Surveyor
from prover.search.lookup import Lookup

Keep = Callable[[dict[str, Any]], None]
LIMITS = WorkerLimits(seconds=120.0, start=300.0)
console = Console()


@asynccontextmanager
async def site(workers: int) -> AsyncIterator[tuple[Lab, Gate]]:
    """Warm workers, a search of the library, and the judge, of the installed Lean."""
    lean = await install()
    builder = Builder(lean, cache.folder("builds"))
    nothing = Surveyor(builder).read(Build({}, Path(), {}))
    async with LeanPool(lean, size=workers, spares=0, limits=LIMITS) as pool, Gate.opened(builder) as gate:
        with Lookup(lean) as lookup:
            yield Lab(pool, partial(lookup.find, survey=nothing)), gate


async def ablation(cases: Sequence[Broken], configs: Sequence[str], workers: int, keep: Keep) -> None:
    """Measures, shows and keeps the figures, those of the judge after all others."""
    async with site(workers) as (lab, gate):
        with Progress(console=console) as progress:
            bar = progress.add_task("repairs", total=len(cases) * len(configs))
            rows = await all_rows(cases, configs, lab, workers, lambda _: progress.advance(bar))
        console.print(table(f"{len(cases)} broken proofs", by_config(rows)))
        console.print(LEGEND, highlight=False)
        found = figures(rows)
        if FULL in configs:
            console.print(table(f"by fault: {FULL}", by_kind(rows)))
            keep(found)
            claims = completed(rows)
            with console.status("the judge"):
                found |= {"bench": len(claims), "judge": proved(await judged(claims, gate))}
            console.print(f"complete at the bench: {found['bench']}; proved, says the judge: {found['judge']}")
    keep(found)


def completed(rows: Sequence[Row]) -> list[Claim]:
    """What Lean accepts at the bench after all stages."""
    done = [(row.case.broken.theorem, row.outcome.repaired) for row in rows if row.config == FULL and row.closes]
    return [Claim(theorem, repaired.proof) for theorem, repaired in done if repaired]


async def with_model(seeds: int, limit: int | None, workers: int, keep: Keep) -> None:
    """The experiment with a scripted model."""
    async with site(workers) as (lab, gate):
        keep(await experiment.run(lab, gate, seeds, limit, workers, console))


def chosen(split: str, limit: int | None) -> list[Broken]:
    """The cases of a split (`tuning`, `heldout` or `all`), so many at most, spread over the whole corpus."""
    found = [case for case in corpus() if split in ("all", case.split)]
    if not found:
        raise ConfigError(f"there is no split `{split}`", "choose tuning, heldout or all")
    step = max(1, len(found) // limit) if limit else 1
    return found[::step][:limit]


def main(
    split: Annotated[str, typer.Option(help="tuning, heldout or all.")] = "tuning",
    configs: Annotated[str, typer.Option(help="Names of configurations, with commas; all by default.")] = "",
    limit: Annotated[int | None, typer.Option(help="So many cases at most.")] = None,
    workers: Annotated[int, typer.Option(help="Lean processes.")] = 2,
    json_file: JsonFile = None,
    model_experiment: Annotated[bool, typer.Option(help="Ask a scripted model, hole by hole.")] = False,
    seeds: Annotated[int, typer.Option(help="With a model: how often each theorem is tried.")] = 1,
) -> None:
    """Measure what the repair of broken proofs is worth, stage by stage."""
    names = [name.strip() for name in configs.split(",") if name.strip()] or list(CONFIGS)
    if unknown := [name for name in names if name not in CONFIGS]:
        raise typer.BadParameter(f"there is no configuration `{unknown[0]}`: {', '.join(CONFIGS)}")

    def keep(found: dict[str, Any]) -> None:
        if json_file is not None:
            json_file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    if model_experiment:
        asyncio.run(with_model(seeds, limit, workers, keep))
    else:
        asyncio.run(ablation(chosen(split, limit), names, workers, keep))


if __name__ == "__main__":
    typer.run(main)
