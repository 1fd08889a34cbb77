"""What a benchmark's summary says of its rows, whatever order they come in: counts, pass@k, costs, what is unknown."""

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.bench.metrics.estimators import coverage
from prover.bench.problem import Truth, Unusable
from prover.bench.report.costs import Spread, costs
from prover.bench.report.course import course
from prover.bench.report.parts import Class, Contradiction, Standing, classes, counted, natural, standing
from prover.bench.report.passing import most
from prover.bench.report.summary import Summary, summarise
from prover.bench.rows import Ended, Results, Row
from prover.model import Usage
from tests.bench_run import any_results, problem, results, row, simulated

PROVED, DISPROVED, REJECTED = Ended.PROVED, Ended.DISPROVED, Ended.REJECTED


def quick(run: Results) -> Summary:
    """The summary, its laws without intervals."""
    return summarise(run, refits=0)


def without_costs(run: Results) -> dict[str, Any]:
    plain = quick(run).as_json()
    del plain["costs"]
    return plain


# Whatever the rows


@settings(max_examples=20, deadline=None)
@given(any_results())
def test_parts_sum_to_the_problems_and_classes_to_the_attempts(run: Results) -> None:
    made = quick(run)
    false = sum(one.truth is Truth.FALSE for one in run.problems)
    assert made.counts.problems + made.counts.false == len(run.problems)
    assert made.counts.false == false
    for parts in (made.levels, made.domains, made.splits):
        for figure in ("problems", "solved", "false", "refuted", "attempts"):
            assert sum(getattr(part, figure) for part in parts) == getattr(made.whole, figure)
        assert sum((Counter(part.ends) for part in parts), start=Counter()) == Counter(made.whole.ends)
    assert sum(found.attempts for found in made.classes) == len(run.rows) == made.costs.totals.attempts
    assert sum(found.on_false for found in made.classes) + made.whole.attempts == len(run.rows)
    assert made.counts.solved == made.whole.solved <= made.counts.problems
    assert all(at.k <= max(1, run.settings["samples"] or 20) for at in made.coverage)
    json.dumps(made.as_json(), allow_nan=False)


@settings(max_examples=12, deadline=None)
@given(any_results(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_problems_changes_nothing(run: Results, dice: random.Random) -> None:
    rows, problems = list(run.rows), list(run.problems)
    dice.shuffle(rows)
    dice.shuffle(problems)
    assert quick(replace(run, rows=tuple(rows), problems=tuple(problems))).as_json() == quick(run).as_json()


@settings(max_examples=12, deadline=None)
@given(any_results(), st.floats(1.5, 100))
def test_time_changes_the_costs_alone(run: Results, factor: float) -> None:
    slower = [
        replace(one, seconds=one.seconds * factor, began=one.began + 7, lean_seconds=factor, attempt=9)
        for one in run.rows
    ]
    assert without_costs(replace(run, rows=tuple(slower), wall_seconds=factor)) == without_costs(run)


@settings(max_examples=20, deadline=None)
@given(any_results())
def test_the_course_ends_where_the_totals_are(run: Results) -> None:
    points, totals = course(run), costs(run).totals
    assert len(points) == 1 + len(run.rows)
    assert (points[-1].tokens, points[-1].unpriced) == (totals.tokens, totals.unpriced)
    assert points[-1].dollars == pytest.approx(totals.dollars)
    true = [one for one in run.problems if one.truth is not Truth.FALSE]
    assert points[-1].solved == sum(map(run.solved, true))
    assert all(before.solved <= after.solved for before, after in pairwise(points))


# Little or nothing


def test_a_run_without_problems_says_that_there_are_none() -> None:
    made = quick(results([]))
    assert (made.counts.problems, made.counts.solved, made.whole.problems) == (0, 0, 0)
    assert (made.coverage, made.levels, made.laws, made.repair, made.costs.each) == ((), (), (), None, None)
    assert made.costs.first.samples is None


def test_only_unusable_statements_are_no_problems_and_no_failures() -> None:
    made = quick(results([], unusable=(Unusable("b", "no colon"), Unusable("a", "unknown identifier"))))
    assert (made.counts.problems, made.counts.unusable) == (0, 2)
    assert [one.name for one in made.unusable] == ["a", "b"]
    assert made.coverage == ()


def test_a_problem_without_a_row_is_a_problem_and_in_no_pass_at_k() -> None:
    made = quick(results([problem("a"), problem("b")], [row("a", ended=PROVED)]))
    assert (made.counts.problems, made.counts.solved, made.counts.untried) == (2, 1, 1)
    assert made.coverage[0].estimate.mean == 1.0
    assert made.coverage[0].estimate.problems == 1
    assert "1 problem is without a sample: among the problems, and in no pass@k." in made.unknown


def test_where_all_attempts_fail_coverage_is_nothing_with_an_interval_that_says_how_little_is_known() -> None:
    made = quick(results([problem("a"), problem("b")], [row(name, n) for name in "ab" for n in (1, 2)], samples=2))
    assert [at.estimate.mean for at in made.coverage] == [0.0, 0.0]
    assert made.coverage[-1].estimate.high > 0.5
    assert (made.laws, made.costs.first.problems, made.costs.each) == ((), 0, None)


def test_one_sample_gives_pass_at_1_and_no_law() -> None:
    made = quick(simulated(20, 1))
    assert [at.k for at in made.coverage] == [1]
    assert made.laws == ()


# Problems and parts


def run_of_five() -> Results:
    """Two levels; a statement that is false on purpose and disproved, one that nobody vouches for and is disproved."""
    problems = [
        problem("a", "1", domain="lists"),
        problem("b", "1"),
        problem("c", "10"),
        problem("d", "2", Truth.UNKNOWN),
        problem("e", "2", Truth.FALSE),
    ]
    rows = [
        row("a", 1, REJECTED, reasons=("SORRY", "AXIOM"), seconds=3.0),
        row("a", 2, PROVED, seconds=1.0),
        row("b", 1, PROVED, seconds=2.0),
        row("b", 2, Ended.RESOURCE, reasons=("RESOURCE",), seconds=2.0),
        row("c", 1, Ended.FAILED),
        row("d", 1, DISPROVED, negation=True),
        row("d", 1),
        row("d", 2),
        row("e", 1, DISPROVED, negation=True),
        row("e", 1, REJECTED, reasons=("BUILD",)),
    ]
    return results(problems, rows, samples=2)


def test_what_is_false_on_purpose_is_counted_apart_everywhere() -> None:
    made = quick(run_of_five())
    counts = made.counts
    assert (counts.problems, counts.solved, counts.disproved, counts.untried) == (4, 2, 1, 1)
    assert (counts.false, counts.refuted) == (1, 1)
    assert [(part.name, part.problems, part.solved, part.false, part.refuted) for part in made.levels] == [
        ("1", 2, 2, 0, 0),
        ("2", 1, 0, 1, 1),
        ("10", 1, 0, 0, 0),
    ]
    assert made.coverage[0].estimate.problems == 3
    assert made.whole.attempts == 8


def test_attempts_at_a_negation_are_no_samples_of_pass_at_k() -> None:
    run = run_of_five()
    assert counted(run, run.problems)["d"].proofs == 0
    assert run.samples("d") == (2, 0)
    assert "e" not in counted(run, run.problems)


def test_a_disproved_problem_fails_in_all_samples_that_it_was_to_have() -> None:
    rows = [row("a", n, PROVED) for n in range(1, 5)]
    refuted = [row("b", 1, DISPROVED, negation=True), row("b", 1)]
    run = results([problem("a"), problem("b", truth=Truth.UNKNOWN)], [*rows, *refuted], samples=4)
    assert [(at.k, at.estimate.mean) for at in quick(run).coverage] == [(1, 0.5), (2, 0.5), (4, 0.5)]
    assert quick(run).unknown == ("1 problem is disproved: among the problems, and failures in pass@k.",)


def test_rejections_are_classed_by_the_first_reason() -> None:
    assert classes(run_of_five()) == (
        Class(PROVED, "", 2, 0, 0),
        Class(DISPROVED, "", 2, 2, 1),
        Class(REJECTED, "BUILD", 1, 0, 1),
        Class(REJECTED, "SORRY", 1, 0, 0),
        Class(Ended.RESOURCE, "", 1, 0, 0),
        Class(Ended.NOTHING, "", 2, 0, 0),
        Class(Ended.FAILED, "", 1, 0, 0),
    )


@pytest.mark.parametrize(
    ("truth", "ended", "stands", "why"),
    [
        (Truth.FALSE, [PROVED], Standing.CONTRADICTION, "false on purpose, and proved"),
        (Truth.TRUE, [DISPROVED], Standing.CONTRADICTION, "true as the suite says, and disproved"),
        (Truth.UNKNOWN, [PROVED, DISPROVED], Standing.CONTRADICTION, "proved, and its negation too"),
        (Truth.UNKNOWN, [DISPROVED], Standing.DISPROVED, ""),
        (Truth.FALSE, [DISPROVED], Standing.DISPROVED, ""),
        (Truth.FALSE, [REJECTED], Standing.OPEN, ""),
        (Truth.TRUE, [Ended.CRASHED], Standing.UNTRIED, ""),
    ],
)
def test_what_cannot_be_is_a_contradiction(truth: Truth, ended: list[Ended], stands: Standing, why: str) -> None:
    run = results([problem("a", truth=truth)], [row("a", n, how) for n, how in enumerate(ended, start=1)])
    assert standing(run, run.problems[0]) is stands
    assert quick(run).contradictions == ((Contradiction("a", why),) if why else ())


def test_a_proof_of_what_is_false_on_purpose_solves_nothing() -> None:
    made = quick(results([problem("a", truth=Truth.FALSE)], [row("a", ended=PROVED)]))
    assert (made.counts.solved, made.counts.refuted, made.coverage) == (0, 0, ())


def test_levels_are_in_the_order_of_numbers_and_what_has_no_name_is_last() -> None:
    endless = "1" * 5000
    assert sorted(["hard", "", "10", endless, "2", "easy"], key=natural) == ["2", "10", endless, "easy", "hard", ""]


# pass@k


def test_pass_at_k_is_that_of_the_estimators_at_powers_of_two_and_at_k() -> None:
    run = simulated(30, 6, seed=3)
    clean = replace(run, rows=tuple(one for one in run.rows if one.counts))
    every = [replace(one, ended=one.ended if one.counts else REJECTED) for one in run.rows]
    made = quick(replace(run, rows=tuple(every)))
    counts = list(counted(replace(run, rows=tuple(every)), run.problems).values())
    assert [at.k for at in made.coverage] == [1, 2, 4, 6]
    assert [at.estimate for at in made.coverage] == [coverage(counts, k) for k in (1, 2, 4, 6)]
    assert made.whole.at_k == made.coverage[-1].estimate
    assert quick(clean).costs.totals.samples == len(clean.rows)


def test_k_goes_no_further_than_nine_of_ten_problems_go() -> None:
    """The few that lost no sample may be the easy ones: their pass@4 alone would be 100 %."""
    lucky = [row("p0", n, PROVED) for n in range(1, 5)]
    others = [row(f"p{place}", n) for place in range(1, 10) for n in (1, 2)]
    run = results([problem(f"p{place}") for place in range(10)], [*lucky, *others], samples=4)
    assert most(list(counted(run, run.problems).values()), 4) == 2
    assert [at.k for at in quick(run).coverage] == [1, 2]
    assert "9 problems have fewer samples than were asked for." in quick(run).unknown


def test_without_repair_its_proofs_are_failures() -> None:
    rows = [
        row("a", 1, PROVED, drafted=":= by ring"),
        row("a", 2, REJECTED, drafted=":= by ring"),
        row("b", 1, PROVED),
        row("b", 2, PROVED, drafted=":= by ring"),
    ]
    made = quick(results([problem("a"), problem("b")], rows, samples=2))
    repair = made.repair
    assert repair is not None
    assert (repair.attempts, repair.proofs, repair.only) == (3, 2, 1)
    assert [at.estimate.mean for at in made.coverage] == [0.75, 1.0]
    assert [at.estimate.mean for at in repair.without] == [0.25, 0.5]


def test_an_adaptive_policy_is_only_observed() -> None:
    rows = [row("a", 1, PROVED), *(row("b", n, PROVED if n == 4 else REJECTED, policy="adaptive") for n in range(1, 5))]
    made = quick(results([problem("a", "1"), problem("b", "1")], rows, samples=8))
    assert made.adaptive
    assert (made.coverage, made.laws, made.levels[0].at_1) == ((), (), None)
    assert [(at.k, at.estimate.mean) for at in made.observed] == [(1, 0.5), (2, 0.5), (4, 1.0)]
    (said,) = made.unknown
    assert "nothing estimates pass@k without bias" in said


def test_laws_say_more_samples_and_that_this_is_extrapolated() -> None:
    made = summarise(simulated(40, 8, repair=False), refits=4)
    assert {law.law for law in made.laws} == {"power law", "rates of problems"}
    for law in made.laws:
        top = made.coverage[-1].k
        assert [(one.k, one.extrapolated) for one in law.predicts] == [(top, False), (2 * top, True), (10 * top, True)]
        shares = [share for _, share in law.curve]
        assert shares == sorted(shares)
        assert law.predicts[-1].coverage == pytest.approx(shares[-1])
    interval = made.laws[-1].predicts[-1].interval
    assert interval is not None
    assert interval[0] < interval[1]


# Costs and what is not known


def priced(sample: int, ended: Ended, tokens: int, dollars: float | None, seconds: float, **fields: Any) -> Row:
    usage = Usage(input=tokens - 1, output=1)
    return row("a", sample, ended, tokens=tokens, usage=usage, dollars=dollars, seconds=seconds, **fields)


def test_the_first_proof_costs_all_attempts_up_to_it_in_the_order_of_their_samples() -> None:
    rows = [
        priced(3, PROVED, 1000, 1.0, 100.0),
        priced(2, PROVED, 30, 0.5, 3.0, lean_seconds=0.5),
        priced(1, Ended.FAILED, 20, 0.25, 2.0, lean_seconds=0.25),
        priced(1, REJECTED, 5, 0.125, 50.0, negation=True),
    ]
    first = costs(results([problem("a")], rows)).first
    assert (first.problems, first.samples, first.tokens) == (1, Spread(1, 1), Spread(50, 50))
    assert (first.dollars, first.seconds, first.lean_seconds) == (Spread(0.75, 0.75), Spread(5, 5), Spread(0.75, 0.75))


def test_each_solved_problem_bears_its_part_of_all_that_was_spent() -> None:
    rows = [priced(1, PROVED, 30, 0.5, 3.0), row("b", tokens=10, dollars=None, seconds=1.0, judge_seconds=2.0)]
    made = quick(results([problem("a"), problem("b")], rows, wall_seconds=9.0))
    each, totals = made.costs.each, made.costs.totals
    assert each is not None
    assert (each.tokens, each.dollars, each.unpriced, each.seconds) == (40, 0.5, 10, 4.0)
    assert (totals.usage, totals.judge_seconds, made.costs.wall_seconds) == (Usage(29, 1), 2.0, 9.0)
    assert "The price of 10 tokens is not known: they are not in the dollars." in made.unknown


def test_dollars_to_the_first_proof_are_unknown_where_a_price_is() -> None:
    assert costs(results([problem("a")], [priced(1, PROVED, 30, None, 3.0)])).first.dollars is None


def test_nine_of_ten_lie_within_the_ninetieth_percentile() -> None:
    assert Spread.of([float(n) for n in range(1, 12)]) == Spread(6.0, 10.0)
    assert Spread.of([]) is None


def test_the_mean_time_is_that_of_attempts_at_statements_that_are_not_false_on_purpose() -> None:
    means = costs(run_of_five()).mean_seconds
    assert means["level"]["1"] == 2.0
    assert means["all"] == {"all": 1.0}
    assert means["domain"]["lists"] == 2.0


def test_what_broke_a_run_off_and_what_was_left_out_is_said() -> None:
    run = results([problem("a")], [row("a", 1, Ended.FAILED), row("a", 2, PROVED)], unfinished="the budget is used up")
    assert quick(run).unknown == (
        "The run is not finished: the budget is used up.",
        "1 attempt is left out: a server that was away or a crashed Lean is no sample.",
    )


def test_models_and_prompts_are_those_that_the_attempts_name() -> None:
    rows = [row("a", n, model=model, prompt="refine-2") for n, model in enumerate(["y", "x", "", "y"], start=1)]
    made = quick(results([problem("a")], rows))
    assert (made.models, made.prompts) == (("x", "y"), ("refine-2",))
