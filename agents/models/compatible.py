"""Every endpoint that speaks the OpenAI API, vLLM's server among them, by the official SDK.

One request per call, nothing repeated. The SDK is imported with the first request, and given everything explicitly: the
environment may hold what is meant for another server. `agents.models.registry` makes these models.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agents.models.base import Completion, Limits, Message, Tool
from agents.models.faults import Server, of_status, translated, within
from agents.models.openai_answer import NoReply, completion, served
from agents.models.openai_request import request
from prover.errors import AgentMisconfigured

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
_USUAL = Limits()
_CONNECTING, _CHECKING = 10.0, 30.0  # seconds
_SHOWN = 8  # models in an error message


class Compatible:
    """A model behind an OpenAI-compatible endpoint.

    `model` is what the server calls it. The endpoint's key is None where none is sent, and empty where one is missing.
    `at_once` is how many replies the server makes of one request; one that makes fewer is believed.
    """

    def __init__(self, endpoint: Server, model: str, *, at_once: int = 1) -> None:
        self.name, self.model, self.at_once = endpoint.name, model, at_once
        self.endpoint = endpoint

    @cached_property
    def client(self) -> AsyncOpenAI:
        """The SDK's client. Raises AgentMisconfigured where the key is missing, or cannot be one."""
        import httpx2
        from openai import AsyncOpenAI

        client = AsyncOpenAI(
            api_key="" if self.endpoint.key is None else self.endpoint.checked_key(),
            admin_api_key="",  # what is None, or left out, is looked up in the environment
            webhook_secret="",
            base_url=self.endpoint.url,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=_CONNECTING),  # `within` has the wall limit
        )
        # No argument keeps the SDK from reading OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS.
        client.organization = client.project = None
        client._custom_headers = {}
        return client

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = _USUAL
    ) -> Completion:
        """As `Model.complete`. The usage is empty where the server does not say it: nobody knows then, and whoever pays
        takes it for the most that it can be."""
        import openai

        body = request(self.model, messages, tools, min(n, self.at_once), limits, bound=bound(self.endpoint.url))
        asked: Any = self.client.completions if limits.raw else self.client.chat.completions
        async with within(limits.seconds, self.endpoint):
            with translated(openai, self.endpoint):
                answer = await asked.with_raw_response.create(**body, extra_headers=self._headers())
                try:
                    return completion(answer.http_response.content, self.model)
                except NoReply as error:
                    raise of_status(self.endpoint, answer.http_response.status_code, str(error)) from None

    async def check(self) -> None:
        """As `Model.check`, by the server's list of models; a server without such a list passes."""
        listed = await self._list()
        if listed is None:
            return
        try:
            models = served(listed)
        except ValueError:
            what = f"{self.endpoint.url} does not answer as the OpenAI API does"
            raise AgentMisconfigured(self.endpoint.says(what), "check the address; most end in /v1") from None
        if models and self.model not in models:
            named = ", ".join(models[:_SHOWN]) + (", …" if len(models) > _SHOWN else "")
            what = f"{self.endpoint.url} does not serve {self.model}"
            raise AgentMisconfigured(self.endpoint.says(what), f"choose one of those that it serves: {named}")

    async def close(self) -> None:
        """As `Model.close`."""
        if "client" in self.__dict__:
            await self.client.close()

    async def _list(self) -> bytes | None:
        """The server's list of models as it stands; None where it keeps none."""
        import openai

        models: Any = self.client.models
        async with within(_CHECKING, self.endpoint):
            with translated(openai, self.endpoint):
                try:
                    answer = await models.with_raw_response.list(extra_headers=self._headers())
                except openai.APIStatusError as error:
                    if error.status_code in (404, 405):
                        return None
                    raise
        content: bytes = answer.http_response.content
        return content

    def _headers(self) -> dict[str, Any]:
        """The SDK sends nothing without a key unless it is told so for each request."""
        import openai

        return {} if self.endpoint.key else {"Authorization": openai.Omit()}


def bound(url: str) -> str:
    """What the server at `url` calls the most tokens of a chat reply.

    Everybody knows `max_tokens`, but OpenAI's reasoning models refuse it.
    """
    host = f".{urlsplit(url).hostname}"
    return "max_completion_tokens" if host.endswith((".openai.com", ".openai.azure.com")) else "max_tokens"
