"""How a model is asked: paid before it is sent, tried again with patience, and never twice for the same answer."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.base import (
    Completion,
    Exchange,
    Limits,
    Message,
    Price,
    Reply,
    Role,
    Text,
    Thinking,
    Tool,
    ToolResult,
    ToolUse,
)
from agents.models.caller import CHARGED_TRIES, TRIES, Caller, backoff, conversation, most_input
from agents.models.endpoint import Endpoint
from prover.errors import AgentError, AgentMisconfigured, AgentRefused, AgentUnavailable, BudgetSpent
from prover.model import Usage
from tests.hurried import hurried
from tests.paying import Books, Desk, quick_folder

PRICE = Price(input=5, output=25)
CACHED = Price(input=5, output=25, cache_read=0.5, cache_write=6.25)
QUESTION = (Message.of(Role.USER, "Prove it."),)
USAGE = Usage(input=20, output=10)
LIMITS = Limits(max_tokens=1000)
CHECK = Tool("check", "Elaborates a body.", {"type": "object", "properties": {"body": {"type": "string"}}})

BUSY = AgentUnavailable("429", free=True)
CUT = AgentUnavailable("the answer was cut off")


class Model:
    """Gives what the test says, in the order of the requests; afterwards "yes" to everything."""

    name = "anthropic:test"

    def __init__(self, *outcomes: AgentError | Usage | str, at_once: int = 1) -> None:
        self.at_once = at_once
        self.asked: list[tuple[tuple[Message, ...], int]] = []
        self.at_work = self.most_at_work = 0
        self.moments: list[float] = []
        self._outcomes = iter(outcomes)

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = LIMITS
    ) -> Completion:
        self.asked.append((tuple(messages), n))
        self.moments.append(asyncio.get_running_loop().time())
        outcome = next(self._outcomes, "yes")
        self.at_work += 1
        self.most_at_work = max(self.at_work, self.most_at_work)
        await asyncio.sleep(1.0)
        self.at_work -= 1
        if isinstance(outcome, AgentError):
            raise outcome
        usage = outcome if isinstance(outcome, Usage) else USAGE
        text = outcome if isinstance(outcome, str) else "yes"
        return Completion((Reply(Message.of(Role.ASSISTANT, text)),) * n, usage, "test-1")

    async def check(self) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as found:
        yield found


@pytest.fixture
def books(folder: Path) -> Iterator[Books]:
    with Books(folder) as opened:
        yield opened


def caller(model: Model, price: Price | None = PRICE, endpoint: Endpoint | None = None) -> Caller:
    return Caller(model, endpoint or Endpoint(), price)


def ask(
    model: Model,
    desk: Desk,
    n: int = 1,
    *,
    number: int = 0,
    price: Price | None = PRICE,
    question: tuple[Message, ...] = QUESTION,
    endpoint: Endpoint | None = None,
) -> tuple[Exchange, ...]:
    asking = caller(model, price, endpoint).ask(desk, number, question, n=n, limits=LIMITS, prompt="whole 1")
    return hurried(asking)


# What is paid


def test_an_answer_is_charged_at_its_price_and_written_down(books: Books) -> None:
    desk = books.desk()
    (exchange,) = ask(Model(), desk)
    assert books.charged() == [(0, PRICE.of(USAGE))]
    assert exchange == Exchange.read(books.journal.said(desk.number)[0])
    assert (exchange.messages, exchange.limits, exchange.prompt) == (QUESTION, LIMITS, "whole 1")
    assert exchange.completion.replies[0].message.text == "yes"


def test_the_most_that_a_request_can_cost_is_held_while_it_is_under_way(books: Books) -> None:
    held = []

    class Watching(Model):
        async def complete(
            self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = LIMITS
        ) -> Completion:
            held.append(books.ledger._run().held)
            return await super().complete(messages, tools, n, limits)

    ask(Watching(at_once=4), books.desk(), n=4)
    tokens = most_input(QUESTION, (), LIMITS)
    assert (held[0].tokens, held[0].dollars) == (tokens + 4000, PRICE.most(tokens, 4000))
    assert books.ledger._run().held.tokens == 0


def test_a_refusal_costs_nothing_and_a_cut_answer_all_that_was_held(books: Books) -> None:
    ask(Model(BUSY, CUT), books.desk())
    most = PRICE.most(most_input(QUESTION, (), LIMITS), 1000)
    assert books.charged() == [(0, 0.0), (0, most), (0, PRICE.of(USAGE))]


@pytest.mark.parametrize("error", [AgentRefused("400: too long"), AgentMisconfigured("401: no such key")])
def test_what_will_not_be_answered_costs_nothing_and_is_not_asked_again(books: Books, error: AgentError) -> None:
    model = Model(error)
    with pytest.raises(type(error)):
        ask(model, books.desk())
    assert (len(model.asked), books.charged()) == (1, [(0, 0.0)])


@pytest.mark.parametrize("usage", [Usage(), Usage(input=9), Usage(output=9)])
def test_a_server_that_does_not_count_is_charged_in_full(books: Books, usage: Usage) -> None:
    ask(Model(usage), books.desk())
    most = most_input(QUESTION, (), LIMITS)
    assert books.charged() == [(0, PRICE.most(most, 1000))]
    assert books.spent.tokens == most + 1000


def test_a_price_that_is_not_known_is_not_free(books: Books) -> None:
    ask(Model(), books.desk(), price=None)
    assert books.charged() == [(0, None)]
    assert (books.spent.unpriced, books.spent.dollars) == (USAGE.tokens, 0.0)


def test_without_a_price_nothing_is_sent_where_money_is_limited(folder: Path) -> None:
    model = Model()
    with Books(folder, limits={"dollars": 1.0}) as books:
        with pytest.raises(AgentMisconfigured, match="the price of anthropic:test is not known"):
            ask(model, books.desk(), price=None)
        assert (model.asked, books.charged()) == ([], [])


def test_that_one_agent_may_not_ask_without_a_price_keeps_no_other_from_asking(folder: Path) -> None:
    with Books(folder, agent_limits={"sampler": {"dollars": 1.0}}) as books:
        endpoint = Endpoint()
        with pytest.raises(AgentMisconfigured):
            ask(Model(), books.desk(agent="sampler"), price=None, endpoint=endpoint)
        assert len(ask(Model(), books.desk(agent="refiner"), price=None, endpoint=endpoint)) == 1


def test_an_answer_that_is_no_unicode_is_charged_what_it_cost_and_asked_for_again(books: Books) -> None:
    (exchange,) = ask(Model("\ud800"), books.desk())
    assert exchange.completion.replies[0].message.text == "yes"
    assert books.charged() == [(0, PRICE.of(USAGE)), (0, PRICE.of(USAGE))]


def test_who_is_cancelled_while_the_server_works_pays_all_that_was_held(books: Books) -> None:
    async def cancelled() -> None:
        async with asyncio.timeout(0.5):
            await caller(Model()).ask(books.desk(), 0, QUESTION, limits=LIMITS, prompt="")

    with pytest.raises(TimeoutError):
        hurried(cancelled())
    assert books.charged() == [(0, PRICE.most(most_input(QUESTION, (), LIMITS), 1000))]


def test_who_is_cancelled_while_he_waits_for_his_turn_pays_nothing(books: Books) -> None:
    endpoint = Endpoint(start=1)

    async def cancelled() -> None:
        async with endpoint.turn("another"), asyncio.timeout(0.5):
            await caller(Model(), endpoint=endpoint).ask(books.desk(), 0, QUESTION, limits=LIMITS, prompt="")

    with pytest.raises(TimeoutError):
        hurried(cancelled())
    assert books.charged() == []


# Several replies


def test_a_model_that_gives_several_replies_is_asked_for_as_many_as_it_can(books: Books) -> None:
    model = Model(at_once=4)
    exchanges = ask(model, books.desk(), n=10, number=7)
    assert sorted(n for _, n in model.asked) == [2, 4, 4]
    assert [len(exchange.completion.replies) for exchange in exchanges] == [4, 4, 2]
    assert sorted(number for number, _ in books.charged()) == [7, 8, 9]


def test_requests_go_side_by_side_as_far_as_the_server_bears(books: Books) -> None:
    model = Model()
    ask(model, books.desk(), n=5, endpoint=Endpoint(start=3))
    assert model.most_at_work == 3


def test_the_first_request_goes_alone_where_the_others_can_read_its_beginning_from_the_cache(books: Books) -> None:
    long = (Message.of(Role.USER, "Prove it. " * 500),)
    for price, question, together in [(CACHED, long, 4), (CACHED, QUESTION, 5), (PRICE, long, 5), (None, long, 5)]:
        model = Model()
        assert len(ask(model, books.desk(), n=5, price=price, question=question)) == 5
        assert model.most_at_work == together


def test_where_the_first_request_fails_alone_the_others_are_not_sent(books: Books) -> None:
    model = Model(AgentRefused("400: too long"))
    with pytest.raises(AgentRefused):
        ask(model, books.desk(), n=5, price=CACHED, question=(Message.of(Role.USER, "Prove it. " * 500),))
    assert len(model.asked) == 1


def test_what_succeeds_is_returned_where_other_requests_fail(books: Books) -> None:
    model = Model(AgentRefused("one"), "first", AgentRefused("two"), "second")
    exchanges = ask(model, books.desk(), n=4)
    assert [exchange.completion.replies[0].message.text for exchange in exchanges] == ["first", "second"]


def test_where_all_fail_the_first_error_is_raised(books: Books) -> None:
    with pytest.raises(AgentRefused, match="one"):
        ask(Model(AgentRefused("one"), AgentRefused("two")), books.desk(), n=2)


def test_without_money_for_the_first_request_nothing_is_sent(folder: Path) -> None:
    model = Model()
    with Books(folder, limits={"dollars": 0.01}) as books, pytest.raises(BudgetSpent):
        ask(model, books.desk(), n=3)
    assert model.asked == []


def test_money_that_a_reply_did_not_need_pays_for_the_next_of_the_same_asking(folder: Path) -> None:
    """Each may cost 2.7 cents and costs a twentieth of a cent: there is room for two at once, and for many in turn."""
    model = Model()
    with Books(folder, limits={"dollars": 0.06}) as books:
        assert len(ask(model, books.desk(), n=8)) == 8
        assert (model.most_at_work, books.spent.calls) == (2, 8)


def test_a_conversation_waits_for_the_money_that_another_one_holds(folder: Path) -> None:
    model = Model()
    with Books(folder, limits={"dollars": 0.03}) as books:
        asking, desks = caller(model), [books.desk() for _ in range(4)]

        async def all_at_once() -> None:
            async with asyncio.TaskGroup() as group:
                for desk in desks:
                    group.create_task(asking.ask(desk, 0, QUESTION, limits=LIMITS, prompt=""))

        hurried(all_at_once())
        assert (model.most_at_work, books.spent.calls) == (1, 4)


def test_the_asking_ends_where_money_is_left_for_no_further_request(folder: Path) -> None:
    dear = Usage(input=10, output=990)
    with Books(folder, limits={"dollars": 0.06}) as books:
        assert len(ask(Model(*[dear] * 8), books.desk(), n=8)) == 2
        assert books.spent.dollars <= 0.06


# Trying again


def test_a_server_that_is_away_is_tried_again_until_it_is_enough(books: Books) -> None:
    model = Model(*[BUSY] * 20)
    with pytest.raises(AgentUnavailable) as raised:
        ask(model, books.desk())
    assert (len(model.asked), raised.value.tried) == (TRIES, True)


def test_what_may_have_been_charged_is_tried_again_less_often(books: Books) -> None:
    model = Model(*[CUT] * 20)
    with pytest.raises(AgentUnavailable):
        ask(model, books.desk())
    assert len(model.asked) == CHARGED_TRIES


def test_a_try_comes_no_sooner_than_the_server_has_asked_for(books: Books) -> None:
    model = Model(AgentUnavailable("429", after=40.0, free=True))
    ask(model, books.desk())
    assert model.moments[1] - model.moments[0] >= 41.0


def test_nobody_waits_for_longer_than_the_endpoint_s_patience(books: Books) -> None:
    model = Model(AgentUnavailable("429", after=3600.0, free=True))
    with pytest.raises(AgentUnavailable):
        ask(model, books.desk())
    assert len(model.asked) == 1


def test_the_waits_grow_and_are_not_the_same_for_all(books: Books) -> None:
    model = Model(*[BUSY] * 20)
    with pytest.raises(AgentUnavailable):
        hurried(Caller(model, Endpoint(), PRICE, tries=20, wait=backoff).ask(books.desk(), 0, QUESTION, prompt=""))
    waits = [later - earlier - 1.0 for earlier, later in zip(model.moments, model.moments[1:], strict=False)]
    assert all(0 <= wait <= min(60, 2**place) + 0.01 for place, wait in enumerate(waits))
    assert len({round(wait, 3) for wait in waits[6:]}) > 5
    assert max(waits) > 10


# What was said once


def test_an_attempt_that_begins_anew_pays_only_for_what_has_no_answer_yet(folder: Path) -> None:
    with Books(folder) as books:
        desk = books.desk()
        before = ask(Model("first", AgentRefused("no"), "third"), desk, n=3)
        number = desk.number
    model = Model()
    with Books(folder) as books:
        after = ask(model, books.desk(number), n=3)
        assert (after[0], after[2]) == before
        assert len(model.asked) == 1
        assert [charged for charged, _ in books.charged()] == [0, 1, 2, 1]


def test_an_answer_of_before_is_returned_also_where_the_first_request_fails_again(books: Books) -> None:
    long, desk = (Message.of(Role.USER, "Prove it. " * 500),), books.desk()
    (before,) = ask(Model(AgentRefused("no"), "second"), desk, n=2, question=long)
    assert ask(Model(AgentRefused("no")), desk, n=3, price=CACHED, question=long) == (before,)


def test_a_conversation_is_kept_without_what_the_call_before_it_has(books: Books) -> None:
    desk = books.desk()
    asking = caller(Model("no idea", "by simp"))

    async def conversed() -> list[Exchange]:
        (first,) = await asking.ask(desk, 0, QUESTION, [CHECK], prompt="refine 2")
        said = (*QUESTION, first.completion.replies[0].message, Message.of(Role.USER, "Try simp."))
        (second,) = await asking.ask(desk, 1, said, [CHECK], prompt="refine 2", continues=0)
        return [first, second]

    first, second = hurried(conversed())
    assert (first.continues, first.tools, first.messages) == (None, (CHECK,), QUESTION)
    assert (second.continues, second.tools, second.messages) == (0, (), (Message.of(Role.USER, "Try simp."),))
    tools, messages = conversation(desk.said, 1)
    assert (tools, [message.text for message in messages]) == (
        (CHECK,),
        ["Prove it.", "no idea", "Try simp.", "by simp"],
    )


@pytest.mark.parametrize("tools", [(CHECK,), ()])
def test_what_does_not_go_on_word_for_word_is_kept_whole(books: Books, tools: tuple[Tool, ...]) -> None:
    """What the model saw must be what the transcript shows."""
    desk, other = books.desk(), (Message.of(Role.USER, "Prove it!"), Message.of(Role.ASSISTANT, "yes"))
    went_on = other if tools else (*QUESTION, Message.of(Role.ASSISTANT, "yes"))

    async def conversed() -> Exchange:
        await caller(Model()).ask(desk, 0, QUESTION, [CHECK], prompt="")
        (exchange,) = await caller(Model()).ask(desk, 1, went_on, tools, prompt="", continues=0)
        return exchange

    exchange = hurried(conversed())
    assert (exchange.continues, exchange.messages, exchange.tools) == (None, went_on, tools)


def test_only_a_call_that_was_answered_can_be_continued(books: Books) -> None:
    with pytest.raises(KeyError, match="call 3 has not been answered"):
        hurried(caller(Model()).ask(books.desk(), 4, QUESTION, prompt="", continues=3))


# The upper bound

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
BLOCKS = st.one_of(
    st.builds(Text, TEXT),
    st.builds(Thinking, TEXT, TEXT),
    st.builds(ToolUse, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2)),
    st.builds(ToolResult, TEXT, TEXT),
)
MESSAGES = st.lists(st.builds(Message, st.sampled_from(Role), st.lists(BLOCKS, max_size=3).map(tuple)), max_size=4)


def texts(value: object) -> Iterator[str]:
    """All that the model can be shown of a message."""
    match value:
        case str():
            yield value
        case Message(blocks=blocks):
            yield from (text for block in blocks for text in texts(block))
        case ToolUse(id=_, name=name, input=given):
            yield from (name, *given.keys(), *given.values())
        case Text(text=text) | Thinking(text=text) | ToolResult(text=text):
            yield text


@given(MESSAGES)
def test_the_most_input_is_more_than_the_bytes_of_all_texts_and_sixteen_for_each_block(messages: list[Message]) -> None:
    size = sum(len(text.encode()) for message in messages for text in texts(message))
    blocks = sum(1 + len(message.blocks) for message in messages)
    assert most_input(messages, (), LIMITS) >= size + 16 * blocks


def test_tools_and_a_grammar_count_too() -> None:
    plain = most_input(QUESTION, (), LIMITS)
    assert most_input(QUESTION, [CHECK], LIMITS) > plain + 2 * len(str(CHECK.parameters))
    assert most_input(QUESTION, (), Limits(grammar=CHECK.parameters)) > plain + len(str(CHECK.parameters)) - 10
