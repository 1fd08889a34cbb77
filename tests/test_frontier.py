"""The frontier is what the pure functions of dispatch say, after any events, and in any graph."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from prover.budget import Rule
from prover.dispatch import candidate, rank
from prover.frontier import LOOK_AHEAD, Frontier
from prover.graph import DeclarationGraph
from prover.model import Declaration, Kind, Position
from prover.state import State, fold
from tests.builders import Step, assigned, declaration, dropped, event, holes, judged, nothing

NAMES = "abcdefgh"


def by_definition(frontier: Frontier) -> list[str]:
    view = frontier.outlook
    chosen = [found for name in view.graph.declarations if (found := candidate(name, view))]
    return [found.declaration for found in sorted(chosen, key=lambda found: rank(found, view))]


class Any(RuleBasedStateMachine):
    """Any events over a plan drawn once, which may have circles; each followed by a touch, as the coordinator does."""

    @initialize(
        plan=st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=3)),
        uses=st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES), max_size=2)),
        race=st.integers(1, 3),
        rule=st.sampled_from(Rule),
    )
    def begin(self, plan: dict[str, set[str]], uses: dict[str, set[str]], race: int, rule: Rule) -> None:
        self.plan, self.race = plan, race
        self.uses = {name: {used for used in found if used < name} for name, found in uses.items()}
        self.proved, self.barred = set[str](), set[str]()
        self.state = State()
        team = {"one": 1, "many": 5}
        self.frontier = Frontier(
            self.graph(), self.state, team, allows=self.allows, race=race, rule=rule, asking=["many"]
        )

    def allows(self, declaration: str, agent: str) -> str:
        return "its limit is used up" if agent in self.barred else ""

    def graph(self) -> DeclarationGraph:
        proofs = {name: self.uses.get(name, set()) if name in self.proved else set() for name in NAMES}
        declared = {name: declaration(name, proof=proofs[name], hole=name not in self.proved) for name in NAMES}
        return DeclarationGraph(declared, self.plan)

    def happen(self, step: Step) -> None:
        fold([event(step, self.state)], self.state)
        self.frontier.touch(step[1]["declaration"])

    @rule(warm=st.sets(st.sampled_from(["M", "N"])), asking=st.sampled_from([(False, True), (False,), (True,)]))
    def take_the_next(self, warm: set[str], asking: tuple[bool, ...]) -> None:
        chosen = self.frontier.next(warm, asking)
        view = self.frontier.outlook
        agents = [found.agent for name in self.frontier.order() if (found := candidate(name, view))]
        assert (chosen is None) == (not [agent for agent in agents if (agent == "many") in asking])
        if chosen is not None:
            assert (chosen.agent == "many") in asking
            assert chosen == candidate(chosen.declaration, self.frontier.outlook)
            self.happen(assigned(chosen.declaration, chosen.agent, chosen.knew))

    @precondition(lambda self: self.state.flights)
    @rule(data=st.data(), rests_on=st.sets(st.sampled_from(NAMES), max_size=2))
    def end_one(self, data: st.DataObject, rests_on: set[str]) -> None:
        flight = self.state.flights[data.draw(st.sampled_from(sorted(self.state.flights)))]
        name, agent = flight.declaration, flight.agent
        ends = (nothing(name, agent), dropped(name, agent), judged(name, "rejected", agent, rests_on - {name}))
        self.happen(data.draw(st.sampled_from(ends)))

    @rule(name=st.sampled_from(NAMES))
    def prove(self, name: str) -> None:
        self.proved.add(name)
        self.frontier.moved(self.graph())

    @rule(name=st.sampled_from(NAMES))
    def refute(self, name: str) -> None:
        self.state.refuted[name] = "a decoy"
        self.frontier.touch(name)

    @rule(agent=st.sampled_from(["one", "many"]))
    def bar(self, agent: str) -> None:
        self.barred.add(agent)
        self.frontier.moved(self.graph())

    @invariant()
    def equals_its_definition(self) -> None:
        assert self.frontier.order() == by_definition(self.frontier)
        assert len(self.frontier) == len(self.frontier.order())

    @invariant()
    def sleeps_for_a_reason_or_not_at_all(self) -> None:
        awake = {name for name in NAMES if not self.frontier.asleep(name)}
        assert awake == set(self.frontier.order())


def test_the_frontier_equals_its_definition_after_any_events() -> None:
    run_state_machine_as_test(Any, settings=settings(max_examples=60, stateful_step_count=25))


def of_modules(*modules: str) -> DeclarationGraph:
    """Theorems t0, t1, … in these modules."""
    return DeclarationGraph(
        {
            f"t{n:02}": Declaration(
                f"t{n:02}", module, Kind.THEOREM, "", frozenset(), frozenset(), True, Position(n, 0)
            )
            for n, module in enumerate(modules)
        }
    )


def test_a_module_with_a_warm_worker_goes_first_among_equals() -> None:
    frontier = Frontier(of_modules("A", "B"), State(), {"one": 1})
    names = [chosen.declaration for warm in ([], ["B"], ["C"]) if (chosen := frontier.next(warm))]
    assert names == ["t00", "t01", "t00"]


def test_the_best_does_not_wait_for_ever_because_workers_are_warm_elsewhere() -> None:
    state = State()
    frontier = Frontier(of_modules("A", *["B"] * 40), state, {"one": 1})
    taken = []
    for _ in range(LOOK_AHEAD + 1):
        chosen = frontier.next(["B"])
        assert chosen is not None
        taken.append(chosen.declaration)
        fold([event(assigned(chosen.declaration, "one"), state)], state)
        frontier.touch(chosen.declaration)
    assert taken[-1] == "t00"
    assert "t00" not in taken[:-1]


def test_what_may_no_longer_be_spent_is_seen_when_its_turn_comes() -> None:
    refusals = {"b": ""}
    frontier = Frontier(holes("a", "b"), State(), {"one": 1}, allows=lambda name, agent: refusals.get(name, "spent"))
    chosen = frontier.next()
    assert chosen is not None
    assert chosen.declaration == "b"
    refusals["b"] = "spent"
    assert frontier.next() is None
    assert frontier.asleep("b") == "spent"


def test_what_may_be_spent_again_is_found_when_nothing_else_is_left() -> None:
    refusals = {"a": "the agent rests for a minute"}
    frontier = Frontier(holes("a"), State(), {"one": 1}, allows=lambda name, agent: refusals[name])
    assert frontier.next() is None
    refusals["a"] = ""
    chosen = frontier.next()
    assert chosen is not None
    assert chosen.declaration == "a"


def test_what_is_no_declaration_of_the_graph_is_ignored() -> None:
    frontier = Frontier(holes("a"), State(), {"one": 1})
    frontier.touch("a decoy")
    assert frontier.order() == ["a"]


@given(st.integers(8, 40))
def test_rates_are_fitted_anew_as_outcomes_come_in(count: int) -> None:
    state, names = State(), [f"t{n:02}" for n in range(count)]
    frontier = Frontier(holes(*names), state, {"one": 1})
    before = frontier.rates
    for name in names:
        for step in (assigned(name, "one"), nothing(name, "one")):
            fold([event(step, state)], state)
            frontier.touch(name)
    frontier.next()
    assert frontier.rates.chance("t00", "one", 0) < before.chance("t00", "one", 0)
