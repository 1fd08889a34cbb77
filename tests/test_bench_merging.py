"""Shards and further samples of one run made one; and what is no part of the same run is refused."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.bench.merging import Shard, merged
from prover.bench.problem import Unusable
from prover.bench.rows import Ended, Results, Row
from prover.errors import ConfigError
from tests.bench_run import problem, results, row, simulated

BOOKS = ("merged", "wall_seconds_sum")  # what merging writes into the settings


def part(of: Results, shard: Shard) -> Results:
    """What `--shard i/n` of this run makes."""
    mine = shard.of(of.problems)
    names = {one.name for one in mine}
    rows = tuple(row for row in of.rows if row.problem in names)
    return replace(of, settings={**of.settings, "shard": str(shard)}, problems=mine, rows=rows)


def parts(of: Results, count: int) -> list[Results]:
    return [part(of, Shard(number, count)) for number in range(1, count + 1)]


def with_setting(of: Results, **settings: Any) -> Results:
    return replace(of, settings={**of.settings, **settings})


def without_books(of: Results) -> Results:
    return replace(of, settings={key: value for key, value in of.settings.items() if key not in BOOKS})


@settings(max_examples=40)
@given(st.integers(1, 12), st.integers(1, 15), st.randoms(use_true_random=False))
def test_a_run_dealt_out_to_shards_is_itself_when_they_are_merged(count: int, problems: int, random: Any) -> None:
    run = simulated(problems, 3, seed=random.randrange(1000))
    dealt = parts(run, count)
    random.shuffle(dealt)
    assert without_books(merged(dealt)) == run


@settings(max_examples=40)
@given(st.data())
def test_however_rows_are_split_the_same_run_comes_back(data: st.DataObject) -> None:
    run = simulated(6, 4)
    owners = data.draw(st.lists(st.integers(0, 3), min_size=len(run.rows), max_size=len(run.rows)))
    split = [
        replace(run, rows=tuple(row for row, owner in zip(run.rows, owners, strict=True) if owner == number))
        for number in range(4)
    ]
    assert without_books(merged(split)) == run


def test_one_part_alone_is_itself() -> None:
    assert without_books(merged([simulated(5)])) == simulated(5)


@pytest.mark.parametrize("setting", ["digest", "toolchain", "packages", "agent", "model", "samples", "temperature"])
def test_the_first_setting_that_differs_is_named(setting: str) -> None:
    one, other = parts(simulated(8), 2)
    with pytest.raises(ConfigError, match=f"{setting} is .* in one and something else in another"):
        merged([one, with_setting(other, **{setting: "something else"})])


def test_a_setting_that_one_part_does_not_have_differs() -> None:
    one, other = parts(simulated(8), 2)
    bare = replace(other, settings={key: value for key, value in other.settings.items() if key != "toolchain"})
    with pytest.raises(ConfigError, match="toolchain"):
        merged([one, bare])


def test_settings_that_say_nothing_of_the_prover_may_differ() -> None:
    one, other = parts(simulated(8), 2)
    both = merged([with_setting(one, run="left", workers=2), with_setting(other, run="right", workers=8)])
    assert both.settings["run"] == "left + right"
    assert both.settings["merged"] == ["left", "right"]


def test_a_missing_shard_is_named() -> None:
    run = simulated(20)
    some = [part(run, Shard(number, 4)) for number in (1, 4)]
    assert merged(some).unfinished == "shard 2/4 is missing; shard 3/4 is missing"


def test_what_the_parts_leave_open_is_said() -> None:
    one, other = parts(simulated(8), 2)
    assert merged([replace(one, unfinished="out of money"), other]).unfinished == "shard 1/2: out of money"


def test_shards_are_merged_in_the_suites_order_even_when_one_is_missing() -> None:
    run = simulated(20)
    some = merged([part(run, Shard(number, 4)) for number in (4, 1)])
    assert list(some.problems) == [one for at, one in enumerate(run.problems) if at % 4 in (0, 3)]


def test_a_shard_that_is_there_twice_is_refused() -> None:
    one, other = parts(simulated(8), 2)
    with pytest.raises(ConfigError, match="shard 1/2 is there twice"):
        merged([one, other, with_setting(one, run="again")])


def test_shards_of_different_deals_are_refused() -> None:
    run = simulated(12)
    with pytest.raises(ConfigError, match="number of shards is 2 in one and 3 in another"):
        merged([part(run, Shard(1, 2)), part(run, Shard(2, 3))])


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3", ""])
def test_what_is_no_shard_is_refused(shard: str) -> None:
    with pytest.raises(ConfigError, match="is no shard"):
        Shard.parse(shard)


def test_a_shard_beside_a_whole_run_is_refused() -> None:
    run = simulated(8)
    with pytest.raises(ConfigError, match="some parts are shards, and others are not"):
        merged([part(run, Shard(1, 2)), replace(run, rows=())])


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(ConfigError, match="nothing to be merged"):
        merged([])


def two(*rows: Row) -> Results:
    return results([problem("b"), problem("a")], rows, samples=4)


def test_further_samples_are_put_beside_the_first_ones() -> None:
    first = two(row("b", 1), row("a", 1, Ended.PROVED), row("a", 2))
    further = two(row("a", 4), row("b", 2), row("a", 3))
    found = [(one.problem, one.sample) for one in merged([further, first]).rows]
    assert found == [("b", 1), ("b", 2), ("a", 1), ("a", 2), ("a", 3), ("a", 4)]


def test_the_same_sample_in_two_parts_is_refused() -> None:
    with pytest.raises(ConfigError, match="sample 1 of a is there twice"):
        merged([two(row("a", 1)), two(row("b", 1), row("a", 1, Ended.PROVED))])


def test_a_sample_at_the_negation_is_another_one() -> None:
    both = merged([two(row("a", 1)), two(row("a", 1, negation=True))])
    assert [one.negation for one in both.rows] == [False, True]
    with pytest.raises(ConfigError, match="sample 1 of the negation of a is there twice"):
        merged([both, two(row("a", 1, negation=True))])


def test_shards_ran_side_by_side() -> None:
    dealt = [replace(one, wall_seconds=seconds) for one, seconds in zip(parts(simulated(9), 3), (5, 9, 7), strict=True)]
    both = merged(dealt)
    assert both.wall_seconds == 9
    assert both.settings["wall_seconds_sum"] == 21


def test_what_was_not_usable_is_united() -> None:
    odd, common = Unusable("odd", "unknown identifier"), Unusable("both", "no statement")
    one, other = parts(simulated(8), 2)
    both = merged([replace(one, unusable=(common, odd)), replace(other, unusable=(common,))])
    assert both.unusable == (common, odd)
