"""What a benchmark run says, in figures: a function of its Results alone, written as `summary.json`.

Whatever order the rows come in, and whenever they were made, the summary is the same but for its block `costs`: so a
run that was killed and taken up again says what an undisturbed one says. `prover.bench.report.tables` prints it,
`prover.bench.report.plots` draws it, `prover.bench.report.page` makes a page of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prover.bench.metrics.laws import REFITS
from prover.bench.problem import Unusable
from prover.bench.report import passing
from prover.bench.report.costs import Costs, costs
from prover.bench.report.parts import (
    BY,
    Class,
    Contradiction,
    Part,
    Standing,
    asked,
    classes,
    contradictions,
    counted,
    is_false,
    part,
    parts,
    standing,
)
from prover.bench.report.passing import At, Fitted, Repaired
from prover.bench.rows import Results


@dataclass(frozen=True, slots=True)
class Counts:
    """Problems: `problems` are those that are not false on purpose, `false` are the others, and the unusable ones are
    in neither. `disproved` are problems of the first kind whose negation was proved; `refuted` are those of the second.
    """

    problems: int
    solved: int
    disproved: int
    untried: int
    false: int
    refuted: int
    unusable: int


@dataclass(frozen=True)
class Summary:
    """`settings` are the run's, as they were asked for; `prompts` and `models` are those that its attempts name.

    `adaptive` says that problems were chosen by what had come of earlier attempts: then there is no `coverage`, since
    nothing estimates it without bias. `unknown` says in sentences what the figures do not.
    """

    settings: Mapping[str, Any]
    prompts: tuple[str, ...]
    models: tuple[str, ...]
    counts: Counts
    contradictions: tuple[Contradiction, ...]
    adaptive: bool
    coverage: tuple[At, ...]  # pass@k
    observed: tuple[At, ...]  # what the first k samples of each problem have solved
    repair: Repaired | None
    whole: Part
    levels: tuple[Part, ...]
    domains: tuple[Part, ...]
    splits: tuple[Part, ...]
    classes: tuple[Class, ...]
    laws: tuple[Fitted, ...]
    unknown: tuple[str, ...]
    unusable: tuple[Unusable, ...]
    costs: Costs

    @property
    def by(self) -> Mapping[str, tuple[Part, ...]]:
        """The parts by `level`, `domain` and `split`."""
        return dict(zip(BY, (self.levels, self.domains, self.splits), strict=True))

    def as_json(self) -> dict[str, Any]:
        """Plain values; a figure that is not known or makes no sense here is null."""
        return {**asdict(self), "settings": dict(self.settings)}


def summarise(results: Results, refits: int = REFITS) -> Summary:
    """The summary of a run, whole or broken off; deterministic, the estimates' intervals among it.

    `refits` are fits of a law to other draws of the problems, for its intervals, which take most of the time; 0 for
    laws without them.
    """
    coverage = passing.coverages(results)
    top = coverage[-1].k if coverage else None
    levels, domains, splits = (parts(results, of, top) for of in BY.values())
    return Summary(
        settings=results.settings,
        prompts=tuple(sorted({row.prompt for row in results.rows} - {""})),
        models=tuple(sorted({row.model for row in results.rows} - {""})),
        counts=count(results),
        contradictions=contradictions(results),
        adaptive=passing.is_adaptive(results),
        coverage=coverage,
        observed=passing.seen(results),
        repair=passing.repair(results),
        whole=part(results, "all", results.problems, top),
        levels=levels,
        domains=domains,
        splits=splits,
        classes=classes(results),
        laws=passing.laws(results, coverage, refits),
        unknown=unknown(results),
        unusable=tuple(sorted(results.unusable, key=lambda one: (one.name, one.why, one.source))),
        costs=costs(results),
    )


def count(results: Results) -> Counts:
    """The problems by kind and standing."""
    true = [problem for problem in results.problems if not is_false(problem)]
    false = [problem for problem in results.problems if is_false(problem)]
    stands = [standing(results, problem) for problem in true]
    return Counts(
        problems=len(true),
        solved=sum(map(results.solved, true)),
        disproved=stands.count(Standing.DISPROVED),
        untried=stands.count(Standing.UNTRIED),
        false=len(false),
        refuted=sum(map(results.solved, false)),
        unusable=len(results.unusable),
    )


def unknown(results: Results) -> tuple[str, ...]:
    """What the figures do not say, a sentence each."""
    said = [f"The run is not finished: {results.unfinished.rstrip('.')}."] if results.unfinished else []
    if excluded := sum(not row.counts for row in results.rows):
        said.append(f"{_are(excluded, 'attempt')} left out: a server that was away or a crashed Lean is no sample.")
    samples = [count.samples for count in counted(results, results.problems).values()]
    fewer = sum(0 < number < asked(results) for number in samples)
    if fewer and not passing.is_adaptive(results):
        said.append(f"{_have(fewer, 'problem')} fewer samples than were asked for.")
    stands = [standing(results, problem) for problem in results.problems if not is_false(problem)]
    if untried := stands.count(Standing.UNTRIED):
        said.append(f"{_are(untried, 'problem')} without a sample: among the problems, and in no pass@k.")
    if disproved := stands.count(Standing.DISPROVED):
        said.append(f"{_are(disproved, 'problem')} disproved: among the problems, and failures in pass@k.")
    if unpriced := sum(row.tokens for row in results.rows if row.dollars is None):
        said.append(f"The price of {unpriced:,} tokens is not known: they are not in the dollars.")
    return (*said, *([passing.NO_ESTIMATE] if passing.is_adaptive(results) else []))


def _have(number: int, noun: str) -> str:
    return f"1 {noun} has" if number == 1 else f"{number:,} {noun}s have"


def _are(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
