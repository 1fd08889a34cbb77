"""The state is a fold: the same events give the same state, however they are cut."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prover.journal import Event, What
from prover.state import State, fold
from tests.builders import assigned, judged, merged, nothing, state

SURVEYED = (What.SURVEYED, {"declarations": 5, "theorems": 4, "open": ["a", "b", "c"]})


def test_the_five_figures_count_theorems() -> None:
    now = state(SURVEYED, assigned("a"), judged("a", "proved"), merged("a", closed=["a", "b"]))
    assert now.counts() == {"declarations": 5, "theorems": 4, "open": 1, "proved": 3, "merged": 1}
    assert now.open == {"c"}


def test_an_attempt_is_in_flight_until_it_is_judged_or_finds_nothing() -> None:
    proposed = (What.PROPOSED, {"declaration": "a"})
    assert set(state(SURVEYED, assigned("a"), assigned("b")).in_flight) == {"a", "b"}
    assert state(SURVEYED, assigned("a"), proposed).proposed == {"a"}
    over = state(SURVEYED, assigned("a"), proposed, judged("a", "rejected"), assigned("b"), nothing("b"))
    assert (over.in_flight, over.proposed) == ({}, frozenset())


def test_why_an_attempt_proved_nothing_is_kept() -> None:
    now = state(assigned("a"), nothing("a"), assigned("b"), judged("b", "rejected", rests_on=["a"]))
    assert now.why == {"a": "found nothing", "b": "it is rejected"}
    assert now.tried["b"][0].rests_on == {"a"}


def test_times_come_from_the_events() -> None:
    began = Event(1, 100.0, What.STARTED, {"run": "one", "branch": "prover/one", "base": "abc", "toolchain": "t"})
    ended = Event(2, 160.0, What.ENDED, {"why": "done"})
    now = fold([began, ended])
    assert (now.began, now.last, now.ended) == (100.0, 160.0, "done")


class Run(RuleBasedStateMachine):
    """Any legal sequence of events, folded one by one and from the start."""

    @initialize()
    def survey(self) -> None:
        self.events = [Event(1, 1.0, *SURVEYED)]
        self.state = fold(self.events)

    def happen(self, step: tuple[What, dict[str, object]]) -> None:
        event = Event(len(self.events) + 1, float(len(self.events) + 1), *step)
        self.events.append(event)
        self.state = fold([event], self.state)

    @rule(name=st.sampled_from("abc"))
    def assign(self, name: str) -> None:
        if name not in self.state.in_flight and name not in self.state.merged:
            self.happen(assigned(name))

    @precondition(lambda self: self.state.in_flight)
    @rule(data=st.data(), proves=st.booleans())
    def finish(self, data: st.DataObject, proves: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.state.in_flight)))
        self.happen(judged(name, "proved") if proves else nothing(name))
        if proves:
            self.happen(merged(name, closed=[name]))

    @invariant()
    def folding_from_the_start_gives_the_same(self) -> None:
        assert fold(self.events) == self.state

    @invariant()
    def every_theorem_is_open_or_proved(self) -> None:
        counts = self.state.counts()
        assert counts["open"] + counts["proved"] == counts["theorems"]
        assert counts["merged"] == len(self.state.closed)


TestRun = Run.TestCase


@given(st.integers(0, 6))
def test_a_fold_can_be_cut_anywhere(cut: int) -> None:
    steps = [SURVEYED, assigned("a"), judged("a", "proved"), merged("a", ["a"]), assigned("b"), nothing("b")]
    events = [Event(n, float(n), *step) for n, step in enumerate(steps, start=1)]
    assert fold(events[cut:], fold(events[:cut], State())) == fold(events)
