"""Which declaration is attempted next, by whom, and what waits."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from prover.dispatch import assign, waiting_for
from prover.graph import DeclarationGraph
from prover.journal import What
from prover.state import State
from tests.builders import assigned, declaration, holes, judged, nothing, state

AGENTS = ["automation", "refiner"]


def names(graph: DeclarationGraph, now: State, places: int = 9, agents: list[str] = AGENTS) -> list[str]:
    return [chosen.declaration for chosen in assign(graph, now, agents, places)]


def test_what_others_are_planned_on_comes_first() -> None:
    graph = holes("a", "b", "c", plan={"c": ["b"]})
    assert names(graph, State()) == ["b", "a"]


def test_a_hole_waits_while_what_it_is_planned_to_use_can_still_be_proved() -> None:
    graph = holes("lemma", "theorem", plan={"theorem": ["lemma"]})
    assert names(graph, state(assigned("lemma"))) == []


def test_a_hole_is_tried_without_its_lemma_when_nobody_can_prove_the_lemma() -> None:
    graph = holes("lemma", "theorem", plan={"theorem": ["lemma"]})
    stuck = state(assigned("lemma"), nothing("lemma"))
    assert names(graph, stuck, agents=["automation"]) == ["theorem"]


def test_no_more_are_assigned_than_there_are_places() -> None:
    assert len(names(holes("a", "b", "c"), State(), places=2)) == 2
    assert names(holes("a"), State(), places=0) == []


def test_what_is_under_way_is_not_assigned_again() -> None:
    assert names(holes("a", "b"), state(assigned("a"))) == ["b"]


def test_the_next_agent_gets_what_the_first_could_not_do() -> None:
    graph = holes("a")
    (first,) = assign(graph, State(), AGENTS, 1)
    (second,) = assign(graph, state(assigned("a"), nothing("a")), AGENTS, 1)
    assert (first.agent, second.agent) == ("automation", "refiner")
    assert (
        assign(graph, state(assigned("a"), nothing("a"), assigned("a", "refiner"), nothing("a", "refiner")), AGENTS, 1)
        == []
    )


def test_an_agent_tries_again_when_something_that_it_needs_has_been_proved_since() -> None:
    lemma_open = holes("lemma", "theorem", plan={"theorem": ["lemma"]})
    tried = state(assigned("lemma"), nothing("lemma"), assigned("theorem"), nothing("theorem"))
    assert names(lemma_open, tried, agents=["automation"]) == []
    theorem = declaration("theorem", hole=True)
    lemma_proved = DeclarationGraph({"lemma": declaration("lemma"), "theorem": theorem}, {"theorem": ["lemma"]})
    (again,) = assign(lemma_proved, tried, ["automation"], 1)
    assert (again.declaration, again.knew) == ("theorem", frozenset({"lemma"}))


def test_a_proof_that_rests_on_a_hole_sleeps_until_the_hole_is_closed() -> None:
    tried = state(assigned("b"), judged("b", "rejected", rests_on=["a"]), assigned("a"), nothing("a"))
    still_open = holes("a", "b")
    assert names(still_open, tried, agents=["automation"]) == []
    assert waiting_for("b", still_open, tried) == {"a"}
    closed = DeclarationGraph({"a": declaration("a"), "b": declaration("b", hole=True)})
    assert names(closed, tried, agents=["automation"]) == ["b"]
    assert waiting_for("b", closed, tried) == frozenset()


def test_only_theorems_are_assigned_and_only_when_their_statement_has_no_hole() -> None:
    definition = declaration("def answer", hole=True)
    about_it = declaration("theorem", statement=["def answer"], hole=True)
    graph = DeclarationGraph({d.name: d for d in (definition, about_it, declaration("other", hole=True))})
    assert names(graph, State()) == ["other"]


plans = st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), max_size=3))


@given(plans, st.integers(0, 8))
def test_the_loop_ends_after_at_most_one_try_for_each_agent_and_each_new_lemma(
    plan: dict[str, set[str]], cut: int
) -> None:
    """With an agent that proves only the names before `cut`, every plan (cyclic ones too) comes to an end."""
    provable, proved = set("abcdefgh"[:cut]), set[str]()
    steps: list[tuple[What, dict[str, Any]]] = []
    for _ in range(100):
        everything = {name: declaration(name, hole=name not in proved) for name in "abcdefgh"}
        chosen = assign(DeclarationGraph(everything, plan), state(*steps), ["automation"], 1)
        if not chosen:
            break
        name = chosen[0].declaration
        steps.append(assigned(name, knew=chosen[0].knew))
        steps.append(judged(name, "proved") if name in provable else nothing(name))
        proved |= {name} & provable
    assert proved == provable
    assert len(steps) <= 2 * (8 + sum(map(len, plan.values())))
