"""Which declaration is attempted next, by whom, and what waits."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prover.budget import Allocation, Rates, Uniform
from prover.dispatch import Assignment, Outlook, asleep, candidate, rank
from prover.graph import DeclarationGraph
from prover.precedence import Precedence
from prover.state import State
from tests.builders import Step, assigned, declaration, holes, judged, nothing, proposed, state

TEAM = {"automation": 1, "refiner": 1}
UNKNOWN = Rates.of({}, {})


def outlook(
    graph: DeclarationGraph,
    now: State,
    team: Mapping[str, int] = TEAM,
    *,
    race: int = 1,
    refused: Mapping[tuple[str, str], str] = MappingProxyType({}),
    allocation: Allocation = UNKNOWN,
) -> Outlook:
    precedence = Precedence(graph)
    tails = precedence.tails(dict.fromkeys(graph.holes(), 1.0))
    return Outlook(precedence, now, team, lambda d, a: refused.get((d, a), ""), allocation, tails, race)


def order(now: Outlook) -> list[str]:
    found = [chosen for name in now.graph.declarations if (chosen := candidate(name, now))]
    return [chosen.declaration for chosen in sorted(found, key=lambda chosen: rank(chosen, now))]


def names(graph: DeclarationGraph, *steps: Step, team: Mapping[str, int] = TEAM, race: int = 1) -> list[str]:
    return order(outlook(graph, state(*steps), team, race=race))


ALONE = {"automation": 1}
LEMMA_AND_THEOREM = holes("lemma", "theorem", plan={"theorem": ["lemma"]})


def test_what_others_are_planned_on_comes_first() -> None:
    assert names(holes("a", "b", "c", plan={"c": ["b"]})) == ["b", "a"]


def test_the_heaviest_chain_comes_first_not_the_most_numerous() -> None:
    plan = {"c1": ["a"], "c2": ["a"], "c3": ["a"], "d": ["b"], "e": ["d"]}
    graph = holes("a", "b", "c1", "c2", "c3", "d", "e", plan=plan)
    assert names(graph)[:2] == ["b", "a"]


def test_a_hole_waits_for_its_lemma_while_that_is_under_way() -> None:
    assert names(LEMMA_AND_THEOREM, assigned("lemma")) == []


def test_a_hole_is_tried_without_its_lemma_once_every_agent_has_failed_at_the_lemma() -> None:
    assert names(LEMMA_AND_THEOREM, assigned("lemma"), nothing("lemma"), team=ALONE) == ["theorem"]


def test_a_lemma_that_is_tried_more_often_than_the_theorem_holds_it_up_no_longer() -> None:
    tried = (assigned("lemma"), nothing("lemma"))
    assert names(LEMMA_AND_THEOREM, *tried, team={"automation": 9}) == ["theorem", "lemma"]
    both = (*tried, assigned("theorem"), nothing("theorem"))
    assert names(LEMMA_AND_THEOREM, *both, team={"automation": 9}) == ["lemma"]


def test_a_hole_waits_for_the_hole_in_what_its_lemma_uses() -> None:
    deep = declaration("deep", hole=True)
    graph = DeclarationGraph(
        {"deep": deep, "lemma": declaration("lemma", proof=["deep"]), "theorem": declaration("theorem", hole=True)},
        {"theorem": ["lemma"]},
    )
    assert names(graph) == ["deep"]


def test_what_is_under_way_is_not_assigned_again() -> None:
    assert names(holes("a", "b"), assigned("a")) == ["b"]


def test_in_a_race_another_agent_joins_but_not_the_same_one_nor_a_third() -> None:
    graph = holes("a")
    joining = candidate("a", outlook(graph, state(assigned("a")), race=2))
    assert joining is not None
    assert joining.agent == "refiner"
    assert names(graph, assigned("a"), team=ALONE, race=2) == []
    assert names(graph, assigned("a"), team={"automation": 2}, race=2) == ["a"]
    assert names(graph, assigned("a"), assigned("a", "refiner"), team={**TEAM, "third": 1}, race=2) == []


def test_nobody_joins_the_race_when_a_proof_waits_for_the_judge() -> None:
    assert names(holes("a"), assigned("a"), proposed("a"), race=2) == []


def test_the_next_agent_gets_what_the_first_could_not_do() -> None:
    graph = holes("a")
    first = (assigned("a"), nothing("a"))
    assert [candidate("a", outlook(graph, state(*steps))) for steps in ((), first)] == [
        Assignment("a", "automation", frozenset(), UNKNOWN.index("a", "automation", 0)),
        Assignment("a", "refiner", frozenset(), UNKNOWN.index("a", "refiner", 1)),
    ]
    assert names(graph, *first, assigned("a", "refiner"), nothing("a", "refiner")) == []


def test_an_agent_that_is_far_better_comes_before_its_turn() -> None:
    class Better:
        def index(self, declaration: str, agent: str, failures: int) -> float:
            return 9.0 if agent == "refiner" else 1.0

    chosen = candidate("a", outlook(holes("a"), State(), allocation=Better()))
    assert chosen is not None
    assert chosen.agent == "refiner"


def test_an_agent_tries_again_when_something_that_it_needs_has_been_proved_since() -> None:
    tried = (assigned("lemma"), nothing("lemma"), assigned("theorem"), nothing("theorem"))
    assert names(LEMMA_AND_THEOREM, *tried, team=ALONE) == []
    theorem = declaration("theorem", hole=True)
    lemma_proved = DeclarationGraph({"lemma": declaration("lemma"), "theorem": theorem}, {"theorem": ["lemma"]})
    again = candidate("theorem", outlook(lemma_proved, state(*tried), ALONE))
    assert again is not None
    assert again.knew == {"lemma"}


def test_a_proof_that_rests_on_a_hole_sleeps_until_the_hole_is_closed() -> None:
    tried = (assigned("b"), judged("b", "rejected", rests_on=["a"]), assigned("a"), nothing("a"))
    still_open = holes("a", "b")
    assert names(still_open, *tried, team=ALONE) == []
    closed = DeclarationGraph({"a": declaration("a"), "b": declaration("b", hole=True)})
    assert names(closed, *tried, team=ALONE) == ["b"]


def test_a_sampler_waits_for_what_its_last_proof_rested_on() -> None:
    tried = (assigned("b"), judged("b", "rejected", rests_on=["a"]))
    assert names(holes("a", "b"), *tried, team={"automation": 9}) == ["a"]


def test_only_theorems_are_assigned_and_only_when_their_statement_has_no_hole() -> None:
    everything = (
        declaration("def answer", hole=True),
        declaration("theorem", statement=["def answer"], hole=True),
        declaration("other", hole=True),
    )
    assert names(DeclarationGraph({d.name: d for d in everything})) == ["other"]


UNDEFINED = DeclarationGraph(
    {
        "def y": declaration("def y", hole=True),
        "a": declaration("a", statement=["def y"], hole=True),
        "b": declaration("b", proof=["c"]),
        "c": declaration("c", hole=True),
    }
)
CIRCLE = holes("a", "b", plan={"a": ["b"], "b": ["a"]})
REFUSED = {("a", "automation"): "its limit of 20 attempts is used up"}


@pytest.mark.parametrize(
    ("name", "graph", "steps", "why"),
    [
        ("theorem", LEMMA_AND_THEOREM, [], "waits for lemma"),
        ("lemma", LEMMA_AND_THEOREM, [], ""),
        ("a", holes("a"), [assigned("a"), nothing("a")], "every agent has tried it with what is proved now"),
        ("a", holes("a"), [assigned("a")], "automation is at it"),
        ("a", holes("a"), [assigned("a"), proposed("a")], "a proof of it waits for the judge"),
        ("a", UNDEFINED, [], "its statement needs def y, which has a hole"),
        ("def y", UNDEFINED, [], "it is no theorem: somebody has to write it"),
        ("b", UNDEFINED, [], "it is complete, but rests on c"),
        ("a", DeclarationGraph({"a": declaration("a")}), [], "it is proved"),
        ("a", CIRCLE, [assigned("a"), nothing("a")], "the plan goes in a circle: a → b → a"),
    ],
)
def test_why_a_declaration_sleeps_is_said_in_words(
    name: str, graph: DeclarationGraph, steps: Iterable[Step], why: str
) -> None:
    now = outlook(graph, state(*steps), ALONE)
    assert asleep(name, now).endswith(why)
    assert (asleep(name, now) == "") == (candidate(name, now) is not None)


def test_what_may_not_be_spent_is_said_too_unless_another_agent_may_spend_it() -> None:
    alone = outlook(holes("a"), State(), ALONE, refused=REFUSED)
    assert asleep("a", alone) == "its limit of 20 attempts is used up"
    assert candidate("a", outlook(holes("a"), State(), refused=REFUSED)) is not None


def test_what_is_refuted_is_left_alone() -> None:
    now = State(refuted={"a": "decoy"})
    assert asleep("a", outlook(holes("a"), now)) == "its negation is proved: it is false"


plans = st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), max_size=3))
rules = st.sampled_from([UNKNOWN, Uniform()])


@given(plans, st.integers(0, 8), st.integers(1, 3), rules)
def test_with_any_plan_the_loop_ends_and_everything_that_can_be_proved_is(
    plan: dict[str, set[str]], cut: int, tries: int, rule: Allocation
) -> None:
    """An agent that proves only the names before `cut`, and each only with the last try that it has."""
    provable, proved = set("abcdefgh"[:cut]), set[str]()
    steps: list[Step] = []
    for _ in range(8 * tries * (2 + sum(map(len, plan.values())))):
        graph = DeclarationGraph({name: declaration(name, hole=name not in proved) for name in "abcdefgh"}, plan)
        now = state(*steps)
        view = outlook(graph, now, {"automation": tries}, allocation=rule)
        chosen = order(view)
        if not chosen:
            break
        name = chosen[0]
        assignment = candidate(name, view)
        assert assignment is not None
        steps.append(assigned(name, knew=assignment.knew))
        same = sum(1 for one in now.tried.get(name, ()) if not one.knew < assignment.knew)
        success = name in provable and same == tries - 1
        steps.append(nothing(name))
        proved |= {name} if success else set()
    else:
        raise AssertionError("the loop did not end")
    assert proved == provable


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), min_size=2))
def test_nobody_is_overtaken_by_what_has_failed_more_often_than_the_bound_says(missed: dict[str, int]) -> None:
    """The bound in `rank`, with everything failing: who goes before n failures has had less than a + b + 2n."""
    view = outlook(holes(*missed, plan={"a": missed.keys() - {"a"}}), State())
    counts = dict(missed)
    for _ in range(200):
        turns = {
            name: Assignment(name, "one", frozenset(), UNKNOWN.index(name, "one", n)) for name, n in counts.items()
        }
        first = min(turns, key=lambda name: rank(turns[name], view))
        assert all(counts[first] < UNKNOWN.a + UNKNOWN.b + 2 * other for other in counts.values())
        counts[first] += 1
    assert max(counts.values()) < 2 * min(counts.values()) + UNKNOWN.a + UNKNOWN.b + 1
