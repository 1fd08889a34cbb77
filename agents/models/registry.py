"""The models of a run: one caller for each name, and one endpoint for each server and key.

Puts together what the other modules of this folder know: a name, its key, its price, its provider. A provider is
imported when the first model of its kind is asked for. The run makes one `Models`, and closes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import cached_property
from pathlib import Path
from typing import Self

from agents.models.base import Model, Price
from agents.models.caller import Caller
from agents.models.endpoint import MOST, Endpoint
from agents.models.faults import Server
from agents.models.keys import VARIABLES, Keys
from agents.models.naming import Name
from agents.models.prices import price_of
from prover.errors import unwrapped

# Replies of one request. OpenAI and vLLM make several; of other servers many know nothing of it, or refuse.
_AT_ONCE_OPENAI, _AT_ONCE_VLLM = 8, 16
_IN_BULK = 100_000  # requests: who gathers them into batches must be given them all
_GATHERING = ("anthropic-batch", "vllm")


def _untracked(path: Path) -> bool:
    return False


class Models:
    """Raises nothing before a model is asked for; what is wrong with it, `check` says before anything is paid."""

    def __init__(self, project: Path, prices: Mapping[str, Price], read_keys: Callable[[], Keys]) -> None:
        self._project, self._prices, self._read_keys = project, prices, read_keys
        self._callers: dict[str, Caller] = {}
        self._endpoints: dict[tuple[str, str | None, str | None], Endpoint] = {}
        self._open = AsyncExitStack()

    @classmethod
    def of(
        cls,
        project: Path,
        prices: Mapping[str, Price],
        environ: Mapping[str, str],
        is_tracked: Callable[[Path], bool] = _untracked,
    ) -> Self:
        """The user's prices go over the listed ones, the environment's keys over those in the project's `.env`.

        `is_tracked` says whether git has a file. The keys are read when the first of them is needed.
        """
        return cls(project, prices, lambda: Keys.of(project, environ, is_tracked))

    @cached_property
    def _keys(self) -> Keys:
        return self._read_keys()

    def caller(self, name: str) -> Caller:
        """The one for that name. Raises ConfigError for a name that makes no sense, and for a `.env` that is no use.

        AgentMisconfigured where the model is a script that cannot be read.
        """
        parsed = Name.parsed(name)
        if parsed.text not in self._callers:
            model = _made(parsed, self._key(parsed), self._project)
            self._open.push_async_callback(model.close)
            caller = Caller(
                model, self._endpoint(parsed), price_of(parsed, self._prices), primes=parsed.provider == "anthropic"
            )
            self._callers[parsed.text] = caller
        return self._callers[parsed.text]

    @property
    def callers(self) -> Sequence[Caller]:
        """Those that were asked for."""
        return (*self._callers.values(),)

    async def check(self) -> None:
        """All models that were asked for, side by side. Raises the first AgentMisconfigured or AgentUnavailable."""
        try:
            async with asyncio.TaskGroup() as group:
                for caller in self.callers:
                    group.create_task(caller.check())
        except ExceptionGroup as errors:
            raise unwrapped(errors) from None

    async def close(self) -> None:
        """Ends all of them; one that fails at it keeps no other open."""
        await self._open.aclose()

    def _key(self, name: Name) -> str | None:
        return self._keys.key(name) if name.provider in VARIABLES else None

    def _endpoint(self, name: Name) -> Endpoint:
        gathering = name.provider in _GATHERING and not (name.provider == "vllm" and name.url)
        most = _IN_BULK if gathering else MOST
        which = name.provider, name.url, self._key(name)
        if which not in self._endpoints:
            self._endpoints[which] = Endpoint(start=most, most=most) if gathering else Endpoint()
        return self._endpoints[which]


def _made(name: Name, key: str | None, project: Path) -> Model:
    """The provider's model, with no connection and no process yet. A script's path is taken from the project."""
    match name.provider:
        case "anthropic":
            from agents.models.anthropic import Claude

            return Claude(name.text, name.model, key, name.url)
        case "anthropic-batch":
            from agents.models.batches import ClaudeBatches

            return ClaudeBatches(name.text, name.model, key, name.url)
        case "openai":
            from agents.models.compatible import OPENAI, Compatible

            server = Server(name.text, name.url or OPENAI, VARIABLES["openai"], key)
            return Compatible(server, name.model, at_once=1 if name.url else _AT_ONCE_OPENAI)
        case "vllm" if name.url:
            from agents.models.compatible import Compatible

            return Compatible(Server(name.text, name.url, VARIABLES["vllm"], key), name.model, at_once=_AT_ONCE_VLLM)
        case "vllm":
            from agents.models.offline import Offline

            return Offline(name.text, name.model)
        case _:
            from agents.models.scripted import ScriptedModel

            return ScriptedModel(name.text, project / name.model)
