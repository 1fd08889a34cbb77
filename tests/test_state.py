"""The state is a fold: the same events give the same state, however they are cut."""

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prover.journal import Event, What
from prover.model import Attempt, Spent, Usage
from prover.state import State, fold
from tests.builders import Step, assigned, dropped, event, judged, merged, nothing, proposed, spent, state

SURVEYED: Step = (What.SURVEYED, {"declarations": 5, "theorems": 4, "open": ["a", "b", "c"]})
RESUMED: Step = (What.RESUMED, {"tip": "abc", "continued": []})


def test_the_five_figures_count_theorems() -> None:
    now = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "proved", commit="def"), merged("a", ["a", "b"]))
    assert now.counts() == {"declarations": 5, "theorems": 4, "open": 1, "proved": 3, "merged": 1}
    assert now.open == {"c"}


def test_an_attempt_is_in_flight_until_it_is_judged_or_finds_nothing_or_is_dropped() -> None:
    under_way = state(SURVEYED, assigned("a"), assigned("b"))
    assert {flight.declaration for flight in under_way.flights.values()} == {"a", "b"}
    over = state(SURVEYED, assigned("a"), nothing("a"), assigned("b"), dropped("b"), assigned("c"), proposed("c"))
    assert [flight.declaration for flight in over.flights.values()] == ["c"]
    assert over.waiting == [Attempt("c", "automation", ":= rfl", number=3)]


def test_several_attempts_at_one_declaration_are_told_apart() -> None:
    racing = state(SURVEYED, assigned("a", "one"), assigned("a", "two"))
    assert racing.working["a"] == {1, 2}
    first_over = state(SURVEYED, assigned("a", "one"), assigned("a", "two"), nothing("a", "two"))
    assert (first_over.working["a"], first_over.flights[1].agent) == ({1}, "one")


def test_why_an_attempt_proved_nothing_is_kept_with_what_it_was() -> None:
    now = state(assigned("a"), nothing("a"), assigned("b"), proposed("b"), judged("b", "rejected", rests_on=["a"]))
    assert (now.why("a"), now.why("b"), now.why("c")) == ("found nothing", "it is rejected", "")
    (tried,) = now.tried["b"]
    assert tried.rests_on == {"a"}
    assert (tried.body, tried.ended) == (":= rfl", "rejected")


def test_an_accepted_attempt_is_in_flight_until_the_branch_has_moved() -> None:
    accepted = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "proved", commit="def"))
    assert (accepted.accepted_tip, accepted.flights[1].accepted, accepted.waiting) == ("def", "def", [])
    assert accepted.merged == {}
    moved = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "proved", commit="def"), merged("a", ["a"]))
    assert (moved.accepted_tip, moved.tip, moved.merged, moved.flights) == ("", "def", {"a": "def"}, {})


def test_what_was_accepted_waits_again_when_somebody_else_moves_the_branch() -> None:
    moved: Step = (What.MOVED, {"tip": "new", "declarations": 5, "theorems": 4, "closed": ["b"], "opened": []})
    now = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "proved", commit="def"), moved)
    assert ([attempt.declaration for attempt in now.waiting], now.tip, now.accepted_tip) == (["a"], "new", "")
    assert now.open == {"a", "c"}


def test_a_proposal_on_which_the_judge_crashed_waits_again() -> None:
    crash = judged("a", "crashed", final=False)
    now = state(SURVEYED, assigned("a"), proposed("a"), crash, crash)
    assert (now.flights[1].crashes, len(now.waiting)) == (2, 1)
    last = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "crashed"))
    assert (last.waiting, last.tried["a"][0].ended) == ([], "crashed")


def test_a_split_opens_lemmas_and_their_proofs_close_the_theorem() -> None:
    split = merged("a", opened=["a.helper.one"], outcome="reduced")
    now = state(SURVEYED, assigned("a"), proposed("a"), judged("a", "reduced", commit="def"), split)
    assert now.open == {"a", "b", "c", "a.helper.one"}
    assert now.tried["a"][0].ended == "reduced"


def test_costs_are_charged_to_the_run_the_declaration_and_the_agent() -> None:
    used = Usage(input=4, output=3, cache_read=2, cache_write=1)
    now = state(assigned("a"), spent("a", usage=used, dollars=0.5), nothing("a"), assigned("b", "other"))
    assert now.spent == Spent(attempts=2, seconds=1.0, tokens=10, dollars=0.5, calls=1, usage=used)
    one = Spent(1, 1.0, 10, 0.5, 1, 0, used)
    assert now.spent_on["a"] == now.spent_by["automation"] == now.tried["a"][0].spent == one
    assert now.spent_by["other"] == Spent(attempts=1)


def test_tokens_of_unknown_price_are_not_free_and_tokens_of_unknown_kind_are_counted() -> None:
    now = state(assigned("a"), spent("a", usage=Usage(input=6), dollars=None), spent("a", tokens=9, dollars=0.25))
    assert now.spent_on["a"] == Spent(1, 0.0, 15, 0.25, 2, 6, Usage(input=6))


def test_an_attempt_that_goes_on_is_charged_the_time_before_and_not_the_time_between() -> None:
    now = State()
    times = [(100.0, *assigned("a")), (130.0, *spent("a", dollars=0.5))]
    times += [(500.0, What.RESUMED, {"tip": "abc", "continued": [1]}), (510.0, *nothing("a"))]
    for when, what, data in times:
        fold([Event(1, when, what, {"attempt": 1, **data})], now)
    assert now.spent_on["a"] == now.tried["a"][0].spent == Spent(1, 31.0, 0, 0.5, 1)
    assert now.flights == {}


def test_a_call_that_ends_after_its_attempt_is_charged_all_the_same() -> None:
    now = state(assigned("a"), dropped("a"), spent("a", dollars=2.0))
    assert now.spent_on["a"].dollars == 2.0


def test_faults_in_a_row_are_counted_until_something_else_happens_or_the_run_is_resumed() -> None:
    faulty = [assigned("a"), nothing("a", fault="configuration"), assigned("b"), nothing("b", fault="bug")]
    assert state(*faulty).faults == {"automation": ["configuration", "bug"]}
    assert state(*faulty, assigned("c"), nothing("c")).faults == {}
    assert state(*faulty, assigned("c"), proposed("c")).faults == {}
    assert state(*faulty, RESUMED).faults == {}


def test_the_time_between_two_owners_is_not_time_worked() -> None:
    started = {"run": "one", "branch": "prover/one", "base": "abc", "toolchain": "t"}
    times = [(100.0, What.STARTED, started), (130.0, *assigned("a")), (500.0, *RESUMED), (510.0, *dropped("a"))]
    now = State()
    for when, what, data in times:
        fold([Event(1, when, what, {"attempt": 1, **data} if "declaration" in data else data)], now)
    assert (now.began, now.last, now.worked) == (100.0, 510.0, 40.0)


def test_a_run_that_goes_on_has_not_ended() -> None:
    ended: Step = (What.ENDED, {"why": "the limit is reached"})
    assert state(ended).ended == "the limit is reached"
    assert state(ended, RESUMED).ended is None


def test_what_is_unsound_is_not_forgotten() -> None:
    assert state((What.UNSOUND, {"why": "0 = 1 is proved"}), RESUMED).unsound == "0 = 1 is proved"


class Run(RuleBasedStateMachine):
    """Any legal sequence of events, folded one by one and from the start."""

    @initialize()
    def survey(self) -> None:
        self.events = [Event(1, 1.0, *SURVEYED)]
        self.state = fold(self.events)

    def happen(self, step: Step) -> None:
        new = event(step, self.state, len(self.events) + 1)
        self.events.append(new)
        fold([new], self.state)

    @rule(name=st.sampled_from("abc"))
    def assign(self, name: str) -> None:
        if name not in self.state.merged:
            self.happen(assigned(name))

    @precondition(lambda self: self.state.flights)
    @rule(data=st.data(), ends=st.sampled_from(["proved", "nothing", "rejected", "crashed", "dropped"]))
    def finish(self, data: st.DataObject, ends: str) -> None:
        name = data.draw(st.sampled_from(sorted(flight.declaration for flight in self.state.flights.values())))
        if ends in ("nothing", "dropped"):
            self.happen(nothing(name) if ends == "nothing" else dropped(name))
            return
        self.happen(proposed(name))
        self.happen(judged(name, ends, commit="def" if ends == "proved" else "", final=ends != "crashed"))
        if ends == "proved":
            self.happen(merged(name, closed=[name]))
        elif ends == "crashed":
            self.happen(dropped(name))

    @invariant()
    def folding_from_the_start_gives_the_same(self) -> None:
        assert fold(self.events) == self.state

    @invariant()
    def every_theorem_is_open_or_proved(self) -> None:
        counts = self.state.counts()
        assert counts["open"] + counts["proved"] == counts["theorems"]
        assert counts["merged"] == len(self.state.closed)

    @invariant()
    def every_attempt_is_under_way_or_over(self) -> None:
        over = sum(map(len, self.state.tried.values())) + self.state.dropped.total()
        assert over + len(self.state.flights) == self.state.attempts == self.state.spent.attempts
        assert sum(map(len, self.state.working.values())) == len(self.state.flights)


TestRun = Run.TestCase


@given(st.integers(0, 6))
def test_a_fold_can_be_cut_anywhere(cut: int) -> None:
    events: list[Event] = []
    for step in (SURVEYED, assigned("a"), proposed("a"), judged("a", "proved", commit="def"), merged("a", ["a"])):
        events.append(event(step, fold(events), len(events) + 1))
    assert fold(events[cut:], fold(events[:cut])) == fold(events)
