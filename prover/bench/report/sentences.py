"""A benchmark's summary in sentences, for a terminal and for a page alike.

What a suite or a journal has written is in them as it is; `tables` and `page` make it harmless.
"""

from __future__ import annotations

from itertools import groupby

from prover.bench.metrics.estimators import Estimate
from prover.bench.report.grids import ends, percent
from prover.bench.report.passing import At, Fitted, Repaired
from prover.bench.report.summary import Summary

_REASONS = 6  # of rejections that are named


def settings(summary: Summary) -> str:
    """`core 0123456789ab, automation, 1 sample a problem, embedded Lean 4.28.0`."""
    told = {key: str(value) for key, value in summary.settings.items() if value is not None}
    parts = [
        f"{told.get('suite', '')} {told.get('digest', '')[:12]}",
        *(told.get(key, "") for key in ("agent", "model")),
        _count(summary.settings.get("samples", 0), "sample") + " a problem",
        "chosen adaptively" if summary.adaptive else "",
        "with repair" if summary.settings.get("repair") else "",
        told.get("toolchain", ""),
    ]
    return ", ".join(part.strip() for part in parts if part.strip())


def solved(summary: Summary) -> str:
    """`Solved 44 of 102 problems`."""
    return f"Solved {summary.counts.solved:,} of {_count(summary.counts.problems, 'problem')}"


def passed(summary: Summary) -> str:
    """`: pass@1 43.1 % (33.3 to 52.9); apart from them: 2 unusable.`, which goes on from `solved`."""
    counts = summary.counts
    apart = [
        *([f"{counts.refuted:,} of {counts.false:,} false on purpose disproved"] if counts.false else []),
        *([f"{counts.unusable:,} unusable"] if counts.unusable else []),
    ]
    disproved = f"; {counts.disproved:,} disproved" if counts.disproved else ""
    rest = f"; apart from them: {', '.join(apart)}" if apart else ""
    estimated = points(summary.coverage)
    return f"{': ' if estimated else ''}{estimated}{disproved}{rest}."


def points(coverage: tuple[At, ...]) -> str:
    """`pass@1 43.1 % (33.3 to 52.9), pass@8 60.8 % (51.0 to 69.6)`."""
    return ", ".join(f"pass@{at.k} {_words(at.estimate)}" for at in ends(coverage))


def _words(estimate: Estimate) -> str:
    return f"{percent(estimate.mean)} % ({percent(estimate.low)} to {percent(estimate.high)})"


def wrong(summary: Summary) -> list[str]:
    """The contradictions; none in a run that can be trusted."""
    return [f"CONTRADICTION: {found.problem}: {found.why}" for found in summary.contradictions]


def ended(summary: Summary) -> str:
    """`180 attempts: 120 proved, 60 rejected (40 SORRY, 20 BUILD).`"""
    parts = []
    for kind, several in groupby(summary.classes, key=lambda found: found.ended):
        found = list(several)
        reasons = [f"{one.attempts:,} {one.reason}" for one in found if one.reason]
        named = ", ".join([*reasons[:_REASONS], *(["…"] if len(reasons) > _REASONS else [])])
        parts.append(f"{sum(one.attempts for one in found):,} {kind}{f' ({named})' if named else ''}")
    whole = _count(summary.costs.totals.attempts, "attempt")
    return f"{whole}{': ' if parts else ''}{', '.join(parts)}."


def further(summary: Summary) -> list[str]:
    """What repair has given, and what each law says of more samples; none where there is nothing to say."""
    return [*([_repaired(summary.repair)] if summary.repair else []), *map(_law, summary.laws)]


def _repaired(repair: Repaired) -> str:
    without = f"; without it {points(repair.without)}" if repair.without else ""
    return (
        f"Repair: {_count(repair.proofs, 'proof')}, {_count(repair.only, 'problem')} that nothing else solved{without}."
    )


def _law(law: Fitted) -> str:
    said = [f"{percent(found.coverage)} % at {found.k:,}" for found in law.predicts if found.extrapolated]
    return f"Extrapolated by the {law.law}: {', '.join(said)} samples."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
