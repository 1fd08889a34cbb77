"""What a person reads of a run: a line per event where there is no terminal, a live table on one, tables at the end."""

import io
import os
import socket

import pytest
from rich.console import Console, RenderableType

from prover.display import Display, ending, standing, summary
from prover.journal import Event, What
from prover.lease import Owner
from prover.model import Spent, Usage
from prover.state import State, fold
from prover.units import amount, at_least, dollars, duration, paid, price
from tests.run_events import Story

NOW = 1_000_000.0


def console(terminal: bool = False) -> Console:
    return Console(file=io.StringIO(), width=100, height=60, force_terminal=terminal, color_system=None)


def text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def printed(shown: RenderableType) -> str:
    """As printed, with single spaces."""
    out = console()
    out.print(shown)
    return " ".join(text(out).split())


def lines(story: Story, terminal: bool = False) -> list[str]:
    """What a display writes of the story."""
    out = console(terminal)
    with Display(out) as display:
        for event in story.events:
            display(event)
    if not terminal:
        assert display.state == fold(story.events)
    return text(out).splitlines()


def three() -> Story:
    """One theorem proved, one not, one refused because it rests on the second."""
    story = Story("a", "b", "c")
    story.wait(60.0)
    story.prove(story.assign("a"))
    story.nothing(story.assign("b"))
    story.wait(60.0)
    story.judge(story.propose(story.assign("c")), "rejected", ["SORRY"], rests_on=["b"])
    return story


# Lines


def test_every_answer_is_a_line_with_its_time_where_there_is_no_terminal() -> None:
    assert lines(three()) == [
        " 0:00 5 declarations, 4 theorems, 3 of them open",
        " 1:00 proved    a  by automation",
        " 1:00 nothing   b  found nothing",
        " 2:00 rejected  c  by automation  it is rejected",
    ]


def test_the_build_before_the_first_event_is_a_line_when_it_is_done() -> None:
    out = console()
    with Display(out) as display:
        display.compiling(0, 2)
        display.compiling(2, 2)
    assert text(out) == "compiled 2 modules\n"


def test_what_happens_to_the_run_itself_is_a_line() -> None:
    story = Story("a")
    story.assign("a")
    story.resume()
    story.move(closed=["a"])
    story.build(attempts=5, builds=2, merged=4, waiting=1)
    story.add(What.UNSOUND, why="the judge is wrong")
    assert lines(story)[1:] == [
        " 0:00 resumed   at bbbbbbbbbb; the process before is gone",
        " 0:00 dropped   a  whoever worked on it is gone",
        " 0:00 moved     the branch was moved to mmmmmmmmmm: theorems closed: 1, opened: 0",
        " 0:00 built     judged: 5, merged: 4, builds: 2, waiting: 1",
        " 0:00 unsound   the judge is wrong",
    ]


def test_a_crash_of_the_judge_that_is_not_final_says_that_it_is_judged_again() -> None:
    story = Story("a")
    number = story.propose(story.assign("a"))
    story.judge(number, "crashed", final=False)
    story.judge(number, "reduced", commit="c")
    assert lines(story)[1:] == [
        " 0:00 crashed   a  by automation  it is crashed; it is judged again",
        " 0:00 reduced   a  by automation  it is reduced",
    ]


# The live table


def test_a_terminal_shows_the_bar_and_who_is_at_what() -> None:
    story = Story("a", "b", "c", "d")
    story.prove(story.assign("a"))
    bought = story.assign("b", "sampler")
    story.pay(bought, tokens=4_200_000, dollars=12.5)
    story.propose(story.assign("c"))
    story.accept(story.propose(story.assign("d")))
    shown = "\n".join(lines(story, terminal=True))
    assert "1 of 4 open theorems proved, 1 merged" in shown
    assert "attempts under way: 3, waiting for the judge: 1, 4.2 M tokens, $12.50, in 1 call" in shown
    assert "sampler is at it, 1 call, 4.2 M tokens, $12.50" in shown
    assert "waits for the judge" in shown
    assert "accepted, is being merged" in shown


def test_a_terminal_shows_tokens_by_kind_and_what_has_no_price() -> None:
    story = Story("a")
    number = story.assign("a", "refiner")
    story.pay(number, usage=Usage(1200, 300, 8000, 1100), dollars=1.25)
    story.pay(number, tokens=40_000, dollars=None)
    shown = " ".join("\n".join(lines(story, terminal=True)).split())
    kinds = "1.2 K in, 300 out, 8.0 K read from the cache, 1.1 K written to the cache"
    assert f"50.6 K tokens ({kinds}), $1.25 and 40.0 K tokens of unknown price, in 2 calls" in shown
    assert "refiner is at it, 2 calls, 50.6 K tokens, over $1.25" in shown


def test_what_an_agent_or_a_server_has_said_reaches_no_terminal_raw() -> None:
    story = Story("a")
    about = story.attempts[story.assign("a")]
    story.add(What.NOTHING, **about, why="\x1b[31mred\x9b2J", fault="", seconds=1.0)
    (line,) = lines(story)[1:]
    assert line == " 0:00 nothing   a  ⟨U+001B⟩[31mred⟨U+009B⟩2J"
    assert "⟨U+001B⟩[31mred⟨U+009B⟩2J" in printed(ending(fold(story.events)))
    assert "\x1b[31m" not in "\n".join(lines(story, terminal=True))


def test_the_progress_of_the_build_is_a_bar_on_a_terminal() -> None:
    out = console(terminal=True)
    with Display(out) as display:
        display.compiling(1, 2)
    assert "1 of 2" in text(out)


def test_of_hundreds_under_way_ten_are_shown_and_the_others_counted() -> None:
    story = Story(*(f"t{number}" for number in range(512)))
    for number in range(512):
        story.assign(f"t{number}")
    shown = "\n".join(lines(story, terminal=True))
    assert "t9 " in shown
    assert "t10 " not in shown
    assert "… and 502 more" in shown


# Tables


def test_the_summary_has_the_figures_and_money_only_where_there_is_any() -> None:
    story = three()
    shown = printed(summary(fold(story.events)))
    assert "of those proved │ 1 (33%)" in shown
    assert "attempts │ 1 nothing, 1 proved, 1 rejected" in shown
    assert "time │ 2:00 min │" in shown
    assert "cost" not in shown
    story.pay(story.assign("b", "sampler"), tokens=1500, dollars=0.25)
    story.assign("b", "sampler")
    story.resume()
    story.add(What.ENDED, why="the budget is used up")
    shown = printed(summary(fold(story.events)))
    assert "attempts │ 1 dropped, 1 nothing, 1 proved, 1 rejected, 1 under way" in shown
    assert "time │ 2:00 min, resumed 1 time │" in shown
    assert "cost │ 1.5 K tokens, $0.25, in 1 call" in shown
    assert "ended │ the budget is used up" in shown


def test_a_project_before_any_run_has_a_summary() -> None:
    shown = printed(summary(fold([Event(0, 0.0, What.SURVEYED, {"declarations": 1, "theorems": 1, "open": []})])))
    assert "of those proved │ 0" in shown
    assert "attempts │ none" in shown


def test_the_ending_says_why_something_is_open_and_what_it_would_take() -> None:
    state = fold(three().events)
    shown = printed(ending(state, {"c": "waits for b"}, {"b": "1:06 h"}))
    assert "even odds after" in shown
    assert "│ b │ 1 │ 1:06 h │ found nothing │" in shown
    assert "│ c │ 1 │ │ it is rejected; waits for b │" in shown
    assert "even odds after" not in printed(ending(state))


def test_an_ending_names_what_was_never_attempted_and_what_is_false() -> None:
    state = fold(Story("a", "b").events)
    state.refuted["b"] = "b_aux"
    shown = printed(ending(state, {"b": "it sleeps"}))
    assert "│ a │ 0 │ it was not attempted │" in shown
    assert "│ b │ 0 │ its negation is proved: it is false │" in shown


def test_an_ending_with_nothing_open_has_no_table_of_what_is_open() -> None:
    story = Story("a")
    story.prove(story.assign("a"))
    assert "Still open" not in printed(ending(fold(story.events)))


def test_an_ending_with_thousands_open_names_some_and_counts_the_others() -> None:
    shown = printed(ending(fold(Story(*(f"t{number:04}" for number in range(2000))).events)))
    assert "t0049" in shown
    assert "t0050" not in shown
    assert "and 1950 more" in shown


# Who is working on it


def gone() -> Owner:
    """A process of this host that has another start than the one that has the number now."""
    return Owner(socket.gethostname(), os.getpid(), 1.0)


def test_status_names_the_process_that_works_on_a_run_and_its_last_sign() -> None:
    me = Owner.me()
    said = standing(State(), me, NOW - 2.0, NOW)
    assert said == f"process {me.pid} on {me.host} is working on it, last sign 2 s ago"


def test_status_says_that_a_run_was_left_and_how_it_goes_on() -> None:
    assert standing(State(), gone(), NOW, NOW) == "nobody is working on it; `prover resume` goes on"


def test_a_run_that_has_ended_is_over_whoever_lives() -> None:
    assert standing(State(ended="all is proved"), Owner.me(), NOW, NOW) == "it is over: all is proved"


# Units


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1:00 min"),
        (3599.6, "1:00 h"),
        (11_220, "3:07 h"),
        (400 * 3600, "400 h"),
        (float("inf"), "over a year"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_tokens_and_dollars_are_rounded_to_what_can_be_read() -> None:
    assert [amount(number) for number in (0, 999, 12_345, 4_100_000, 83_000_000_000)] == [
        "0",
        "999",
        "12.3 K",
        "4.1 M",
        "83.0 G",
    ]
    assert [dollars(sum_) for sum_ in (0.0, 99.5, 100_000.0)] == ["$0.00", "$99.50", "$100,000"]


def test_the_price_of_one_call_is_not_rounded_to_nothing() -> None:
    assert [dollars(sum_) for sum_ in (0.0125, 0.1, 0.00002)] == ["$0.0125", "$0.10", "$0.0001"]


@pytest.mark.parametrize(
    ("spent", "words", "briefly"),
    [
        (Spent(attempts=3), "", "$0.00"),
        (Spent(tokens=900, dollars=0.5, calls=2), "900 tokens, $0.50, in 2 calls", "$0.50"),
        (Spent(tokens=900, calls=1), "900 tokens, $0.00, in 1 call", "$0.00"),
        (Spent(tokens=900, calls=1, unpriced=900), "900 tokens, 900 tokens of unknown price, in 1 call", "unknown"),
        (
            Spent(tokens=1900, dollars=1.0, calls=2, unpriced=900, usage=Usage(5, 4)),
            "1.9 K tokens (5 in, 4 out), $1.00 and 900 tokens of unknown price, in 2 calls",
            "over $1.00",
        ),
    ],
)
def test_what_has_no_price_is_never_called_free(spent: Spent, words: str, briefly: str) -> None:
    assert (paid(spent), at_least(spent.dollars, spent.unpriced)) == (words, briefly)


@pytest.mark.parametrize(
    ("number", "currency", "words"),
    [
        (75.0, "seconds", "1:15 min"),
        (3.5, "dollars", "$3.50"),
        (1200.0, "tokens", "1.2 K tokens"),
        (7.0, "attempts", "7 attempts"),
        (float("inf"), "dollars", "beyond every budget"),
    ],
)
def test_a_price_is_in_what_the_run_has_least_of(number: float, currency: str, words: str) -> None:
    assert price(number, currency) == words
