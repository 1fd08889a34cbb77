"""A real vLLM: its server, asked by the same client as every compatible endpoint, and its engine in process."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agents.models.base import Exchange, Limits, Message, Price, Role, Stop, Tool
from agents.models.compatible import Compatible
from agents.models.faults import Server
from agents.models.offline import Offline
from agents.scripted import Scripted
from prover import running
from prover.config import Config
from prover.config import Limits as Limited
from prover.errors import AgentMisconfigured, AgentRefused, AgentUnavailable
from prover.journal import Journal, What
from prover.lean import process
from prover.lean.build import nobody
from prover.running import Crew
from prover.state import fold
from prover.team import Team
from tests.vllm_server import CONTEXT, Served, environment, vllm_server

CHAT = [Message.of(Role.SYSTEM, "You prove."), Message.of(Role.USER, "Prove that 1 + 1 = 2 in Lean 4. " * 10)]
RAW = [Message.of(Role.USER, "theorem one : 1 + 1 = 2 := by")]


@pytest.mark.skipif(find_spec("vllm") is not None, reason="vLLM is installed")
async def test_without_the_package_the_remedy_installs_it() -> None:
    model = Offline("vllm:ORG/NAME", "ORG/NAME")
    with pytest.raises(AgentMisconfigured, match="cannot be imported") as caught:
        await model.check()
    assert "pip install 'lemmaworks[vllm]'" in caught.value.remedy
    await model.close()


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Served]:
    async with vllm_server() as served:
        yield served


@pytest.fixture
async def model(server: Served) -> AsyncIterator[Compatible]:
    model = Compatible(Server(server.name, server.url, "VLLM_API_KEY"), server.model, at_once=64)
    yield model
    await model.close()


@pytest.mark.slow
@pytest.mark.timeout(3600)
class TestServer:
    async def test_it_serves_its_model_and_no_other(self, server: Served, model: Compatible) -> None:
        await model.check()
        other = Compatible(Server("vllm:ORG/NAME", server.url, "VLLM_API_KEY"), "ORG/NAME")
        with pytest.raises(AgentMisconfigured, match="does not serve ORG/NAME") as caught:
            await other.check()
        assert server.model in caught.value.remedy
        with pytest.raises(AgentMisconfigured, match="ORG/NAME"):
            await other.complete(CHAT, limits=Limits(max_tokens=4))
        await other.close()

    async def test_one_request_brings_eight_samples_and_their_probabilities(self, model: Compatible) -> None:
        limits = Limits(max_tokens=24, temperature=1.0, logprobs=True)
        got = await model.complete(CHAT, n=8, limits=limits)
        assert len(got.replies) == 8
        assert len({reply.message.text for reply in got.replies}) > 1
        assert all(reply.logprob is not None and reply.logprob < 0 for reply in got.replies)
        assert 100 < got.usage.input + got.usage.cache_read < 300
        assert 8 <= got.usage.output <= 8 * 24

    async def test_the_second_request_reads_its_prompt_from_the_cache(self, model: Compatible) -> None:
        first = await model.complete(CHAT, limits=Limits(max_tokens=2))
        second = await model.complete(CHAT, limits=Limits(max_tokens=2))
        assert second.usage.cache_read > 64
        assert second.usage.input + second.usage.cache_read == first.usage.input + first.usage.cache_read

    async def test_a_raw_prompt_goes_on_until_its_stop_string(self, model: Compatible) -> None:
        limits = Limits(max_tokens=24, temperature=1.0, raw=True, stop=(" ",), logprobs=True)
        got = await model.complete(RAW, n=4, limits=limits)
        assert len(got.replies) == 4
        assert all(" " not in reply.message.text for reply in got.replies)
        assert any(reply.stop is Stop.END for reply in got.replies)
        assert all(reply.logprob is not None for reply in got.replies)

    @pytest.mark.parametrize("raw", [False, True])
    async def test_a_guided_reply_fits_the_schema(self, model: Compatible, raw: bool) -> None:
        limits = Limits(max_tokens=24, grammar={"enum": ["rfl", "simp"]}, raw=raw)
        got = await model.complete(CHAT, limits=limits)
        assert json.loads(got.replies[0].message.text) in ("rfl", "simp")

    async def test_tools_may_be_offered(self, model: Compatible) -> None:
        check = Tool("check", "Elaborates a body.", {"type": "object", "properties": {"body": {"type": "string"}}})
        assert (await model.complete(CHAT, [check], limits=Limits(max_tokens=4))).replies

    async def test_what_does_not_fit_is_refused_and_what_takes_too_long_is_left(self, model: Compatible) -> None:
        with pytest.raises(AgentRefused, match="context length"):
            await model.complete([Message.of(Role.USER, "x " * 5000)], limits=Limits(max_tokens=4))
        with pytest.raises(AgentRefused, match="max_tokens"):
            await model.complete(CHAT, limits=Limits(max_tokens=2 * CONTEXT))
        with pytest.raises(AgentUnavailable, match="no answer within"):
            await model.complete(CHAT, limits=Limits(max_tokens=700, seconds=0.2))


THEOREMS = [f"sum_{n}" for n in range(10)]
STATED = "theorem {name} (a b : Nat) : a + b + {n} = {n} + b + a := by\n  sorry\n\n"
TEN = "".join(STATED.format(name=name, n=n) for n, name in enumerate(THEOREMS))
PRICE = Price(input=1, output=2)
QUICK: dict[str, Any] = {"workers": 2, "spares": 0, "canaries": 0, "search": False}
SHORT: dict[str, Any] = {"samples": 8, "max_tokens": 64, "temperature": 1.0}


async def counted(server: Served) -> dict[str, int]:
    """The tokens that vLLM has read and written since it was started, by its own metrics."""
    async with aiohttp.ClientSession() as session, session.get(server.url.replace("/v1", "/metrics")) as response:
        text = await response.text()
    names = {"read": "prompt", "written": "generation"}
    found = {what: re.search(rf"^vllm:{name}_tokens_total\{{.*\}} (\S+)$", text, re.M) for what, name in names.items()}
    return {what: round(float(match[1])) for what, match in found.items() if match}


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_the_sampler_asks_for_eight_samples_on_each_of_ten_theorems_and_all_of_it_is_accounted(
    server: Served, project: Callable[[Mapping[str, str]], Path]
) -> None:
    root, before = project({"M": TEN}), await counted(server)
    asked: dict[str, Any] = {"agents": ("sampler",), "model": server.name, "prices": {server.name: PRICE}}
    config = Config(limits=Limited(attempts=10, dollars=1), **asked, **SHORT, **QUICK)
    await running.run(Crew.of(root, config, Team.of(root, config, environ={}), [], nobody))
    path = root / ".prover" / "runs" / "run-1" / "journal.sqlite"
    with Journal.read(path) as journal:
        events = list(journal.events())
        said = {n: [Exchange.read(text) for text in journal.said(n).values()] for n in range(1, 11)}
    now, spent = await counted(server), fold(events).spent
    replies = {n: [reply for e in exchanges for reply in e.completion.replies] for n, exchanges in said.items()}
    assert [len(some) for some in replies.values()] == [8] * 10
    assert sorted(e.data["declaration"] for e in events if e.what is What.ASSIGNED) == THEOREMS
    assert spent.usage.output == now["written"] - before["written"]
    # Its metrics have the prompt once for each sample, its answers once for all eight.
    assert 8 * (spent.usage.input + spent.usage.cache_read) == now["read"] - before["read"]
    assert spent.dollars == pytest.approx(PRICE.of(spent.usage))

    # What it said, handed in unchecked: the judge refuses what is wrong, and that is all of it or nearly.
    theorems = {event.data["attempt"]: event.data["declaration"] for event in events if event.what is What.ASSIGNED}
    script = {
        theorems[n]: [":= by\n  " + " ".join(reply.message.text.split()) for reply in some]
        for n, some in replies.items()
    }
    unchecked = Config(limits=Limited(attempts=20), **QUICK)
    finished = await running.run(Crew.of(root, unchecked, Team({"scripted": Scripted(script)}), [], nobody))
    state = finished.record.state
    refused = [tried for name in THEOREMS for tried in state.tried.get(name, []) if tried.ended == "rejected"]
    print(f"{spent}; {len(refused)} refused, {len(state.merged)} merged")
    assert len(refused) + len(state.merged) == state.attempts
    assert len(refused) >= 10


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_in_process_everything_may_be_asked_at_once() -> None:
    made = await environment()
    command = made.command("-m", "tests.offline_batch", str(made.model), cwd=Path(__file__).parents[1])
    finished = await process.run(command, limits=process.Limits(seconds=600))
    assert finished.returncode == 0, finished.stderr.decode()[-4000:]
    got = json.loads(finished.stdout.splitlines()[-1])
    assert len(got["chat"]["replies"]) == 8
    assert all(logprob < 0 for _, _, logprob in got["chat"]["replies"])
    assert got["chat"]["usage"]["input"] > 10
    assert 8 <= got["chat"]["usage"]["output"] <= 8 * 16
    assert " " not in got["raw"]["replies"][0][0]
    assert json.loads(got["guided"]["replies"][0][0]) in ("rfl", "simp")
    assert (got["long"]["error"], got["late"]["error"]) == ("AgentRefused", "AgentUnavailable")
    assert got["tools"]["error"] == "AgentMisconfigured"
