"""Who waits for whom among open declarations: by hand, and against brute force."""

from hypothesis import given
from hypothesis import strategies as st

from prover.graph import DeclarationGraph
from prover.precedence import Precedence
from tests.builders import declaration, holes

NAMES = "abcdefg"
weights = st.fixed_dictionaries({name: st.integers(0, 9).map(float) for name in NAMES})


def heaviest_above(graph: DeclarationGraph, name: str, weight: dict[str, float]) -> float:
    users = (user for user in graph.users(name) if user in graph.open())
    return max((weight[user] + heaviest_above(graph, user, weight) for user in users), default=0.0)


@st.composite
def acyclic(draw: st.DrawFn) -> DeclarationGraph:
    plan = {name: draw(st.sets(st.sampled_from(NAMES[:place]))) for place, name in enumerate(NAMES) if place}
    declared = {name: declaration(name, hole=draw(st.booleans())) for name in NAMES}
    return DeclarationGraph(declared, plan)


@given(acyclic(), weights)
def test_a_tail_is_the_heaviest_chain_of_open_declarations_above(
    graph: DeclarationGraph, weight: dict[str, float]
) -> None:
    expected = {name: heaviest_above(graph, name, weight) for name in graph.open()}
    assert Precedence(graph).tails(weight) == expected


def test_a_knot_is_one_link_of_a_chain() -> None:
    graph = holes("a", "b", "c", "d", plan={"b": ["a", "c"], "c": ["b"], "d": ["c"]})
    assert Precedence(graph).tails({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}) == {"a": 9.0, "b": 4.0, "c": 4.0, "d": 0.0}
    assert Precedence(graph).circle("b") == {"b", "c"}
    assert Precedence(graph).circle("a") == frozenset()


@given(st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3)), weights)
def test_with_circles_every_open_declaration_has_a_tail(plan: dict[str, set[str]], weight: dict[str, float]) -> None:
    graph = holes(*NAMES, plan=plan)
    precedence = Precedence(graph)
    tails = precedence.tails(weight)
    assert tails.keys() == graph.open()
    for name in NAMES:
        circle = {other for other in graph.dependents(name) if name in graph.dependents(other)}
        assert precedence.circle(name) == (circle | {name} if circle else set())
        for need in graph.needs(name) - precedence.circle(name) - {name}:
            assert tails[need] >= tails[name] + weight[name]


def test_holes_are_awaited_through_one_complete_need_but_no_further() -> None:
    graph = DeclarationGraph(
        {
            "far": declaration("far", hole=True),
            "near": declaration("near", hole=True),
            "middle": declaration("middle", proof=["far"]),
            "lemma": declaration("lemma", proof=["near", "middle"]),
            "own": declaration("own", hole=True),
            "theorem": declaration("theorem", hole=True),
        },
        {"theorem": ["lemma", "own"]},
    )
    assert Precedence(graph).awaited("theorem") == ("near", "own")


def test_what_rests_on_an_unwritten_definition_is_out_of_reach_of_any_proof() -> None:
    graph = DeclarationGraph(
        {
            "def y": declaration("def y", hole=True),
            "about": declaration("about", statement=["def y"], hole=True),
            "user": declaration("user", proof=["about"]),
            "free": declaration("free", hole=True),
        }
    )
    assert Precedence(graph).unreachable() == {"about": ("def y",), "user": ("def y",)}
    assert graph.users("about") == {"user"}
    assert graph.resting_on("def y") == {"about", "user"}
