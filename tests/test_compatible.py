"""Endpoints that speak the OpenAI API: what is asked of them and read, by the official SDK, unchanged."""

import json
from typing import Any

import pytest

from agents.models.base import Limits, Message, Model, Role, Stop, Text, Thinking, Tool, ToolResult, ToolUse
from agents.models.compatible import OPENAI, bound
from agents.models.openai_answer import UNPARSED
from agents.models.openai_request import request
from prover.errors import AgentMisconfigured, AgentUnavailable
from prover.model import Usage
from tests.compatible import ASKED, FEW, asking, model_at, said, use
from tests.fake_openai import KEY, LOGPROB, MODEL, Broken, Choice, FakeOpenAI

CHECK = Tool("check", "Elaborates a body.", {"type": "object", "properties": {"body": {"type": "string"}}})
GRAMMAR = {"type": "object", "properties": {"proof": {"type": "string"}}, "required": ["proof"]}


# What is asked


async def test_one_request_brings_n_replies_and_what_they_have_used() -> None:
    server = FakeOpenAI(answer=lambda request: [f"proof {place}" for place in range(request["n"])])
    got = await said(server, n=8)
    assert [reply.message.text for reply in got.replies] == [f"proof {place}" for place in range(8)]
    assert all(reply.stop is Stop.END and reply.message.role is Role.ASSISTANT for reply in got.replies)
    assert len(server.requests) == 1
    assert got.usage == server.bill.usage
    assert got.usage.output == 8 * 2
    assert got.model == MODEL


async def test_no_more_replies_are_asked_for_than_the_server_makes_at_once() -> None:
    server = FakeOpenAI()
    async with asking(server, at_once=3) as model:
        assert len((await model.complete(ASKED, n=64, limits=FEW)).replies) == 3
        assert len((await model.complete(ASKED, n=1, limits=FEW)).replies) == 1
    assert [asked.get("n") for asked in server.requests] == [3, None]


async def test_what_the_limits_leave_open_is_not_sent() -> None:
    server = FakeOpenAI()
    async with asking(server) as model:
        await model.complete(ASKED, limits=FEW)
        await model.complete(ASKED, limits=Limits(max_tokens=9, temperature=0.0, top_p=0.5, stop=("```",)))
    turns = [{"role": "system", "content": "You prove."}, {"role": "user", "content": "Prove that 1 + 1 = 2."}]
    assert server.requests[0] == {"model": MODEL, "messages": turns, "max_tokens": 100}
    sent = {"model": MODEL, "messages": turns, "max_tokens": 9, "temperature": 0.0, "top_p": 0.5, "stop": ["```"]}
    assert server.requests[1] == sent


async def test_a_raw_prompt_is_continued_without_a_template() -> None:
    server = FakeOpenAI(answer=lambda request: ["rfl\n\nend", "simp"])
    limits = Limits(max_tokens=50, raw=True, stop=("\n\n",), logprobs=True)
    async with asking(server) as model:
        got = await model.complete([Message.of(Role.USER, "theorem one : 1 + 1 = 2 := by")], n=2, limits=limits)
    assert server.requests[0]["prompt"] == "theorem one : 1 + 1 = 2 := by"
    assert "messages" not in server.requests[0]
    assert [reply.message.text for reply in got.replies] == ["rfl", "simp"]
    assert [reply.logprob for reply in got.replies] == [LOGPROB, LOGPROB]


async def test_the_probability_of_a_reply_is_that_of_all_its_tokens() -> None:
    got = await said(FakeOpenAI(answer=lambda request: "exact rfl."), limits=Limits(max_tokens=50, logprobs=True))
    assert got.replies[0].logprob == 3 * LOGPROB
    assert (await said(FakeOpenAI())).replies[0].logprob is None


async def test_a_grammar_is_a_response_format_of_chat_and_of_continuations() -> None:
    server = FakeOpenAI()
    async with asking(server) as model:
        await model.complete(ASKED, limits=Limits(max_tokens=50, grammar=GRAMMAR))
        await model.complete(ASKED, limits=Limits(max_tokens=50, grammar=GRAMMAR, raw=True))
    schema = {"name": "answer", "schema": GRAMMAR, "strict": True}
    assert [asked["response_format"] for asked in server.requests] == 2 * [
        {"type": "json_schema", "json_schema": schema}
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (OPENAI, "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("https://mine.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("http://localhost:8000/v1", "max_tokens"),
        ("https://notopenai.com/v1", "max_tokens"),
    ],
)
def test_only_openai_is_given_the_newer_name_of_the_bound(url: str, name: str) -> None:
    assert bound(url) == name
    assert request("m", ASKED, (), 1, FEW, bound=bound(url))[name] == 100


# Tools


async def test_a_conversation_with_tools_goes_both_ways() -> None:
    server = FakeOpenAI(answer=lambda asked: [use('{"body": ":= rfl"}')] if len(asked["messages"]) == 2 else "done")
    async with asking(server) as model:
        first = (await model.complete(ASKED, [CHECK], limits=FEW)).replies[0]
        assert first.stop is Stop.TOOLS
        assert first.message.tool_uses == (ToolUse("c1", "check", {"body": ":= rfl"}),)
        result = Message(Role.USER, (ToolResult("c1", "no goals"), Text("Go on.")))
        second = await model.complete([*ASKED, first.message, result], [CHECK], limits=FEW)
    assert second.replies[0].message.text == "done"
    *_, called, answered, said = server.requests[1]["messages"]
    assert called["content"] is None
    assert json.loads(called["tool_calls"][0]["function"]["arguments"]) == {"body": ":= rfl"}
    assert answered == {"role": "tool", "tool_call_id": "c1", "content": "no goals"}
    assert said == {"role": "user", "content": "Go on."}
    assert server.requests[0]["tools"][0]["function"]["parameters"] == CHECK.parameters


@pytest.mark.parametrize(
    "arguments", ['{"body": ":= r', "[1]", "rfl", '"rfl"', '{"a": NaN}', "[" * 5000, '{"a": "\\ud83d"}']
)
async def test_arguments_that_are_no_object_keep_the_reply_and_can_be_sent_back(arguments: str) -> None:
    answers: list[Any] = [{"content": "Let me see.", **use(arguments)} | {"content": "Let me see."}]
    server = FakeOpenAI(answer=lambda asked: answers if len(asked["messages"]) == 2 else "sorry")
    async with asking(server) as model:
        reply = (await model.complete(ASKED, [CHECK], limits=FEW)).replies[0]
        assert reply.message.text == "Let me see."
        assert reply.message.tool_uses == (ToolUse("c1", "check", {UNPARSED: arguments}),)
        result = Message(Role.USER, (ToolResult("c1", "no JSON", failed=True),))
        await model.complete([*ASKED, reply.message, result], [CHECK], limits=FEW)


@pytest.mark.parametrize(("arguments", "read"), [("", {}), (None, {}), ({"body": "x"}, {"body": "x"})])
async def test_arguments_may_be_missing_or_an_object_already(arguments: Any, read: dict[str, Any]) -> None:
    got = await said(FakeOpenAI(answer=lambda asked: [use(arguments, id_=None)]))
    assert got.replies[0].message.tool_uses == (ToolUse("call_0", "check", read),)


# What is read


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
async def test_what_vllm_calls_reasoning_is_thinking_and_is_not_sent_back(name: str) -> None:
    server = FakeOpenAI(answer=lambda asked: [{"content": "rfl", name: "It is by definition."}])
    async with asking(server) as model:
        message = (await model.complete(ASKED, limits=FEW)).replies[0].message
        assert message.blocks == (Thinking("It is by definition."), Text("rfl"))
        await model.complete([*ASKED, message, Message.of(Role.USER, "Why?")], limits=FEW)
    assert server.requests[1]["messages"][2] == {"role": "assistant", "content": "rfl"}


async def test_what_the_server_had_in_its_cache_is_counted_once() -> None:
    server = FakeOpenAI()
    long = [Message.of(Role.USER, "Prove it. " * 100)]
    async with asking(server) as model:
        first = await model.complete(long, limits=FEW)
        second = await model.complete(long, limits=FEW)
    assert first.usage.cache_read == 0
    assert second.usage.cache_read > 200
    assert second.usage.input + second.usage.cache_read == first.usage.input
    assert first.usage + second.usage == server.bill.usage


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("stop", Stop.END),
        ("length", Stop.LENGTH),
        ("tool_calls", Stop.TOOLS),
        ("content_filter", Stop.REFUSED),
        ("abort", Stop.LENGTH),
        ("eos_token", Stop.END),
        (None, Stop.END),
    ],
)
async def test_why_a_reply_ends(finish: str | None, stop: Stop) -> None:
    got = await said(FakeOpenAI(answer=lambda asked: [Choice({"content": "rfl"}, finish)]))
    assert got.replies[0].stop is stop


async def test_a_reply_breaks_off_where_its_tokens_are_used_up() -> None:
    got = await said(FakeOpenAI(answer=lambda asked: "rfl " * 100), limits=Limits(max_tokens=10))
    assert got.replies[0].stop is Stop.LENGTH
    assert got.usage.output == 10


async def test_a_refusal_is_said() -> None:
    got = await said(FakeOpenAI(answer=lambda asked: [{"content": None, "refusal": "I will not."}]))
    assert (got.replies[0].message.text, got.replies[0].stop) == ("I will not.", Stop.REFUSED)


async def test_fewer_choices_than_asked_for_and_empty_ones_are_replies() -> None:
    got = await said(FakeOpenAI(answer=lambda asked: ["rfl", {"content": None}]), n=8)
    assert [reply.message.text for reply in got.replies] == ["rfl", ""]


async def test_a_choice_that_cannot_be_read_costs_none_of_the_others() -> None:
    got = await said(FakeOpenAI(answer=lambda asked: ["one", {"content": 3, "tool_calls": "none"}, "two"]), n=3)
    assert [reply.message.text for reply in got.replies] == ["one", "two"]


async def test_logprobs_that_cannot_be_read_cost_no_reply() -> None:
    choice = Choice({"content": "rfl"}, logprobs={"content": [{"logprob": "much"}]})
    got = await said(FakeOpenAI(answer=lambda asked: [choice]), limits=Limits(max_tokens=9, logprobs=True))
    assert (got.replies[0].message.text, got.replies[0].logprob) == ("rfl", None)


async def test_a_server_that_does_not_count_leaves_the_usage_empty() -> None:
    got = await said(FakeOpenAI(counts=False))
    assert got.usage == Usage()
    assert got.replies[0].message.text == "sorry"


async def test_the_type_that_the_server_gives_its_answer_does_not_matter() -> None:
    assert (await said(FakeOpenAI(faults=[Broken("type")]))).replies[0].message.text == "sorry"


# Whether it can be asked


async def test_a_model_that_the_server_lists_can_be_asked() -> None:
    async with asking(FakeOpenAI(models=("other/one", MODEL))) as model:
        await model.check()


@pytest.mark.parametrize("lists", [False, b'{"data": []}'])
async def test_a_server_without_a_list_passes(lists: bool | bytes) -> None:
    server = FakeOpenAI(lists=lists)
    async with asking(server) as model:
        await model.check()
    assert len(server.headers) == 1


@pytest.mark.parametrize(
    ("server", "wrong", "remedy"),
    [
        (FakeOpenAI(models=[f"other/{place}" for place in range(9)]), f"does not serve {MODEL}", "other/7, …"),
        (FakeOpenAI(lists=b"<html>hello</html>"), "does not answer as the OpenAI API does", "/v1"),
        (FakeOpenAI(key="sk-another-one"), "401", "VLLM_API_KEY"),
    ],
)
async def test_what_stands_in_the_way_is_said_before_anything_is_paid(
    server: FakeOpenAI, wrong: str, remedy: str
) -> None:
    async with asking(server) as model:
        with pytest.raises(AgentMisconfigured, match=wrong) as caught:
            await model.check()
    assert remedy in caught.value.remedy
    assert KEY not in str(caught.value)
    assert not server.requests


async def test_a_server_that_is_down_is_unavailable() -> None:
    async with FakeOpenAI() as server:
        url = server.url
    model = model_at(url)
    with pytest.raises(AgentUnavailable, match="cannot be reached"):
        await model.check()
    await model.close()


# What stays where it is


async def test_nothing_that_the_environment_has_for_others_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"OPENAI_{variable}", "secret-of-another")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: secret-of-another\nX-Mine: secret-of-another")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9")
    server = FakeOpenAI(key=None)
    async with asking(server, key=None) as model:
        await model.check()
        await model.complete(ASKED, limits=FEW)
        await model.complete(ASKED, limits=Limits(max_tokens=9, raw=True))
    assert len(server.headers) == 3
    for headers in server.headers:
        assert "Authorization" not in headers
        assert "secret-of-another" not in str(headers)


async def test_a_server_of_ones_own_is_asked_without_a_key() -> None:
    server = FakeOpenAI(key=None)
    async with asking(server, key=None) as model:
        await model.check()
        assert (await model.complete(ASKED, limits=FEW)).replies
    assert all("Authorization" not in headers for headers in server.headers)


def test_it_is_a_model_that_names_itself_and_hides_its_key() -> None:
    model: Model = model_at("http://localhost:8000/v1")
    assert (model.name, model.at_once) == (f"vllm:{MODEL}@http://localhost:8000/v1", 64)
    assert KEY not in repr(vars(model))
