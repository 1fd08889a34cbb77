"""Claude, by Anthropic's official SDK: one streamed request per call, nothing repeated.

The SDK is imported with the first request, since that takes more than a second. It is given everything explicitly:
no variable or file but our own key is its business. `agents.models.registry` makes these models.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agents.models.base import Completion, Limits, Message, Tool
from agents.models.faults import Server, translated, within
from agents.models.messages import Thought, completion, request
from prover.errors import AgentMisconfigured, AgentUnavailable

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

ANTHROPIC = "https://api.anthropic.com"
_USUAL = Limits()
_CONNECTING = 10.0  # seconds
_CHECKING = 30.0  # seconds
_SLACK, _LONGEST_EVENT = 1 << 20, 1 << 10  # bytes: of a stream besides its tokens, and of one token's event


class Claude:
    """A model behind the Messages API, at Anthropic or at a base URL that speaks the same."""

    at_once = 1  # the API answers once

    def __init__(self, name: str, model: str, key: str | None, base_url: str | None = None) -> None:
        self.name, self.model = name, model
        self.endpoint = Server(name, base_url or ANTHROPIC, "ANTHROPIC_API_KEY", key)
        self._thought: Thought | None = None

    @cached_property
    def client(self) -> AsyncAnthropic:
        """The SDK's client. Raises AgentMisconfigured where there is no key."""
        import httpx2
        from anthropic import AsyncAnthropic

        client = AsyncAnthropic(
            api_key=self.endpoint.checked_key(),
            base_url=self.endpoint.url,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=_CONNECTING),  # `within` has the wall limit
            open_telemetry=False,
        )
        # ANTHROPIC_CUSTOM_HEADERS may hold the key of another server, and no argument keeps the SDK from reading it.
        client._custom_headers = {}
        return client

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = _USUAL
    ) -> Completion:
        """As `Model.complete`; one reply, whatever `n` is. Temperature, top_p and logprobs are not to be had."""
        import anthropic

        client = self.client  # its import is not the server's time
        async with within(limits.seconds, self.endpoint):
            body = await self.body(messages, tools, limits)
            with translated(anthropic, self.endpoint):
                return await self._streamed(client, body, _SLACK + limits.max_tokens * _LONGEST_EVENT)

    async def body(self, messages: Sequence[Message], tools: Sequence[Tool], limits: Limits) -> dict[str, Any]:
        """The request for a completion. Raises as `Model.complete`."""
        if limits.raw:
            raise AgentMisconfigured(
                f"{self.name}: this server has no completion without a chat template",
                "choose a chat prompt, or a model that vLLM serves",
            )
        thought = await self._kind_of_thinking() if limits.thinking else "enabled"
        return request(self.model, messages, tools, limits, thought)

    async def _streamed(self, client: AsyncAnthropic, body: dict[str, Any], most: int) -> Completion:
        """A stream that ends without `message_stop` has been cut, which the SDK does not mind; `most` are its bytes."""
        stopped = False
        async with client.messages.stream(**body) as stream:
            async for event in stream:
                if stream.response.num_bytes_downloaded > most:
                    raise AgentUnavailable(self.endpoint.says("the answer is longer than its tokens can make it"))
                stopped = stopped or event.type == "message_stop"
            if not stopped:
                raise AgentUnavailable(self.endpoint.says("the answer was cut off"))
            return completion(stream.current_message_snapshot)

    async def _kind_of_thinking(self) -> Thought:
        """Older models take a budget, newer ones refuse it; where both are known, Anthropic advises against the budget.

        Asked once, of the server, which charges nothing for it. One that does not say is taken for an older one.
        """
        import anthropic

        if self._thought is None:
            try:
                with translated(anthropic, self.endpoint):
                    able = (await self.client.models.retrieve(self.model)).capabilities
                    adaptive = able is not None and able.thinking.types.adaptive.supported
            except AgentUnavailable as error:
                error.free = True
                raise
            self._thought = "adaptive" if adaptive else "enabled"
        return self._thought

    async def check(self) -> None:
        """As `Model.check`."""
        import anthropic

        async with within(_CHECKING, self.endpoint):
            with translated(anthropic, self.endpoint):
                model = await self.client.models.retrieve(self.model)
        if getattr(model, "lifecycle", None) == "retired":
            raise AgentMisconfigured(self.endpoint.says("the model has been retired"), "choose another model")

    async def close(self) -> None:
        """As `Model.close`."""
        if "client" in self.__dict__:
            await self.client.close()
