"""The tools of a model at the bench: on a real Lean what they answer, and whatever a model sends, an answer."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import Premise
from agents.lemmas import Proof
from agents.models.base import ToolResult, ToolUse
from agents.tools import TOOLS, Toolbox
from prover.errors import BudgetSpent
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from prover.model import Kind
from tests.asking import NAME, PROOF, SOURCE, STATED, FakeBench, task
from tests.test_bench import a_bench

TASK = task()
BY_INDUCTION = "induction n with\n| zero => rfl\n| succ n ih =>"


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield pool


@pytest.fixture
def tools(pool: LeanPool) -> Toolbox:
    return Toolbox(TASK, a_bench(pool, TASK))


async def used(tools: Toolbox, name: str, **sent: object) -> ToolResult:
    return await tools.use(ToolUse("use 1", name, sent))


def test_every_tool_has_a_description_and_a_schema_of_an_object() -> None:
    for tool in TOOLS:
        assert tool.description
        assert tool.parameters["type"] == "object"
        assert all(of["description"] for key, of in tool.parameters["properties"].items() if key != "query")


# With Lean


async def test_a_check_says_the_line_the_error_and_the_goals(tools: Toolbox) -> None:
    wrong = PROOF.replace("rw [triangle, Nat.mul_add, ih]; grind", "\n    rw [triangle]\n    exact nonsense ih")
    said = await used(tools, "check", text=f"{STATED} {wrong}")
    assert not said.failed
    assert "- line 6 `exact nonsense ih`: Unknown identifier `nonsense`" in said.text
    assert "Before line 6:" in said.text
    assert "⊢ 2 * (triangle n + (n + 1)) = (n + 1) * (n + 1 + 1)" in said.text
    assert tools.found is None


@pytest.mark.parametrize("text", [PROOF, f"```lean\n{PROOF}\n```"])
async def test_a_check_that_closes_the_theorem_is_remembered(tools: Toolbox, text: str) -> None:
    assert (await used(tools, "check", text=text)).text == "Lean accepts it."
    assert isinstance(tools.found, Proof)
    assert tools.found.body == PROOF


async def test_an_error_is_told_before_what_lean_only_remarks(tools: Toolbox) -> None:
    said = await used(tools, "check", text=":= by\n  have h : n = n := by simp\n  have k := h\n  omega")
    assert "line 4 `omega`" in said.text.splitlines()[0]


async def test_an_error_in_a_lemma_is_told_by_the_line_of_the_lemmas(tools: Toolbox) -> None:
    said = await used(tools, "check", text=f"theorem a : 1 = 1 :=\n  nonsense\n\n{STATED} := by have := a; omega")
    assert "In your lemmas:\n- line 2 `nonsense`: Unknown identifier `nonsense`" in said.text


async def test_a_lemma_with_a_hole_does_not_prove_anything(tools: Toolbox) -> None:
    open_lemma = f"theorem a (n : Nat) : 2 * triangle n = n * (n + 1) := by sorry\n\n{STATED} := a n"
    assert "a lemma of yours has a hole" in (await used(tools, "check", text=open_lemma)).text
    assert tools.found is None


async def test_goals_are_shown_at_the_beginning_and_after_tactics(tools: Toolbox) -> None:
    assert (await used(tools, "goals")).text == "n : Nat\n⊢ 2 * triangle n = n * (n + 1)"
    both = (await used(tools, "goals", tactics="cases n")).text
    assert both.startswith("2 goals:\n")
    assert (await used(tools, "goals", tactics=":= by\n  cases n")).text == both
    assert "There is no goal" in (await used(tools, "goals", tactics=f"{BY_INDUCTION} nonsense (")).text


async def test_several_ways_to_finish_are_tried_at_once(tools: Toolbox) -> None:
    ways = ["omega", "rw [triangle, Nat.mul_add, ih]; grind"]
    said = await used(tools, "try_tactics", before=BY_INDUCTION, tactics=[f"  {way}" for way in ways])
    first, second = said.text.split("\n\n`")
    assert "omega could not prove the goal" in first
    assert second.endswith("closes the theorem")
    assert isinstance(tools.found, Proof)
    assert tools.found.body.endswith("    rw [triangle, Nat.mul_add, ih]; grind")


# Without


async def test_what_a_search_finds_is_shown_with_what_stands_in_the_way_of_its_use() -> None:
    bench = FakeBench(
        premises=(
            Premise("Nat.mul_add", "Init", Kind.THEOREM, "a * (b + c) =\n  a * b + a * c", "Distributes."),
            Premise("Numbers.later", "Numbers.Sum", Kind.THEOREM, "True", proved=False, importable=False),
        )
    )
    said = await used(Toolbox(TASK, bench), "search", query="mul_add")
    assert said.text == (
        "Nat.mul_add : a * (b + c) = a * b + a * c\n  Distributes.\n"
        "Numbers.later : True (not proved) (not imported here)"
    )
    assert (await used(Toolbox(TASK, FakeBench()), "search", query="x")).text == "Nothing is found."


async def test_a_file_is_read_in_parts() -> None:
    tools = Toolbox(TASK, FakeBench(files={"Numbers.lean": "\n".join(map(str, range(1, 301)))}))
    assert (await used(tools, "read_file", path="Numbers.lean")).text.endswith("\n200\n(lines 1 to 200 of 300)")
    rest = (await used(tools, "read_file", path="Numbers.lean", line=299)).text
    assert rest == "299\n300\n(lines 299 to 300 of 300)"
    assert "There is no file ../secret" in (await used(tools, "read_file", path="../secret")).text


@pytest.mark.parametrize(
    ("name", "sent", "told"),
    [
        ("prove_it", {}, "there are check, goals, try_tactics, search, read_file"),
        ("check", {}, 'text: Field required. Send an object with {"text"'),
        ("check", {"text": 3}, "text: Input should be a valid string"),
        ("check", {"text": "a" * 30_000}, "text: String should have at most 20000 characters"),
        ("try_tactics", {"tactics": []}, "tactics: List should have at least 1 item"),
        ("try_tactics", {"tactics": "omega"}, "tactics: Input should be a valid list"),
        ("goals", {"tactic": "omega"}, "tactic: Extra inputs are not permitted"),
        ("read_file", {"path": "a", "line": 0}, "line: Input should be greater than or equal to 1"),
    ],
)
async def test_wrong_input_is_answered_with_what_to_send(name: str, sent: Mapping[str, Any], told: str) -> None:
    said = await Toolbox(TASK, FakeBench()).use(ToolUse("use 1", name, sent))
    assert (said.failed, said.id) == (True, "use 1")
    assert told in said.text


async def test_what_is_no_proof_of_the_theorem_is_not_put_to_lean() -> None:
    bench = FakeBench()
    said = await used(Toolbox(TASK, bench), "check", text="theorem another : 1 = 1 := rfl")
    assert "This is not a proof of the theorem" in said.text
    assert bench.asked == []


async def test_when_the_checks_are_used_up_the_attempt_ends() -> None:
    with pytest.raises(BudgetSpent):
        await used(Toolbox(TASK, FakeBench(checks=0)), "goals")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
KEYS = st.sampled_from(["text", "tactics", "before", "query", "path", "line", "x"])


@given(st.sampled_from([*(tool.name for tool in TOOLS), "no_tool"]), st.dictionaries(KEYS, JSON))
async def test_whatever_is_sent_the_answer_is_short(name: str, sent: dict[str, Any]) -> None:
    bench = FakeBench(error="e" * 5000, premises=(Premise("p", "M", Kind.THEOREM, "T" * 9000, "d" * 900),) * 10)
    said = await Toolbox(TASK, bench).use(ToolUse("use 1", name, sent))
    assert 0 < len(said.text) <= 6_000


def test_the_task_of_these_tests_is_the_one_that_is_meant() -> None:
    assert TASK.slot.statement == "(n : Nat) : 2 * triangle n = n * (n + 1)"
    assert TASK.declaration.name == NAME
    assert TASK.outline == SOURCE.partition("/-- Twice")[0]
