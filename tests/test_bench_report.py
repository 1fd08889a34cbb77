"""How a benchmark's summary looks: tables on a terminal, plots, and the page, whatever others have written into it."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType

from prover.bench.metrics.comparing import compare
from prover.bench.problem import Problem, Truth, Unusable
from prover.bench.report import plots, sentences
from prover.bench.report.grids import by, classes, costs, laws, passed, unusable
from prover.bench.report.page import page
from prover.bench.report.parts import counted
from prover.bench.report.summary import Summary, summarise
from prover.bench.report.tables import comparison, show, tables
from prover.bench.rows import Ended, Results
from prover.errors import ConfigError
from tests.bench_run import problem, results, row, simulated

EVIL = '</code></pre><script>alert(1)</script><img src=x onerror="alert(1)">\'"&\u202e[red]'


def quick(run: Results) -> Summary:
    return summarise(run, refits=0)


def printed(*what: RenderableType, width: int = 100, color: bool = False) -> str:
    out = Console(file=io.StringIO(), width=width, force_terminal=color, color_system="standard" if color else None)
    out.print(*what)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def shown(made: Summary, width: int = 100, color: bool = False) -> str:
    out = Console(file=io.StringIO(), width=width, force_terminal=color, color_system="standard" if color else None)
    show(made, out)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def single(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def run() -> Results:
    """A run of a model whose suite has domains that no font has, and that matplotlib takes for formulas."""
    made = simulated(40, 8)
    odd = {"lists": "$x^{", "logic": "代数と幾何 and a name of great length"}
    return replace(made, problems=tuple(replace(one, domain=odd.get(one.domain, one.domain)) for one in made.problems))


@pytest.fixture(scope="module")
def made(run: Results) -> Summary:
    return quick(run)


# On a terminal


def test_the_end_of_a_run_fits_on_a_screen_of_80_columns(made: Summary) -> None:
    lines = shown(made, 80).splitlines()
    assert len(lines) <= 42
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)


def test_the_main_table_has_a_row_for_each_level_and_one_for_all() -> None:
    problems = [problem(name, level) for name, level in (("a", "1"), ("b", "1"), ("c", "2"))]
    rows = [
        row("a", ended=Ended.PROVED, seconds=1.0),
        row("b", seconds=3.0),
        row("c", ended=Ended.PROVED, seconds=65.0),
    ]
    grid = by(quick(results(problems, rows)), "level")
    assert grid.columns == ("level", "problems", "solved", "pass@1 %", "time")
    assert [line[:3] for line in grid.rows] == [("1", "2", "1"), ("2", "1", "1")]
    assert grid.rows[1] == ("2", "1", "1", "100.0 (2–100)", "1:05 min")
    assert grid.whole == ("all", "3", "2", "66.7 (9–99)", "23.0 s")


def test_without_levels_the_main_table_is_one_row() -> None:
    grid = by(quick(results([problem("a")], [row("a")])), "level")
    assert (grid.rows, grid.whole[:3]) == ((), ("all", "1", "0"))


def test_the_end_of_a_run_shows_domains_where_there_are_no_levels_and_the_first_of_many() -> None:
    problems = [problem(f"p{n}", domain=f"domain {n:02}") for n in range(20)]
    text = shown(quick(results(problems)))
    assert "By domain" in text
    assert "domain 11" in text
    assert "domain 12" not in text
    assert "and 8 more" in text


def test_the_headline_says_what_was_solved_and_what_was_counted_apart() -> None:
    problems = [problem("a"), problem("b"), problem("c", truth=Truth.FALSE), problem("d", truth=Truth.UNKNOWN)]
    rows = [row("a", ended=Ended.PROVED), row("b"), row("d", ended=Ended.DISPROVED, negation=True), row("d")]
    said = quick(results(problems, rows, unusable=(Unusable("e", "no colon"),)))
    assert sentences.solved(said) == "Solved 1 of 3 problems"
    assert sentences.passed(said) == (
        ": pass@1 33.3 % (0.8 to 90.6); 1 disproved; apart from them: 0 of 1 false on purpose disproved, 1 unusable."
    )


def test_a_contradiction_is_the_first_thing_said_and_red() -> None:
    said = quick(results([problem("bad", truth=Truth.FALSE)], [row("bad", ended=Ended.PROVED)]))
    assert "\x1b[1;31mCONTRADICTION: bad: false on purpose, and proved" in shown(said, color=True)


def test_rejections_are_told_by_their_reasons() -> None:
    rows = [row("a", n, Ended.REJECTED, reasons=(why,)) for n, why in enumerate(["SORRY", "BUILD", "SORRY"])]
    said = quick(results([problem("a")], [*rows, row("a", 9, Ended.PROVED)]))
    assert sentences.ended(said) == "4 attempts: 1 proved, 3 rejected (2 SORRY, 1 BUILD)."
    assert classes(said).rows[1:] == (("rejected: SORRY", "2", "50.0"), ("rejected: BUILD", "1", "25.0"))


def test_tokens_and_dollars_are_shown_only_where_there_were_any(made: Summary) -> None:
    free = quick(results([problem("a")], [row("a", ended=Ended.PROVED, seconds=2.0)]))
    assert [line[0] for line in costs(made).rows[:3]] == ["samples", "tokens", "dollars"]
    assert [line[0] for line in costs(free).rows[:2]] == ["samples", "time of agents"]
    assert costs(free).rows[1] == ("time of agents", "2.0 s", "2.0 s", "2.0 s", "2.0 s")


def test_what_the_laws_say_is_marked_as_extrapolated(made: Summary) -> None:
    top = made.coverage[-1].k
    assert laws(made).columns == ("law", "fitted", f"{top} samples", f"* {2 * top} samples", f"* {10 * top} samples")
    assert "extrapolated" in laws(made).note
    assert all(said.startswith("Extrapolated by") for said in sentences.further(made)[1:])


def test_repair_has_a_column_of_what_would_be_without_it(made: Summary) -> None:
    assert passed(made).columns == ("k", "pass@k %", "without repair", "problems")
    assert sentences.further(made)[0].startswith("Repair: ")
    assert passed(quick(results([problem("a")], [row("a")]))).columns == ("k", "pass@k %", "problems")


def test_an_adaptive_run_shows_what_was_observed_and_why() -> None:
    rows = [row("a", n, Ended.PROVED if n == 2 else Ended.NOTHING, policy="adaptive") for n in (1, 2)]
    said = quick(results([problem("a")], rows, samples=2, settings={"policy": "adaptive"}))
    assert passed(said).columns[1] == "solved by the first k, %"
    text = single(shown(said))
    assert "chosen adaptively" in text
    assert "nothing estimates pass@k without bias" in text
    assert "pass@1" not in text.replace("pass@k", "")


def test_unusable_statements_are_listed_shortly() -> None:
    said = quick(results([], unusable=[Unusable(f"p{n:02}", "unknown\nidentifier") for n in range(25)]))
    grid = unusable(said)
    assert (len(grid.rows), grid.note) == (10, "and 15 more")
    assert "unknown identifier" in printed(tables(said))


def test_what_others_have_written_is_no_markup_and_no_command_to_the_terminal() -> None:
    told = {"suite": "[bold]x\x1b[2J", "toolchain": "\u202e"}
    run = results([problem("[red]a", "[link=x]y\x07", Truth.FALSE)], [row("[red]a", ended=Ended.PROVED)], settings=told)
    text = printed(tables(quick(run)))
    for raw in ("\x1b", "\x07", "\u202e"):
        assert raw not in text
    for seen in ("[red]a", "[link=x]y⟨U+0007⟩", "[bold]x⟨U+001B⟩[2J"):
        assert seen in text


def test_two_runs_are_compared_problem_by_problem() -> None:
    problems = [problem(name) for name in "abcdef"]
    one = results(problems, [row(name, ended=Ended.PROVED) for name in "ab"] + [row(name) for name in "cdef"])
    other = results(problems, [row(name, ended=Ended.PROVED) for name in "bcde"] + [row(name) for name in "af"])
    found = compare(counted(one, problems), counted(other, problems))
    text = single(printed(comparison(found, "old [run]", "new")))
    assert "│ old [run] │ new │ difference │" in text.replace("┃", "│")
    assert re.search(r"│ pass@1 % │ 33.3 │ 66.7 │ \+33.3 │", text)
    assert "│ solved │ 2 │ 4 │ +2 │ │ 0.625 │" in text
    assert re.search(r"│ only new │ 3 │ c, d, e │.*│ only old \[run\] │ 1 │ a │", text)
    assert "The difference may be chance" in text


def test_runs_that_tried_differently_often_say_so() -> None:
    problems = [problem("a"), problem("b")]
    one = results(problems, [row(name, n) for name in "ab" for n in (1, 2)], samples=2)
    other = results(problems, [row("a"), row("b")])
    found = compare(counted(one, problems), counted(other, problems))
    assert "read pass@k, not who has solved more" in single(printed(comparison(found)))


# Plots


@pytest.fixture(scope="module")
def drawn(run: Results, made: Summary, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return plots.draw(made, run, tmp_path_factory.mktemp("plots"))


def test_every_plot_is_a_png_file_of_its_name(drawn: dict[str, Path]) -> None:
    assert list(drawn) == ["coverage", "levels", "domains", "rates", "outcomes", "progress"]
    for name, path in drawn.items():
        assert path.name == f"{name}.png"
        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_with_one_sample_there_is_no_coverage_curve_and_no_rate() -> None:
    run = simulated(10, 1)
    made = quick(run)
    assert plots.coverage(made, run) is None
    assert plots.rates(made, run) is None


NOTHING = [
    results([]),
    results([problem("a")]),
    results([], unusable=(Unusable("a", "no colon"),)),
    results([problem("a", "1", Truth.FALSE)], [row("a", ended=Ended.DISPROVED, negation=True)]),
]


@pytest.mark.parametrize("run", NOTHING)
def test_what_makes_no_sense_is_not_drawn(run: Results) -> None:
    made = quick(run)
    figures = {name for name, make in plots.PICTURES.items() if make(made, run) is not None}
    assert figures <= {"outcomes"}


def test_the_curve_goes_through_the_estimates_and_the_laws_go_on(run: Results, made: Summary) -> None:
    figure = plots.coverage(made, run)
    assert figure is not None
    curve, *rest = figure.axes[0].get_lines()
    assert list(curve.get_ydata()) == [at.estimate.mean for at in made.coverage]  # type: ignore[arg-type]
    ends = [max(line.get_xdata()) for line in rest]  # type: ignore[type-var, arg-type]
    assert ends[: len(made.laws)] == pytest.approx([10 * made.coverage[-1].k] * len(made.laws))


def test_the_bars_of_the_outcomes_are_the_whole(run: Results, made: Summary) -> None:
    figure = plots.outcomes(made, run)
    assert figure is not None
    widths = [[bar.get_width() for bar in container] for container in figure.axes[0].containers]
    assert [sum(several) for several in zip(*widths, strict=True)] == pytest.approx([1.0] * len(made.levels))


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    run = results([problem("a")])
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="file"):
        plots.draw(quick(run), run, tmp_path / "file")


def test_pictures_that_make_no_sense_any_more_are_removed(tmp_path: Path) -> None:
    folder, run = tmp_path / "plots", results([problem("a")])
    folder.mkdir()
    (folder / "coverage.png").write_text("old")
    (folder / "notes.txt").write_text("mine")
    assert plots.draw(quick(run), run, folder) == {}
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.slow
def test_the_same_run_gives_the_same_pictures(
    run: Results, made: Summary, drawn: dict[str, Path], tmp_path: Path
) -> None:
    again = plots.draw(made, run, tmp_path)
    assert [path.read_bytes() for path in again.values()] == [path.read_bytes() for path in drawn.values()]


# The page

_EMPTY = {"meta", "img"}


class Reader(HTMLParser):
    """The elements of a page, which must be closed in the order in which they were opened, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.tags, self.text = list[str](), list[tuple[str, dict[str, str | None]]](), ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def test_the_page_is_self_contained_and_runs_no_script(run: Results, made: Summary, drawn: dict[str, Path]) -> None:
    read = Reader(page(made, run, drawn))
    named = {tag for tag, _ in read.tags}
    assert not named & {"script", "link", "iframe", "object", "form", "base"}
    sources = [fields["src"] or "" for tag, fields in read.tags if tag == "img"]
    assert len(sources) == len(drawn)
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert not [name for _, fields in read.tags for name in fields if name.startswith("on") or name == "href"]


def test_the_page_has_every_problem_with_its_statement_and_shortest_proof() -> None:
    rows = [
        row("a", 1, Ended.REJECTED, why="unsolved goals", seconds=2.0),
        row("a", 2, Ended.PROVED, body=":= by\n  decide -- long", helpers="theorem a.helper.one : True := trivial"),
        row("a", 3, Ended.PROVED, body=":= by\n  trivial"),
        row("a", 4, Ended.RESOURCE, why="time", body=":= by"),
    ]
    problems = [problem("a", "3", domain="logic", informal="It is so.", source="a.lean:7"), problem("b", "1")]
    run = results(problems, rows, samples=4)
    text = single(Reader(page(quick(run), run, {})).text)
    assert "theorem a : True := by sorry" in text
    assert "It is so." in text
    assert "The shortest proof: := by trivial a.lean:7 3 logic proved 4 2 2 2.0 s resource: time" in text
    assert "decide -- long" not in text
    assert text.index("theorem b : True") < text.index("theorem a : True")
    assert "not tried" in text


def test_the_page_says_a_contradiction_before_any_figure() -> None:
    run = results([problem("bad", truth=Truth.FALSE)], [row("bad", ended=Ended.PROVED)])
    text = page(quick(run), run, {})
    assert '<div class="wrong">' in text
    assert text.index('<div class="wrong">') < text.index('<div class="figures">')
    assert "No figure below is to be trusted" in text


@pytest.mark.parametrize("run", NOTHING)
def test_the_page_of_next_to_nothing_is_a_page(run: Results) -> None:
    assert "problems solved" in Reader(page(quick(run), run, {})).text


def evil_run() -> Results:
    """Whatever can be written by a suite, a model, a server or a journal says EVIL."""
    texts = ("statement", "header", "preamble", "split", "domain", "level", "informal", "source")
    written: dict[str, Any] = dict.fromkeys(texts, EVIL)
    stated = Problem(f"a{EVIL}", **written)
    handed: dict[str, Any] = dict.fromkeys(("model", "prompt", "body", "helpers", "drafted", "why"), EVIL)
    lists: dict[str, Any] = dict.fromkeys(("reasons", "history", "feedback"), (EVIL,))
    rows = [row(stated.name, n, ended, **handed, **lists) for n, ended in enumerate(Ended, start=1)]
    told = dict.fromkeys(("suite", "origin", "digest", "toolchain", "agent", "model", "repair", "version", EVIL), EVIL)
    apart = (Unusable(EVIL, EVIL, EVIL),)
    return results([stated], rows, samples=8, settings=told, unusable=apart, unfinished=EVIL)


def test_whatever_others_have_written_is_text_on_the_page() -> None:
    run = evil_run()
    text = page(quick(run), run, {EVIL: Path(__file__)})
    read = Reader(text)
    assert "<script" not in text
    assert "\u202e" not in text
    assert [fields for tag, fields in read.tags if tag == "img"] == [
        {
            "src": read.tags[[tag for tag, _ in read.tags].index("img")][1]["src"],
            "alt": EVIL.replace("\u202e", "⟨U+202E⟩"),
        }
    ]
    assert read.text.count("<script>alert(1)</script>") > 20
    assert "⟨U+202E⟩" in read.text


def fields() -> Iterator[tuple[str, Callable[[], Results]]]:
    """A run for each field that others write, in which this one alone says EVIL."""
    for name in ("name", "statement", "header", "preamble", "domain", "level", "split", "informal", "source"):
        told: dict[str, Any] = {"name": "a", "statement": "theorem a : True", "split": "s", name: EVIL}
        yield name, lambda told=told: results([Problem(**told)], [row(told["name"])])  # type: ignore[misc]
    for name in ("body", "helpers", "why", "model", "prompt"):
        told = {name: EVIL}
        yield name, lambda told=told: results([problem("a")], [row("a", ended=Ended.PROVED, **told)])  # type: ignore[misc]
    yield "reasons", lambda: results([problem("a")], [row("a", ended=Ended.REJECTED, reasons=(EVIL,))])
    yield "unfinished", lambda: results([problem("a")], unfinished=EVIL)
    yield "unusable", lambda: results([], unusable=(Unusable(EVIL, "why"),))
    yield "unusable, why", lambda: results([], unusable=(Unusable("a", EVIL),))
    yield "settings", lambda: results([], settings={"origin": EVIL})


@pytest.mark.parametrize(("name", "make"), list(fields()))
def test_a_script_in_any_field_is_shown_and_not_run(name: str, make: Callable[[], Results]) -> None:
    run = make()
    text = page(quick(run), run, {})
    read = Reader(text)
    assert "script" not in {tag for tag, _ in read.tags}
    assert "<script>alert(1)</script>" in read.text, name
    assert [tag for tag, _ in read.tags if tag == "img"] == []


def test_a_proof_of_many_pages_is_cut() -> None:
    run = results([problem("a")], [row("a", ended=Ended.PROVED, body="x" * 50_000)])
    text = page(quick(run), run, {})
    assert "… 30,000 characters more" in text
    assert len(text) < 60_000


def test_a_table_of_a_page_is_the_one_of_the_terminal(run: Results, made: Summary) -> None:
    text = single(Reader(page(made, run, {})).text)
    for grid in (by(made, "level"), costs(made), passed(made)):
        for cells in grid.rows:
            assert single(" ".join(cells)) in text
