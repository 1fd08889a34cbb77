"""What a person sees of a benchmark while it runs: a bar on a terminal, and a few lines where nobody sees one."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from prover.bench.display import Display
from prover.journal import What
from tests.run_events import Story
from tests.test_bench_fold import negation, stories, verdict


def console(terminal: bool = False) -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=terminal, color_system=None)


def text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def shown(story: Story, samples: int = 1, terminal: bool = False) -> list[str]:
    """The lines that are written of a story; on a terminal, the states of the bar, of which the last is the end's."""
    out = console(terminal)
    with Display(out, samples) as display:
        display.compiling(0, 3)
        display.compiling(3, 3)
        for event in story.events:
            display(event)
    plain = re.sub(r"\x1b\[[\d?]*[A-Za-z]", "", text(out))
    return [line for line in re.split(r"[\r\n]", plain) if line.strip()]


def sampled(problems: int, samples: int) -> Story:
    """A run of which every other sample is a proof."""
    names = [f"p{n}" for n in range(problems)]
    story = Story(*names, settled=0)
    for sample in range(samples):
        for place, name in enumerate(names):
            number = story.assign(name)
            story.wait(1.0)
            if (sample + place) % 2:
                story.nothing(number)
            else:
                verdict(story, story.propose(number), "proved")
    return story


# Where nobody sees a bar


def test_each_sample_of_a_small_run_is_a_line() -> None:
    assert shown(sampled(3, 1)) == ["1 of 3 samples, proved 1", "2 of 3 samples, proved 1", "3 of 3 samples, proved 2"]


@pytest.mark.parametrize(("problems", "samples"), [(1, 1), (7, 3), (20, 1), (21, 1), (50, 20), (1, 200)])
def test_there_are_twenty_lines_at_most_and_the_last_has_all_samples(problems: int, samples: int) -> None:
    lines = shown(sampled(problems, samples), samples)
    total = problems * samples
    assert len(lines) == min(20, total)
    drawn = [int(line.partition(" ")[0]) for line in lines]
    assert (drawn, drawn[-1]) == (sorted(set(drawn)), total)
    assert lines[-1].startswith(f"{total} of {total} samples, proved ")


@given(stories(), st.integers(1, 3))
def test_no_story_floods_the_lines(story: Story, samples: int) -> None:
    total = 3 * samples
    lines = shown(story, samples)
    assert len(lines) <= 20 + len(story.attempts) // total
    assert len(set(lines)) == len(lines)


def test_a_sample_that_does_not_count_and_an_attempt_at_the_negation_are_no_samples() -> None:
    story = Story("a", "b", settled=0)
    story.nothing(story.assign("a"), fault="server")
    story.nothing(story.assign("a"))
    verdict(story, story.propose(negation(story, "a")), "rejected", disproof="a.disproof")
    verdict(story, story.propose(story.assign("b")), "proved")
    assert shown(story) == ["1 of 2 samples, proved 0", "2 of 2 samples, proved 1, disproved 1"]


def test_a_problem_that_is_proved_twice_is_one() -> None:
    story = Story("a", settled=0)
    for _ in range(2):
        verdict(story, story.propose(story.assign("a")), "proved")
    assert shown(story, samples=2)[-1] == "2 of 2 samples, proved 1"


def test_what_is_paid_is_beside_it() -> None:
    story = Story("a", settled=0)
    number = story.assign("a", "refiner")
    story.pay(number, tokens=1500, dollars=0.25)
    story.nothing(number)
    assert shown(story) == ["1 of 1 samples, proved 0, 1.5 K tokens, $0.25, in 1 call"]


def test_the_build_of_the_statements_is_no_line() -> None:
    out = console()
    with Display(out, 1) as display:
        display.compiling(0, 100)
        display.compiling(100, 100)
    assert text(out) == ""


# On a terminal


def test_a_terminal_has_a_bar_with_the_samples_and_the_time_left() -> None:
    story = sampled(4, 2)
    lines = shown(story, samples=2, terminal=True)
    assert lines[-1].startswith("samples")
    assert "8/8 proved 4" in " ".join(lines[-1].split())
    assert re.search(r"\d:\d\d:\d\d left \d:\d\d:\d\d", lines[-1])
    assert max(map(len, lines)) <= 100


def test_before_the_first_sample_the_bar_is_that_of_the_build() -> None:
    story = Story("a")
    story.events.clear()
    (*_, last) = shown(story, terminal=True)
    assert last.startswith("compiling")
    assert "3/3" in last


def test_the_bar_leaves_nothing_behind_and_no_line_is_printed_beside_it() -> None:
    out = console(terminal=True)
    with Display(out, 1) as display:
        for event in sampled(3, 1).events:
            display(event)
    assert "of 3 samples" not in text(out)
    assert text(out).rstrip("\r").endswith("\x1b[2K")  # the line of the bar is cleared
    assert "\x1b[?25h" in text(out)  # and the cursor is there again


def test_the_bar_ends_also_when_the_run_fails() -> None:
    out = console(terminal=True)
    with pytest.raises(RuntimeError), Display(out, 1):
        raise RuntimeError
    assert "\x1b[?25h" in text(out)


def test_what_a_resumed_run_has_seen_before_counts() -> None:
    story = sampled(2, 1)
    story.add(What.ENDED, why="the limit", checks=0, workers_started=0, workers_replaced={})
    story.resume()
    for name in ("p0", "p1"):
        story.nothing(story.assign(name))
    assert shown(story, samples=2)[-1] == "4 of 4 samples, proved 1"
    assert "4/4" in shown(story, samples=2, terminal=True)[-1]
