"""The client of compatible endpoints, asking the usual thing of a server on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agents.models.base import Completion, Limits, Message, Role
from agents.models.compatible import Compatible
from agents.models.faults import Server
from prover.errors import AgentError
from tests.fake_openai import KEY, MODEL, FakeOpenAI

ASKED = [Message.of(Role.SYSTEM, "You prove."), Message.of(Role.USER, "Prove that 1 + 1 = 2.")]
FEW = Limits(max_tokens=100, seconds=30.0)


def model_at(url: str, key: str | None = KEY, model: str = MODEL, at_once: int = 64) -> Compatible:
    return Compatible(Server(f"vllm:{model}@{url}", url, "VLLM_API_KEY", key), model, at_once=at_once)


@asynccontextmanager
async def asking(server: FakeOpenAI, **settings: Any) -> AsyncIterator[Compatible]:
    async with server:
        model = model_at(server.url, **settings)
        try:
            yield model
        finally:
            await model.close()


async def said(server: FakeOpenAI, n: int = 1, limits: Limits = FEW) -> Completion:
    """What the server's model replies to the usual request."""
    async with asking(server) as model:
        return await model.complete(ASKED, n=n, limits=limits)


async def failure(server: FakeOpenAI, limits: Limits = FEW, **settings: Any) -> AgentError:
    """Why it does not."""
    async with asking(server, **settings) as model:
        with pytest.raises(AgentError) as caught:
            await model.complete(ASKED, limits=limits)
    return caught.value


def use(arguments: Any, id_: str | None = "c1") -> dict[str, Any]:
    """A message that uses the tool `check`."""
    return {"content": None, "tool_calls": [{"id": id_, "function": {"name": "check", "arguments": arguments}}]}
