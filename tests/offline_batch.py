"""vLLM in this process, asked for several things at once: `python -m tests.offline_batch MODEL`, where vLLM is.

Prints one line of JSON; `tests/test_vllm.py` reads it.
"""

import asyncio
import dataclasses
import json
import sys
from typing import Any

from agents.models.base import Completion, Limits, Message, Role, Tool
from agents.models.offline import Offline
from prover.errors import AgentError

SETTINGS = {"max_model_len": 1024, "dtype": "bfloat16", "enforce_eager": True, "seed": 1}
CHAT = [Message.of(Role.SYSTEM, "You prove."), Message.of(Role.USER, "Prove that 1 + 1 = 2.")]
RAW = [Message.of(Role.USER, "theorem one : 1 + 1 = 2 := by")]
SHORT = Limits(max_tokens=16, seconds=120.0, temperature=1.0)


async def outcome(model: Offline, *words: Any, **more: Any) -> dict[str, Any]:
    """What came of one request, as plain data."""
    try:
        got: Completion = await model.complete(*words, **more)
    except AgentError as error:
        return {"error": type(error).__name__, "words": str(error)}
    replies = [(reply.message.text, reply.stop.value, reply.logprob) for reply in got.replies]
    return {"replies": replies, "usage": dataclasses.asdict(got.usage)}


async def main(folder: str) -> dict[str, Any]:
    model = Offline("vllm:tiny", folder, SETTINGS)
    try:
        await model.check()
        limits = {
            "chat": (CHAT, dataclasses.replace(SHORT, logprobs=True)),
            "raw": (RAW, dataclasses.replace(SHORT, raw=True, stop=(" ",))),
            "guided": (CHAT, dataclasses.replace(SHORT, grammar={"enum": ["rfl", "simp"]})),
            "long": ([Message.of(Role.USER, "x " * 5000)], SHORT),
            "late": (CHAT, dataclasses.replace(SHORT, max_tokens=900, seconds=0.2)),
        }
        async with asyncio.TaskGroup() as group:
            tasks = {
                name: group.create_task(outcome(model, messages, n=8 if name == "chat" else 1, limits=limit))
                for name, (messages, limit) in limits.items()
            }
        tools = await outcome(model, CHAT, [Tool("check", "checks", {})], limits=SHORT)
    finally:
        await model.close()
    return {name: task.result() for name, task in tasks.items()} | {"tools": tools}


if __name__ == "__main__":
    print("\n" + json.dumps(asyncio.run(main(sys.argv[1]))))
