"""The parts of one run made one: shards `i/n` that ran side by side.

Pure. Parts that were not the same run are refused: their numbers would mean nothing. Called by `prover bench merge`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prover.bench.problem import Problem
from prover.bench.rows import FREE, Results, Row
from prover.errors import ConfigError

# What may differ; `digest`, which must not, is that of the whole suite, before it was dealt out.
_OWN = FREE | {"shard", "merged", "unfinished", "wall_seconds", "wall_seconds_sum"}  # of each part
_SHARD = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shards, by its number from 1: every `count`-th problem of the suite, from that one on."""

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """`i/n` with 1 ≤ i ≤ n. Raises ConfigError."""
        match = _SHARD.fullmatch(text.strip())
        shard = cls(int(match[1]), int(match[2])) if match else cls(0, 0)
        if not 1 <= shard.number <= shard.count:
            raise ConfigError(f"{text!r} is no shard", "write i/n with i from 1 to n, such as 2/4")
        return shard

    def of(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """The problems of this shard: dealt out like cards, so that each has some of every part of a suite."""
        return tuple(problems[self.number - 1 :: self.count])

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def merged(parts: Sequence[Results]) -> Results:
    """The parts as one run: its rows by problem, in the suite's order, and sample.

    Wall seconds are those of the longest part, since they ran side by side; settings have their sum, as
    `wall_seconds_sum`, and the runs, as `merged`. `unfinished` says which shards are missing, and what the parts say.
    Raises ConfigError where there are no parts, a setting differs, a shard is there twice, or two parts have the same
    sample of a problem.
    """
    if not parts:
        raise ConfigError("there is nothing to be merged", "name the folders of the parts")
    for setting in sorted({key for part in parts for key in part.settings} - _OWN):
        _demand_same(setting, [part.settings.get(setting) for part in parts])
    shards = _shards(parts)
    problems = _in_order(parts, shards)
    return Results(
        settings=_settings(parts),
        problems=problems,
        rows=_rows(parts, problems),
        unusable=tuple(dict.fromkeys(one for part in parts for one in part.unusable)),
        unfinished=_unfinished(parts, shards),
        wall_seconds=max(part.wall_seconds for part in parts),
    )


def _demand_same(setting: str, values: Sequence[Any]) -> None:
    other = next((value for value in values if value != values[0]), values[0])
    if other != values[0]:
        raise ConfigError(
            f"these are parts of different runs: {setting} is {values[0]} in one and {other} in another",
            "merge what was run with the same suite and settings",
        )


def _shards(parts: Sequence[Results]) -> tuple[Shard, ...]:
    """The shards of the parts, in their order; empty where they are none. Raises ConfigError."""
    given = [str(part.settings.get("shard") or "") for part in parts]
    if not any(given):
        return ()
    if not all(given):
        raise ConfigError("some parts are shards, and others are not", "merge the shards of one run")
    shards = tuple(map(Shard.parse, given))
    _demand_same("the number of shards", [shard.count for shard in shards])
    if twice := next((shard for at, shard in enumerate(shards) if shard in shards[:at]), None):
        raise ConfigError(f"shard {twice} is there twice", "give each shard once")
    return shards


def _in_order(parts: Sequence[Results], shards: Sequence[Shard]) -> tuple[Problem, ...]:
    """The problems in the suite's order: as a part has them that has all, or else as they were dealt out."""
    every = {problem.name: problem for part in parts for problem in part.problems}
    if whole := next((part for part in parts if len(part.problems) == len(every)), None):
        return whole.problems
    if not shards:
        return tuple(every.values())
    places: dict[str, int] = {}
    for part, shard in zip(parts, shards, strict=True):
        for at, problem in enumerate(part.problems):
            places.setdefault(problem.name, at * shard.count + shard.number)
    return tuple(sorted(every.values(), key=lambda problem: places[problem.name]))


def _rows(parts: Iterable[Results], problems: Iterable[Problem]) -> tuple[Row, ...]:
    places = {problem.name: at for at, problem in enumerate(problems)}
    found: dict[tuple[int, int, bool], Row] = {}
    for row in (row for part in parts for row in part.rows):
        key = (places[row.problem], row.sample, row.negation)
        if key in found:
            what = f"sample {row.sample} of {'the negation of ' if row.negation else ''}{row.problem}"
            raise ConfigError(f"{what} is there twice", "give each part once")
        found[key] = row
    return tuple(found[key] for key in sorted(found))


def _settings(parts: Sequence[Results]) -> Mapping[str, Any]:
    runs = list(dict.fromkeys(str(part.settings.get("run", "")) for part in parts))
    first = {key: value for key, value in parts[0].settings.items() if key != "shard"}
    seconds = sum(part.wall_seconds for part in parts)
    return {**first, "run": " + ".join(runs), "merged": runs, "wall_seconds_sum": seconds}


def _unfinished(parts: Sequence[Results], shards: Sequence[Shard]) -> str:
    return "; ".join((*_missing(shards), *_said(parts, shards)))


def _missing(shards: Sequence[Shard]) -> Iterator[str]:
    count = shards[0].count if shards else 0
    for shard in (Shard(number, count) for number in range(1, count + 1)):
        if shard not in shards:
            yield f"shard {shard} is missing"


def _said(parts: Sequence[Results], shards: Sequence[Shard]) -> Iterator[str]:
    names = [f"shard {shard}: " for shard in shards] or [""] * len(parts)
    found = (f"{name}{part.unfinished}" for name, part in zip(names, parts, strict=True) if part.unfinished)
    return iter(dict.fromkeys(found))
