"""What is asked for, as an order: which problems, how many samples by whom, and the settings to compare runs by."""

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.bench.merging import Shard
from prover.bench.ordering import Choice, Sampling, order_of, settings_of
from prover.bench.places import difference
from prover.bench.policy import Allocation
from prover.bench.problem import Problem, Suite, Truth
from prover.bench.running import Order
from prover.config import Config, Limits
from prover.errors import ConfigError, ProverError
from tests.bench_run import problem

parts = st.sampled_from(["", "1", "2", "3"])


@st.composite
def suites(draw: st.DrawFn) -> Suite:
    size = draw(st.integers(1, 12))
    made = (problem(f"p{n}", draw(parts), split=draw(parts), domain=draw(parts)) for n in range(size))
    return Suite("s", tuple(made))


# Which problems


@given(suites(), st.data())
def test_what_is_chosen_has_all_that_was_asked_for_and_keeps_the_suites_order(
    suite: Suite, data: st.DataObject
) -> None:
    def some(what: str) -> list[str]:
        there = sorted({getattr(one, what) for one in suite.problems})
        return data.draw(st.lists(st.sampled_from(there), unique=True))

    choice = Choice(some("split"), some("level"), some("domain"))
    wanted = [
        one
        for one in suite.problems
        if (not choice.splits or one.split in choice.splits)
        and (not choice.levels or one.level in choice.levels)
        and (not choice.domains or one.domain in choice.domains)
    ]
    try:
        found = [*choice.of(suite).problems]
    except ConfigError:  # of those that are left, none has what was asked for next
        found = wanted
        assert set(wanted) < set(suite.problems)
    assert found == wanted


@given(suites(), st.none() | st.integers(1, 20))
def test_nothing_asked_for_is_the_whole_suite_and_the_first_are_the_first(suite: Suite, first: int | None) -> None:
    assert Choice(first=first).of(suite).problems == suite.problems[:first]


def test_problems_are_chosen_by_name_and_the_first_of_what_is_left_are_taken() -> None:
    suite = Suite("s", tuple(problem(name, "1" if name in "abc" else "2") for name in "dcba"))
    assert [one.name for one in Choice(names=["a", "d", "c"]).of(suite).problems] == ["d", "c", "a"]
    assert [one.name for one in Choice(levels=["1"], first=2).of(suite).problems] == ["c", "b"]
    assert Choice(names=["a"]).of(suite).digest != suite.digest


def test_a_value_that_no_problem_has_is_refused_with_those_that_there_are() -> None:
    suite = Suite("s", tuple(problem(f"p{n}", str(n)) for n in range(20)))
    with pytest.raises(ConfigError, match="no problem has the level '99'") as caught:
        Choice(levels=["1", "99"]).of(suite)
    assert caught.value.remedy == "there are: 0, 1, 10, 11, 12, 13, 14, 15"
    with pytest.raises(ConfigError, match="no problem has the split 'test'") as caught:
        Choice(splits=["test"]).of(suite)
    assert caught.value.remedy == "no problem of the suite has one"


# The order

pytestmark = pytest.mark.usefixtures("toolchain")
SUITE = Suite("s", tuple(problem(name) for name in "abcde"))
PLAIN = Sampling()


def ordered(sampling: Sampling = PLAIN, suite: Suite = SUITE, script: Path | None = None, **config: Any) -> Order:
    given = {"agents": ("automation",), **config}
    return order_of(suite, Config.model_validate(given), sampling, None, script)


def scripted(folder: Path, *answers: str) -> Path:
    path = folder / "script.toml"
    path.write_text(f"a = {json.dumps([*answers])}\n")
    return path


def test_who_always_does_the_same_draws_one_sample(tmp_path: Path) -> None:
    assert ordered(Sampling(samples=8)).samples == 1
    script = scripted(tmp_path, ":= rfl", ":= by simp")
    assert ordered(Sampling(samples=8), script=script, agents=("scripted",)).samples == 8


def test_the_samples_are_the_limit_of_a_problem() -> None:
    config = ordered(declaration_limits=Limits(attempts=2, tokens=9)).config
    assert config.declaration_limits == Limits(tokens=9)


@pytest.mark.parametrize(
    ("truth", "asked", "disprove"),
    [
        (Truth.FALSE, None, True),
        (Truth.FALSE, False, False),
        (Truth.UNKNOWN, None, False),
        (Truth.UNKNOWN, True, True),
        (Truth.TRUE, None, False),
    ],
)
def test_negations_are_tried_where_some_statement_is_false_on_purpose(
    truth: Truth, asked: bool | None, disprove: bool
) -> None:
    suite = Suite("s", (problem("a"), problem("b", truth=truth)))
    assert ordered(Sampling(disprove=asked), suite).disprove is disprove


@given(suites(), st.integers(1, 6))
def test_shards_have_every_problem_once_and_each_has_its_share(suite: Suite, count: int) -> None:
    shards = [Shard(number, count).of(suite.problems) for number in range(1, count + 1)]
    assert sorted(one.name for shard in shards for one in shard) == sorted(one.name for one in suite.problems)
    assert max(map(len, shards)) - min(map(len, shards)) <= 1


def test_an_order_of_a_shard_is_of_the_whole_suite_and_runs_its_part() -> None:
    made = ordered(Sampling(shard="2/2"))
    assert ([one.name for one in made.problems], made.suite) == (["b", "d"], SUITE)
    assert settings_of(made, "2/2")["digest"] == settings_of(ordered())["digest"] == SUITE.digest
    with pytest.raises(ConfigError, match="shard 6/6 has no problem: there are 5"):
        ordered(Sampling(shard="6/6"))


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"agents": ("automation", "splitter")}, "2 agents at once: automation, splitter"),
        ({"agents": ("oracle",)}, "no agent `oracle`"),
        ({"agents": ("sampler",)}, "has no model to ask"),
        ({"agents": ("sampler=nobody:x",)}, "nobody"),
    ],
)
def test_who_cannot_be_asked_is_refused_with_what_to_do(config: dict[str, Any], why: str) -> None:
    with pytest.raises(ProverError, match=why) as caught:
        ordered(**config)
    assert caught.value.remedy


# The settings


def test_settings_can_be_written_down_and_say_the_same_when_they_are_read() -> None:
    settings = settings_of(ordered(Sampling(policy=Allocation.ADAPTIVE, least=0.25)))
    assert json.loads(json.dumps(settings)) == settings
    assert (settings["policy"], settings["least_chance"], settings["version"]) == (
        "adaptive",
        0.25,
        version("lemmaworks"),
    )
    assert (settings["model"], settings["repair"], settings["packages"]) == ("", False, "")


def model(name: str = "m", **config: Any) -> Order:
    return ordered(Sampling(samples=2), agents=("sampler",), model=f"vllm:{name}@http://127.0.0.1:9/v1", **config)


def test_what_a_model_is_told_makes_another_run_and_for_who_asks_none_it_does_not() -> None:
    plain = settings_of(model())
    assert plain["model"] == "vllm:m@http://127.0.0.1:9/v1"
    changed = [
        *(model("n"), model(temperature=0.5), model(max_tokens=5), model(repair=False), model(turns=1)),
        *(model(samples=3), model(thinking=2000), model(search=False)),
    ]
    assert all(difference(plain, settings_of(one)) for one in changed)
    assert difference(settings_of(ordered()), settings_of(ordered(temperature=0.5, turns=1, samples=3))) == ""


def test_limits_and_workers_do_not_make_another_run_and_all_that_a_sample_is_does() -> None:
    plain = settings_of(ordered())
    same = [ordered(workers=7), ordered(limits=Limits(dollars=1)), ordered(jobs=1, spares=0)]
    assert [difference(plain, settings_of(one)) for one in same] == [""] * len(same)
    other = {
        "attempt_seconds": ordered(attempt_seconds=5),
        "attempt_checks": ordered(attempt_checks=5),
        "build_seconds": ordered(build_seconds=5),
        "check_seconds": ordered(check_seconds=5),
        "disprove": ordered(Sampling(disprove=True)),
        "digest": ordered(suite=SUITE.only(SUITE.problems[1:])),
        "policy": ordered(Sampling(policy=Allocation.ADAPTIVE)),
        "replay": ordered(replay="optional"),
    }
    assert {key: difference(plain, settings_of(one)) for key, one in other.items()} == {key: key for key in other}
    assert difference(plain, settings_of(ordered(), "1/2")) == "shard"


def test_the_order_of_the_statements_is_no_other_suite_and_another_statement_is() -> None:
    again = SUITE.only(reversed(SUITE.problems))
    assert settings_of(ordered(suite=again))["digest"] == SUITE.digest
    changed = replace(SUITE.problems[0], statement="theorem a : 1 = 1")
    assert Suite("s", (changed, *SUITE.problems[1:])).digest != SUITE.digest
    told = replace(SUITE.problems[0], informal="In words.", level="5")
    assert Problem.from_json(told.as_json()).digest == SUITE.problems[0].digest
