"""What models cost: never too little, and what nobody has said is unknown, not free."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.base import Price
from agents.models.naming import Name
from agents.models.prices import listed, price_of
from prover.model import Usage

OPUS = Price(input=5, output=25, cache_read=0.5, cache_write=6.25)
MINE = Price(input=1, output=2)


def of(text: str, **prices: Price) -> Price | None:
    return price_of(Name.parsed(text), prices)


@pytest.mark.parametrize("name", ["claude-opus-4-5", "claude-opus-4-5-20251101", "claude-opus-4-5-latest"])
def test_a_listed_model_has_its_price_with_and_without_a_date(name: str) -> None:
    assert of(f"anthropic:{name}") == OPUS


@pytest.mark.parametrize("name", ["gpt-5-2025-08-07", "gpt-5"])
def test_dates_are_written_with_dashes_too(name: str) -> None:
    assert of(f"openai:{name}") == Price(input=1.25, output=10, cache_read=0.125)


def test_a_dated_name_that_costs_something_else_is_listed_with_its_date() -> None:
    assert (of("openai:gpt-4o-2024-05-13"), of("openai:gpt-4o")) == (
        Price(input=5, output=15),
        Price(input=2.5, output=10, cache_read=1.25),
    )


@pytest.mark.parametrize(
    "name",
    [
        "anthropic:claude-opus-9",
        "anthropic:claude-opus-4-5-fast",
        "anthropic-batch:claude-opus-9",
        "openai:gpt-5-turbo",
        "openai:gpt-5@http://localhost:8000/v1",
        "vllm:a/b",
        "vllm:claude-opus-4-5@http://localhost:8000/v1",
    ],
)
def test_what_is_not_listed_is_unknown(name: str) -> None:
    assert of(name) is None


def test_a_batch_costs_half() -> None:
    assert of("anthropic-batch:claude-opus-4-5") == Price(input=2.5, output=12.5, cache_read=0.25, cache_write=3.125)
    assert of("anthropic-batch:m", **{"anthropic:m": MINE}) == Price(input=0.5, output=1)
    assert of("anthropic-batch:m", **{"anthropic:m": MINE, "anthropic-batch:m": MINE}) == MINE


def test_claude_costs_the_same_behind_a_gateway() -> None:
    assert of("anthropic:claude-opus-4-5@http://gateway:4000") == OPUS


def test_a_script_costs_nothing() -> None:
    assert of("scripted:replies.toml") == Price(input=0, output=0)


@pytest.mark.parametrize("name", ["anthropic:claude-opus-4-5", "scripted:f", "vllm:a/b@http://h/v1", "openai:new"])
def test_the_user_s_price_goes_over_the_listed_one(name: str) -> None:
    assert of(name, **{name: MINE}) == MINE


def test_a_price_for_an_address_goes_over_the_one_for_all() -> None:
    there = Price(input=0, output=0)
    prices = {"openai:m": MINE, "openai:m@http://h/v1": there}
    assert of("openai:m@http://h/v1/", **prices) == there
    assert of("openai:m@http://other/v1", **prices) == MINE


def test_every_listed_price_is_more_than_nothing_and_makes_sense() -> None:
    for prices in listed().values():
        for model, price in prices.items():
            assert 0 < price.input < price.output, model
            assert 0 < (price.cache_read or price.input) <= price.input, model
            assert price.input <= (price.cache_write or price.input) <= 1.25 * price.input, model
            assert (price.beyond is None) == (price.dearer == 1), model


TOKENS = st.integers(0, 400_000)
ALL_LISTED = [price for prices in listed().values() for price in prices.values()]


@given(st.sampled_from(ALL_LISTED), TOKENS, TOKENS, TOKENS, TOKENS)
def test_the_most_that_a_request_can_cost_is_never_below_its_cost(
    price: Price, new: int, read: int, written: int, output: int
) -> None:
    usage = Usage(input=new, cache_read=read, cache_write=written, output=output)
    assert price.of(usage) <= price.most(new + read + written, output) * (1 + 1e-12)


def test_long_requests_cost_more_from_the_first_token_on() -> None:
    price = Price(input=1, output=2, beyond=1000, dearer=5)
    assert price.of(Usage(input=900, cache_read=100, output=50)) == pytest.approx(1100e-6)
    assert price.of(Usage(input=900, cache_read=101, output=50)) == pytest.approx(5 * 1101e-6)
    assert price.most(1001, 50) == pytest.approx(5 * 1101e-6)
