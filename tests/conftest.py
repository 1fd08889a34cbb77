"""What tests share: the installed embedded Lean, one cache of compiled modules, and small Lean repositories."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from prover.lean import cache
from prover.lean.build import Builder
from prover.lean.embedded.install import install
from prover.lean.toolchain import Toolchain

# How quick a machine is says nothing of whether the code is right.
settings.register_profile("by no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("by no clock")

HEADER = "module\n\n@[expose] public section\n\n"


@pytest.fixture(scope="session")
async def toolchain() -> Toolchain:
    """The embedded Lean, installed into the user's cache if it is not there yet."""
    return await install()


@pytest.fixture(scope="session")
def builder(toolchain: Toolchain) -> Builder:
    """Compiles into the user's cache, so that a second test run compiles nothing again."""
    return Builder(toolchain, cache.folder("builds"))


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Makes a Lean project in a git repository from module names and texts; the usual header is put before each text
    that has none."""

    def make(modules: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        root.mkdir()
        (root / "lean-toolchain").write_text("lemmaworks/embedded:4.28.0-pre\n")
        for name, text in modules.items():
            path = root.joinpath(*name.split(".")).with_suffix(".lean")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if text.startswith(("module", "import", "prelude")) else HEADER + text)
        identity = ("-c", "user.name=User", "-c", "user.email=user@localhost")
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
            subprocess.run(["git", *identity, *words], cwd=root, check=True, timeout=60)
        return root

    return make
