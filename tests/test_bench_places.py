"""Where runs go: an unfinished one is gone on with, a finished one is left alone, and no run takes another's place."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.bench import results
from prover.bench.fold import DONE
from prover.bench.places import difference, finished, place_for
from prover.bench.rows import FREE
from prover.errors import ConfigError
from prover.journal import Journal, What
from tests.bench_run import SETTINGS, problem

PROBLEMS = (problem("a"),)
MORE = "the limit of 1 attempts for the run is reached"
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)


def begun(folder: Path, why: str = "", *, files: bool = True, **settings: Any) -> Path:
    """A run in the folder: ended for that reason, or under way; with what is made of one, or killed before that."""
    results.state_down(folder, {**SETTINGS, **settings}, PROBLEMS, ())
    with Journal.create(folder / results.JOURNAL) as journal:
        journal.append(What.STARTED, run=folder.name, branch="", base="", toolchain="")
        if why:
            journal.append(What.ENDED, why=why, checks=0, workers_started=0, workers_replaced={})
    if files:
        (folder / results.PAGE).touch()
    return folder


def settings(**more: Any) -> dict[str, Any]:
    return {**SETTINGS, **more}


# Without a name


def test_the_first_run_has_the_number_one(tmp_path: Path) -> None:
    assert place_for(tmp_path / "none", None, settings()) == tmp_path / "none" / "core-automation-1"


def test_a_run_that_was_left_unfinished_is_gone_on_with(tmp_path: Path) -> None:
    begun(tmp_path / "core-automation-1", DONE)
    begun(tmp_path / "core-automation-2", MORE)
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-2"
    begun(tmp_path / "core-automation-3")
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-3"


def test_after_a_finished_run_comes_a_new_one(tmp_path: Path) -> None:
    begun(tmp_path / "core-automation-1", MORE)
    begun(tmp_path / "core-automation-9", DONE)
    begun(tmp_path / "core-automation-10", DONE)
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-11"


def test_another_run_between_them_is_neither_gone_on_with_nor_in_the_way(tmp_path: Path) -> None:
    begun(tmp_path / "core-automation-1", MORE)
    begun(tmp_path / "core-automation-2", MORE, samples=8)
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-1"
    assert place_for(tmp_path, None, settings(samples=8)) == tmp_path / "core-automation-2"
    assert place_for(tmp_path, None, settings(samples=9)) == tmp_path / "core-automation-3"


def test_what_is_no_run_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "core-automation-7").mkdir()  # of a process that was killed before it had written anything
    for name in ("core-automation", "core-automation-x", "core-automation-3-old", "other-1"):
        begun(tmp_path / name, MORE)
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-8"


def test_a_run_that_was_killed_before_its_files_were_made_is_gone_on_with(tmp_path: Path) -> None:
    folder = begun(tmp_path / "core-automation-1", DONE, files=False)
    assert place_for(tmp_path, None, settings()) == folder


def test_a_run_that_was_killed_before_its_journal_was_made_is_gone_on_with(tmp_path: Path) -> None:
    results.state_down(tmp_path / "core-automation-1", SETTINGS, PROBLEMS, ())
    assert place_for(tmp_path, None, settings()) == tmp_path / "core-automation-1"


def test_a_run_that_goes_on_has_no_page_of_what_it_was(tmp_path: Path) -> None:
    folder = begun(tmp_path / "core-automation-1", MORE)
    results.state_down(folder, SETTINGS, PROBLEMS, ())
    assert not (folder / results.PAGE).exists()


def test_a_run_that_was_merged_is_finished(tmp_path: Path) -> None:
    results.state_down(tmp_path, SETTINGS, PROBLEMS, ())
    (tmp_path / results.PAGE).touch()
    assert finished(tmp_path)


@pytest.mark.parametrize("why", ["", MORE, "a is proved, and disproved"])
def test_a_run_is_finished_only_when_every_sample_is_drawn(tmp_path: Path, why: str) -> None:
    assert not finished(begun(tmp_path / "a", why))
    assert finished(begun(tmp_path / "b", DONE))


@given(suite=st.text(max_size=30), agent=st.text(max_size=30), shard=st.sampled_from(["", "1/2", "10/10"]))
def test_every_name_is_that_of_one_folder_in_the_place(suite: str, agent: str, shard: str) -> None:
    named = settings(suite=suite, agent=agent, shard=shard)
    place = place_for(Path("/none"), None, named)
    assert place.parent == Path("/none")
    assert place.name.endswith("-1")
    assert not place.name.startswith((".", "-"))
    assert place.name.isprintable()
    assert shard.replace("/", "of") in place.name


# With a name


def test_a_name_is_the_folders_and_the_run_in_it_is_gone_on_with_finished_or_not(tmp_path: Path) -> None:
    assert place_for(tmp_path, "mine", settings()) == tmp_path / "mine"
    begun(tmp_path / "mine", DONE)
    assert place_for(tmp_path, "mine", settings(limits={"attempts": 3})) == tmp_path / "mine"


def test_the_name_of_another_run_is_refused_with_the_setting_that_differs(tmp_path: Path) -> None:
    begun(tmp_path / "mine", MORE)
    with pytest.raises(ConfigError, match=r"mine is another one: model is '' there, and 'm' now") as caught:
        place_for(tmp_path, "mine", settings(model="m"))
    assert caught.value.remedy == "give this one another --name"


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00", '{"a": 1'])
def test_settings_that_cannot_be_read_are_said_to_be_that(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / results.CONFIG).write_text(text)
    with pytest.raises(ConfigError, match="cannot read") as caught:
        place_for(tmp_path, "mine", settings())
    assert "\n" not in str(caught.value)


# What makes two runs two

some = st.dictionaries(st.sampled_from([*SETTINGS, *FREE]), values)


@given(some)
def test_nothing_differs_from_itself_also_not_when_it_was_written_down(one: Mapping[str, Any]) -> None:
    assert difference(one, one) == ""
    assert difference(json.loads(json.dumps(one)), one) == ""


@given(some, some)
def test_the_first_setting_that_differs_is_named_whichever_comes_first(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> None:
    key = difference(one, other)
    assert key == difference(other, one)
    assert (key == "") == all(one.get(k) == other.get(k) for k in {*one, *other} - FREE)
    assert not key or one.get(key) != other.get(key)


@given(some, st.dictionaries(st.sampled_from(sorted(FREE)), values))
def test_limits_and_places_do_not_make_another_run(one: Mapping[str, Any], more: Mapping[str, Any]) -> None:
    assert difference(one, {**one, **more}) == ""
