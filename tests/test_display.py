"""What a person reads of a run: a line per event where there is no terminal, tables at the end."""

import io
from typing import Any

from rich.console import Console

from prover.display import Display, ending, summary
from prover.journal import Event, What
from prover.state import fold
from tests.builders import assigned, holes, judged, merged, nothing

STARTED = (What.STARTED, {"run": "run-1", "branch": "prover/run-1", "base": "abc", "toolchain": "embedded"})
SURVEYED = (What.SURVEYED, {"declarations": 5, "theorems": 4, "open": ["a", "b", "c"]})
STEPS: list[tuple[What, dict[str, Any]]] = [
    STARTED,
    SURVEYED,
    assigned("a"),
    judged("a", "proved"),
    merged("a", closed=["a"]),
    assigned("b"),
    nothing("b"),
    assigned("c"),
    judged("c", "rejected", rests_on=["b"]),
    (What.ENDED, {"why": "done"}),
]
EVENTS = [Event(number, 60.0 * number, *step) for number, step in enumerate(STEPS, start=1)]


def console(terminal: bool = False) -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=terminal, color_system=None)


def text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_answer_is_a_line_with_its_time_where_there_is_no_terminal() -> None:
    out = console()
    with Display(out) as display:
        display.compiling(0, 2)
        display.compiling(2, 2)
        for event in EVENTS:
            display(event)
    assert text(out).splitlines() == [
        "compiled 2 modules",
        " 1:00 5 declarations, 4 theorems, 3 of them open",
        " 3:00 proved    a  by automation",
        " 6:00 nothing   b  found nothing",
        " 8:00 rejected  c  by automation  it is rejected",
    ]
    assert display.state == fold(EVENTS)


def test_a_terminal_shows_the_bar_and_who_is_at_what() -> None:
    out = console(terminal=True)
    with Display(out) as display:
        display.compiling(1, 2)
        for event in EVENTS[:6]:
            display(event)
    shown = text(out)
    assert "1 of 3 open theorems proved, 1 merged" in shown
    assert "automation is at it" in shown


def test_the_summary_has_the_figures_and_the_ending_says_why_something_is_open() -> None:
    out = console()
    out.print(summary(fold(EVENTS)))
    out.print(ending(fold(EVENTS), holes("b", "c")))
    shown = " ".join(text(out).split())
    assert "of those proved │ 1 (33%)" in shown
    assert "1 nothing, 1 proved, 1 rejected" in shown
    assert "it is rejected; waits for b" in shown


def test_an_ending_with_nothing_open_has_no_table_of_what_is_open() -> None:
    out = console()
    out.print(ending(fold([*EVENTS[:5], Event(9, 9.0, *merged("b", closed=["b", "c"]))]), holes()))
    assert "Still open" not in text(out)
