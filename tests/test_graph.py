"""The declaration graph, its listing and its picture, on small graphs by hand and on random ones by brute force."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from io import StringIO
from itertools import pairwise, permutations
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from prover.errors import ConfigError
from prover.graph import DeclarationGraph, EdgeKind, State
from prover.layout import BOX, layout
from prover.listing import as_json, table
from prover.model import Declaration, Kind, Position
from prover.picture import draw


def declaration(
    name: str,
    statement: Iterable[str] = (),
    proof: Iterable[str] = (),
    *,
    hole: bool = False,
    kind: Kind = Kind.THEOREM,
    module: str = "Sums",
    line: int = 0,
) -> Declaration:
    return Declaration(name, module, kind, "", frozenset(statement), frozenset(proof), hole, Position(line, 0))


def graph(*declarations: Declaration, **options: Mapping[str, frozenset[str]]) -> DeclarationGraph:
    return DeclarationGraph({declared.name: declared for declared in declarations}, **options)


def definition(name: str, *uses: str, hole: bool = False, module: str = "Sums") -> Declaration:
    return declaration(name, (), uses, hole=hole, kind=Kind.DEFINITION, module=module)


SUM = definition("sum")


def test_a_theorem_whose_proof_uses_an_open_lemma_is_open_though_it_has_no_hole() -> None:
    found = graph(SUM, declaration("lemma", ["sum"], hole=True), declaration("main", ["sum"], ["lemma"]))
    assert found.open() == {"lemma", "main"}
    assert found.holes() == {"lemma"}
    assert [found.state(name) for name in ("lemma", "main", "sum")] == [State.READY, State.OPEN, State.PROVED]


def test_a_planned_edge_to_an_open_lemma_opens_nothing() -> None:
    found = graph(declaration("lemma", hole=True), declaration("main"), planned={"main": frozenset({"lemma"})})
    assert found.open() == {"lemma"}
    assert found.missing("main") == {"lemma"}


def test_a_hole_whose_statement_rests_on_an_unfinished_definition_is_not_ready() -> None:
    found = graph(
        definition("sum", hole=True),
        definition("mean", "sum"),
        declaration("about_mean", ["mean"], hole=True),
        declaration("about_nothing", hole=True),
    )
    assert found.ready() == {"sum", "about_nothing"}
    assert found.state("about_mean") is State.HOLE
    assert found.state("mean") is State.OPEN


def test_an_unproved_lemma_inside_a_definition_does_not_block_theorems_about_it() -> None:
    found = graph(
        declaration("bound", hole=True),
        definition("search", "bound"),
        declaration("search_finds", ["search"], hole=True),
    )
    assert "search" in found.open()
    assert found.ready() == {"bound", "search_finds"}


def test_names_that_are_no_declaration_are_ignored() -> None:
    found = graph(declaration("main", ["gone"], ["away"]), planned={"main": frozenset({"never"}), "no": frozenset()})
    assert found.needs("main") == frozenset()
    assert not found.open()


def test_a_recursive_declaration_does_not_need_itself() -> None:
    found = graph(definition("sum", "sum"))
    assert found.needs("sum") == frozenset()
    assert found.dependents("sum") == frozenset()


def test_each_edge_says_where_it_comes_from() -> None:
    main = declaration("main", ["sum"], ["lemma"])
    found = graph(SUM, declaration("lemma"), declaration("next"), main, planned={"main": frozenset({"next", "sum"})})
    assert list(found.edges()) == [
        ("main", "lemma", EdgeKind.PROOF),
        ("main", "next", EdgeKind.PLANNED),
        ("main", "sum", EdgeKind.STATEMENT),
    ]


def test_a_circle_in_the_plan_is_reported_and_every_question_is_still_answered() -> None:
    found = graph(
        declaration("a", proof=["b"]),
        declaration("b", hole=True),
        declaration("c", proof=["a"]),
        planned={"b": frozenset({"a"})},
    )
    assert found.cycles() == (("b", "a"),)
    assert found.levels() == {"a": 0, "b": 0, "c": 1}
    assert found.critical_path() == ("a", "b", "c")
    assert found.blocks() == {"a": 2, "b": 2, "c": 0}


def test_mutually_inductive_types_are_no_circle_of_the_plan() -> None:
    even = declaration("Even", [], ["Odd"], kind=Kind.INDUCTIVE)
    odd = declaration("Odd", [], ["Even"], kind=Kind.INDUCTIVE)
    assert graph(even, odd, planned={"Even": frozenset({"Odd"})}).cycles() == ()


def test_a_plan_in_which_a_theorem_needs_itself_has_a_circle_of_one() -> None:
    assert graph(declaration("a"), planned={"a": frozenset({"a"})}).cycles() == (("a",),)


def test_the_critical_path_starts_with_what_must_be_proved_first() -> None:
    found = graph(
        *(declaration(name, hole=True) for name in ("c", "b", "a", "aside")),
        planned={"c": frozenset({"b", "aside"}), "b": frozenset({"a"})},
    )
    assert found.critical_path() == ("a", "b", "c")


def test_definitions_of_a_statement_come_nearest_first() -> None:
    found = graph(
        SUM,
        definition("mean", "sum"),
        definition("variance", "mean", "sum"),
        declaration("pos", ["sum"]),
        declaration("main", ["variance", "pos"], hole=True),
    )
    assert found.definitions_of("main") == ("variance", "mean", "sum")
    assert found.definitions_of("sum") == ()


def test_lemmas_are_the_proved_theorems_in_scope_with_the_planned_and_the_near_ones_first() -> None:
    found = graph(
        SUM,
        definition("product"),
        declaration("early", ["sum"], line=1),
        declaration("near", ["sum"], line=5),
        declaration("far", ["product"], line=6),
        declaration("wanted", ["product"], line=2),
        declaration("unproved", ["sum"], line=3, hole=True),
        declaration("imported", ["sum"], module="Base"),
        declaration("foreign", ["sum"], module="Elsewhere"),
        declaration("main", ["sum"], line=9, hole=True),
        declaration("later", ["sum"], line=10),
        planned={"main": frozenset({"wanted", "unproved"})},
        imports={"Sums": frozenset({"Base"})},
    )
    assert found.lemmas_for("main") == ("wanted", "near", "early", "imported", "far")
    assert found.lemmas_for("main", limit=2) == ("wanted", "near")


# Random graphs against brute force


@st.composite
def acyclic(draw: st.DrawFn) -> DeclarationGraph:
    """Up to seven declarations; each uses and plans only earlier ones."""
    count = draw(st.integers(0, 7))
    below = [st.frozensets(st.sampled_from([f"d{i}" for i in range(n)]) if n else st.nothing()) for n in range(count)]
    declarations = {
        f"d{n}": declaration(
            f"d{n}",
            draw(below[n]),
            draw(below[n]),
            hole=draw(st.booleans()),
            kind=draw(st.sampled_from([Kind.THEOREM, Kind.DEFINITION])),
            line=n,
            module=draw(st.sampled_from(["A", "B"])),
        )
        for n in range(count)
    }
    return DeclarationGraph(declarations, {f"d{n}": draw(below[n]) for n in range(count)})


def closure(found: DeclarationGraph, name: str) -> set[str]:
    """Everything that `name` needs, by plain recursion."""
    return set().union(*({used} | closure(found, used) for used in found.needs(name)))


def rests_on_a_hole(found: DeclarationGraph, name: str) -> bool:
    return found.declarations[name].hole or any(rests_on_a_hole(found, used) for used in found.uses(name))


def unsettled(found: DeclarationGraph, name: str) -> bool:
    """Whether the meaning of `name` depends on a hole, by the definition in `ready`."""
    declared = found.declarations[name]
    if declared.kind is Kind.THEOREM:
        return any(unsettled(found, used) for used in declared.statement_uses)
    return declared.hole or any(unsettled(found, used) for used in declared.statement_uses | declared.proof_uses)


def height(found: DeclarationGraph, name: str) -> int:
    return max((1 + height(found, used) for used in found.needs(name)), default=0)


@given(acyclic())
def test_open_and_ready_are_what_their_definitions_say(found: DeclarationGraph) -> None:
    assert found.open() == {name for name in found.declarations if rests_on_a_hole(found, name)}
    settled = {
        name
        for name in found.holes()
        if not any(unsettled(found, used) for used in found.declarations[name].statement_uses)
    }
    assert found.ready() == settled


@given(acyclic())
def test_dependents_and_what_each_blocks_are_the_inverse_of_all_needs(found: DeclarationGraph) -> None:
    for name in found.declarations:
        above = {other for other in found.declarations if name in closure(found, other)}
        assert found.dependents(name) == above
        assert found.blocks()[name] == len(above & found.open())


@given(acyclic())
def test_a_level_is_the_longest_chain_below(found: DeclarationGraph) -> None:
    assert found.levels() == {name: height(found, name) for name in found.declarations}
    assert found.cycles() == ()


@given(acyclic())
def test_no_chain_of_open_declarations_is_longer_than_the_critical_path(found: DeclarationGraph) -> None:
    def is_chain(names: tuple[str, ...]) -> bool:
        return all(below in found.needs(above) for below, above in pairwise(names))

    path = found.critical_path()
    assert set(path) <= found.open()
    assert is_chain(path)
    assert bool(path) == bool(found.open())
    ordered = sorted(found.open())  # d0 < d1 < …, so every chain is in this order
    chains = ([name for place, name in enumerate(ordered) if bits >> place & 1] for bits in range(1 << len(ordered)))
    assert len(path) == max(len(chain) for chain in chains if is_chain(tuple(chain)))


@given(acyclic())
def test_the_order_in_which_declarations_come_changes_no_answer(found: DeclarationGraph) -> None:
    backwards = {name: found.declarations[name] for name in reversed(list(found.declarations))}
    again = DeclarationGraph(backwards, {name: found.planned(name) for name in backwards})
    assert json.dumps(as_json(again)) == json.dumps(as_json(found))


@given(acyclic())
def test_boxes_never_overlap_and_stand_left_of_what_needs_them(found: DeclarationGraph) -> None:
    boxes = layout(found).boxes
    for one, other in permutations(boxes.values(), 2):
        assert one.right < other.left or other.right < one.left or abs(one.middle - other.middle) > BOX
    for user, used, _ in found.edges():
        assert boxes[used].right < boxes[user].left


def test_six_thousand_declarations_are_opened_in_fifty_milliseconds() -> None:
    names = [f"d{n:04}" for n in range(6_000)]
    declared = {
        name: declaration(name, names[max(0, n - 2) : n], names[max(0, n - 40) : max(0, n - 38)], hole=n % 7 == 0)
        for n, name in enumerate(names)
    }

    def seconds() -> float:
        found = DeclarationGraph(declared)
        start = perf_counter()
        found.open()
        return perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.05


# What is printed, written and drawn


@pytest.fixture
def small() -> DeclarationGraph:
    return graph(
        SUM,
        declaration("Counting.sum_succ", ["sum"], line=3),
        declaration("Counting.sum_add", ["sum"], line=5, hole=True),
        declaration("Counting.double", ["sum"], ["Counting.sum_add"], module="Doubles"),
        declaration("Counting.triple", ["sum"], module="Doubles", hole=True),
        planned={"Counting.triple": frozenset({"Counting.double"})},
    )


def text(found: DeclarationGraph, only_open: bool) -> str:
    console = Console(width=120, file=StringIO())
    with console.capture() as printed:
        console.print(table(found, only_open))
    return printed.get()


def test_the_table_lists_the_ready_ones_first_and_alone_when_asked(small: DeclarationGraph) -> None:
    everything = [line.split()[1] for line in text(small, only_open=False).splitlines() if line.startswith("│")]
    assert everything[:3] == ["Counting.sum_add", "Counting.triple", "Counting.double"]
    assert len(everything) == len(small.declarations)
    frontier = text(small, only_open=True)
    assert "Counting.triple" in frontier
    assert "2 (1 open)" in frontier
    assert "Counting.double" not in frontier


def test_the_json_names_state_level_and_edges_of_each_declaration(small: DeclarationGraph) -> None:
    data = as_json(small)
    by_name = {entry["name"]: entry for entry in data["declarations"]}
    assert by_name["Counting.triple"] == {
        "name": "Counting.triple",
        "module": "Doubles",
        "kind": "theorem",
        "state": "ready",
        "level": 3,
        "uses": ["sum"],
        "proof_uses": [],
        "planned": ["Counting.double"],
    }
    assert data["critical_path"] == ["Counting.sum_add", "Counting.double", "Counting.triple"]


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_picture_has_the_same_bytes_in_every_process(suffix: str, tmp_path: Path, small: DeclarationGraph) -> None:
    ours = tmp_path / f"ours.{suffix}"
    draw(small, ours, "Sums", proved_now=frozenset({"Counting.sum_succ"}))
    theirs = tmp_path / f"theirs.{suffix}"
    script = (
        "import sys; from pathlib import Path; from tests.test_graph import small; from prover.picture import draw;"
        "draw(small.__wrapped__(), Path(sys.argv[1]), 'Sums', proved_now=frozenset({'Counting.sum_succ'}))"
    )
    subprocess.run([sys.executable, "-c", script, str(theirs)], check=True, timeout=120, cwd=Path(__file__).parents[1])
    assert ours.read_bytes() == theirs.read_bytes()


def test_names_with_dollars_long_names_and_no_names_at_all_can_be_drawn(tmp_path: Path) -> None:
    draw(graph(), tmp_path / "empty.svg", "Nothing yet")
    odd = graph(declaration("Sums.«$x$»"), declaration("Sums." + "very_" * 20 + "long"), declaration("Sums.漢ε₀"))
    draw(odd, tmp_path / "odd.svg", "Odd names")
    labels = {box.label for box in layout(odd).boxes.values()}
    assert labels == {r"«\$x\$»", "very_very_very_…_very_very_long", "?ε₀"}


@pytest.mark.parametrize("name", ["nowhere/graph.svg", "graph.doc", "graph"])
def test_a_picture_that_cannot_be_written_is_refused(name: str, tmp_path: Path, small: DeclarationGraph) -> None:
    with pytest.raises(ConfigError, match=name) as caught:
        draw(small, tmp_path / name, "Sums")
    assert caught.value.remedy
