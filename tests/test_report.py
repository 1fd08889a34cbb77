"""What a run's report says of its events: figures, tables, plots, and `prover report` on a real journal."""

import io
import json
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from rich.console import Console
from typer.testing import CliRunner, Result

from prover import report_cli
from prover.errors import ConfigError, ProverError
from prover.git.repository import Repository
from prover.journal import Event, Journal, What
from prover.model import Spent, Usage
from prover.report import plots, remaining
from prover.report.costs import Asked, PerProof
from prover.report.figures import Level, Report, report, thinned
from prover.report.outcomes import CANCELLED, RACE, RESTART, Class, Group
from prover.report.remaining import Left
from prover.report.tables import tables
from prover.runs import journal_path
from prover.state import fold
from tests.builders import charge, holes
from tests.run_events import Story

Make = Callable[[Mapping[str, str]], Path]


def classes(story: Story) -> dict[Class, int]:
    return {share.what: share.spent.attempts for share in report(story.events).shares}


def text(made: Report, left: Left | None = None) -> str:
    """The tables as printed, with single spaces."""
    out = Console(file=io.StringIO(), width=120, color_system=None)
    out.print(tables(made, left))
    assert isinstance(out.file, io.StringIO)
    return " ".join(out.file.getvalue().split())


# What became of each attempt


def test_a_merged_attempt_is_proved_or_reduced_as_its_verdict_was() -> None:
    story = Story("a", "b")
    story.prove(story.assign("a"))
    number = story.propose(story.assign("b"))
    story.merge(story.accept(number, "reduced"), "reduced", opened=["b.helper.one"])
    assert classes(story) == {Class(Group.PROVED): 1, Class(Group.REDUCED): 1}


def test_a_refusal_counts_under_its_first_reason_and_is_blocked_when_it_rests_on_what_is_open() -> None:
    story = Story("a")
    story.judge(story.propose(story.assign("a")), "rejected", ["AXIOM", "SCOPE"])
    story.judge(story.propose(story.assign("a")), "rejected", ["SORRY"])
    story.judge(story.propose(story.assign("a")), "rejected", ["SORRY"], rests_on=["b"])
    story.judge(story.propose(story.assign("a")), "resource", ["RESOURCE"])
    story.judge(story.propose(story.assign("a")), "crashed", ["CRASHED"])
    assert classes(story) == {
        Class(Group.REJECTED, "AXIOM"): 1,
        Class(Group.REJECTED, "SORRY"): 1,
        Class(Group.BLOCKED): 1,
        Class(Group.RESOURCE): 1,
        Class(Group.CRASHED): 1,
    }


def test_an_attempt_that_crashed_the_judge_once_and_was_proved_then_is_proved() -> None:
    story = Story("a")
    number = story.propose(story.assign("a"))
    story.judge(number, "crashed", final=False)
    story.merge(story.accept(number))
    assert classes(story) == {Class(Group.PROVED): 1}


def test_an_agent_that_failed_is_told_from_one_that_found_nothing() -> None:
    story = Story("a")
    story.nothing(story.assign("a"))
    story.nothing(story.assign("a"), fault="bug")
    assert classes(story) == {Class(Group.NOTHING): 1, Class(Group.FAULT, "bug"): 1}


def test_why_an_attempt_was_dropped_is_concluded_from_what_happened() -> None:
    story = Story("a", "b", "c", "d")
    story.assign("a")
    story.resume()
    winner, late = story.assign("b"), story.assign("b")
    story.prove(winner)
    story.drop(late)
    elsewhere = story.assign("c")
    story.move(closed=["c"])
    story.drop(elsewhere)
    story.drop(story.assign("d"))
    assert classes(story) == {
        Class(Group.PROVED): 1,
        Class(Group.DROPPED, RACE): 2,
        Class(Group.DROPPED, CANCELLED): 1,
        Class(Group.DROPPED, RESTART): 1,
    }


def test_a_proposal_survives_its_process_and_is_no_loss() -> None:
    story = Story("a", "b")
    kept = story.propose(story.assign("a"), seconds=7.0)
    story.assign("b")
    story.resume()
    story.merge(story.accept(kept))
    made = report(story.events)
    assert made.lost == Spent(attempts=1, seconds=4.0)
    assert made.spent.seconds == 11.0
    assert "lost to restarts │ 4.0 s of attempts, 36.4%" in text(made)


def test_what_is_accepted_when_the_events_break_off_is_told_from_what_is_under_way() -> None:
    story = Story("a", "b")
    story.accept(story.propose(story.assign("a")))
    story.propose(story.assign("b"))
    assert classes(story) == {Class(Group.UNMERGED): 1, Class(Group.UNDER_WAY): 1}


def test_a_bill_that_comes_after_the_end_of_an_attempt_is_still_charged_to_it() -> None:
    story = Story("a")
    number = story.assign("a")
    story.pay(number, tokens=5)
    story.nothing(number)
    story.pay(number, tokens=10, dollars=0.5)
    assert [share.spent for share in report(story.events).shares] == [Spent(1, 1.0, 15, 0.5, calls=2)]


NAMES = ["a", "b", "c"]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Any run that the journal could have: each step is one that is legal after those before it."""
    story, with_agent, waiting, accepted = Story(*NAMES), list[int](), list[int](), list[int]()
    for _ in range(draw(st.integers(0, 30))):
        steps = ["assign", "move", "resume", *(["answer"] * 3 * bool(with_agent)), *(["judge"] * 3 * bool(waiting))]
        match draw(st.sampled_from([*steps, *(["merge"] * 3 * bool(accepted))])):
            case "assign":
                with_agent.append(story.assign(draw(st.sampled_from(NAMES)), draw(st.sampled_from(["one", "two"]))))
            case "answer":
                number = with_agent.pop(draw(st.integers(0, len(with_agent) - 1)))
                if not _answer(draw, story, number, waiting):
                    with_agent.append(number)
            case "judge":
                number = waiting.pop(draw(st.integers(0, len(waiting) - 1)))
                _judge(draw, story, number, waiting, accepted)
            case "merge":
                story.merge(accepted.pop(0), draw(st.sampled_from(["proved", "reduced"])))
            case "move":
                name = draw(st.sampled_from(NAMES))
                story.move(**{draw(st.sampled_from(["closed", "opened"])): [name]})
                waiting, accepted = [*waiting, *accepted], []
            case "resume":
                story.resume()
                with_agent = [n for n in with_agent if fold(story.events).flights.get(n)]
        story.wait(draw(st.floats(0, 100)))
    return story


def _answer(draw: st.DrawFn, story: Story, number: int, waiting: list[int]) -> bool:
    """What the agent does; whether its attempt is over."""
    seconds = draw(st.floats(0, 1000))
    match draw(st.sampled_from(["propose", "nothing", "fault", "drop", "pay"])):
        case "propose":
            waiting.append(story.propose(number, seconds))
        case "nothing":
            story.nothing(number, seconds=seconds)
        case "fault":
            story.nothing(number, draw(st.sampled_from(["transient", "bug", "limit"])), seconds)
        case "drop":
            story.drop(number, seconds=seconds)
        case "pay":
            usage = draw(st.none() | st.builds(Usage, *[st.integers(0, 1000)] * 4))
            price = draw(st.none() | st.floats(0, 10))
            story.pay(number, draw(st.integers(0, 1000)), price, usage, model=draw(st.sampled_from(["x", "y"])))
            return False
    return True


def _judge(draw: st.DrawFn, story: Story, number: int, waiting: list[int], accepted: list[int]) -> None:
    outcome = draw(st.sampled_from(["accept", "drop", "again", "rejected", "blocked", "resource", "crashed"]))
    match outcome:
        case "accept":
            accepted.append(story.accept(number))
        case "drop":
            story.drop(number)
        case "again":
            story.judge(number, "crashed", final=False)
            waiting.append(number)
        case "blocked":
            story.judge(number, "rejected", ["SORRY"], rests_on=["a"])
        case _:
            story.judge(number, outcome, [draw(st.sampled_from(["BUILD", "AXIOM"]))])


@given(stories())
def test_every_attempt_is_in_one_class_and_the_shares_are_the_whole(story: Story) -> None:
    made, state = report(story.events), fold(story.events)
    seen = Counter(event.what for event in story.events)
    by_group: Counter[Group] = Counter()
    for share in made.shares:
        by_group[share.what.group] += share.spent.attempts
    assert made.all_attempts.attempts == len(story.attempts) == state.spent.attempts
    assert len({share.what for share in made.shares}) == len(made.shares)
    assert by_group[Group.PROVED] + by_group[Group.REDUCED] == seen[What.MERGED]
    assert by_group[Group.NOTHING] + by_group[Group.FAULT] == seen[What.NOTHING]
    assert by_group[Group.DROPPED] == seen[What.DROPPED]
    assert by_group[Group.UNDER_WAY] + by_group[Group.UNMERGED] == len(state.flights)
    parts = [outcome["shares"] for outcome in made.as_json()["outcomes"]]
    for measure in ("attempts", "seconds", "tokens", "dollars", "calls"):
        whole = getattr(state.spent, measure)
        assert getattr(made.all_attempts, measure) == pytest.approx(whole)
        assert sum(part[measure] for part in parts) == pytest.approx(1.0 if whole else 0.0)


@given(stories())
def test_time_and_cost_never_run_backwards_and_the_last_point_is_where_the_run_stands(story: Story) -> None:
    made, counts = report(story.events), fold(story.events).counts()
    assert (made.points[-1].open, made.points[-1].proved) == (counts["open"], counts["proved"])
    for before, after in pairwise(made.points):
        assert before.worked <= after.worked
        assert before.spent.attempts <= after.spent.attempts
        assert before.spent.seconds <= after.spent.seconds


@given(stories())
def test_the_longest_queue_is_that_of_the_state_at_its_worst(story: Story) -> None:
    states = [fold(story.events[:length]) for length in range(1, len(story.events) + 1)]
    made = report(story.events)
    assert max(level.waiting for level in made.levels) == max(len(state.waiting) for state in states)
    assert max(level.flying for level in made.levels) == max(len(state.flights) for state in states)


# The figures


def long_story() -> Story:
    """Two agents, one of them paid; three proofs, one of them bought; a queue, and one process that was killed."""
    story = Story("a", "b", "c", "d")
    story.wait(30.0)
    for name in ("a", "b"):
        story.prove(story.assign(name))
    story.build(attempts=4, builds=2, merged=2, waiting=3)
    story.wait(30.0)
    bought = story.assign("c", "sampler")
    story.pay(bought, tokens=12_000, dollars=1.5)
    story.prove(bought)
    story.build(attempts=1, builds=1, merged=1)
    story.assign("d", "sampler")
    story.wait(3600.0)
    story.resume()
    story.add(What.ENDED, why="nothing left that is worth an attempt")
    return story


def test_proved_and_open_are_given_over_the_time_worked_and_the_cost() -> None:
    made = report(long_story().events)
    assert [(p.worked, p.open, p.proved) for p in made.points] == [
        (0.0, 4, 1),
        (30.0, 3, 2),
        (30.0, 2, 3),
        (60.0, 1, 4),
        (60.0, 1, 4),
    ]
    assert made.points[3].spent == Spent(3, 3.0, 12_000, 1.5, calls=1)
    assert made.proved == 3
    assert made.resumed == 1


def test_the_merge_queue_is_counted_by_builds() -> None:
    queue = report(long_story().events).queue
    assert (queue.batches, queue.attempts, queue.builds, queue.merged, queue.longest) == (2, 5, 3, 3, 3)
    assert queue.seconds == 10.0
    assert queue.merges_per_build == 1.0


def test_each_agent_has_its_proofs_and_its_price() -> None:
    automation, sampler = report(long_story().events).agents
    assert (automation.agent, automation.proved, automation.spent) == ("automation", 2, Spent(2, 2.0))
    assert (sampler.agent, sampler.proved, sampler.spent) == ("sampler", 1, Spent(2, 5.0, 12_000, 1.5, calls=1))


def test_the_tables_say_the_figures_and_money_only_where_there_is_any() -> None:
    shown = text(report(long_story().events), Left(("d", "e"), 125.0))
    assert "proved in the run │ 3 theorems, 1 of 5 still open" in shown
    assert "time worked │ 1:00 min, taken up again 1 time" in shown
    assert "paid │ 12.0 K tokens, $1.50, in 1 call" in shown
    assert "for each merged proof │ 4.0 K tokens, $0.50" in shown
    assert "input from the cache │ unknown" in shown
    assert "merges │ 3 in 3 builds, 1.0 for each" in shown
    assert "2 declarations, expected to take 2:05 min of attempts: d → e" in shown
    assert "│ proved │ 3 │ 75.0 │ 3.0 s │ 42.9 │ 100.0 │" in shown
    assert "│ dropped: owner gone │ 1 │ 25.0 │ 4.0 s │ 57.1 │ 0.0 │" in shown
    assert "│ sampler │ 2 │ 1 │ 5.0 s │ 12.0 K │ $1.50 │ $1.50 │ 12.0 K │" in shown
    free = Story("a")
    free.nothing(free.assign("a"))
    assert "│ automation │ 1 │ 0 │ 1.0 s │ no proof │" in text(report(free.events))
    assert "$" not in text(report(free.events))


def thinkers() -> Story:
    """Two models, one of them without a price; two proofs of one and none of the other; a decoy was paid for, too."""
    story = Story("a", "b", "c")
    for name in ("a", "b"):
        number = story.assign(name, "refiner")
        story.pay(number, usage=Usage(100, 50, 800, 50), dollars=0.25, model="claude", seconds=4.0)
        story.prove(number)
    number = story.assign("c", "sampler")
    story.pay(number, usage=Usage(3000, 1000), dollars=None, model="vllm:x", seconds=6.0)
    story.nothing(number)
    decoy = {"attempt": 0, "declaration": "Canary", "agent": "refiner"}
    story.add(What.SPENT, **decoy, **charge(dollars=0.5, usage=Usage(1000), number=0) | {"model": "claude"})
    return story


def test_tokens_and_dollars_are_told_for_each_merged_proof_of_the_run_and_of_each_agent() -> None:
    made = report(thinkers().events)
    assert made.for_a_proof == PerProof(2, 3500.0, 0.5, 2000.0)
    refiner, sampler = made.agents
    assert refiner.for_a_proof == PerProof(2, 1000.0, 0.25, 0.0)
    assert sampler.for_a_proof == PerProof(0)
    shown = text(made)
    assert "for each merged proof │ 3.5 K tokens, $0.50 and 2.0 K tokens of unknown price" in shown
    assert "│ refiner │ 2 │ 2 │ 2.0 s │ 2.0 K │ $0.50 │ 1.0 s │ 1.0 K │" in shown
    assert "│ sampler │ 1 │ 0 │ 1.0 s │ 4.0 K │ unknown │ no proof │ no proof │" in shown


def test_tokens_are_told_by_model_and_kind_with_the_part_that_the_cache_has_saved() -> None:
    made = report(thinkers().events)
    claude, unpriced = made.models
    assert claude == Asked("claude", Spent(0, 10.0, 3000, 1.0, 3, 0, Usage(1200, 100, 1600, 100)))
    assert unpriced == Asked("vllm:x", Spent(0, 6.0, 4000, 0.0, 1, 4000, Usage(3000, 1000)))
    shown = text(made)
    assert "│ claude │ 3 │ 1.2 K │ 100 │ 1.6 K │ 100 │ 55% │ 3.0 K │ $1.00 │ 10.0 s │" in shown
    assert "│ vllm:x │ 1 │ 3.0 K │ 1.0 K │ 0 │ 0 │ 0% │ 4.0 K │ unknown │ 6.0 s │" in shown
    assert "│ all │ 4 │ 4.2 K │ 1.1 K │ 1.6 K │ 100 │ 27% │ 7.0 K │ over $1.00 │ 16.0 s │" in shown
    assert "input from the cache │ 27%" in shown


def test_the_dearest_declarations_come_first_and_some_are_named() -> None:
    made = report(thinkers().events)
    assert [(cost.declaration, cost.proved) for cost in made.declarations] == [("a", True), ("b", True), ("c", False)]
    shown = text(made)
    assert "│ a │ yes │ 1 │ 1 │ 1.0 K │ $0.25 │ 1.0 s │" in shown
    assert "│ c │ │ 1 │ 1 │ 4.0 K │ unknown │ 1.0 s │" in shown
    many = Story(*(f"t{number:02}" for number in range(12)))
    for number in range(12):
        many.pay(many.assign(f"t{number:02}"), dollars=float(number))
    assert "│ t02 │" in text(report(many.events))
    assert "│ t01 │" not in text(report(many.events))
    assert "and 2 more" in text(report(many.events))


def test_what_was_paid_is_in_the_json_as_in_the_tables() -> None:
    plain = json.loads(json.dumps(report(thinkers().events).as_json()))
    assert plain["per_proof"] == {"proofs": 2, "tokens": 3500.0, "dollars": 0.5, "unpriced": 2000.0}
    assert plain["from_cache"] == pytest.approx(1600 / 5900)
    usage = {"input": 4200, "output": 1100, "cache_read": 1600, "cache_write": 100}
    assert (plain["spent"]["usage"], plain["spent"]["calls"], plain["spent"]["unpriced"]) == (usage, 4, 4000)
    assert [one["per_proof"]["tokens"] for one in plain["agents"]] == [1000.0, None]
    assert [(one["model"], one["spent"]["calls"]) for one in plain["models"]] == [("claude", 3), ("vllm:x", 1)]
    dear = plain["declarations"][0]
    assert (dear["declaration"], dear["proved"], dear["spent"]["dollars"]) == ("a", True, 0.25)


def test_an_attempt_that_goes_on_after_a_restart_is_not_lost() -> None:
    story = Story("a", "b")
    talking = story.assign("a", "refiner")
    story.assign("b", "refiner")
    story.wait(10.0)
    story.pay(talking, dollars=0.5)
    story.resume()
    story.drop(talking)
    made = report(story.events)
    assert classes(story) == {Class(Group.DROPPED, RESTART): 1, Class(Group.DROPPED, CANCELLED): 1}
    assert made.lost.dollars == 0.0
    assert made.spent.seconds == 15.0  # ten before the restart, one after it, and four of the attempt that is lost


def test_reductions_have_a_column_where_there_are_any() -> None:
    story = Story("a")
    story.merge(story.accept(story.propose(story.assign("a")), "reduced"), "reduced", opened=["a.helper.one"])
    assert "┃ agent ┃ attempts ┃ proved ┃ reduced ┃" in text(report(story.events))
    assert "│ automation │ 1 │ 0 │ 1 │" in text(report(story.events))


def test_a_run_that_has_only_begun_has_a_report() -> None:
    made = report(Story("a").events[:1])
    assert made.points == ()
    assert "0 theorems" in text(made, Left(()))
    assert "nothing is open" in text(made, Left(()))


def test_a_long_critical_path_is_cut() -> None:
    shown = text(report(Story("a").events), Left(tuple(f"t{n}" for n in range(40))))
    assert "40 declarations: t0 → t1" in shown
    assert "… and 28 more" in shown


def test_thinning_keeps_the_highest_and_the_last_level_of_each_stretch() -> None:
    levels = [Level(float(second), second % 7, second % 11) for second in range(1000)]
    kept = thinned(levels, stretches=10)
    assert [(level.waiting, level.flying) for level in kept[::2]] == [(6, 10)] * 10
    assert kept[1::2] == tuple(level for level in levels if level.worked in {*range(99, 900, 100), 999})


def test_thinning_leaves_a_few_levels_as_they_are() -> None:
    levels = (Level(0.0, 0, 1), Level(5.0, 1, 1), Level(9.0, 0, 0))
    assert thinned(levels) == levels


# What is left


def test_the_critical_path_is_priced_by_what_attempts_have_cost_so_far() -> None:
    graph = holes("a", "b", plan={"b": ["a"]})
    story = Story("a", "b")
    assert remaining.left(graph, fold(story.events)) == Left(("a", "b"))
    story.nothing(story.assign("a"), seconds=10.0)
    cheap = remaining.left(graph, fold(story.events))
    story.nothing(story.assign("a"), seconds=1000.0)
    dear = remaining.left(graph, fold(story.events))
    assert cheap.chain == dear.chain == ("a", "b")
    assert cheap.seconds is not None
    assert dear.seconds is not None
    assert 10.0 <= cheap.seconds < dear.seconds


def test_the_critical_path_is_the_chain_that_is_expected_to_take_longest_and_not_the_one_of_most_links() -> None:
    graph = holes("a", "b", "c", "hard", "top", plan={"b": ["a"], "c": ["b"], "top": ["hard"]})
    story = Story("a", "b", "c", "hard", "top")
    assert remaining.left(graph, fold(story.events)).chain == ("a", "b", "c")
    for _ in range(20):
        story.nothing(story.assign("hard"), seconds=1000.0)
        story.prove(story.assign("easy"))
    assert remaining.left(graph, fold(story.events)).chain == ("hard", "top")


def test_a_plan_that_runs_in_a_circle_still_has_a_critical_path() -> None:
    graph, story = holes("a", "b", "c", plan={"a": ["b"], "b": ["a"], "c": ["a"]}), Story("a", "b", "c")
    story.nothing(story.assign("a"))
    chain = remaining.left(graph, fold(story.events)).chain
    assert chain == ("a", "b", "c")


def test_a_run_whose_attempts_were_all_dropped_has_no_prices() -> None:
    story = Story("a")
    story.drop(story.assign("a"))
    assert remaining.prices(holes("a"), fold(story.events)) == {}


# The plots


def test_the_panels_show_the_figures_and_name_their_units() -> None:
    made = report(long_story().events)
    over_time, over_cost, queue, outcomes = plots.panels(made).axes
    assert [np.asarray(line.get_ydata()).tolist() for line in over_time.lines] == [[0, 1, 2, 3, 3], [4, 3, 2, 1, 1]]
    assert over_time.get_xlabel() == "time worked (seconds)"
    assert over_cost.get_xlabel() == "paid (dollars)"
    assert queue.get_ylabel() == "attempts"
    bars = [patch for patch in outcomes.patches if isinstance(patch, Rectangle)]
    assert sum(bar.get_width() for bar in bars) == pytest.approx(2.0)  # one bar of attempts, one of time
    assert outcomes.get_xlabel() == "share (%)"


def test_without_money_the_cost_is_the_tokens_and_without_tokens_the_time() -> None:
    story = Story("a")
    number = story.assign("a")
    story.wait(10_000.0)
    story.nothing(number, seconds=10_000.0)
    assert plots.panels(report(story.events)).axes[1].get_xlabel() == "time of all attempts together (hours)"
    story.pay(number, tokens=7)
    assert plots.panels(report(story.events)).axes[1].get_xlabel() == "paid (tokens)"
    story.pay(number, tokens=7, dollars=1.0)
    assert plots.panels(report(story.events)).axes[1].get_xlabel() == "paid (dollars)"
    story.pay(number, tokens=7, dollars=None)  # what has no price would look free
    assert plots.panels(report(story.events)).axes[1].get_xlabel() == "paid (tokens)"


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_the_picture_is_the_same_bytes_for_the_same_run(suffix: str, start: bytes, tmp_path: Path) -> None:
    made = report(long_story().events)
    files = [tmp_path / f"{number}{suffix}" for number in range(2)]
    for file in files:
        plots.plot(made, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes().startswith(start)


def test_a_run_without_an_attempt_can_be_drawn(tmp_path: Path) -> None:
    plots.plot(report([]), tmp_path / "empty.svg")
    assert (tmp_path / "empty.svg").is_file()


def test_a_picture_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a picture is \.svg or \.png"):
        plots.plot(report([]), tmp_path / "report.pdf")
    with pytest.raises(ConfigError, match="No such file"):
        plots.plot(report([]), tmp_path / "nowhere" / "report.svg")


# The command


def kept(root: Path, events: list[Event], run: str = "run-1") -> Path:
    """The events as the journal of a run of the project at `root`."""
    path = journal_path(Repository.of(root), run)
    with Journal.create(path) as journal:
        journal.extend([(event.what, {**event.data, **_named(event, run)}) for event in events])
    return path


def _named(event: Event, run: str) -> dict[str, str]:
    return {"run": run} if event.what is What.STARTED else {}


def command(*words: str | Path) -> Result:
    app = typer.Typer()
    app.command()(report_cli.report)
    return CliRunner().invoke(app, [*map(str, words)], env={"COLUMNS": "120"})


def test_the_report_is_printed_and_drawn_beside_the_journal(project: Make) -> None:
    root = project({"A": "theorem done : True := trivial\n"})
    journal = kept(root, long_story().events)
    done = command(root, "--no-graph")
    assert done.exit_code == 0
    assert "3 theorems, 1 of 5 still open" in done.stdout
    assert f"The plots: {journal.with_name('report.svg')}" in done.stdout.replace("\n", "")
    assert journal.with_name("report.svg").is_file()


def test_json_is_all_there_is_on_stdout(project: Make, tmp_path: Path) -> None:
    root = project({"A": "theorem done : True := trivial\n"})
    kept(root, long_story().events)
    done = command(root, "--no-graph", "--json", "--plot", tmp_path / "mine.png")
    figures = json.loads(done.stdout)
    assert figures["proved"] == 3
    assert figures["left"] is None
    assert {(o["group"], o["detail"]) for o in figures["outcomes"]} == {("proved", ""), ("dropped", RESTART)}
    assert (tmp_path / "mine.png").is_file()


def test_of_several_runs_the_latest_is_reported_or_the_one_that_is_named(project: Make) -> None:
    root = project({"A": "theorem done : True := trivial\n"})
    kept(root, long_story().events, "zebra")
    kept(root, Story("a").events, "ant")
    assert "Run ant" in command(root, "--no-graph").stdout
    assert "Run zebra" in command(root, "--no-graph", "--run", "zebra").stdout


def test_no_run_is_said_in_one_line(project: Make) -> None:
    root = project({"A": "theorem done : True := trivial\n"})
    for words, said in (([], "there has been no run in"), (["--run", "other"], "there is no journal at")):
        error = command(root, "--no-graph", *words).exception
        assert isinstance(error, ProverError)
        assert said in str(error)
        assert "prover run" in error.remedy


def test_the_critical_path_comes_from_the_branch_and_leaves_no_worktree(project: Make) -> None:
    root = project({"A": "theorem one : 1 = 1 := by\n  sorry\n\ntheorem two : 1 = 1 := by\n  exact one\n"})
    repository, story = Repository.of(root), Story("one", "two")
    story.move()
    story.events[-1] = Event(3, 1000.0, What.MOVED, {**story.events[-1].data, "tip": repository.resolve("HEAD")})
    kept(root, story.events)
    assert json.loads(command(root, "--json").stdout)["left"] == {"critical_path": ["one", "two"], "seconds": None}
    assert not list((repository.home / "worktrees").glob("*"))


def test_a_branch_that_does_not_compile_costs_the_report_only_its_critical_path(project: Make) -> None:
    root = project({"A": "theorem done : True := trivial\n"})
    kept(root, long_story().events)  # its tip is no commit of this repository
    done = command(root)
    assert done.exit_code == 0
    assert "note: the critical path is not in the report: " in done.stderr
    assert "3 theorems" in done.stdout
