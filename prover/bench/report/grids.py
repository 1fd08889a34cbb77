"""A benchmark's summary as tables of words, for a terminal and for a page alike: what is said, not how it looks.

Cells may hold what a suite or a journal has written, as it is; `tables` and `page` make it harmless. A column is there
only where there is something to say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from prover.bench.metrics.estimators import Estimate
from prover.bench.report.costs import Costs, Spread
from prover.bench.report.parts import Class, Part
from prover.bench.report.passing import At
from prover.bench.report.summary import Summary
from prover.report.figures import part as fraction
from prover.units import amount, at_least, dollars, duration

UNNAMED = "(none)"
_TOLD = ("a", "b", "fit", "alpha", "beta", "hopeless", "p")  # parameters of laws that a table has place for

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column is words, the others are figures unless `words` says that there are more."""

    title: str
    columns: Row
    rows: tuple[Row, ...]
    whole: Row = ()  # the last row, apart from the others
    words: int = 1  # columns of words, from the left
    note: str = ""


def every(summary: Summary, most: int = 10) -> list[Grid]:
    """All tables that have something to say; at `most` so many unusable statements are listed."""
    named = [what for what, parts in summary.by.items() if what == "level" or len(parts) > 1]
    told = [passed(summary), costs(summary), classes(summary), laws(summary), unusable(summary, most)]
    return [*(by(summary, what) for what in named), *(grid for grid in told if grid.rows)]


def percent(share: float | None) -> str:
    """`43.1`, of 100; a dash where it is not known."""
    return "–" if share is None else f"{100 * share:.1f}"


def within(estimate: Estimate | None) -> str:
    """`43.1 (33–53)`: the mean, and its interval of 95 %."""
    return "–" if estimate is None else f"{percent(estimate.mean)} {between(estimate.low, estimate.high)}"


def between(low: float, high: float) -> str:
    """`(33–53)`."""
    return f"({100 * low:.0f}–{100 * high:.0f})"


def ends(found: Sequence[At]) -> list[At]:
    """pass@1 and pass@k; only one of them where k is 1."""
    return [*found[:1], *found[1:][-1:]]


def by(summary: Summary, what: str) -> Grid:
    """The main table, by `level`, `domain` or `split`: a row for each part where they have names, and one for all."""
    parts = summary.by[what]
    passed = [f"pass@{at.k} %" for at in ends(summary.coverage)]
    refuted = ["refuted"] if summary.counts.false else []
    means = summary.costs.mean_seconds
    return Grid(
        title=f"By {what}, with the mean time of an attempt",
        columns=(what, "problems", "solved", *passed, "time", *refuted),
        rows=tuple(
            (part.name or UNNAMED, *_part(summary, part, means[what].get(part.name)))
            for part in parts
            if any(part.name for part in parts)
        ),
        whole=("all", *_part(summary, summary.whole, means["all"].get("all"))),
    )


def _part(summary: Summary, part: Part, mean: float | None) -> Row:
    """What is false on purpose only where there is any."""
    passed = map(within, [part.at_1, part.at_k][: len(ends(summary.coverage))])
    refuted = [f"{part.refuted:,} of {part.false:,}" if part.false else ""] if summary.counts.false else []
    return (f"{part.problems:,}", f"{part.solved:,}", *passed, "" if mean is None else duration(mean), *refuted)


def classes(summary: Summary) -> Grid:
    """How the attempts ended, those that were rejected by the judge's first reason."""
    found = summary.classes
    apart = {"at a negation": "negations", "at what is false": "on_false"}
    columns = {title: field for title, field in apart.items() if any(getattr(one, field) for one in found)}
    whole = sum(one.attempts for one in found)
    rows = [
        (named(one), f"{one.attempts:,}", percent(fraction(one.attempts, whole)), *_counts(one, columns.values()))
        for one in found
    ]
    return Grid("How the attempts ended", ("ended", "attempts", "%", *columns), tuple(rows))


def _counts(one: Class, fields: Iterable[str]) -> list[str]:
    return [f"{getattr(one, field):,}" for field in fields]


def named(found: Class) -> str:
    """A class as it is read: `rejected: SORRY`."""
    return f"{found.ended}: {found.reason}" if found.reason else found.ended.value


def costs(summary: Summary) -> Grid:
    """What it took to the first proof, for each solved problem, and all in all; tokens only where there were any."""
    found, spent = summary.costs, summary.costs.totals
    rows = [
        ("samples", *_spread(found.first.samples, _number), "", f"{spent.samples:,}"),
        *(_paid(found) if spent.tokens else []),
        *_times(found),
        ("time in the judge", "", "", "", duration(spent.judge_seconds)),
        ("time of the run", "", "", "", duration(found.wall_seconds)),
    ]
    columns = ("", "median", "9 of 10 within", "each solved", "all in all")
    return Grid("Costs to the first proof, for each solved problem, and all in all", columns, tuple(rows))


def _paid(found: Costs) -> list[Row]:
    spent, each = found.totals, found.each
    tokens = "" if each is None else amount(round(each.tokens))
    paid = "" if each is None else at_least(each.dollars, each.unpriced)
    return [
        ("tokens", *_spread(found.first.tokens, lambda n: amount(round(n))), tokens, amount(spent.tokens)),
        ("dollars", *_spread(found.first.dollars, dollars), paid, at_least(spent.dollars, spent.unpriced)),
    ]


def _times(found: Costs) -> list[Row]:
    first, each, spent = found.first, found.each, found.totals
    mean, lean = ("", "") if each is None else (duration(each.seconds), duration(each.lean_seconds))
    return [
        ("time of agents", *_spread(first.seconds, duration), mean, duration(spent.seconds)),
        ("Lean's processor time", *_spread(first.lean_seconds, duration), lean, duration(spent.lean_seconds)),
    ]


def _spread(spread: Spread | None, said: Callable[[float], str]) -> Row:
    return ("", "") if spread is None else (said(spread.median), said(spread.p90))


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def passed(summary: Summary) -> Grid:
    """pass@k for all k, with and without repair where there was any; or what the first k samples have solved."""
    points = summary.observed if summary.adaptive else summary.coverage
    without = {at.k: at.estimate for at in summary.repair.without} if summary.repair else {}
    rows = [
        (
            f"{at.k:,}",
            within(at.estimate),
            *([within(without.get(at.k))] if without else []),
            f"{at.estimate.problems:,}",
        )
        for at in points
    ]
    measured = "solved by the first k, %" if summary.adaptive else "pass@k %"
    columns = ("k", measured, *(["without repair"] if without else []), "problems")
    return Grid("With k samples a problem", columns, tuple(rows))


def laws(summary: Summary) -> Grid:
    """What the fitted laws say of as many samples as there were, and of more."""
    found = summary.laws[0].predicts if summary.laws else ()
    columns = ("law", "fitted", *(f"{'* ' if one.extrapolated else ''}{one.k:,} samples" for one in found))
    rows = []
    for law in summary.laws:
        told = ", ".join(f"{name} {law.parameters[name]:.3g}" for name in _TOLD if name in law.parameters)
        shares = [f"{percent(one.coverage)} {between(*one.interval) if one.interval else ''}" for one in law.predicts]
        rows.append((f"{law.law}: {law.formula}", told, *map(str.strip, shares)))
    return Grid("What more samples would give, %", columns, tuple(rows), words=2, note="* extrapolated beyond the run")


def unusable(summary: Summary, most: int = 10) -> Grid:
    """The statements that are counted apart, with what is wrong with them."""
    found, rest = summary.unusable[:most], len(summary.unusable) - most
    rows = tuple((one.name, one.why) for one in found)
    note = f"and {rest:,} more" if rest > 0 else ""
    return Grid("Statements that are counted apart", ("name", "why"), rows, words=2, note=note)
