"""`prover bench export`: what leaves a run for other people's programs: proofs, submissions, training data.

Parses, reads folders of runs, and calls the writers; decides nothing. Mounted by `prover.cli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from prover.bench import results
from prover.bench.export.buffer import Buffer
from prover.bench.export.keeping import Settings
from prover.bench.export.submissions import Style, write_proofs, write_submission
from prover.bench.export.training import Exclude, examples, write_examples
from prover.bench.rows import Results
from prover.bench_views_cli import Runs
from prover.errors import ConfigError
from prover.options import AsJson, print_json

PROOFS, TRAINING = "proofs", "training"
SHAPES = (PROOFS, TRAINING, *Style)

out = Console()

Output = Annotated[Path, typer.Option("--output", "-o", help="A file; for `proofs` a new folder.")]
Shape = Annotated[str, typer.Option("--as", help=f"One of {', '.join(SHAPES)}.")]
All = Annotated[bool, typer.Option("--all", help="Submissions: every sample, with its verdict.")]
Failures = Annotated[bool, typer.Option("--failures", help="Training: failed attempts too, which have no answer.")]
Not = Annotated[list[Path] | None, typer.Option("--exclude", help="Training: no problem of this run; repeatable.")]
Splits = Annotated[
    list[str] | None, typer.Option("--exclude-split", help="Training: none of this split; by default `test`.")
]
Kept = Annotated[Path | None, typer.Option("--buffer", help="Training: into this replay buffer, and drawn from it.")]
Draw = Annotated[int, typer.Option(min=1, help="Buffer: so many examples.")]
Each = Annotated[int, typer.Option(min=1, help="Buffer: so many are kept of a problem.")]
HalfLife = Annotated[float, typer.Option(min=0.01, help="Buffer: runs until an example is half as fresh.")]
Diversity = Annotated[float, typer.Option(min=0, max=1, help="Buffer: 0 keeps the freshest, 1 the most diverse.")]
Seed = Annotated[int, typer.Option(help="Buffer: of what is drawn.")]


def export(
    runs: Runs,
    output: Output,
    shape: Shape = PROOFS,
    every: All = False,
    failures: Failures = False,
    exclude: Not = None,
    splits: Splits = None,
    buffer: Kept = None,
    draw: Draw = 1024,
    per_problem: Each = 8,
    half_life: HalfLife = 4.0,
    diversity: Diversity = 0.5,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Write proofs, a submission, or training data, of which only judged proofs are ever the answers."""
    found = [results.read(run) for run in runs]
    figures: Mapping[str, int]
    if shape == PROOFS:
        figures = _summed(write_proofs(one, output / one.settings["run"]) for one in found)
    elif shape == TRAINING:
        others = chain.from_iterable(results.read(run).problems for run in exclude or ())
        avoided = Exclude.of(others, splits or ["test"])
        settings = Settings(per_problem=per_problem, half_life=half_life, diversity=diversity)
        kept = Buffer.open(buffer, settings) if buffer else None
        figures = _training(found, output, avoided, kept, failures=failures, draw=draw, seed=seed)
    elif shape in SHAPES:
        if len(found) != 1:
            raise ConfigError("a submission is of one run", "join the runs first, with `prover bench merge`")
        figures = write_submission(found[0], Style(shape), output, all_samples=every)
    else:
        raise ConfigError(f"nobody reads the shape {shape!r}", f"say one of {', '.join(SHAPES)}")
    if as_json:
        print_json(dict(figures))
    else:
        said = ", ".join(f"{name} {count}" for name, count in figures.items())
        out.print(f"{output}: {said or 'nothing'}", highlight=False, soft_wrap=True)


def _training(
    found: Sequence[Results],
    output: Path,
    avoided: Exclude,
    buffer: Buffer | None,
    *,
    failures: bool,
    draw: int,
    seed: int,
) -> Mapping[str, int]:
    """All examples of the runs, or those that a buffer gives once it has taken them in."""
    if buffer is None:
        every = (examples(one, avoided, failures=failures) for one in found)
        return write_examples(chain.from_iterable(every), output)
    for one in found:
        buffer.add(examples(one, avoided, failures=failures), one.settings["run"])
    return write_examples(buffer.draw(draw, seed), output)


def _summed(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total
