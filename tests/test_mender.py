"""The mender on the real Lean: what is wrong in a proof is asked for goal by goal, and what is right of it stays."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from agents.base import Agent, GaveUp, asks_a_model
from agents.bench import LeanBench
from agents.mender import Mender
from agents.models.base import Exchange
from prover.errors import AgentRefused
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.model import Attempt, Task
from tests.asking import FakeBench, a_caller, block, settings, task

SQUARES = "theorem squares (n : Nat) : n + 0 = n ∧ ∃ x y : Nat, 0 < x ∧ x < y ∧ x * x + y * y = 625"
SOURCE = f"namespace Numbers\n\n{SQUARES} := by\n  sorry\n\nend Numbers\n"
RIGHT = "exact ⟨7, 24, by decide, by decide, rfl⟩"
WRONG = RIGHT.replace("24", "25")


def proof(second: str, first: str = "exact Nat.add_zero n") -> str:
    return f":= by\n  constructor\n  · {first}\n  · {second}"


def whole(body: str) -> str:
    return block(f"{SQUARES} {body}")


def squares() -> Task:
    return task(SOURCE, "Numbers.squares", agent="mender", checks=400)


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


def entries(proofs: list[str], *goals: str) -> list[dict[str, object]]:
    """A script: these replies when the whole theorem is asked for, and these when a goal is."""

    def when(words: str, texts: Iterable[str]) -> list[dict[str, object]]:
        return [{"when": [words], "text": text} for text in texts]

    return [*when("Give the tactics that close this goal.", goals), *when("give the whole theorem", proofs)]


def no_files(path: str) -> str:
    raise FileNotFoundError(path)


async def proposal(
    folder: Path, pool: LeanPool, purse: FakeBench, proofs: list[str], *goals: str, samples: int = 8
) -> Attempt | GaveUp:
    todo = squares()
    agent: Agent = Mender(a_caller(folder, *entries(proofs, *goals)), settings(samples=samples))
    return await agent.propose(todo, LeanBench(pool, todo, no_files, 60.0, purse))


async def mended(
    folder: Path, pool: LeanPool, proofs: list[str], *goals: str, samples: int = 8
) -> tuple[Attempt | GaveUp, FakeBench]:
    """What comes of it, and the purse with all that was said."""
    purse = FakeBench()
    return await proposal(folder, pool, purse, proofs, *goals, samples=samples), purse


def said(purse: FakeBench) -> list[Exchange]:
    """All that was asked and answered, in order."""
    return [purse.exchange(number) for number in sorted(purse.exchanges)]


@pytest.mark.slow
async def test_the_goal_that_a_proof_leaves_open_is_asked_for_and_the_rest_of_it_stays(
    tmp_path: Path, pool: LeanPool
) -> None:
    found, purse = await mended(tmp_path, pool, [whole(proof(WRONG))], block("rfl"), block(RIGHT))
    assert isinstance(found, Attempt), found
    assert found.body == proof(RIGHT)
    assert (found.declaration, found.agent, found.helpers) == ("Numbers.squares", "mender", "")
    one, *_, goal = said(purse)  # the smallest hole was asked for first
    assert [one.prompt.split()[0], goal.prompt.split()[0]] == ["sampler", "subgoal"]
    assert "⊢ ∃ x y, 0 < x ∧ x < y ∧ x * x + y * y = 625" in goal.messages[-1].text
    assert WRONG in goal.messages[-1].text
    assert "  · exact Nat.add_zero n\n  · sorry /- this one -/" in goal.messages[-1].text


async def test_a_proof_that_closes_costs_one_sample(tmp_path: Path, pool: LeanPool) -> None:
    found, purse = await mended(tmp_path, pool, [whole(proof(RIGHT))])
    assert isinstance(found, Attempt)
    assert len(said(purse)) == 1


@pytest.mark.slow
async def test_an_answer_that_fails_is_repaired_in_turn_and_only_what_it_leaves_open_is_asked_for(
    tmp_path: Path, pool: LeanPool
) -> None:
    partly = f"refine ⟨7, 24, by decide, ?_, rfl⟩\nhave : 0 + 0 = 0 := rfl\n{WRONG}"
    found, _ = await mended(tmp_path, pool, [whole(proof(WRONG))], block(partly), block("decide"))
    assert isinstance(found, Attempt), found
    assert "refine ⟨7, 24, by decide, ?_, rfl⟩" in found.body


@pytest.mark.slow
async def test_when_no_reply_has_a_proof_in_it_the_theorem_itself_is_the_goal(tmp_path: Path, pool: LeanPool) -> None:
    found, purse = await mended(tmp_path, pool, ["I do not know."], block(proof(RIGHT)))
    assert isinstance(found, Attempt), found
    assert "Nat.add_zero" in found.body
    assert "⊢ n + 0 = n ∧" in said(purse)[1].messages[-1].text


@pytest.mark.slow
async def test_no_more_samples_are_asked_for_than_there_may_be(tmp_path: Path, pool: LeanPool) -> None:
    found, purse = await mended(tmp_path, pool, [whole(proof(WRONG))] * 8, *[block("rfl")] * 9, samples=6)
    assert isinstance(found, GaveUp)
    assert (
        found.why
        == "samples: 1 of the whole proof, 5 of goals that these leave open; left in the best: errors 0, holes 1"
    )
    assert sum(len(exchange.completion.replies) for exchange in said(purse)) == 6


@pytest.mark.slow
async def test_of_several_proofs_that_in_which_least_is_open_is_asked_about(tmp_path: Path, pool: LeanPool) -> None:
    worse = ":= by\n  exact ⟨Nat.add_zero n, nonsense n⟩"
    replies = [whole(worse), whole(proof(WRONG))]
    found, _ = await mended(tmp_path, pool, replies, block(RIGHT), samples=16)
    assert isinstance(found, Attempt), found
    assert ("Nat.add_zero n" in found.body, RIGHT in found.body, "nonsense" in found.body) == (True, True, False)


@pytest.mark.slow
async def test_an_attempt_that_begins_anew_pays_for_nothing(tmp_path: Path, pool: LeanPool) -> None:
    proofs, goals = [whole(proof(WRONG))], (block("rfl"), block(RIGHT))
    found, purse = await mended(tmp_path, pool, proofs, *goals)
    purse.calls = 0
    assert await proposal(tmp_path, pool, purse, ["another answer"]) == found


async def test_a_model_that_refuses_the_first_request_ends_the_attempt(tmp_path: Path) -> None:
    with pytest.raises(AgentRefused):
        await Mender(a_caller(tmp_path), settings()).propose(task(), FakeBench())


def test_it_asks_a_model() -> None:
    assert asks_a_model("mender")
    assert asks_a_model("mender=openai:gpt-5")
