"""Claude by the official SDK, unchanged, against a real server on this machine that speaks Anthropic's protocol."""

import asyncio
import json
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.models.anthropic import Claude
from agents.models.base import Limits, Message, Model, Price, Role, Stop, Text, Thinking, Tool, ToolResult, ToolUse
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable
from prover.model import Usage
from tests.fake_anthropic import KEY, Answer, Broken, FakeAnthropic, Refused

OPUS = "claude-opus-4-5"
SYSTEM = Message.of(Role.SYSTEM, "You prove theorems in Lean 4. " * 20)
TALK = [SYSTEM, Message.of(Role.USER, "theorem two : 1 + 1 = 2 := by sorry")]
GOALS = Tool("goals", "The goals after a tactic.", {"type": "object", "properties": {"tactic": {"type": "string"}}})
THINKING, PATIENT = Limits(thinking=2000), Limits(seconds=20)
FUZZ = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@asynccontextmanager
async def claude(server: FakeAnthropic, model: str = OPUS, key: str | None = KEY) -> AsyncIterator[Claude]:
    """A model at that server, closed afterwards."""
    made = Claude(f"anthropic:{model}", model, key, server.url)
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def conversation(**server: Any) -> AsyncIterator[tuple[FakeAnthropic, Claude]]:
    async with FakeAnthropic(**server) as fake, claude(fake) as model:
        yield fake, model


async def failure(model: Model, limits: Limits = PATIENT) -> AgentError:
    """The error that a request ends with."""
    with pytest.raises(AgentError) as caught:
        await model.complete(TALK, limits=limits)
    return caught.value


def said(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


async def test_an_answer_arrives_whole_with_what_it_has_cost() -> None:
    async with conversation(answer=lambda request: "by norm_num, " * 30) as (server, model):
        completion = await model.complete(TALK)
    assert completion.replies[0].message == Message.of(Role.ASSISTANT, "by norm_num, " * 30)
    assert (completion.replies[0].stop, completion.model) == (Stop.END, OPUS)
    assert completion.usage == server.bill.usage
    price = Price(input=5, output=25, cache_read=0.5, cache_write=6.25)
    assert price.of(completion.usage) == pytest.approx(server.bill.dollars)


async def test_the_second_request_of_a_conversation_reads_its_beginning_from_the_cache() -> None:
    async with conversation(answer=lambda request: "by sorry") as (server, model):
        first = await model.complete(TALK, [GOALS])
        more = [*TALK, first.replies[0].message, Message.of(Role.USER, "There is a hole in it. Try again.")]
        second = await model.complete(more, [GOALS])
    assert first.usage.cache_read == first.usage.input == 0
    assert second.usage.cache_read == first.usage.cache_write > 150
    assert second.usage.input == 0
    assert sum(json.dumps(request).count("cache_control") for request in server.requests) == 4


async def test_attempts_at_different_theorems_share_the_system_message_and_the_tools() -> None:
    async with conversation() as (_, model):
        first = await model.complete(TALK, [GOALS])
        other = await model.complete([SYSTEM, Message.of(Role.USER, "theorem three : 1 + 2 = 3")], [GOALS])
    assert 0 < other.usage.cache_read < first.usage.cache_write


def thinks_and_asks(request: dict[str, Any]) -> list[dict[str, Any]]:
    """A tool first, then the proof: as long as there is no result, it wants the goals."""
    if "tool_result" in json.dumps(request["messages"]):
        return [said("by norm_num")]
    use = {"type": "tool_use", "id": "toolu_1", "name": "goals", "input": {"tactic": "intro ⟨x, hx⟩", "deep": [1, {}]}}
    hidden = {"type": "redacted_thinking", "data": "opaque=="}
    return [{"type": "thinking", "thinking": "What are the goals? " * 9}, hidden, said("Let me look."), use]


@pytest.mark.parametrize("model", [OPUS, "claude-opus-4-6", "claude-opus-4-8"])
async def test_thinking_and_tools_go_back_as_they_came(model: str) -> None:
    async with FakeAnthropic(thinks_and_asks) as server, claude(server, model) as asked:
        reply = (await asked.complete(TALK, [GOALS], limits=THINKING)).replies[0]
        thought, hidden, _, use = reply.message.blocks
        result = Message(Role.USER, (ToolResult("toolu_1", "unknown tactic", failed=True),))
        last = await asked.complete([*TALK, reply.message, result], [GOALS], limits=THINKING)
    assert reply.stop is Stop.TOOLS
    assert isinstance(thought, Thinking)
    assert thought.signature
    assert hidden == Thinking("", "opaque==", hidden=True)
    assert use == ToolUse("toolu_1", "goals", {"tactic": "intro ⟨x, hx⟩", "deep": [1, {}]})
    assert last.replies[0].message.text == "by norm_num"
    sent = server.requests[1]["messages"][-1]["content"][0]
    assert (sent["content"], sent["is_error"]) == ("unknown tactic", True)


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        (OPUS, {"type": "enabled", "budget_tokens": 2000}),
        ("claude-opus-4-6", {"type": "adaptive", "display": "summarized"}),
        ("claude-opus-4-8", {"type": "adaptive", "display": "summarized"}),
    ],
)
async def test_a_model_is_asked_for_the_kind_of_thinking_that_it_knows(model: str, sent: dict[str, Any]) -> None:
    async with FakeAnthropic() as server, claude(server, model) as asked:
        await asked.complete(TALK, limits=THINKING)
        await asked.complete(TALK)
    assert [request.get("thinking") for request in server.requests] == [sent, None]


@pytest.mark.parametrize(("wanted", "budget"), [(10, 1024), (5000, 5000), (50_000, 7999)])
async def test_a_budget_of_thinking_is_brought_within_what_the_server_takes(wanted: int, budget: int) -> None:
    async with conversation() as (server, model):
        await model.complete(TALK, limits=Limits(max_tokens=8000, thinking=wanted))
    assert server.requests[0]["thinking"]["budget_tokens"] == budget


async def test_a_thought_of_another_model_and_an_empty_text_are_not_sent() -> None:
    strange = Message(Role.ASSISTANT, (Thinking("I am unsigned"), Text(""), Text("by simp")))
    silent = Message(Role.ASSISTANT, ())
    async with conversation() as (server, model):
        await model.complete([*TALK, strange, silent, Message.of(Role.USER, "no")])
    assert [len(message["content"]) for message in server.requests[0]["messages"]] == [1, 1, 1]


async def test_stop_strings_and_a_grammar_are_sent_and_what_the_api_has_abolished_is_not() -> None:
    schema = {"type": "object"}
    async with conversation() as (server, model):
        await model.complete(
            TALK, limits=Limits(stop=("```",), grammar=schema, temperature=0.7, top_p=0.9, logprobs=True)
        )
    request = server.requests[0]
    assert request["stop_sequences"] == ["```"]
    assert request["output_config"] == {"format": {"type": "json_schema", "schema": schema}}
    assert not {"temperature", "top_p", "logprobs"} & request.keys()


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("end_turn", Stop.END),
        ("stop_sequence", Stop.END),
        ("max_tokens", Stop.LENGTH),
        ("model_context_window_exceeded", Stop.LENGTH),
        ("refusal", Stop.REFUSED),
        ("a reason of next year", Stop.END),
    ],
)
async def test_why_a_reply_ends_is_told(reason: str, stop: Stop) -> None:
    async with conversation(answer=lambda request: Answer([said("x")], reason)) as (_, model):
        assert (await model.complete(TALK)).replies[0].stop is stop


async def test_a_reply_that_uses_up_its_tokens_breaks_off() -> None:
    async with conversation(answer=lambda request: "by simp; " * 100) as (_, model):
        completion = await model.complete(TALK, limits=Limits(max_tokens=10))
    assert completion.replies[0].stop is Stop.LENGTH
    assert completion.usage.output == 10


REFUSALS = [
    (Refused(429, headers={"retry-after": "7"}), AgentUnavailable, True, 7),
    (Refused(429, headers={"retry-after-ms": "1500"}), AgentUnavailable, True, 1.5),
    (Refused(529), AgentUnavailable, True, 0),
    (Refused(503, headers={"retry-after": "2"}), AgentUnavailable, True, 2),
    (Refused(500, body=b"<html>\xff</html>"), AgentUnavailable, True, 0),
    (Refused(500, body=b""), AgentUnavailable, True, 0),
    (Refused(502), AgentUnavailable, False, 0),
    (Refused(504), AgentUnavailable, False, 0),
    (Refused(413), AgentRefused, None, None),
    (Refused(400), AgentRefused, None, None),
    (Refused(400, "Your credit balance is too low"), AgentMisconfigured, None, None),
    (Refused(402), AgentMisconfigured, None, None),
    (Refused(403), AgentMisconfigured, None, None),
]


@pytest.mark.parametrize(("fault", "kind", "free", "after"), REFUSALS)
async def test_a_refusal_says_whether_to_ask_again_and_when(
    fault: Refused, kind: type[AgentError], free: bool | None, after: float | None
) -> None:
    async with conversation(faults=[fault]) as (server, model):
        error = await failure(model)
        assert type(error) is kind
        assert (getattr(error, "free", None), getattr(error, "after", None)) == (free, after)
        assert (await model.complete(TALK)).replies  # the next request is none the worse for it
    assert server.bill.calls == 1
    assert str(error).startswith(f"anthropic:{OPUS}: {fault.status} ")


DELTA = b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": %d, "delta": %b}\n\n'

BREAKS = [
    Broken("cut", events=0),
    Broken("cut", events=5),
    Broken("end", events=0),
    Broken("end", events=5),
    Broken("error", events=0),
    Broken("error", events=4),
    Broken("garbage", events=3),
    Broken("garbage", events=4, data=b'event: message_stop\ndata: {"type": "message_stop"}\n\n'),
    Broken("garbage", events=3, data=DELTA % (9, b'{"type": "text_delta", "text": "of no block"}')),
    Broken("garbage", events=3, data=DELTA % (0, b'{"type": "text_delta", "text": null}')),
    Broken("garbage", events=3, data=DELTA % (0, b"[1]")),
    Broken("garbage", events=0, data=b"<html>Bad gateway</html>"),
    Broken("garbage", events=2, data=b"event: content_block_delta\ndata: \xff\xfe\n\n"),
    Broken("garbage", events=2, data=b"event: content_block_delta\ndata: " + b"[" * 100_000 + b"\n\n"),
]


@pytest.mark.parametrize("fault", BREAKS, ids=lambda fault: f"{fault.how}-{fault.events}-{len(fault.data)}")
async def test_an_answer_that_breaks_off_may_be_charged_and_may_be_asked_for_again(fault: Broken) -> None:
    async with conversation(faults=[fault]) as (server, model):
        error = await failure(model)
    assert server.bill.calls == 1
    assert isinstance(error, AgentUnavailable)
    assert not error.free
    assert "\n" not in str(error)


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[FakeAnthropic]:
    """One for all the examples of a property."""
    async with FakeAnthropic(thinks_and_asks) as fake:
        yield fake


@pytest.fixture(scope="module")
async def model(server: FakeAnthropic) -> AsyncIterator[Claude]:
    async with claude(server) as made:
        yield made


@FUZZ
@given(st.sampled_from(["cut", "end"]), st.integers(-3000, -1))
async def test_wherever_a_stream_is_cut_there_is_no_completion(
    server: FakeAnthropic, model: Claude, how: Literal["cut", "end"], at: int
) -> None:
    server.faults = [None] * len(server.requests) + [Broken(how, cut_at=at)]
    error = await failure(model)
    assert isinstance(error, AgentUnavailable)
    assert not error.free


KEYS = st.sampled_from(
    ["type", "index", "delta", "text", "message", "content", "usage", "content_block", "stop_reason"]
)
VALUES = (
    st.none()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["text_delta", "message_delta", "text", "tool_use"])
)
JSON = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))
EVENTS = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
]


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # the SDK's, at the events that it reads unchecked
@FUZZ
@given(st.integers(0, 6), st.lists(st.tuples(st.sampled_from(EVENTS), st.dictionaries(KEYS, JSON)), max_size=4))
async def test_events_that_make_no_sense_raise_nothing_but_our_errors(
    server: FakeAnthropic, model: Claude, events: int, nonsense: list[tuple[str, dict[str, Any]]]
) -> None:
    spelled = [(name, json.dumps({"type": name} | data)) for name, data in [*nonsense, ("message_stop", {})]]
    data = "".join(f"event: {name}\ndata: {text}\n\n" for name, text in spelled).encode()
    server.faults = [None] * len(server.requests) + [Broken("garbage", events, data=data)]
    try:
        completion = await model.complete(TALK)
    except AgentUnavailable:
        return
    assert min(completion.usage.input, completion.usage.output, completion.usage.cache_read) >= 0


async def test_whoever_stops_waiting_hangs_up() -> None:
    async with conversation(faults=[Broken("stall", events=2)]) as (server, model):
        task = asyncio.create_task(model.complete(TALK))
        async with asyncio.timeout(10):
            await server.stalled.wait()
            task.cancel()
            await server.left.wait()
    assert task.cancelled()
    assert server.bill.calls == 1


async def test_a_call_ends_with_its_seconds_and_may_be_charged() -> None:
    async with conversation(faults=[Broken("stall", events=2)]) as (_, model):
        error = await failure(model, Limits(seconds=0.1))
    assert "no answer within 0.1 s" in str(error)
    assert isinstance(error, AgentUnavailable)
    assert not error.free


async def test_an_answer_without_end_is_cut_off_long_before_its_seconds_are_over() -> None:
    event = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x" * 100_000}}
    flood = b"event: content_block_delta\ndata: %b\n\n" % json.dumps(event).encode() * 30
    async with conversation(faults=[Broken("garbage", events=2, data=flood)]) as (_, model):
        error = await failure(model, replace(PATIENT, max_tokens=10))
    assert "longer than its tokens can make it" in str(error)


async def test_to_ask_what_a_model_can_do_is_free_even_where_it_fails() -> None:
    async with FakeAnthropic() as server, claude(server) as model:
        server.model_faults = [Refused(502)]
        error = await failure(model, THINKING)
        assert not server.requests
        assert (await model.complete(TALK, limits=THINKING)).replies
    assert isinstance(error, AgentUnavailable)
    assert error.free


async def test_a_prompt_that_is_too_long_is_refused_for_good() -> None:
    async with conversation(window=10) as (server, model):
        error = await failure(model)
    assert isinstance(error, AgentRefused)
    assert "prompt is too long" in str(error)
    assert server.bill.dollars == 0


async def test_a_completion_without_a_template_is_not_to_be_had() -> None:
    async with conversation() as (server, model):
        assert isinstance(await failure(model, Limits(raw=True)), AgentMisconfigured)
    assert not server.requests


async def test_a_check_costs_nothing_and_says_what_is_wrong() -> None:
    async with FakeAnthropic(retired=("claude-opus-4-6",)) as server:
        async with claude(server) as model:
            await model.check()
        for wrong, key, word in [
            (OPUS, "sk-no", "invalid x-api-key"),
            ("claude-99", KEY, "claude-99"),
            (OPUS, None, "no key"),
        ]:
            async with claude(server, wrong, key) as model:
                with pytest.raises(AgentMisconfigured, match=word) as caught:
                    await model.check()
                assert caught.value.remedy
        async with claude(server, "claude-opus-4-6") as model:
            with pytest.raises(AgentMisconfigured, match="retired"):
                await model.check()
        assert server.bill.calls == 0
    async with claude(server) as model:
        error = await failure(model)
        with pytest.raises(AgentUnavailable, match="cannot be reached"):
            await model.check()
    assert isinstance(error, AgentUnavailable)
    assert error.free


async def test_an_address_that_is_none_is_said_to_be_one() -> None:
    model = Claude("anthropic:m@htp://host", "m", KEY, "htp://host")
    assert isinstance(await failure(model), AgentMisconfigured)
    await model.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_no_error_has_the_key_nor_does_its_traceback(status: int) -> None:
    async with FakeAnthropic(faults=[Refused(status, f"what is {KEY}?")]) as server, claude(server) as model:
        error = await failure(model)
    printed = "".join(traceback.format_exception(error))
    assert KEY not in printed + error.remedy + repr(error)
    assert "[key]" in str(error)


async def test_nothing_but_our_own_key_is_sent_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH_TOKEN", "API_KEY", "PROFILE", "WEBHOOK_SIGNING_KEY"):
        monkeypatch.setenv(f"ANTHROPIC_{name}", "elsewhere")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "authorization: Bearer elsewhere\nx-api-key: elsewhere")
    async with conversation() as (server, model):
        await model.complete(TALK)
    assert server.headers
    assert "elsewhere" not in json.dumps(server.headers)


def test_who_asks_no_model_does_not_wait_for_the_sdk() -> None:
    code = "import sys, agents.models.anthropic, agents.models.batches; sys.exit('anthropic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


async def test_tokens_below_none_make_no_call_cheaper() -> None:
    usage = {"input_tokens": -5_000, "output_tokens": 1}
    start: dict[str, Any] = {"type": "message_start", "message": {"content": [], "model": OPUS, "usage": usage}}
    end: dict[str, Any] = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}}
    events = [start, end, {"type": "message_stop"}]
    data = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()
    async with conversation(faults=[Broken("garbage", data=data)]) as (_, model):
        assert isinstance(await failure(model), AgentUnavailable)
    data = data.replace(b"-5000", b"5000")
    async with conversation(faults=[Broken("garbage", data=data)]) as (_, model):
        assert (await model.complete(TALK)).usage == Usage(input=5_000, output=1)
