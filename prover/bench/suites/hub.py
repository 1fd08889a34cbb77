"""A file of the Hugging Face hub, fetched in a process of its own, which a limit can end.

The hub's client waits and tries again for minutes when a server stalls, and a thread cannot be ended. So
`python -m prover.bench.suites.hub DATASET FILE REVISION CACHE` is a process; it prints the path of the file, or in one
line why there is none and ends with 1. Called by `prover.bench.suites.fetching`.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from prover.errors import ConfigError, ResourceExhausted
from prover.lean.process import Command, Limits, run_blocking

LIMITS = Limits(seconds=600.0, output=1 << 16, file=1 << 30)
_PASSED_ON = ("HOME", "PATH", "LANG", "TMPDIR", "PYTHONPATH", "XDG_CACHE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR")
_NO_WORK = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1"}


def download(dataset: str, file: str, revision: str, store: Path, limits: Limits = LIMITS) -> Path:
    """Where the file is in the cache `store`; `HF_ENDPOINT` says from which hub, `HF_TOKEN` who asks.

    Blocking. Raises ConfigError in one line.
    """
    if importlib.util.find_spec("huggingface_hub") is None:
        raise ConfigError("reading from the hub needs huggingface_hub", "pip install 'lemmaworks[hub]'")
    words = (sys.executable, "-m", "prover.bench.suites.hub", dataset, file, revision, str(store))
    asked = f"{file} of the dataset {dataset} at {revision}"
    remedy = "see whether the hub has it and the network is up; a private dataset needs HF_TOKEN"
    try:
        finished = run_blocking(Command(words, _environment(), name="the hub's client"), limits=limits)
    except ResourceExhausted as error:
        raise ConfigError(f"cannot fetch {asked}: {error}", remedy) from error
    if finished.returncode:
        said = finished.stdout.decode(errors="replace").strip() or finished.stderr.decode(errors="replace")[-300:]
        raise ConfigError(f"cannot fetch {asked}: {' '.join(said.split())}", remedy)
    return Path(finished.stdout.decode().strip())


def _environment() -> dict[str, str]:
    """What of ours the client gets: the hub's own variables and those of a proxy, no other key."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("HF_") or "_proxy" in name.lower()}
    return ours | {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _NO_WORK


def main(dataset: str, file: str, revision: str, store: str) -> int:
    """The process: prints the path, or why there is none."""
    from httpx2 import HTTPError
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        print(hf_hub_download(dataset, file, repo_type="dataset", revision=revision, cache_dir=store))
    except (HfHubHTTPError, HFValidationError, HTTPError, OSError, ValueError) as error:
        print(" ".join(str(error).split())[:300] or type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
