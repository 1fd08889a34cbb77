"""Two runs of a benchmark beside each other, as tables of words and sentences, of what `comparing` finds.

Called by `prover.bench.report.tables`.
"""

from __future__ import annotations

from prover.bench.metrics.comparing import Comparison, Difference
from prover.bench.report.grids import Grid, Row, percent

_NAMED = 12  # problems of a kind that are named
_LEVEL = 0.05  # of a test that says "not by chance"


def compared(found: Comparison, first: str, second: str) -> tuple[Grid, Grid]:
    """Coverage and its difference, then which problems only one of them has solved; `first` and `second` are names."""
    return _coverage(found, first, second), _problems(found, first, second)


def _coverage(found: Comparison, first: str, second: str) -> Grid:
    measured = dict.fromkeys(one for one in (found.at_one, found.at_most) if one is not None)
    ours, theirs = len(found.both) + len(found.lost), len(found.both) + len(found.gained)
    solved = ("solved", f"{ours:,}", f"{theirs:,}", f"{theirs - ours:+,}", "", _p(found.mcnemar))
    return Grid(
        "Two runs, on the problems that both have tried",
        ("", first, second, "difference", "95 % interval", "p"),
        (*map(_difference, measured), solved),
    )


def _difference(one: Difference) -> Row:
    interval = f"{_signed(one.low)} to {_signed(one.high)}"
    shares = (percent(one.first), percent(one.second), _signed(one.mean))
    return (f"pass@{one.k} %", *shares, interval, _p(one.p))


def _signed(share: float) -> str:
    """In per cent; what is nothing but for rounding has no sign of its own."""
    return f"{round(100 * share, 1) + 0.0:+.1f}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _problems(found: Comparison, first: str, second: str) -> Grid:
    """Only those that make the difference are named."""
    rows = [
        (f"only {second}", f"{len(found.gained):,}", _some(found.gained)),
        (f"only {first}", f"{len(found.lost):,}", _some(found.lost)),
        ("both", f"{len(found.both):,}", ""),
        ("neither", f"{len(found.neither):,}", ""),
        (f"not in {second}", f"{len(found.only_first):,}", ""),
        (f"not in {first}", f"{len(found.only_second):,}", ""),
        ("without a sample in one", f"{len(found.unsampled):,}", ""),
    ]
    told = tuple(row for place, row in enumerate(rows) if place < 4 or row[1] != "0")
    return Grid("Solved by", ("", "problems", ""), told, words=3)


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def meaning(found: Comparison) -> list[str]:
    """What the figures do not say by themselves, a sentence each."""
    said = []
    if not found.same_samples:
        said.append("Problems have not as many samples in one as in the other: read pass@k, not who has solved more.")
    if found.at_most is not None and found.at_most.p >= _LEVEL:
        least = found.at_most.detectable
        blind = (
            "with so few problems every difference may"
            if least is None
            else f"one below {100 * least:.1f} points may well"
        )
        said.append(f"The difference may be chance; {blind} go unnoticed.")
    return said
