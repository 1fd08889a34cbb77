"""Rows out of events: one for each attempt that is over, with what it has cost and how it ended, and no other."""

from collections import Counter, defaultdict
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.bench.fold import DONE, Fold, rows
from prover.bench.rows import Ended, Row
from prover.journal import What
from prover.model import Usage
from prover.recovery import taken_over
from prover.state import fold
from tests.bench_run import problem
from tests.run_events import Story

NAMES = ("b", "a", "c")
PROBLEMS = [problem(name) for name in NAMES]


def told(story: Story) -> tuple[Row, ...]:
    return rows(story.events, PROBLEMS, "uniform")[1]


def only(story: Story) -> Row:
    (row,) = told(story)
    return row


def folded(story: Story) -> Fold:
    return rows(story.events, PROBLEMS, "uniform")[0]


def end(story: Story, why: str = DONE) -> None:
    story.add(What.ENDED, why=why, checks=0, workers_started=0, workers_replaced={})


def negation(story: Story, name: str) -> int:
    """An attempt at the negation."""
    number = story.assign(name, "disprover")
    story.events[-1] = replace(story.events[-1], data={**story.events[-1].data, "negation": True})
    return number


def verdict(story: Story, number: int, outcome: str, disproof: str = "", final: bool = True) -> None:
    """The judge's word as the benchmark's runner writes it: nothing is merged, so there is never a commit."""
    words = {"outcome": outcome, "reasons": [], "rests_on": [], "explanation": f"it is {outcome}", "disproof": disproof}
    story.add(What.JUDGED, **story.attempts[number], **words, seconds=2.0, final=final, commit="", tip="")


# One attempt


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        ("proved", Ended.PROVED),
        ("rejected", Ended.REJECTED),
        ("resource", Ended.RESOURCE),
        ("crashed", Ended.CRASHED),
    ],
)
def test_what_the_judge_says_is_how_an_attempt_ended(outcome: str, ended: Ended) -> None:
    story = Story(*NAMES)
    verdict(story, story.propose(story.assign("a"), seconds=3.0), outcome)
    row = only(story)
    assert (row.problem, row.sample, row.ended, row.why) == ("a", 1, ended, f"it is {outcome}")
    assert (row.seconds, row.judge_seconds, row.body, row.history) == (3.0, 2.0, ":= by simp", ())


def test_a_negation_that_is_proved_is_a_disproof_and_the_judges_other_words_are_no_proof() -> None:
    story = Story(*NAMES)
    verdict(story, story.propose(negation(story, "a")), "rejected", disproof="a.disproof")
    verdict(story, story.propose(negation(story, "b")), "rejected")
    ends = {row.problem: (row.negation, row.ended, row.counts) for row in told(story)}
    assert ends == {"a": (True, Ended.DISPROVED, True), "b": (True, Ended.REJECTED, True)}


def test_a_verdict_that_is_not_final_is_none() -> None:
    story = Story(*NAMES)
    number = story.propose(story.assign("a"))
    verdict(story, number, "crashed", final=False)
    assert (told(story), folded(story).under_way[number].ended) == ((), Ended.NOTHING)
    verdict(story, number, "proved")
    assert only(story).ended is Ended.PROVED


@pytest.mark.parametrize(
    ("fault", "ended"),
    [("", Ended.NOTHING), ("limit", Ended.NOTHING), ("server", Ended.FAILED), ("bug", Ended.FAILED)],
)
def test_who_finds_nothing_has_had_a_sample_and_who_could_not_work_has_not(fault: str, ended: Ended) -> None:
    story = Story(*NAMES)
    story.nothing(story.assign("a"), fault=fault, seconds=4.0)
    row = only(story)
    assert (row.ended, row.counts, row.why, row.seconds) == (ended, ended is Ended.NOTHING, "found nothing", 4.0)


def test_the_limit_of_the_run_took_a_chance_and_that_of_the_attempt_did_not() -> None:
    story = Story(*NAMES)
    for sample in (True, False):
        number = story.assign("a")
        told_of = {"seconds": 1.0, "why": "no money", "fault": "limit", "sample": sample}
        story.add(What.NOTHING, **story.attempts[number], **told_of)
    assert [row.ended for row in told(story)] == [Ended.NOTHING, Ended.FAILED]


def test_the_best_that_an_agent_had_is_kept() -> None:
    story = Story(*NAMES)
    best = {"body": ":= by ring", "helpers": "lemma h : True", "feedback": ["no ring"]}
    about = story.attempts[story.assign("a")]
    story.add(What.NOTHING, **about, seconds=1.0, why="gave up", fault="", sample=True, processor=2.5, **best)
    row = only(story)
    assert (row.body, row.helpers, row.feedback, row.lean_seconds) == (
        ":= by ring",
        "lemma h : True",
        ("no ring",),
        2.5,
    )


# What was dropped, and what is gone on with


def test_what_was_dropped_is_a_row_only_where_it_has_cost_something() -> None:
    story = Story(*NAMES)
    story.drop(story.assign("a"))
    paid = story.assign("b")
    story.pay(paid, tokens=7)
    story.drop(paid, why="out of time")
    row = only(story)
    assert (row.problem, row.ended, row.counts, row.tokens, row.why) == ("b", Ended.FAILED, False, 7, "out of time")


def test_after_a_kill_an_attempt_that_goes_on_is_one_row_with_the_costs_of_both_its_lives() -> None:
    story = Story(*NAMES)
    number = story.assign("a")
    story.pay(number, usage=Usage(5, 2), dollars=1.0)
    unpaid = story.assign("b")
    story.resume()
    story.pay(number, usage=Usage(3, 1, 2), dollars=0.5, number=1)
    verdict(story, story.propose(number), "proved")
    row = only(story)
    assert (row.attempt, row.calls, row.usage, row.tokens, row.dollars) == (number, 2, Usage(8, 3, 2), 13, 1.5)
    assert unpaid not in folded(story).under_way


def test_a_proposal_that_waits_for_the_judge_waits_on_after_a_kill() -> None:
    story = Story(*NAMES)
    number = story.propose(story.assign("a"))
    story.resume()
    verdict(story, number, "proved")
    assert only(story).ended is Ended.PROVED


def test_one_call_without_a_price_makes_the_price_of_the_attempt_unknown() -> None:
    story = Story(*NAMES)
    number = story.assign("a")
    for place, dollars in enumerate((1.0, None, 2.0)):
        story.pay(number, tokens=1, dollars=dollars, number=place)
    story.nothing(number)
    assert (only(story).dollars, only(story).tokens) == (None, 3)


# The run


def test_a_run_is_finished_when_every_sample_is_drawn_and_goes_on_when_it_is_resumed() -> None:
    story = Story(*NAMES)
    story.nothing(story.assign("a"))
    assert not folded(story).finished
    end(story, "the limit of 1 attempts for the run is reached")
    assert (folded(story).finished, folded(story).stopped[:9]) == (False, "the limit")
    story.resume()
    assert folded(story).stopped == ""
    end(story)
    assert folded(story).finished


def test_a_run_that_is_unsound_is_not_finished() -> None:
    story = Story(*NAMES)
    story.add(What.UNSOUND, why="a is proved, and disproved")
    assert (folded(story).finished, folded(story).stopped) == (False, "a is proved, and disproved")


def test_time_in_which_nobody_worked_does_not_count_also_when_a_call_was_under_way() -> None:
    story = Story(*NAMES)
    number = story.assign("a", "refiner")
    story.wait(10.0)
    call = {"number": 0, "model": "m", "prompt": "p-1", "tokens": 9, "dollars": 1.0}
    story.add(What.CALLING, **story.attempts[number], **call)
    story.wait(5.0)
    other = story.assign("b", "refiner")
    story.wait(1000.0)
    for what, data in [*taken_over(fold(story.events), tip="")]:
        story.add(what, **data)
    story.wait(3.0)
    end(story)
    assert folded(story).worked == fold(story.events).worked == 18.0
    row = only(story)  # the call that was under way is charged the most that it can have cost
    assert (row.problem, row.ended, row.tokens, row.calls) == ("a", Ended.FAILED, 9, 1)
    assert other not in folded(story).under_way


# Any story


DEEDS = ("assign", "assign", "negation", "pay", "propose", "propose", "judge", "judge", "nothing", "drop", "resume")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A run of a benchmark, with a kill now and then: what may happen next is what the runner may write next."""
    story = Story(*NAMES)
    proposed: set[int] = set()
    for deed in draw(st.lists(st.sampled_from(DEEDS), max_size=60)):
        story.wait(draw(st.sampled_from([0.0, 0.5, 4.0])))
        flying = folded(story).under_way.keys()
        thinking = sorted(flying - proposed)
        if deed == "assign":
            story.assign(draw(st.sampled_from(NAMES)), "refiner")
        elif deed == "negation":
            negation(story, draw(st.sampled_from(NAMES)))
        elif deed == "resume":
            story.resume()
        elif deed == "judge" and (waiting := sorted(flying & proposed)):
            number = draw(st.sampled_from(waiting))
            outcome = draw(st.sampled_from(["proved", "rejected", "resource", "crashed"]))
            disproof = draw(st.sampled_from(["", "d"])) if folded(story).under_way[number].negation else ""
            verdict(story, number, outcome, disproof, final=draw(st.booleans()))
        elif thinking:
            number = draw(st.sampled_from(thinking))
            _think(story, number, deed, draw)
            proposed |= {number} if deed == "propose" else set()
    return story


def _think(story: Story, number: int, deed: str, draw: st.DrawFn) -> None:
    """What an agent may do."""
    if deed == "pay":
        usage = Usage(*draw(st.tuples(*[st.integers(0, 50)] * 4)))
        story.pay(number, usage=usage, dollars=draw(st.none() | st.sampled_from([0.0, 0.25, 2.0])))
    elif deed == "propose":
        story.propose(number, draw(st.sampled_from([0.0, 2.0])))
    elif deed == "nothing":
        story.nothing(number, draw(st.sampled_from(["", "limit", "server"])))
    elif deed == "drop":
        story.drop(number)


@given(stories())
def test_rows_are_by_problem_in_the_suites_order_and_their_samples_are_counted_from_one(story: Story) -> None:
    found = told(story)
    places = [(NAMES.index(row.problem), row.negation, row.attempt) for row in found]
    assert places == sorted(places)
    samples = defaultdict(list)
    for row in found:
        samples[row.problem, row.negation].append(row.sample)
        assert (row.policy, row.digest) == ("uniform", problem(row.problem).digest)
    assert all(drawn == [*range(1, len(drawn) + 1)] for drawn in samples.values())


@given(stories())
def test_every_attempt_is_a_row_or_under_way_or_was_dropped_before_it_had_cost_anything(story: Story) -> None:
    found, left = [row.attempt for row in told(story)], folded(story).under_way.keys()
    paid = {event.data["attempt"] for event in story.events if event.what is What.SPENT}
    dropped = {event.data["attempt"] for event in story.events if event.what is What.DROPPED} - paid
    assert Counter([*found, *left, *dropped]) == Counter([*story.attempts])
    assert {number for number in left if number in fold(story.events).flights} == set(left)


@given(stories())
def test_what_was_paid_is_in_the_rows_to_the_token(story: Story) -> None:
    paid: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in story.events:
        if event.what is What.SPENT:
            paid[event.data["attempt"]].append(dict(event.data))
    for row in (*told(story), *folded(story).under_way.values()):
        calls = paid.pop(row.attempt, [])
        assert (row.calls, row.tokens) == (len(calls), sum(call["tokens"] for call in calls))
        assert row.usage == reduce(Usage.__add__, (Usage(**call["usage"]) for call in calls), Usage())
        prices = [call["dollars"] for call in calls]
        assert row.dollars == (None if None in prices else sum(prices))
    assert not paid


@given(stories())
def test_only_the_judges_last_word_is_a_proof(story: Story) -> None:
    words = {e.data["attempt"]: e.data for e in story.events if e.what is What.JUDGED and e.data["final"]}
    for row in told(story):
        word = words.get(row.attempt)
        proved = word is not None and not row.negation and word["outcome"] == "proved"
        disproved = word is not None and row.negation and bool(word["disproof"])
        assert ((row.ended is Ended.PROVED), (row.ended is Ended.DISPROVED)) == (proved, disproved)
        assert Row.from_json(row.as_json()) == row


@given(stories(), st.data())
def test_a_fold_that_is_interrupted_goes_on_as_if_it_was_not(story: Story, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(story.events)))
    whole, parts = Fold(), Fold()
    ended = [row for event in story.events if (row := whole(event)) is not None]
    for event in story.events[:at]:
        parts(event)
    before = len(parts.ended)
    later = [row for event in story.events[at:] if (row := parts(event)) is not None]
    assert (parts.ended, later) == (ended, ended[before:])
    assert (parts.ended, parts.under_way, parts.worked) == (whole.ended, whole.under_way, whole.worked)
    assert whole.worked == pytest.approx(fold(story.events).worked)
