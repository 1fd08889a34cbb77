"""vLLM in this process, for offline batches: whatever is asked at the same time, its engine works on at once.

The package (extra `vllm`) is imported, and the model loaded, with the first request or check. That takes a minute or
more; vLLM itself bounds it. Tokens are counted as its server counts them. Tools are to be had from the server only.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import count
from typing import Any

from jinja2 import TemplateError

from agents.models.base import Completion, Limits, Message, Reply, Role, Text, Tool
from agents.models.faults import Server, within
from agents.models.openai_answer import stop_of
from agents.models.openai_request import turns
from prover.errors import AgentMisconfigured, AgentRefused, AgentUnavailable
from prover.model import Usage

_USUAL = Limits()
_QUIET = {"VLLM_LOGGING_LEVEL": "ERROR", "VLLM_NO_USAGE_STATS": "1"}  # its log would stand in our display


class Offline:
    """A model by its name at Hugging Face, or a folder. `settings` are vLLM's own `AsyncEngineArgs`."""

    at_once = 64  # the prompt is read once for all replies of a request

    def __init__(self, name: str, model: str, settings: Mapping[str, Any] | None = None) -> None:
        self.name, self.model = name, model
        self._settings = settings or {}
        self._endpoint = Server(name, "this process", "")
        self._starting: asyncio.Future[Any] | None = None
        self._numbers = count()

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), n: int = 1, limits: Limits = _USUAL
    ) -> Completion:
        """As `Model.complete`. `limits.seconds` do not count the loading of the model."""
        if tools:
            what = f"{self.name}: vLLM has tools only as a server"
            raise AgentMisconfigured(what, f"start `vllm serve {self.model}` and add @http://… to the model's name")
        engine = await self._started()
        prompt = self._prompt(engine, messages, limits)
        async with within(limits.seconds, self._endpoint):
            return self._completion(await self._generated(engine, prompt, n, limits))

    async def check(self) -> None:
        """As `Model.check`: loads the model."""
        await self._started()

    async def close(self) -> None:
        """Ends the engine's process, once it has started; a later call starts another."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        try:
            engine = await starting
        except AgentMisconfigured:
            return
        await asyncio.to_thread(engine.shutdown)

    async def _started(self) -> Any:
        """The engine. Its constructor blocks while the model is loaded, hence the thread.

        Whoever waits for it may be cancelled; the start goes on, and is `close`'s to end.
        """
        if self._starting is None:
            self._starting = asyncio.ensure_future(asyncio.to_thread(self._start))
        return await asyncio.shield(self._starting)

    def _start(self) -> Any:
        for variable, value in _QUIET.items():
            os.environ.setdefault(variable, value)
        arguments, asynchronous = _imported("vllm.engine.arg_utils"), _imported("vllm.v1.engine.async_llm")
        try:
            quiet = {"disable_log_stats": True, "use_tqdm_on_load": False}
            settings = arguments.AsyncEngineArgs(model=self.model, **quiet, **self._settings)
            return asynchronous.AsyncLLM.from_engine_args(settings)
        except (ImportError, OSError, ValueError, RuntimeError, TypeError) as error:
            raise AgentMisconfigured(
                self._endpoint.says(f"vLLM does not start: {error}"),
                f"see whether `vllm serve {self.model}` starts: its log says what is missing",
            ) from None

    def _prompt(self, engine: Any, messages: Sequence[Message], limits: Limits) -> dict[str, Any]:
        """The text as it stands, or the tokens that the model's chat template makes of the conversation."""
        if limits.raw:
            return {"prompt": "".join(message.text for message in messages)}
        try:
            tokens = engine.get_tokenizer().apply_chat_template(
                turns(messages), add_generation_prompt=True, tokenize=True, return_dict=False
            )
        except (ValueError, TemplateError) as error:
            what = self._endpoint.says(f"its chat template cannot be used: {error}")
            raise AgentMisconfigured(what, "choose a raw prompt, or a model with a chat template") from None
        return {"prompt_token_ids": tokens}

    def _sampling(self, engine: Any, n: int, limits: Limits) -> Any:
        """What `limits` leave open is as the model's authors recommend it, like at vLLM's server."""
        sampling = _imported("vllm.sampling_params")
        usual = engine.model_config.get_diff_sampling_param()
        asked = {"temperature": limits.temperature, "top_p": limits.top_p}
        guided = None
        if limits.grammar is not None:
            guided = sampling.StructuredOutputsParams(json=dict(limits.grammar))
        return sampling.SamplingParams(
            **{name: value for name, value in usual.items() if name != "max_tokens"}
            | {name: value for name, value in asked.items() if value is not None},
            n=min(n, self.at_once),
            max_tokens=limits.max_tokens,
            stop=list(limits.stop),
            logprobs=0 if limits.logprobs else None,  # none but the chosen tokens'
            structured_outputs=guided,
            output_kind=sampling.RequestOutputKind.FINAL_ONLY,
        )

    async def _generated(self, engine: Any, prompt: Mapping[str, Any], n: int, limits: Limits) -> Any:
        """vLLM's one output for the request; whoever is cancelled meanwhile takes the request back."""
        errors, engine_errors = _imported("vllm.exceptions"), _imported("vllm.v1.engine.exceptions")
        try:
            sampling = self._sampling(engine, n, limits)
            outputs = [output async for output in engine.generate(prompt, sampling, f"request-{next(self._numbers)}")]
        except engine_errors.EngineDeadError as error:
            await self.close()
            raise AgentUnavailable(self._endpoint.says(f"the engine died: {error}")) from None
        except (errors.VLLMServerError, errors.GracefulHTTPError) as error:
            raise AgentUnavailable(self._endpoint.says(f"the engine failed: {error}")) from None
        except (errors.VLLMClientError, ValueError) as error:
            remedy = "another request may be answered: a shorter one, say"
            raise AgentRefused(self._endpoint.says(str(error)), remedy) from None
        if not outputs:
            raise AgentUnavailable(self._endpoint.says("the engine ended without an answer"))
        return outputs[-1]

    def _completion(self, output: Any) -> Completion:
        usage = Usage(len(output.prompt_token_ids), sum(len(each.token_ids) for each in output.outputs))
        return Completion(tuple(_reply(each) for each in output.outputs), usage, self.model)


def _reply(output: Any) -> Reply:
    said = (Text(output.text),) if output.text else ()
    return Reply(Message(Role.ASSISTANT, said), stop_of(output.finish_reason), output.cumulative_logprob)


def _imported(module: str) -> Any:
    """A part of vLLM; raises AgentMisconfigured where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        what = f"vLLM cannot be imported ({error.name or error})"
        raise AgentMisconfigured(what, "install it with `pip install 'lemmaworks[vllm]'`, or name a server") from None
