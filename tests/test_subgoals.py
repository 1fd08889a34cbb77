"""Asking for the goal of a hole: what is told, how an answer is read, and how much is asked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import Premise, Trial
from agents.lemmas import has_hole
from agents.repair.diagnosis import diagnose
from agents.repair.flow import Asker
from agents.repair.shop import Draft, Hole
from agents.repair.subgoals import Subgoals, tactics
from prover.errors import AgentRefused
from prover.model import Kind
from tests.asking import FakeBench, a_caller, block, settings, task

GOAL = "n : Nat\nih : 2 * triangle n = n * (n + 1)\n⊢ 2 * triangle (n + 1) = (n + 1) * (n + 1 + 1)"
BODY = ":= by\n  induction n with\n  | zero => sorry\n  | succ n ih =>\n    sorry"


def draft(body: str = BODY, was: str = "", why: str = "") -> Draft:
    """With a hole for each `sorry`, of which that is known."""
    trial = Trial(body, False)
    places = [place for place in range(len(body)) if body.startswith("sorry", place)]
    return Draft(trial, diagnose(trial), tuple(Hole(place, place + 5, was, why) for place in places))


async def told(folder: Path, seen: Draft, **given: object) -> str:
    """The last message of the prompt for the last hole."""
    bench = FakeBench(premises=(Premise("Nat.mul_add", "Init", Kind.THEOREM, "a * (b + c) = a * b + a * c"),))
    asker: Asker = Subgoals(a_caller(folder, "omega"), settings(samples=1))
    await asker.answers(task(), bench, seen, seen.holes[-1], GOAL)
    return bench.exchange(0).messages[-1].text


async def asked(folder: Path, *replies: str, seen: Draft | None = None, samples: int = 20) -> list[str]:
    asker = Subgoals(a_caller(folder, *replies), settings(samples=samples))
    seen = seen or draft(":= by sorry")
    return list(await asker.answers(task(), FakeBench(), seen, seen.holes[0], GOAL))


# What is told


async def test_the_model_sees_the_theorem_the_proof_with_the_hole_marked_and_the_goal_with_its_context(
    tmp_path: Path,
) -> None:
    text = await told(tmp_path, draft())
    assert "theorem two_mul_triangle (n : Nat) : 2 * triangle n = n * (n + 1) := by" in text
    assert ":= by\n  induction n with\n  | zero => sorry\n  | succ n ih =>\n    sorry /- this one -/\n```" in text
    assert f"```lean\n{GOAL}\n```" in text
    assert "Nat.mul_add : a * (b + c) = a * b + a * c" in text


async def test_it_sees_what_stood_in_the_hole_and_what_lean_said_against_it(tmp_path: Path) -> None:
    text = await told(tmp_path, draft(was="rw [foo]\n    omega", why="unknown identifier 'foo'"))
    assert "```lean\nrw [foo]\nomega\n```\n\nunknown identifier 'foo'" in text
    assert "stood there" not in await told(tmp_path, draft())


async def test_what_is_told_of_one_hole_stands_behind_what_is_the_same_for_all(tmp_path: Path) -> None:
    bench, seen = FakeBench(), draft()
    asker = Subgoals(a_caller(tmp_path, "omega"), settings(samples=2))
    for hole in reversed(seen.holes):
        await asker.answers(task(), bench, seen, hole, GOAL)
    (system, first), (again, second) = (bench.exchange(number).messages for number in (0, 1))
    assert (system, first.blocks[0]) == (again, second.blocks[0])
    assert first.text != second.text


async def test_a_long_goal_is_cut(tmp_path: Path) -> None:
    bench, seen = FakeBench(), draft()
    await Subgoals(a_caller(tmp_path, "omega"), settings()).answers(task(), bench, seen, seen.holes[0], "x" * 99_999)
    assert len(bench.exchange(0).messages[-1].text) < 10_000


# How an answer is read


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("First this.\n```lean\nsimp\nomega\n```\nThat is all.", "simp\nomega"),
        ("omega", "omega"),
        ("```lean\nby\n  simp\n  omega\n```", "simp\nomega"),
        (":= by\n    simp\n    omega", "simp\nomega"),
        ("```lean\n:= by simp\n      omega\n```", "simp\nomega"),
        ("by induction n with\n| zero => rfl\n| succ => simp", "induction n with\n  | zero => rfl\n  | succ => simp"),
        ("```lean4\n  have h : a := by\n    simp\n  omega\n```", "have h : a := by\n  simp\nomega"),
        ("```lean\n⟨le_refl, rfl⟩\n```", "exact ⟨le_refl, rfl⟩"),
        ("```lean\n:= foo\n  bar\n```", "exact foo\n  bar"),
        ("```lean\nfun x =>\n  x\n```", "exact fun x =>\n  x"),
        ("```lean\nexample (n : Nat) : n = n := by\n  rfl\n```", "rfl"),
        ("```text\n⊢ False\n```\n```tactics\ndone\n```", "done"),
        ("<think>```lean\nsimp\n```</think>\n```lean\nomega\n```", "omega"),
        ("```lean\nomega\n```\n```lean\nsorry\n```", "omega"),
        ("```lean\n-- by induction\nsorry\n```", "sorry"),
        ("```python\nprint()\n```", ""),
        ("by", ""),
        ("```lean\n-- nothing\n```", ""),
        ("", ""),
    ],
)
def test_an_answer_is_read_as_tactics_as_they_stand_after_by(reply: str, read: str) -> None:
    assert tactics(reply) == read


@given(st.text(alphabet="ab \n:=by`⟨-/·|x"))
def test_any_reply_can_be_read_and_what_is_read_stays_the_same(reply: str) -> None:
    read = tactics(block(reply))
    assert read == read.strip("\n")
    assert not read or not read[0].isspace()


async def test_equal_answers_count_once_and_those_with_holes_come_last(tmp_path: Path) -> None:
    answers = await asked(tmp_path, "simp\nsorry", block("omega"), "omega", "", block("by rfl"))
    assert answers == ["omega", "rfl", "simp\nsorry"]
    assert [has_hole(answer) for answer in answers] == [False, False, True]


# How much is asked


async def test_half_of_a_holes_share_is_asked_for_so_that_something_is_left_for_what_stays_open(tmp_path: Path) -> None:
    bench, seen = FakeBench(), draft()
    asker = Subgoals(a_caller(tmp_path, *["omega"] * 20), settings(samples=9), left=8)
    lefts = []
    while asker.left:
        await asker.answers(task(), bench, seen, seen.holes[0], GOAL)
        lefts.append(asker.left)
    assert lefts == [6, 4, 3, 2, 1, 0]
    assert await asker.answers(task(), bench, seen, seen.holes[0], GOAL) == ()
    counts = [len(bench.exchange(number).completion.replies) for number in sorted(bench.exchanges)]
    assert sum(counts) == 8


async def test_calls_are_numbered_in_their_order_so_that_who_begins_anew_pays_for_nothing(tmp_path: Path) -> None:
    bench, seen = FakeBench(), draft()
    first = Subgoals(a_caller(tmp_path, "omega", "simp"), settings(), left=8, start=3)
    said = [await first.answers(task(), bench, seen, hole, GOAL) for hole in seen.holes]
    assert set(bench.exchanges) == {3, 5}
    bench.calls = 0
    anew = Subgoals(a_caller(tmp_path, "nonsense"), settings(), left=8, start=3)
    assert [await anew.answers(task(), bench, seen, hole, GOAL) for hole in seen.holes] == said
    assert said[0] == ["omega", "simp"]


async def test_when_the_money_is_used_there_are_no_more_answers_and_no_error(tmp_path: Path) -> None:
    bench, seen = FakeBench(calls=0), draft()
    asker = Subgoals(a_caller(tmp_path, "omega"), settings())
    assert await asker.answers(task(), bench, seen, seen.holes[0], GOAL) == ()
    assert asker.left == 0


async def test_an_error_of_the_model_is_the_attempts(tmp_path: Path) -> None:
    with pytest.raises(AgentRefused):
        await asked(tmp_path)
