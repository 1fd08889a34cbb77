"""The refiner: it mends what Lean refuses, ends as soon as something closes, and loses nothing that does."""

from pathlib import Path

import pytest

from agents.base import Agent, GaveUp
from agents.models.base import Exchange, Price, ToolResult
from agents.models.caller import Caller
from agents.models.endpoint import Endpoint
from agents.models.scripted import ScriptedModel
from agents.refiner import Refiner
from prover.errors import AgentRefused, BudgetSpent
from prover.lean.build import Builder
from prover.lean.pool import LeanPool
from prover.model import Attempt, Budget, Task, Tried
from prover.project import Survey, Surveyor
from tests.asking import NAME, PROOF, STATED, FakeBench, a_caller, block, settings, task
from tests.test_bench import a_bench

WRONG = block(f"{STATED} := by nonsense")
RIGHT = block(f"{STATED} {PROOF}")


def using(*uses: tuple[str, dict[str, str]]) -> dict[str, object]:
    return {"tools": [{"name": name, "input": sent} for name, sent in uses]}


async def refined(
    folder: Path, bench: FakeBench, *answers: str | dict[str, object], turns: int = 4
) -> Attempt | GaveUp:
    agent: Agent = Refiner(a_caller(folder, *answers), settings(turns=turns))
    return await agent.propose(task(), bench)


def said(bench: FakeBench, number: int) -> str:
    """What the model was told with that call, tools' answers among it."""
    (message,) = bench.exchange(number).messages
    return message.text + "".join(block.text for block in message.blocks if isinstance(block, ToolResult))


async def test_a_proof_that_lean_refuses_is_mended_with_what_it_says(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    found = await refined(tmp_path, bench, WRONG, RIGHT)
    assert isinstance(found, Attempt)
    assert (found.declaration, found.agent, found.body, found.helpers) == (NAME, "refiner", PROOF, "")
    assert found.history == ("proof was refused: unknown identifier 'nonsense'", "closes the statement")
    assert "- line 1 `:= by nonsense`: unknown identifier 'nonsense'" in said(bench, 1)
    assert "You have 3 more answers." in said(bench, 1)


async def test_a_proof_that_closes_in_a_tool_ends_the_conversation(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    answer = using(("goals", {}), ("check", {"text": PROOF}), ("nothing", {}))
    found = await refined(tmp_path, bench, answer, "Should not be asked.")
    assert isinstance(found, Attempt)
    assert found.body == PROOF
    assert set(bench.exchanges) == {0}


async def test_tools_are_answered_by_their_ids_and_in_order(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    answer = using(("search", {"query": "mul"}), ("check", {}))
    await refined(tmp_path, bench, answer, RIGHT)
    asked = bench.exchange(0).completion.replies[0].message.tool_uses
    (message,) = bench.exchange(1).messages
    results = [block for block in message.blocks if isinstance(block, ToolResult)]
    assert [result.id for result in results] == [use.id for use in asked]
    assert [result.failed for result in results] == [False, True]


async def test_a_reply_without_lean_is_told_so_and_one_that_breaks_off_to_be_shorter(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    cut: dict[str, object] = {"text": "Let me think about", "stop": "length"}
    assert isinstance(await refined(tmp_path, bench, "I cannot prove it.", cut, RIGHT), Attempt)
    assert "There is no Lean in your answer" in said(bench, 1)
    assert "broke off before there was a proof" in said(bench, 2)


async def test_a_proof_that_breaks_off_is_tried_all_the_same(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    cut: dict[str, object] = {"text": f"```lean\n{STATED} {PROOF}\n", "stop": "length"}
    assert isinstance(await refined(tmp_path, bench, cut), Attempt)


async def test_it_gives_up_when_its_turns_are_used_and_never_proposes_what_is_not_closed(tmp_path: Path) -> None:
    found = await refined(tmp_path, FakeBench(), WRONG, WRONG, turns=2)
    why = "no proof in 2 answers; the last proof was refused: unknown identifier 'nonsense'"
    assert found == GaveUp(why, body=":= by nonsense", feedback=("unknown identifier 'nonsense'",))


async def test_a_proof_from_a_lemma_with_a_hole_is_not_proposed_whatever_the_bench_says(tmp_path: Path) -> None:
    with_hole = f"theorem a : 1 = 1 := by sorry\n\n{STATED} := by have := a; omega"
    bench = FakeBench(closing=(":= by have := two_mul_triangle.helper.a; omega",))
    assert isinstance(await refined(tmp_path, bench, block(with_hole), turns=1), GaveUp)
    found = await refined(tmp_path, FakeBench(closing=bench.closing), block(with_hole.replace("by sorry", "rfl")))
    assert isinstance(found, Attempt)
    assert found.helpers == "theorem two_mul_triangle.helper.a : 1 = 1 := rfl"


@pytest.mark.parametrize(("checks", "calls"), [(1, 9), (9, 1)])
async def test_what_closed_before_the_budget_ran_out_is_proposed(tmp_path: Path, checks: int, calls: int) -> None:
    answer = using(("check", {"text": PROOF}), ("goals", {}))
    assert isinstance(await refined(tmp_path, FakeBench(closing=(PROOF,), checks=checks, calls=calls), answer), Attempt)
    with pytest.raises(BudgetSpent):
        await refined(tmp_path, FakeBench(checks=checks, calls=calls), answer, WRONG)


async def test_an_attempt_that_begins_anew_asks_neither_the_model_nor_lean_again(tmp_path: Path) -> None:
    bench = FakeBench(calls=2)
    with pytest.raises(BudgetSpent):
        await refined(tmp_path, bench, WRONG, using(("goals", {})), RIGHT)
    asked, kept = list(bench.asked), dict(bench.exchanges)
    bench.calls, bench.closing = 3, (PROOF,)
    assert isinstance(await refined(tmp_path, bench, "another answer", "and another", RIGHT), Attempt)
    assert {number: bench.exchanges[number] for number in kept} == kept
    assert len(bench.asked) == len(asked) + 1


async def test_a_model_that_refuses_the_request_ends_the_attempt(tmp_path: Path) -> None:
    with pytest.raises(AgentRefused):
        await refined(tmp_path, FakeBench(), WRONG)


async def test_one_that_takes_long_gets_what_lean_gives_by_itself(tmp_path: Path) -> None:
    bench = FakeBench(error="(deterministic) timeout, maximum number of heartbeats (10000) has been reached")
    await refined(tmp_path, bench, RIGHT, turns=1)
    assert bench.patience == [False, True]


REPLIES = Path(__file__).parent / "data" / "replies" / "worked_example.toml"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("prime_dvd_of_dvd_pow", ["- line 6 `omega`: omega could not prove the goal"]),
        ("exists_prime_gt", ["- line 2 `obtain ⟨p, hp, h⟩ := exists_prime_dvd (factorial n + 1) (by omega)`: omega"]),
        ("fib_dvd_fib_mul", ["- line 5 `rw [Nat.mul_succ, fib_add]`", "⊢ fib (m + 1) ∣ fib ((m + 1) * n) * fib m"]),
    ],
)
async def test_what_no_portfolio_of_tactics_proves_is_proved_by_mending(
    builder: Builder, name: str, told: list[str]
) -> None:
    survey = await Surveyor(builder).survey(Path(__file__).parent.parent / "lean_project")
    todo = surveyed_task(survey, f"Numbers.{name}")
    caller = Caller(ScriptedModel("scripted:worked_example", REPLIES), Endpoint(), Price(input=1, output=5))
    async with LeanPool(builder.toolchain, size=1, spares=0, lean_path=[survey.build.library]) as pool:
        bench = a_bench(pool, todo)
        found = await Refiner(caller, settings()).propose(todo, bench)
    assert isinstance(found, Attempt)
    kept = [Exchange.read(text) for number in range(1, 4) if (text := bench.said(number))]
    answers = [str(message.blocks) for exchange in kept for message in exchange.messages]
    assert [words for words, answer in zip(told, answers, strict=True) if words in answer] == told


def surveyed_task(survey: Survey, name: str) -> Task:
    graph, budget = survey.graph, Budget(60.0, 40)
    declaration, slot, outline = survey.declarations[name], survey.slot(name), survey.outline(name)
    return Task(declaration, "", slot, outline, graph.lemmas_for(name), graph.definitions_of(name), "refiner", budget)


async def test_what_has_been_tried_before_is_told(tmp_path: Path) -> None:
    bench = FakeBench(closing=(PROOF,))
    earlier = [Tried("refiner", frozenset(), "rejected", "AXIOM: it assumes", body=":= magic")]
    await Refiner(a_caller(tmp_path, RIGHT), settings(), "refiner=x").propose(task(earlier=earlier), bench)
    text = bench.exchange(0).messages[-1].text
    assert "This proof was refused by the judge: AXIOM: it assumes" in text
    assert bench.exchange(0).prompt == "refiner 1"
