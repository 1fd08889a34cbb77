"""The models of a run: one caller for each name, one endpoint for each server, and every mistake one clear line."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agents.models.base import Limits, Message, Price, Role
from agents.models.registry import Models
from prover.errors import AgentError, AgentMisconfigured, AgentUnavailable, ConfigError
from tests.fake_anthropic import KEY, FakeAnthropic
from tests.paying import Books, quick_folder

QUESTION = [Message.of(Role.USER, "Prove it.")]


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[FakeAnthropic]:
    async with FakeAnthropic(answer=lambda asked: "by simp") as started:
        yield started


@pytest.fixture
def books() -> Iterator[Books]:
    with quick_folder() as folder, Books(folder) as opened:
        yield opened


def models(project: Path, prices: dict[str, Price] | None = None, **environ: str) -> Models:
    return Models.of(project, prices or {}, environ)


async def check(project: Path, name: str, **environ: str) -> AgentError:
    """What is wrong with a model."""
    known = models(project, {}, **environ)
    known.caller(name)
    with pytest.raises(AgentError) as raised:
        await known.check()
    await known.close()
    return raised.value


async def test_a_model_is_asked_and_paid_by_its_listed_price(
    server: FakeAnthropic, books: Books, tmp_path: Path
) -> None:
    known = models(tmp_path, ANTHROPIC_API_KEY=KEY)
    caller = known.caller(f"anthropic:claude-opus-4-5@{server.url}")
    await known.check()
    before = server.bill.dollars
    (exchange,) = await caller.ask(books.desk(), 0, QUESTION, limits=Limits(max_tokens=100), prompt="whole 1")
    await known.close()
    assert exchange.completion.replies[0].message.text == "by simp"
    assert books.spent.dollars == pytest.approx(server.bill.dollars - before, rel=1e-9)


async def test_the_replies_of_one_asking_read_the_question_from_the_cache(
    server: FakeAnthropic, books: Books, tmp_path: Path
) -> None:
    known, long = models(tmp_path, ANTHROPIC_API_KEY=KEY), [Message.of(Role.USER, "Prove it, please. " * 500)]
    caller = known.caller(f"anthropic:claude-opus-4-5@{server.url}")
    exchanges = await caller.ask(books.desk(), 0, long, n=4, limits=Limits(max_tokens=100), prompt="whole 1")
    await known.close()
    usages = [exchange.completion.usage for exchange in exchanges]
    assert [usage.cache_write > 2000 for usage in usages] == [True, False, False, False]
    assert [usage.cache_read > 2000 for usage in usages] == [False, True, True, True]


async def test_the_key_may_come_from_the_project_s_file(server: FakeAnthropic, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"ANTHROPIC_API_KEY={KEY}\n")
    known = models(tmp_path)
    known.caller(f"anthropic:claude-opus-4-5@{server.url}")
    await known.check()
    await known.close()


async def test_without_a_key_nothing_is_sent(server: FakeAnthropic, tmp_path: Path) -> None:
    before = len(server.headers)
    error = await check(tmp_path, f"anthropic:claude-opus-4-5@{server.url}")
    assert isinstance(error, AgentMisconfigured)
    assert "ANTHROPIC_API_KEY" in error.remedy
    assert len(server.headers) == before


async def test_a_wrong_key_is_not_repeated(server: FakeAnthropic, tmp_path: Path) -> None:
    error = await check(tmp_path, f"anthropic:claude-opus-4-5@{server.url}", ANTHROPIC_API_KEY="sk-ant-wrong")
    assert isinstance(error, AgentMisconfigured)
    assert "sk-ant-wrong" not in f"{error} {error.remedy}"
    assert "ANTHROPIC_API_KEY" in error.remedy


async def test_an_unknown_model_and_a_server_that_is_down_are_one_clear_line_each(
    server: FakeAnthropic, tmp_path: Path
) -> None:
    unknown = await check(tmp_path, f"anthropic:claude-opus-9@{server.url}", ANTHROPIC_API_KEY=KEY)
    down = await check(tmp_path, "anthropic:claude-opus-4-5@http://127.0.0.1:9", ANTHROPIC_API_KEY=KEY)
    assert (type(unknown), type(down)) == (AgentMisconfigured, AgentUnavailable)
    assert "claude-opus-9" in str(unknown)
    assert not {"\n"} & set(f"{unknown}{down}")


async def test_the_first_mistake_of_several_models_is_raised_as_it_is(server: FakeAnthropic, tmp_path: Path) -> None:
    known = models(tmp_path, ANTHROPIC_API_KEY=KEY)
    for model in ("claude-opus-4-5", "claude-opus-9", "claude-opus-8"):
        known.caller(f"anthropic:{model}@{server.url}")
    with pytest.raises(AgentMisconfigured):
        await known.check()
    await known.close()


async def test_a_model_has_one_caller_and_a_server_one_endpoint(tmp_path: Path) -> None:
    known = models(tmp_path, ANTHROPIC_API_KEY=KEY)
    opus, sonnet = known.caller("anthropic:claude-opus-4-5"), known.caller("anthropic:claude-sonnet-5")
    elsewhere, batches = (
        known.caller("anthropic:claude-opus-4-5@http://h"),
        known.caller("anthropic-batch:claude-opus-4-5"),
    )
    assert known.caller(" anthropic:claude-opus-4-5") is opus
    assert opus._endpoint is sonnet._endpoint
    assert len({id(caller._endpoint) for caller in (opus, elsewhere, batches)}) == 3
    assert batches._endpoint.window > 1000, "who gathers requests must be given many"
    await known.close()


@pytest.mark.parametrize("name", ["openai:gpt-5", "openai:m@http://h/v1", "vllm:a/b@http://h/v1", "anthropic-batch:m"])
async def test_every_provider_can_be_named(name: str, tmp_path: Path) -> None:
    known = models(tmp_path, OPENAI_API_KEY="k", ANTHROPIC_API_KEY="k")
    assert known.caller(name).name == name
    await known.close()


async def test_a_script_is_read_from_the_project(books: Books, tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").write_text(json.dumps({"text": "by omega"}))
    known = models(tmp_path)
    (exchange,) = await known.caller("scripted:replies.jsonl").ask(books.desk(), 0, QUESTION, prompt="")
    await known.close()
    assert exchange.completion.replies[0].message.text == "by omega"
    assert (books.spent.dollars, books.spent.unpriced) == (0.0, 0)


def test_the_project_s_file_is_read_when_a_key_is_needed_and_not_before(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("no key at all")
    (tmp_path / "replies.jsonl").write_text("")
    known = models(tmp_path)
    script = known.caller("scripted:replies.jsonl")
    assert [*known.callers] == [script]
    with pytest.raises(ConfigError, match="is not NAME=VALUE"):
        known.caller("anthropic:claude-opus-4-5")


def test_a_name_that_makes_no_sense_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        models(tmp_path).caller("claude")


async def test_a_price_in_the_settings_counts(server: FakeAnthropic, books: Books, tmp_path: Path) -> None:
    name = f"anthropic:claude-opus-4-5@{server.url}"
    known = models(tmp_path, {name: Price(input=0, output=1_000_000)}, ANTHROPIC_API_KEY=KEY)
    (exchange,) = await known.caller(name).ask(books.desk(), 0, QUESTION, limits=Limits(max_tokens=100), prompt="")
    await known.close()
    assert books.spent.dollars == exchange.completion.usage.output


def test_no_provider_is_imported_before_it_is_asked_for() -> None:
    heavy = "{'anthropic', 'openai', 'vllm', 'torch'}"
    program = f"import sys, agents.models.registry; print({heavy} & {{*sys.modules}})"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60).stdout
    assert found.strip() == b"set()"
