"""Which statements share a module: as few modules as can be, and no statement that means something else there."""

from hypothesis import given
from hypothesis import strategies as st

from prover.bench.modules import TOGETHER, modules
from prover.bench.problem import Problem

DOUBLE = "def double (n : Nat) : Nat := n + n"
OTHER_DOUBLE = "def double (n : Nat) : Nat := 2 * n"
HALF = "def half (n : Nat) : Nat := n / 2"


def stated(name: str, statement: str = ": True", preamble: str = "", header: str = "") -> Problem:
    return Problem(name, f"theorem {name} {statement}", header=header, preamble=preamble)


def together(*problems: Problem) -> list[set[str]]:
    return [{problem.name for problem in module.problems} for module in modules(problems).values()]


def test_statements_that_need_the_same_stand_together() -> None:
    problems = [stated(f"p{number}", preamble=DOUBLE) for number in range(TOGETHER + 1)]
    assert [len(names) for names in together(*problems)] == [TOGETHER, 1]


def test_definitions_that_nobody_else_speaks_of_stand_side_by_side_in_order() -> None:
    first, second = stated("a", preamble=DOUBLE), stated("b", preamble=f"{DOUBLE}\n\n{HALF}")
    (module,) = modules([first, second]).values()
    assert module.head == f"{DOUBLE}\n\n{HALF}"


def test_a_statement_that_would_mean_something_else_beside_a_definition_stands_apart() -> None:
    library = stated("a", "(half : Nat → Nat) : half 1 = half 1")
    assert together(library, stated("b", preamble=HALF)) == [{"a"}, {"b"}]


def test_different_definitions_of_one_name_stand_apart() -> None:
    assert together(stated("a", preamble=DOUBLE), stated("b", preamble=OTHER_DOUBLE)) == [{"b"}, {"a"}]


def test_what_holds_for_the_rest_of_a_file_is_for_those_alone_that_have_it() -> None:
    opened = stated("b", preamble="open Nat")
    attribute = stated("c", preamble="@[simp] theorem easy : 1 = 1 := rfl")
    local = stated("d", preamble='local notation "two" => 2')
    assert sorted(map(sorted, together(stated("a"), opened, attribute, local))) == [["a"], ["b"], ["c"], ["d"]]


def test_other_headers_are_other_modules() -> None:
    assert len(together(stated("a"), stated("b", header="import Mathlib"), stated("c", header="open Nat"))) == 3


def test_a_namespace_around_definitions_is_shared() -> None:
    first = stated("Core.a", preamble=f"namespace Core\n\n{DOUBLE}")
    second = stated("Core.b", preamble=f"namespace Core\n\n{HALF}")
    (module,) = modules([first, second]).values()
    assert module.head == f"namespace Core\n\n{DOUBLE}\n\n{HALF}"


def test_definitions_between_which_something_else_stands_are_left_as_they_are() -> None:
    between = f"{DOUBLE}\n\nopen Nat\n\n{HALF}"
    (module,) = modules([stated("a", preamble=between)]).values()
    assert module.head == between
    assert not module.definitions


@given(st.lists(st.sampled_from([DOUBLE, OTHER_DOUBLE, HALF, "open Nat", "", "def broken ("]), max_size=40))
def test_every_statement_stands_once_on_the_line_that_is_said(preambles: list[str]) -> None:
    problems = [stated(f"p{number}", preamble=preamble) for number, preamble in enumerate(preambles)]
    made = modules(problems)
    assert sorted(p.name for module in made.values() for p in module.problems) == sorted(p.name for p in problems)
    for module in made.values():
        lines = module.text.split("\n")
        assert len(module.problems) <= TOGETHER
        assert all(lines[line].startswith(f"theorem {name} ") for name, line in module.lines())
        assert all(problem.preamble in module.text for problem in module.problems)
