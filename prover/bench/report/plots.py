"""Draws a benchmark's summary as PNG files: coverage, levels and domains, rates, outcomes, and what came of the effort.

Only looks: figures are made by `summary`, but for what is drawn problem by problem. What makes no sense,
such as coverage with one sample, is not drawn. Readable in black and white. matplotlib is used through its objects,
never through pyplot, which keeps global state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator, PercentFormatter

from prover.bench.report.course import Point, course
from prover.bench.report.grids import UNNAMED
from prover.bench.report.parts import Part, counted
from prover.bench.report.passing import Fitted
from prover.bench.report.summary import Summary
from prover.bench.rows import Ended, Results
from prover.errors import ConfigError
from prover.figure import save
from prover.printable import line
from prover.report.figures import part as fraction

Make = Callable[[Summary, Results], Figure | None]

_INK, _PALE, _BAND, _GREEN = "#22282e", "#8d99a6", "#dbe6df", "#14522a"
_SIZE = 9
_DASHES = ((0, (5, 2)), (0, (1, 1.5)))
_WIDTH, _HEIGHT = 7.2, 3.8  # inches
_PAD = 0.1  # inches around
_ROW = 0.36  # inches of one part's bar
_MOST = 30  # parts that a picture shows
_LONGEST = 30  # letters of a part's name
_BINS = 10
# Fill and hatch of each outcome's part of a bar, dark for what was proved
_FILLS = {
    Ended.PROVED: (_GREEN, ""),
    Ended.DISPROVED: ("#7cc48d", ""),
    Ended.REJECTED: ("#ffe28a", "--"),
    Ended.NOTHING: ("#e6e9ec", ""),
    Ended.RESOURCE: ("#ffffff", "...."),
    Ended.CRASHED: ("#ffffff", "++++"),
    Ended.FAILED: ("#ffffff", "xxxx"),
}


def draw(summary: Summary, results: Results, folder: Path) -> dict[str, Path]:
    """Writes what makes sense into `folder`, which is made where there is none: the files by their pictures' names.

    What was drawn of the run before, and makes no sense any more, is removed. Raises ConfigError when the folder or a
    file of it cannot be written.
    """
    figures = {name: make(summary, results) for name, make in PICTURES.items()}
    places = {name: folder / f"{name}.png" for name in figures}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for place in places.values():
            place.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}", "Choose a folder that can be written.") from error
    drawn = {name: figure for name, figure in figures.items() if figure is not None}
    for name, figure in drawn.items():
        save(figure, places[name])
    return {name: places[name] for name in drawn}


def coverage(summary: Summary, _: Results) -> Figure | None:
    """pass@k over k with its intervals, and the laws beyond it. Under an adaptive policy: what the first k solved."""
    points = summary.observed if summary.adaptive else summary.coverage
    if len(points) < 2:
        return None
    figure = _figure(_HEIGHT)
    axes, ks = figure.add_subplot(), [at.k for at in points]
    low, high = [at.estimate.low for at in points], [at.estimate.high for at in points]
    axes.fill_between(ks, low, high, color=_BAND, linewidth=0, label="95 % interval")
    measured = "solved by the first k" if summary.adaptive else "pass@k"
    axes.plot(ks, [at.estimate.mean for at in points], color=_INK, marker="o", markersize=3.5, label=measured)
    for law, dashes in zip(summary.laws, _DASHES, strict=False):
        _law(axes, law, dashes)
    if summary.laws:
        axes.axvline(ks[-1], color=_PALE, linewidth=0.8)
    further = [found.k for law in summary.laws for found in law.predicts]
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(sorted({*ks, *further})))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter("{x:,.0f}")
    _frame(axes, "Coverage", "k, samples a problem")
    _shares(axes, "y")
    axes.legend(frameon=False, fontsize=_SIZE - 1, loc="lower right")
    return figure


def _law(axes: Axes, law: Fitted, dashes: tuple[int, tuple[float, ...]]) -> None:
    axes.plot(
        [k for k, _ in law.curve],
        [share for _, share in law.curve],
        color=_GREEN,
        linewidth=1,
        linestyle=dashes,
        label=f"{law.law}, extrapolated",
    )


def rates(summary: Summary, results: Results) -> Figure | None:
    """How the shares of proofs among the samples of each problem are distributed."""
    counts = counted(results, results.problems).values()
    shares = [count.proofs / count.samples for count in counts if count.samples > 1]
    if not shares or summary.adaptive:
        return None
    figure = _figure(_HEIGHT - 0.6)
    axes = figure.add_subplot()
    axes.hist(shares, bins=_BINS, range=(0, 1), color=_PALE, edgecolor=_INK, linewidth=0.6)
    never = sum(not share for share in shares)
    _frame(axes, f"Rates of proofs: {never:,} of {len(shares):,} problems have none", "proofs of a problem's samples")
    _shares(axes, "x")
    _counts(axes, "problems")
    return figure


def passed(what: str, summary: Summary, _: Results) -> Figure | None:
    """pass@1 of each part with its interval, and the share that is solved at all."""
    parts = _named(summary, what)
    if not parts:
        return None
    figure, axes = _bars(parts)
    estimated = [(place, part.at_1) for place, part in enumerate(parts) if part.at_1 is not None]
    solved = [fraction(part.solved, part.problems) for part in parts]
    axes.barh(range(len(parts)), solved, height=0.62, color=_BAND, label="solved by any sample")
    if estimated:
        means = [at.mean for _, at in estimated]
        # An end of the interval may lie on the other side of the mean, where there are few problems.
        around = [
            [max(0.0, at.mean - at.low) for _, at in estimated],
            [max(0.0, at.high - at.mean) for _, at in estimated],
        ]
        look: dict[str, Any] = {"fmt": "o", "color": _INK, "markersize": 4, "capsize": 2.5, "linewidth": 1}
        axes.errorbar(means, [place for place, _ in estimated], xerr=around, label="pass@1, 95 %", **look)
    _frame(axes, f"Solved by {what}", "share of the problems")
    _shares(axes, "x")
    axes.legend(frameon=False, fontsize=_SIZE - 1, ncols=2, loc="lower right", bbox_to_anchor=(1, 0.99))
    return figure


def outcomes(summary: Summary, _: Results) -> Figure | None:
    """How the attempts at each level ended, or those at each domain, or all of them, in shares."""
    parts = _named(summary, "level") or _named(summary, "domain") or [summary.whole]
    if not summary.whole.attempts:
        return None
    figure, axes = _bars(parts, labels=1)
    left = [0.0] * len(parts)
    for ended, (fill, hatch) in _FILLS.items():
        shares = [fraction(part.ends.get(ended.value, 0), part.attempts) for part in parts]
        if any(shares):
            look: dict[str, Any] = {"fc": fill, "ec": _INK, "hatch": hatch, "linewidth": 0.6, "label": ended.value}
            axes.barh(range(len(parts)), shares, left=left, height=0.62, **look)
            left = [before + share for before, share in zip(left, shares, strict=True)]
    _frame(axes, "How the attempts ended", "share of the attempts")
    _shares(axes, "x")
    axes.legend(frameon=False, fontsize=_SIZE - 1, ncols=4, loc="lower right", bbox_to_anchor=(1, 0.99))
    return figure


def progress(_: Summary, results: Results) -> Figure | None:
    """Problems proved over wall time, and over dollars, tokens or the time of attempts: what is known and most dear."""
    points = course(results)
    scale = points[-1].elapsed
    if not scale or not points[-1].solved:
        return None
    figure = _figure(_HEIGHT - 0.6)
    unit, name = _unit(scale)
    spent = _spent(points)
    for place, (label, across) in enumerate(
        [(f"{name} since the first attempt", [p.elapsed / unit for p in points]), spent], start=1
    ):
        axes = figure.add_subplot(1, 2, place)
        axes.step(across, [point.solved for point in points], where="post", color=_INK)
        _frame(axes, "Proved over time" if place == 1 else "Proved over cost", label)
        _counts(axes, "problems")
    return figure


def _spent(points: list[Point]) -> tuple[str, list[float]]:
    last = points[-1]
    if last.dollars and not last.unpriced:
        return "paid (dollars)", [point.dollars for point in points]
    if last.tokens:
        return "tokens", [float(point.tokens) for point in points]
    unit, name = _unit(last.seconds)
    return f"time of all attempts together ({name})", [point.seconds / unit for point in points]


def _unit(seconds: float) -> tuple[float, str]:
    """The unit that a span is read in: its seconds, and its name."""
    if seconds >= 7200:
        return 3600.0, "hours"
    return (60.0, "minutes") if seconds >= 120 else (1.0, "seconds")


def _named(summary: Summary, what: str) -> list[Part]:
    """The parts with problems that are not false on purpose; nothing where they have no names."""
    parts = summary.by[what]
    return [part for part in parts if part.problems][:_MOST] if any(part.name for part in parts) else []


def _figure(height: float) -> Figure:
    figure = Figure(figsize=(_WIDTH, height), facecolor="white")
    figure.set_layout_engine("constrained", w_pad=_PAD, h_pad=_PAD)
    return figure


def _bars(parts: list[Part], labels: int = 0) -> tuple[Figure, Axes]:
    """A picture with a row for each part, from above; `labels` are lines that the legend needs."""
    figure = _figure(1.1 + 0.2 * labels + _ROW * len(parts))
    axes = figure.add_subplot()
    axes.set_yticks(range(len(parts)), [_label(part) for part in parts])
    axes.set_ylim(len(parts) - 0.5, -0.5)
    return figure, axes


def _label(part: Part) -> str:
    """Its name as the font has it: matplotlib takes dollars for formulas, and warns of each letter it does not have."""
    name = line(part.name) or UNNAMED
    short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "~"
    return f"{short} ({part.problems:,})".encode("ascii", "replace").decode().replace("$", r"\$")


def _frame(axes: Axes, title: str, across: str) -> None:
    axes.set_title(title, loc="left", size=_SIZE + 1, color=_INK)
    axes.set_xlabel(across, size=_SIZE)
    axes.tick_params(labelsize=_SIZE - 1)
    axes.spines[["top", "right"]].set_visible(False)


def _shares(axes: Axes, along: str) -> None:
    """From nothing to all, in per cent."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    (axes.set_xlim if along == "x" else axes.set_ylim)(0, 1.005)
    axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
    axis.set_major_formatter(PercentFormatter(1, symbol=" %"))


def _counts(axes: Axes, what: str) -> None:
    axes.set_ylabel(what, size=_SIZE)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


PICTURES: Mapping[str, Make] = {
    "coverage": coverage,
    "levels": partial(passed, "level"),
    "domains": partial(passed, "domain"),
    "rates": rates,
    "outcomes": outcomes,
    "progress": progress,
}
