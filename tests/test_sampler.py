"""The sampler: all samples tried together, the shortest that closes proposed, and what is said where none does."""

from pathlib import Path

import pytest

from agents.base import Agent, GaveUp
from agents.sampler import Sampler
from prover.errors import BudgetSpent
from prover.model import Attempt
from tests.asking import NAME, PROOF, STATED, FakeBench, a_caller, block, settings, task

SHORT = ":= by grind"
WRONG = ":= by omega"


async def sampled(
    folder: Path, bench: FakeBench, *answers: str | dict[str, str], model: str = "openai:any"
) -> Attempt | GaveUp:
    agent: Agent = Sampler(a_caller(folder, *answers, name=model), settings(samples=8))
    return await agent.propose(task(), bench)


def whole(body: str, before: str = "") -> str:
    return block(f"{before}{STATED} {body}")


async def test_of_the_samples_that_close_the_shortest_is_proposed(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF, SHORT))
    found = await sampled(tmp_path, bench, whole(PROOF), whole(WRONG), whole(SHORT), whole(PROOF), "I do not know.")
    assert isinstance(found, Attempt)
    assert (found.declaration, found.agent, found.body) == (NAME, "sampler", SHORT)
    assert found.history == ("5 samples, 3 different proofs, 2 close the statement",)


async def test_equal_samples_are_tried_once_and_all_in_one_document(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    await sampled(tmp_path, bench, whole(WRONG), block(WRONG), whole(PROOF), whole(f"{WRONG}\n-- done"))
    assert bench.asked == [((WRONG, PROOF), "")]


async def test_when_none_closes_it_says_why_not(tmp_path: Path) -> None:
    found = await sampled(tmp_path, FakeBench(), whole(WRONG), whole(SHORT), whole(PROOF))
    why = "3 samples, 3 different proofs, 0 close the statement; unknown identifier 'nonsense' (3 times)"
    assert found == GaveUp(why, body=WRONG, feedback=("unknown identifier 'nonsense'",))
    assert await sampled(tmp_path, FakeBench(), "Hm.", "No.") == GaveUp(
        "2 samples, 0 different proofs, 0 close the statement"
    )


async def test_a_sample_that_breaks_off_is_tried_too(tmp_path: Path) -> None:
    cut = {"text": f"The plan …\n```lean4\n{STATED} {PROOF}", "stop": "length"}
    assert isinstance(await sampled(tmp_path, FakeBench(closing=(PROOF,)), cut), Attempt)


async def test_samples_with_lemmas_are_tried_each_with_its_own(tmp_path: Path) -> None:
    lemmas = [f"theorem a : {n} = {n} := rfl\n\n" for n in (1, 2)]
    body = ":= by have := two_mul_triangle.helper.a; omega"
    bench = FakeBench(closing=(body,))
    found = await sampled(tmp_path, bench, *(whole(":= by have := a; omega", lemma) for lemma in lemmas))
    assert isinstance(found, Attempt)
    assert found.helpers == "theorem two_mul_triangle.helper.a : 1 = 1 := rfl"
    assert bench.asked == [((body,), found.helpers)]


async def test_no_proof_found_is_lost_when_the_checks_are_used_up(tmp_path: Path) -> None:
    slow = "(deterministic) timeout, maximum number of heartbeats (10000) has been reached"
    answers = (whole(SHORT), whole(WRONG, "theorem a : 1 = 1 := rfl\n\n").replace("omega", "have := a; omega"))
    assert isinstance(await sampled(tmp_path, FakeBench(closing=(SHORT,), checks=1), *answers), Attempt)
    assert isinstance(await sampled(tmp_path, FakeBench(error=slow, checks=1), *answers), GaveUp)
    with pytest.raises(BudgetSpent):
        await sampled(tmp_path, FakeBench(checks=0), *answers)


async def test_an_attempt_that_begins_anew_pays_for_nothing(tmp_path: Path) -> None:
    bench = FakeBench(checks=0)
    with pytest.raises(BudgetSpent):
        await sampled(tmp_path, bench, whole(PROOF))
    bench.checks, bench.calls, bench.closing = 9, 0, (PROOF,)
    found = await sampled(tmp_path, bench, whole(WRONG))
    assert isinstance(found, Attempt)
    assert found.body == PROOF


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        ("vllm:deepseek-ai/DeepSeek-Prover-V2-7B", f"### Proof Plan\n…\n### Lean 4\n{whole(PROOF)}"),
        ("vllm:AI-MO/Kimina-Prover-Distill-8B", f"<think>\n```tactics\nsimp\n```\n</think>\n\n{whole(PROOF)}"),
        ("vllm:deepseek-ai/DeepSeek-Prover-V1.5-RL", PROOF.removeprefix(":= by\n")),
        ("vllm:Goedel-LM/Goedel-Prover-SFT", PROOF.removeprefix(":= by\n") + "\n```"),
    ],
)
async def test_each_family_is_asked_in_its_format_and_its_answer_is_understood(
    tmp_path: Path, model: str, answer: str
) -> None:
    bench = FakeBench(closing=(PROOF,))
    found = await sampled(tmp_path, bench, answer, model=model)
    assert isinstance(found, Attempt)
    exchange = bench.exchange(0)
    assert exchange.prompt.partition(" ")[0] in model.lower()
    assert exchange.limits.raw == ("SFT" in model or "V1.5" in model)
