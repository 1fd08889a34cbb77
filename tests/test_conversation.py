"""One conversation: what is sent with each answer, and what is read again when the attempt begins anew."""

from pathlib import Path

import pytest

from agents.base import GaveUp
from agents.conversation import Conversation
from agents.models.base import Limits, Message, Reply, Role, Tool
from agents.models.caller import Caller
from prover.errors import BudgetSpent
from prover.model import Attempt
from tests.asking import FakeBench, a_caller

TOOLS = (Tool("check", "Checks.", {"type": "object"}),)
FOUND = Attempt("Numbers.a", "refiner", ":= rfl")


def a_conversation(caller: Caller, bench: FakeBench) -> Conversation:
    return Conversation(caller, bench, "refiner 1", Limits(max_tokens=100), TOOLS)


def user(text: str) -> Message:
    return Message.of(Role.USER, text)


async def test_each_answer_goes_on_from_the_one_before_and_only_what_is_new_is_kept(tmp_path: Path) -> None:
    bench = FakeBench()
    talk = a_conversation(a_caller(tmp_path, "one", "two"), bench)
    assert (await talk.ask(user("first"))).message.text == "one"
    assert (await talk.ask(user("second"))).message.text == "two"
    assert [message.text for message in talk.messages] == ["first", "one", "second", "two"]
    first, second = bench.exchange(0), bench.exchange(1)
    assert (first.continues, first.tools, [m.text for m in first.messages]) == (None, TOOLS, ["first"])
    assert (second.continues, second.tools, [m.text for m in second.messages]) == (0, (), ["second"])


async def test_a_conversation_that_begins_anew_has_the_recorded_messages_and_pays_for_nothing(tmp_path: Path) -> None:
    bench = FakeBench()
    caller = a_caller(tmp_path, "one", "two", "three")
    before = a_conversation(caller, bench)
    await before.ask(user("first"))
    await before.ask(user("it took 3 s"))
    kept = dict(bench.exchanges)

    again = a_conversation(caller, bench)
    await again.ask(user("first, and what is known today"))
    assert [again.recorded] == [True]
    await again.ask()
    assert again.messages == before.messages
    assert bench.exchanges == kept
    assert [again.recorded] == [False]
    await again.ask(user("third"))
    assert [message.text for message in again.messages[-2:]] == ["third", "three"]
    assert bench.exchange(2).continues == 1


async def test_a_reaction_that_has_been_sent_is_not_worked_out_again(tmp_path: Path) -> None:
    reactions: list[str] = []

    async def react(reply: Reply, left: int) -> Attempt | Message:
        reactions.append(f"{reply.message.text} {left}")
        return user(f"answer to {reply.message.text}") if left else FOUND

    bench = FakeBench(calls=2)
    caller = a_caller(tmp_path, "one", "two", "three")
    with pytest.raises(BudgetSpent):
        await a_conversation(caller, bench).until_found([user("first")], 3, react)
    bench.calls = 3
    talk = a_conversation(caller, bench)
    assert await talk.until_found([user("first")], 3, react) == FOUND
    assert reactions == ["one 2", "two 1", "two 1", "three 0"]
    assert [message.text for message in talk.messages if message.role is Role.USER] == [
        "first",
        "answer to one",
        "answer to two",
    ]


async def test_it_ends_without_an_attempt_when_the_turns_are_used(tmp_path: Path) -> None:
    async def react(reply: Reply, left: int) -> Message:
        return user("go on")

    talk = a_conversation(a_caller(tmp_path, "one", "two", "three"), FakeBench())
    assert await talk.until_found([user("first")], 2, react) is None
    assert len(talk.messages) == 4


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"text": "I will not", "stop": "refused"}, "the model would not answer"),
        ({"text": ""}, "the model's answer was empty"),
    ],
)
async def test_a_model_that_will_not_answer_is_not_asked_again(
    tmp_path: Path, answer: dict[str, str], why: str
) -> None:
    async def react(reply: Reply, left: int) -> Message:
        pytest.fail("there is nothing to react to")

    talk = a_conversation(a_caller(tmp_path, answer, "two"), FakeBench())
    assert await talk.until_found([user("first")], 2, react) == GaveUp(why)
