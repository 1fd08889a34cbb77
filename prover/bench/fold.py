"""Rows out of a journal: every attempt of a benchmark, from its ASSIGNED to its end.

A fold over events, like `prover.state`, and nothing else: the runner folds what it writes, to tell its policy, and the
results folder folds what it reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from prover.bench.problem import Problem
from prover.bench.rows import Ended, Row
from prover.journal import Event, What
from prover.state import cost_of

DONE = "every sample is drawn"
_NO_FAULT = frozenset({"", "limit"})  # a limit of the attempt's own: it had its chance


@dataclass
class Fold:
    """`ended` has the rows in the order of their ends; `under_way` those of attempts that are not over."""

    ended: list[Row] = field(default_factory=list)
    under_way: dict[int, Row] = field(default_factory=dict)
    stopped: str = ""  # why the run is over
    worked: float = 0.0  # seconds that somebody was working on it
    _last: float = 0.0

    @property
    def finished(self) -> bool:
        """Is every sample drawn, and decided?"""
        return self.stopped == DONE and not self.under_way

    def __call__(self, event: Event) -> Row | None:
        """The row that this event has ended, if any."""
        data = event.data
        if event.what not in (What.STARTED, What.RESUMED):
            self.worked += max(0.0, event.time - self._last)
        self._last = event.time
        match event.what:
            case What.RESUMED:
                self.stopped = ""
            case What.ASSIGNED:
                number, problem, agent = data["attempt"], data["declaration"], data["agent"]
                negation = data.get("negation", False)
                self.under_way[number] = Row(problem, 0, agent, Ended.NOTHING, number, negation, began=event.time)
            case What.SPENT:
                self._change(event, **_paid(self.under_way[data["attempt"]], event))
            case What.PROPOSED:
                self._change(event, **_text(data), **_took(data))
            case What.NOTHING:
                counts = data["fault"] in _NO_FAULT and data.get("sample", True)
                self._change(event, why=data["why"], **_text(data), **_took(data))
                return self._end(event, Ended.NOTHING if counts else Ended.FAILED)
            case What.JUDGED if data["final"]:
                self._change(event, why=data["explanation"], judge_seconds=data["seconds"])
                self._change(event, reasons=tuple(data["reasons"]))
                return self._end(event, Ended.DISPROVED if data.get("disproof") else Ended(data["outcome"]))
            case What.DROPPED:
                return self._dropped(event)
            case What.ENDED | What.UNSOUND:
                self.stopped = data["why"]
        return None

    def _change(self, event: Event, **fields: Any) -> None:
        number = event.data["attempt"]
        self.under_way[number] = replace(self.under_way[number], **fields)

    def _end(self, event: Event, ended: Ended) -> Row:
        row = replace(self.under_way.pop(event.data["attempt"]), ended=ended)
        self.ended.append(row)
        return row

    def _dropped(self, event: Event) -> Row | None:
        """It is made again, so it is no row; but what it has paid for is shown."""
        if not self.under_way[event.data["attempt"]].calls:
            del self.under_way[event.data["attempt"]]
            return None
        self._change(event, why=event.data["why"])
        return self._end(event, Ended.FAILED)


def rows(events: Iterable[Event], problems: Iterable[Problem], policy: str) -> tuple[Fold, tuple[Row, ...]]:
    """The fold, and the rows of attempts that are over, by problem in the suite's order and numbered as samples."""
    fold = Fold()
    for event in events:
        fold(event)
    order = {problem.name: (place, problem.digest) for place, problem in enumerate(problems)}
    drawn = Counter[tuple[str, bool]]()
    found = []
    known = (row for row in fold.ended if row.problem in order)  # one may not elaborate any more
    for row in sorted(known, key=lambda row: (order[row.problem][0], row.negation, row.attempt)):
        drawn[row.problem, row.negation] += 1
        sample = drawn[row.problem, row.negation]
        found.append(replace(row, sample=sample, policy=policy, digest=order[row.problem][1]))
    return fold, tuple(found)


def _paid(row: Row, event: Event) -> dict[str, Any]:
    cost, data = cost_of(event), event.data
    unknown = data["dollars"] is None or row.dollars is None
    return {
        "tokens": row.tokens + cost.tokens,
        "usage": row.usage + cost.usage,
        "dollars": None if unknown or row.dollars is None else row.dollars + cost.dollars,
        "calls": row.calls + 1,
        "model": data["model"],
        "prompt": data["prompt"] or row.prompt,
    }


def _text(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was handed in, or the best that there was."""
    lists = {key: tuple(data.get(key, ())) for key in ("feedback", "history")}
    return {key: data.get(key, "") for key in ("body", "helpers", "drafted")} | lists


def _took(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"seconds": data["seconds"], "lean_seconds": data.get("processor", 0.0)}
