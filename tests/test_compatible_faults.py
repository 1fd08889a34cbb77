"""Endpoints of the OpenAI API that refuse, break off, fall silent or talk nonsense: each is a typed error."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.base import Limits
from agents.models.openai_answer import completion
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable
from tests.compatible import ASKED, FEW, asking, failure, model_at, use
from tests.fake_anthropic import Refused
from tests.fake_openai import MODEL, Broken, FakeOpenAI


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, AgentRefused),
        (401, AgentMisconfigured),
        (402, AgentMisconfigured),
        (403, AgentMisconfigured),
        (404, AgentMisconfigured),
        (413, AgentRefused),
        (422, AgentRefused),
        (429, AgentUnavailable),
        (500, AgentUnavailable),
        (502, AgentUnavailable),
        (503, AgentUnavailable),
    ],
)
async def test_a_status_says_whether_to_wait_to_act_or_to_ask_differently(status: int, kind: type[AgentError]) -> None:
    server = FakeOpenAI(faults=[Refused(status, "so it is")])
    error = await failure(server)
    assert type(error) is kind
    assert "so it is" in str(error)
    assert "\n" not in str(error)
    assert len(server.requests) == 1, "the SDK has not asked again by itself"


@pytest.mark.parametrize(("status", "free"), [(429, True), (503, True), (502, False), (504, False)])
async def test_only_what_was_refused_before_any_work_is_free(status: int, free: bool) -> None:
    error = await failure(FakeOpenAI(faults=[Refused(status, headers={"Retry-After": "7"})]))
    assert isinstance(error, AgentUnavailable)
    assert (error.free, error.after) == (free, 7.0)


async def test_a_used_up_account_is_not_waited_for() -> None:
    body = b'{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
    assert isinstance(await failure(FakeOpenAI(faults=[Refused(429, body=body)])), AgentMisconfigured)


async def test_a_prompt_that_is_too_long_is_refused() -> None:
    error = await failure(FakeOpenAI(window=100), limits=Limits(max_tokens=90))
    assert isinstance(error, AgentRefused)
    assert "maximum context length is 100" in str(error)


async def test_a_model_that_is_not_there_and_a_wrong_key_need_somebody() -> None:
    unknown = await failure(FakeOpenAI(), model="tiny/refuter")
    assert isinstance(unknown, AgentMisconfigured)
    assert "tiny/refuter" in str(unknown)
    wrong = await failure(FakeOpenAI(), key="sk-another-one")
    assert isinstance(wrong, AgentMisconfigured)
    assert "VLLM_API_KEY" in wrong.remedy
    assert "sk-another-one" not in str(wrong), "the server has echoed it"


async def test_a_missing_key_is_found_before_anything_is_sent() -> None:
    server = FakeOpenAI()
    error = await failure(server, key="")
    assert isinstance(error, AgentMisconfigured)
    assert "VLLM_API_KEY" in error.remedy
    assert not server.headers


async def test_a_server_that_is_down_costs_nothing() -> None:
    async with FakeOpenAI() as server:
        url = server.url
    model = model_at(url)
    with pytest.raises(AgentUnavailable, match="cannot be reached") as caught:
        await model.complete(ASKED, limits=FEW)
    assert caught.value.free
    await model.close()


BROKEN = [
    Broken("cut"),
    Broken("cut", sent=40),
    Broken("garbage"),
    Broken("garbage", data=b""),
    Broken("garbage", data=b"null"),
    Broken("garbage", data=b'{"choices": null}'),
    Broken("garbage", data=b'{"choices": []}'),
    Broken("garbage", data=b'{"choices": [{"message": {"content": "\\ud83d"}}]}'),
    Broken("garbage", data=b'{"choices": [{"message": {"content": "\xff"}}]}'),
]


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: f"{fault.how}-{fault.sent}-{fault.data.decode('latin1')}")
async def test_an_answer_that_breaks_may_have_been_charged(fault: Broken) -> None:
    server = FakeOpenAI(faults=[fault])
    error = await failure(server)
    assert isinstance(error, AgentUnavailable)
    assert not error.free
    assert server.bill.calls == 1


async def test_what_a_server_says_instead_of_a_reply_is_passed_on() -> None:
    data = b'{"error": {"message": "the GPU is gone", "code": 502}}'
    error = await failure(FakeOpenAI(faults=[Broken("garbage", data=data)]))
    assert isinstance(error, AgentUnavailable)
    assert "the GPU is gone" in str(error)
    assert not error.free


async def test_a_server_that_falls_silent_is_left_at_the_wall_limit() -> None:
    server = FakeOpenAI(faults=[Broken("stall", sent=20)])
    async with asking(server) as model:
        with pytest.raises(AgentUnavailable, match=r"no answer within 0\.1 s") as caught:
            await model.complete(ASKED, limits=Limits(max_tokens=9, seconds=0.1))
        await server.left.wait()
        assert not caught.value.free
        assert (await model.complete(ASKED, limits=FEW)).replies[0].message.text == "sorry", "and it can be asked again"


ANSWER = json.dumps(
    {
        "choices": [
            {"message": {"content": "α → β", "tool_calls": [use("{}")["tool_calls"][0]]}, "finish_reason": "stop"},
            {"message": {"content": "x", "reasoning": "y"}, "logprobs": {"content": [{"logprob": -1.0}]}},
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 1}},
    },
    ensure_ascii=False,
).encode()


@given(st.integers(0, len(ANSWER) - 1))
def test_an_answer_cut_anywhere_is_none(end: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        completion(ANSWER[:end], MODEL)


async def test_a_connection_cut_anywhere_is_a_typed_error_and_the_next_one_answers() -> None:
    cuts = [Broken("cut", sent=sent) for sent in range(0, 400, 9)]
    server = FakeOpenAI(faults=cuts)
    async with asking(server) as model:
        for _ in cuts:
            with pytest.raises(AgentUnavailable) as caught:
                await model.complete(ASKED, limits=FEW)
            assert not caught.value.free
        assert (await model.complete(ASKED, limits=FEW)).replies[0].message.text == "sorry"
    assert server.bill.calls == len(cuts) + 1


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something could stand in place of what does."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in items for place in places(inner, (*path, key)))]


@given(st.sampled_from(places(json.loads(ANSWER))[1:]), VALUES)
def test_whatever_stands_in_a_field_is_read_or_refused_as_a_whole(place: Sequence[Any], value: Any) -> None:
    answer = json.loads(ANSWER)
    inner = answer
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    try:
        got = completion(json.dumps(answer).encode(), MODEL)
    except ValueError:
        return
    assert got.replies
    assert min(got.usage.input, got.usage.output, got.usage.cache_read) >= 0
