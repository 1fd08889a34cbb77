"""The prompt files: no text changes without its version, the stable part comes first, provers get their own format."""

import hashlib
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, meta

from agents.asking import told
from agents.base import Premise
from agents.models.base import Limits, Role
from agents.prompts import FAMILIES, FOLDER, Prompt, for_samples, prompt
from prover.model import Kind, Tried
from tests.asking import STATED, FakeBench, task

AGENTS = ("planner", "refiner", "sampler")
HOLE = {"mark": "sorry", "marked": ":= by sorry", "was": "", "why": "", "goal": "⊢ False"}  # what `subgoal` needs

# A text that changes gets a new version and a new line here; the old lines stay, so that no version comes twice.
DIGESTS = {
    "planner 1": "6b363b538b46c53f",
    "refiner 1": "561e52e7014a7ddf",
    "sampler 1": "68ae2eff53299138",
    "subgoal 1": "6250a854c1e05063",
    "deepseek-prover 1": "7bb2cd3a8c824aad",
    "deepseek-prover-v1.5 1": "194f7a8463e33b0f",
    "goedel-prover 1": "7bb2cd3a8c824aad",
    "goedel-prover-sft 1": "dbf0472c3a9356d5",
    "kimina-prover 1": "ceed37cd954d0352",
}


def sources(file: Path) -> str:
    """The text of a prompt file and of all that it includes."""
    text = file.read_text(encoding="utf-8")
    included = meta.find_referenced_templates(Environment().parse(text))
    return text + "".join(sources(FOLDER / name) for name in sorted(filter(None, included)))


FILES = [*(FOLDER / f"{name}.md" for name in (*AGENTS, "subgoal")), *sorted(FAMILIES.glob("*.md"))]


def label(file: Path) -> str:
    return (prompt if file.parent == FOLDER else for_samples)(file.stem).label


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_text_has_the_digest_of_its_version(file: Path) -> None:
    digest = hashlib.sha256(sources(file).encode()).hexdigest()[:16]
    assert DIGESTS.get(label(file)) == digest, f"give {file.name} a new version, and its digest {digest} a line"


async def values(**given: object) -> dict[str, object]:
    return {**await told(task(), FakeBench()), "earlier": "", **HOLE, **given}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_every_prompt_states_the_theorem_with_the_module_before_it(file: Path) -> None:
    words = prompt(file.stem) if file.parent == FOLDER else for_samples(file.stem)
    text = "".join(message.text for message in words.opening(**await values()))
    assert f"{STATED} := by" in text
    assert "def triangle : Nat → Nat" in text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("name", AGENTS)
async def test_what_has_become_known_stands_after_what_stays_the_same(name: str) -> None:
    premise = Premise("Nat.mul_add", "Init", Kind.THEOREM, "a * (b + c) = a * b + a * c")
    first = prompt(name).opening(**await values(lemmas=()))
    later = prompt(name).opening(
        **{**await told(task(), FakeBench(premises=(premise,))), "earlier": "- it failed, since"}
    )
    assert [message.role for message in first] == [Role.SYSTEM, Role.USER]
    assert (later[0], later[1].blocks[0]) == (first[0], first[1].blocks[0])
    assert len(first[1].blocks) == 1
    assert "- it failed, since" in later[1].text
    assert "Nat.mul_add : a * (b + c) = a * b + a * c" in later[1].text
    assert "`Numbers.triangle_zero`" in later[1].text


async def test_what_a_proof_cannot_use_is_no_premise() -> None:
    no_use = [
        Premise("open", "M", Kind.THEOREM, "T", proved=False),
        Premise("far", "M", Kind.THEOREM, "T", importable=False),
        Premise("Numbers.two_mul_triangle", "M", Kind.THEOREM, "T"),
    ]
    assert (await told(task(), FakeBench(premises=tuple(no_use))))["premises"] == []


async def test_a_long_module_loses_its_middle_but_neither_its_header_nor_what_is_next_to_the_theorem() -> None:
    source = (
        "import Mathlib\n" + "-- padding\n" * 4000 + "theorem last : 1 = 1 := by sorry\n\n" + f"{STATED} := by sorry"
    )
    outline = str((await told(task(source), FakeBench()))["outline"])
    assert len(outline) <= 16_000
    assert outline.startswith("import Mathlib")
    assert outline.endswith("theorem last : 1 = 1 := by sorry")


@pytest.mark.parametrize(
    ("model", "label"),
    [
        ("vllm:deepseek-ai/DeepSeek-Prover-V2-7B@http://localhost:8000/v1", "deepseek-prover 1"),
        ("vllm:deepseek-ai/DeepSeek-Prover-V1.5-RL", "deepseek-prover-v1.5 1"),
        ("vllm:Goedel-LM/Goedel-Prover-V2-8B", "goedel-prover 1"),
        ("vllm:Goedel-LM/Goedel-Prover-SFT", "goedel-prover-sft 1"),
        ("vllm:AI-MO/Kimina-Prover-Preview-Distill-7B", "kimina-prover 1"),
        ("anthropic:claude-opus-4-5", "sampler 1"),
        ("openai:deepseek-chat@https://api.example.org", "sampler 1"),
    ],
)
def test_a_prover_is_asked_in_the_format_that_it_was_trained_with(model: str, label: str) -> None:
    assert for_samples(model).label == label


async def test_a_model_that_goes_on_with_a_text_gets_it_up_to_the_proof() -> None:
    words = for_samples("DeepSeek-Prover-V1.5-RL")
    (message,) = words.opening(**await values())
    assert message.text.startswith("Complete the following Lean 4 code:\n\n```lean4\nmodule")
    assert message.text.endswith(f"{STATED} := by\n")
    limits = words.limits(Limits(max_tokens=7))
    assert (limits.raw, limits.stop, limits.temperature, limits.max_tokens) == (True, ("```",), 1.0, 7)


def test_what_the_user_has_set_is_stronger_than_what_the_makers_say() -> None:
    assert for_samples("kimina-prover").limits(Limits(temperature=0.0)).temperature == 0.0


async def test_the_documentation_of_a_theorem_is_its_problem_in_words() -> None:
    _, question = for_samples("kimina-prover").opening(**await values())
    assert "# Problem:Twice a triangular number is a product.\n# Formal statement:\n```lean4\n" in question.text


def test_a_value_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError):
        prompt("refiner").say("refused", left=3)


def test_words_are_not_escaped() -> None:
    assert "a < b && c" in Prompt("p", 1, {"task": "{{ x }}"}).say("task", x="a < b && c")


def test_a_summary_of_earlier_attempts_is_no_template() -> None:
    tried = Tried("refiner", frozenset(), "nothing", "unexpected token '{{ x }}'")
    assert "{{ x }}" in prompt("refiner").say("earlier", lemmas=(), premises=[], earlier=tried.why)
