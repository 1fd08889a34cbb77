"""Draws a run's report as one SVG or PNG file: what was proved over time and cost, the queue, and the outcomes.

Only looks: the figures are made by `prover.report.figures`. Readable in black and white: lines differ by dash and
shares by hatch. matplotlib is used through its objects, never through pyplot, which keeps global state.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from prover.figure import save
from prover.report.figures import Point, Report, part
from prover.report.outcomes import Group

_INK, _PALE = "#22282e", "#8d99a6"
_SIZE = 9
_HOUR = 3600.0
# Fill and hatch of each group's part of the bar, dark for what was merged
_FILLS = {
    Group.PROVED: ("#14522a", ""),
    Group.REDUCED: ("#7cc48d", ""),
    Group.BLOCKED: ("#ffffff", "////"),
    Group.REJECTED: ("#ffe28a", "--"),
    Group.NOTHING: ("#e6e9ec", ""),
    Group.FAULT: ("#ffffff", "xxxx"),
    Group.RESOURCE: ("#ffffff", "...."),
    Group.CRASHED: ("#ffffff", "++++"),
    Group.DROPPED: ("#b4bcc4", "\\\\\\\\"),
    Group.UNMERGED: ("#ffffff", "oo"),
    Group.UNDER_WAY: ("#ffffff", ""),
}


def plot(report: Report, path: Path) -> None:
    """Writes the picture to `path`, by its suffix.

    Raises ConfigError when `path` is neither SVG nor PNG, or cannot be written.
    """
    save(panels(report), path)


def panels(report: Report) -> Figure:
    """Two panels side by side, and two below them."""
    figure = Figure(figsize=(10, 7.4), facecolor="white", layout="constrained")
    figure.suptitle(f"Run {report.run}", x=0.01, ha="left", size=13, weight="bold", color=_INK)
    grid = figure.add_gridspec(3, 2, height_ratios=(3, 3, 2.2))
    _proved_over_time(figure.add_subplot(grid[0, 0]), report)
    _proved_over_cost(figure.add_subplot(grid[0, 1]), report)
    _queue(figure.add_subplot(grid[1, :]), report)
    _outcomes(figure.add_subplot(grid[2, :]), report)
    return figure


def _frame(axes: Axes, title: str, across: str, up: str = "") -> None:
    """The titles, and an axis from zero for what is counted."""
    axes.set_title(title, loc="left", size=_SIZE + 1, color=_INK)
    axes.set_xlabel(across, size=_SIZE)
    axes.set_ylabel(up, size=_SIZE)
    axes.tick_params(labelsize=_SIZE - 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.01)
    if up:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def _unit(seconds: float) -> tuple[float, str]:
    """The unit that a span is read in: its seconds, and its name."""
    if seconds >= 2 * _HOUR:
        return _HOUR, "hours"
    return (60.0, "minutes") if seconds >= 120 else (1.0, "seconds")


def _gained(points: tuple[Point, ...]) -> list[int]:
    return [point.proved - points[0].proved for point in points]


def _proved_over_time(axes: Axes, report: Report) -> None:
    unit, name = _unit(report.worked)
    across = [point.worked / unit for point in report.points]
    axes.step(across, _gained(report.points), where="post", color=_INK, label="proved")
    axes.step(across, [p.open for p in report.points], where="post", color=_INK, linestyle=(0, (4, 2)), label="open")
    _frame(axes, "Proved over time", f"time worked ({name})", "theorems")
    axes.legend(frameon=False, fontsize=_SIZE - 1, ncols=2, loc="lower right", bbox_to_anchor=(1, 0.99))


def _proved_over_cost(axes: Axes, report: Report) -> None:
    """Over dollars where all that was paid is known, else over tokens, else over the time of all attempts together."""
    if report.spent.dollars and not report.spent.unpriced:
        across, label = [p.spent.dollars for p in report.points], "paid (dollars)"
    elif report.spent.tokens:
        across, label = [float(p.spent.tokens) for p in report.points], "paid (tokens)"
    else:
        unit, name = _unit(report.spent.seconds)
        across, label = [p.spent.seconds / unit for p in report.points], f"time of all attempts together ({name})"
    axes.step(across, _gained(report.points), where="post", color=_INK)
    _frame(axes, "Proved over cost", label, "theorems proved")


def _queue(axes: Axes, report: Report) -> None:
    unit, name = _unit(report.worked)
    across = [level.worked / unit for level in report.levels]
    flying, waiting = [level.flying for level in report.levels], [level.waiting for level in report.levels]
    axes.step(across, flying, where="post", color=_PALE, linewidth=1, label="attempts under way")
    axes.step(across, waiting, where="post", color=_INK, linewidth=1.4, label="of those waiting for the judge")
    _frame(axes, "Attempts under way, and the merge queue", f"time worked ({name})", "attempts")
    axes.legend(frameon=False, fontsize=_SIZE - 1, ncols=2, loc="lower right", bbox_to_anchor=(1, 0.99))


def _outcomes(axes: Axes, report: Report) -> None:
    """Two bars: the shares of the groups in the attempts, and in the time of attempts."""
    whole = report.all_attempts
    left = [0.0, 0.0]
    for group, (fill, hatch) in _FILLS.items():
        mine = [share.spent for share in report.shares if share.what.group is group]
        if not mine:
            continue
        shares = [
            part(sum(s.attempts for s in mine), whole.attempts),
            part(sum(s.seconds for s in mine), whole.seconds),
        ]
        label = f"{group} {shares[0]:.1%}"
        axes.barh([1, 0], shares, left=left, height=0.6, fc=fill, ec=_INK, hatch=hatch, linewidth=0.6, label=label)
        left = [before + share for before, share in zip(left, shares, strict=True)]
    _frame(axes, "What became of the attempts", "share (%)")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    axes.set_yticks([1, 0], ["of attempts", "of time"])
    axes.set_xlim(0, 1)
    if report.shares:
        axes.legend(frameon=False, fontsize=_SIZE - 1, ncols=4, loc="upper left", bbox_to_anchor=(0, -0.35))
