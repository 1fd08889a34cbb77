"""A model that has a script: which answer a conversation gets, what it is said to cost, what is wrong with a script."""

import json
from pathlib import Path

import pytest

from agents.models.base import Completion, Exchange, Limits, Message, Reply, Role, Stop, Thinking
from agents.models.scripted import ScriptedModel
from prover.errors import AgentMisconfigured, AgentRefused
from prover.model import Usage

SCRIPT = """
[[reply]]
when = ["theorem a"]
text = "Let me look."
thinking = "Hm."
tools = [{ name = "goals", input = { tactics = "intro" } }]

[[reply]]
when = ["theorem b", "tried before"]
text = "for b, the second time"

[[reply]]
text = "for anybody"
usage = { input = 100, output = 5, cache_read = 50 }
"""


@pytest.fixture
def model(tmp_path: Path) -> ScriptedModel:
    return a_model(tmp_path / "script.toml", SCRIPT)


def a_model(path: Path, text: str) -> ScriptedModel:
    path.write_text(text)
    return ScriptedModel(f"scripted:{path.name}", path)


def user(text: str) -> Message:
    return Message.of(Role.USER, text)


async def test_the_next_answer_of_a_conversation_is_the_next_entry_for_it(model: ScriptedModel) -> None:
    first = await model.complete([user("prove theorem a")])
    (reply,) = first.replies
    assert reply.stop is Stop.TOOLS
    assert reply.message.blocks[0] == Thinking("Hm.")
    assert [(use.name, use.input) for use in reply.message.tool_uses] == [("goals", {"tactics": "intro"})]
    second = await model.complete([user("prove theorem a"), reply.message, user("now theorem b, tried before")])
    assert second.replies[0].message.text == "for anybody"
    assert second.usage == Usage(100, 5, 50)
    with pytest.raises(AgentRefused, match="no answer number 3"):
        await model.complete([user("theorem a"), *[second.replies[0].message] * 2])


async def test_asked_again_it_says_the_same(model: ScriptedModel) -> None:
    question = [Message.of(Role.SYSTEM, "rules"), user("theorem b, which was tried before")]
    first = await model.complete(question)
    assert first == await model.complete(question)
    assert first.replies[0].message.text == "for b, the second time"


async def test_several_replies_at_once_are_the_next_entries_and_all_are_counted(tmp_path: Path) -> None:
    model = a_model(tmp_path / "s.jsonl", "\n".join(json.dumps({"text": text}) for text in ("one", "two", "three")))
    two = await model.complete([user("x" * 400)], n=2)
    more = await model.complete([user("x" * 400)], n=8)
    assert [reply.message.text for reply in two.replies] == ["one", "two"]
    assert len(more.replies) == 3
    assert 100 < two.usage.input == more.usage.input
    assert 0 < two.usage.output < more.usage.output


async def test_a_recorded_exchange_is_played_again(tmp_path: Path) -> None:
    replies = (Reply(Message.of(Role.ASSISTANT, "rfl"), Stop.LENGTH), Reply(Message.of(Role.ASSISTANT, "omega")))
    kept = Exchange((user("theorem a"),), Completion(replies, Usage(7, 3), "m"), Limits(), "refiner 1")
    model = a_model(tmp_path / "said.jsonl", kept.as_text() + "\n")
    assert await model.complete([user("theorem a")], n=2) == Completion(replies, Usage(7, 3), model.name)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("s.toml", "[[reply]]\ntxt = 'x'", "txt: Extra inputs are not permitted"),
        ("s.toml", "[[reply", "is no script of a model"),
        ("s.toml", "", "is no script of a model"),
        ("s.jsonl", "3", "is no script of a model"),
        ("s.jsonl", "{", "is no script of a model"),
        ("s.jsonl", '{"completion": 3}', "messages: Field required"),
        ("s.jsonl", '{"text": 3}', "text: Input should be a valid string"),
    ],
)
def test_a_script_of_another_shape_is_told_in_one_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(AgentMisconfigured, match=told) as caught:
        a_model(tmp_path / name, text)
    assert "\n" not in f"{caught.value}{caught.value.remedy}"
    assert caught.value.remedy


def test_a_script_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AgentMisconfigured, match="cannot read the script"):
        ScriptedModel("scripted:none", tmp_path / "none.toml")
