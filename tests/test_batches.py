"""Claude by Message Batches, against a real server: what is asked together goes out together, and each gets its own."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tenacity import wait_none

from agents.models.base import Completion, Limits, Message, Model, Price, Role
from agents.models.batches import ClaudeBatches
from agents.models.naming import Name
from agents.models.prices import price_of
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable
from tests.fake_anthropic import KEY, Broken, Ended, FakeAnthropic, Refused

OPUS = "claude-opus-4-5"
SYSTEM = Message.of(Role.SYSTEM, "You prove theorems in Lean 4. " * 20)
PATIENT = Limits(seconds=20)


@asynccontextmanager
async def batches(
    most: int = 100, key: str = KEY, quiet: float = 0.02, **server: Any
) -> AsyncIterator[tuple[FakeAnthropic, ClaudeBatches]]:
    """A server and its model; whatever still waits at the end is let go."""
    async with FakeAnthropic(**server) as fake:
        model = ClaudeBatches(
            f"anthropic-batch:{OPUS}", OPUS, key, fake.url, most=most, quiet=quiet, polling=wait_none()
        )
        try:
            yield fake, model
        finally:
            await model.close()


def ask(model: Model, question: str, limits: Limits = PATIENT) -> Coroutine[Any, Any, Completion]:
    return model.complete([SYSTEM, Message.of(Role.USER, question)], limits=limits)


async def all_of(model: Model, questions: list[str]) -> list[Completion | BaseException]:
    return await asyncio.gather(*(ask(model, question) for question in questions), return_exceptions=True)


def echo(request: dict[str, Any]) -> Any:
    """Repeats the question, or does what it says."""
    question = request["messages"][0]["content"][0]["text"]
    faults = {"expire": Ended("expired"), "overload": Refused(529), "refuse": Refused(400), "forbid": Refused(403)}
    return faults.get(question, question)


def texts(answers: list[Completion | BaseException]) -> list[str]:
    return [answer.replies[0].message.text if isinstance(answer, Completion) else "" for answer in answers]


async def test_what_is_asked_side_by_side_goes_out_as_one_batch_and_each_gets_its_own_answer() -> None:
    questions = [f"question {number}" for number in range(20)]
    async with batches(answer=echo, polls=3) as (server, model):
        answers = await all_of(model, questions)
    assert texts(answers) == questions
    assert len(server.batches.known) == 1


async def test_a_batch_waits_for_more_until_it_is_full() -> None:
    async with batches(answer=echo, most=2, quiet=3600) as (server, model):
        first = asyncio.create_task(ask(model, "a"))
        await model.check()
        answers = [await ask(model, "b"), await first]
        assert len(server.batches.known) == 1
    assert texts([*answers]) == ["b", "a"]


async def test_a_batch_costs_half_of_what_its_usage_would() -> None:
    async with batches(answer=echo) as (server, model):
        first = await ask(model, "one")
        second = await ask(model, "another")
    tariff, usage = server.tariff, first.usage + second.usage
    single = Price(
        input=tariff.input, output=tariff.output, cache_read=tariff.cache_read, cache_write=tariff.cache_write
    )
    assert usage == server.bill.usage
    assert second.usage.cache_read > 0
    price = price_of(Name.parsed(model.name), {model.name.replace("-batch", ""): single})
    assert price is not None
    assert price.of(usage) == pytest.approx(server.bill.dollars)


async def test_a_request_that_fails_in_its_batch_fails_alone_and_is_free() -> None:
    async with batches(answer=echo) as (_, model):
        answers = await all_of(model, ["a", "expire", "overload", "refuse", "forbid", "b"])
    kinds = [AgentUnavailable, AgentUnavailable, AgentRefused, AgentMisconfigured]
    assert [type(answer) for answer in answers[1:5]] == kinds
    assert texts(answers) == ["a", "", "", "", "", "b"]
    assert all(answer.free for answer in answers if isinstance(answer, AgentUnavailable))


async def test_asking_after_a_batch_may_fail_as_often_as_it_likes_since_the_batch_is_paid() -> None:
    faults = [None, Refused(529), Refused(500), None, None, Broken(cut_at=-20), None, None, Refused(502)]
    async with batches(answer=echo, batch_faults=faults) as (server, model):
        answers = await all_of(model, ["a", "b", "c"])
        assert len(server.batches.known) == 1
    assert texts(answers) == ["a", "b", "c"]
    assert server.bill.calls == 3


async def test_a_batch_that_the_server_does_not_take_is_free_and_fails_for_all_who_are_in_it() -> None:
    async with batches(answer=echo, batch_faults=[Refused(529, headers={"retry-after": "9"})]) as (server, model):
        answers = await all_of(model, ["a", "b"])
        assert texts(await all_of(model, ["c"])) == ["c"]
    assert [
        (type(answer), answer.free, answer.after) for answer in answers if isinstance(answer, AgentUnavailable)
    ] == [(AgentUnavailable, True, 9)] * 2
    assert server.bill.calls == 1


async def test_a_wrong_key_is_said_once_for_all_without_the_key() -> None:
    async with batches(key="sk-ant-wrong") as (_, model):
        answers = await all_of(model, ["a", "b"])
    assert all(isinstance(answer, AgentMisconfigured) and "sk-ant-wrong" not in str(answer) for answer in answers)


async def test_who_waits_too_long_is_told_and_may_be_charged() -> None:
    async with batches(answer=echo, polls=10**9) as (_, model):
        with pytest.raises(AgentUnavailable, match=r"no answer within 0.1 s") as caught:
            await ask(model, "a", Limits(seconds=0.1))
    assert not caught.value.free


async def test_a_batch_that_nobody_waits_for_any_more_is_cancelled() -> None:
    async with batches(answer=echo, polls=10**9) as (server, model):
        task = asyncio.create_task(ask(model, "a"))
        async with asyncio.timeout(10):
            await server.batches.asked.wait()
            task.cancel()
            await server.batches.cancelled.wait()
    assert server.bill.calls == 0


async def test_closing_cancels_what_is_under_way_and_lets_go_whoever_waits() -> None:
    async with batches(answer=echo, most=1, polls=10**9) as (server, model), asyncio.timeout(20):
        sent = asyncio.create_task(ask(model, "sent", Limits(seconds=3600)))
        await server.batches.asked.wait()
        model.most = 2
        unsent = asyncio.create_task(ask(model, "not sent", Limits(seconds=3600)))
        await model.check()
        await model.close()
        ends = await asyncio.gather(sent, unsent, return_exceptions=True)
        assert server.batches.cancelled.is_set()
    assert [isinstance(end, AgentUnavailable) and end.free for end in ends] == [False, True]
    assert server.bill.calls == 0


async def test_a_result_that_makes_no_sense_is_the_trouble_of_one_only() -> None:
    async with batches(answer=echo) as (server, model):
        server.batches.twist = lambda line: (
            line | {"result": {"type": "succeeded", "message": {}}} if line["custom_id"].endswith("0") else line
        )
        answers = await all_of(model, ["a", "b"])
    assert isinstance(answers[0], AgentUnavailable)
    assert not answers[0].free
    assert texts(answers[1:]) == ["b"]


async def test_a_result_that_is_missing_is_an_error_and_no_wait_without_end() -> None:
    async with batches(answer=echo) as (server, model):
        server.batches.twist = lambda line: None if line["custom_id"].endswith("1") else line
        answers = await all_of(model, ["a", "b"])
    assert texts(answers) == ["a", ""]
    assert isinstance(answers[1], AgentUnavailable)


async def test_a_batch_is_checked_like_any_model_and_refuses_what_it_cannot_do() -> None:
    async with batches() as (_, model):
        await model.check()
        with pytest.raises(AgentError, match="chat template"):
            await ask(model, "a", Limits(raw=True))
