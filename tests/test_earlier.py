"""What the next prompt says of earlier attempts: short, the most telling first, equal failures once."""

from hypothesis import given
from hypothesis import strategies as st

from agents.earlier import summary
from prover.model import Tried


def nothing(why: str, agent: str = "refiner") -> Tried:
    return Tried(agent, frozenset(), "nothing", why)


def rejected(body: str, why: str, *rests_on: str) -> Tried:
    return Tried("refiner", frozenset(), "rejected", why, frozenset(rests_on), body)


def test_of_what_has_not_been_tried_nothing_is_said() -> None:
    assert summary([]) == ""


def test_a_refused_proof_is_shown_with_the_reason_and_with_what_it_rests_on() -> None:
    said = summary([rejected(":= by exact open_lemma", "SORRY: it rests on a hole", "Numbers.open_lemma")])
    assert "refused by the judge: SORRY: it rests on a hole" in said
    assert "not proved: Numbers.open_lemma" in said
    assert "```lean\n:= by exact open_lemma\n```" in said


def test_proofs_come_before_failures_and_the_newest_first() -> None:
    tried = [rejected(":= a", "one"), nothing("two"), rejected(":= b", "three"), nothing("four")]
    said = summary(tried)
    assert sorted(["one", "two", "three", "four"], key=said.index) == ["three", "one", "four", "two"]


def test_what_failed_in_the_same_way_is_told_once() -> None:
    said = summary([nothing("no  luck"), nothing("no luck", "refiner=other:model"), nothing("no luck", "sampler")])
    assert said.count("no luck") == 2
    assert "found no proof (2 times): no luck" in said


REASONS = st.text(min_size=0, max_size=900)
ATTEMPTS = st.lists(st.one_of(st.builds(nothing, REASONS), st.builds(rejected, st.text(max_size=3000), REASONS)))


@given(ATTEMPTS, st.integers(200, 8000))
def test_however_much_has_been_tried_the_summary_is_short_and_counts_what_it_leaves_out(
    tried: list[Tried], most: int
) -> None:
    said = summary(tried, most)
    assert len(said) <= most + 60
    assert bool(said) == bool(tried)
