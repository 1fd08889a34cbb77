"""Where keys come from, and where they never go: into our own environment, a Lean, a git, an error."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from agents.models.keys import Keys
from agents.models.naming import Name
from prover.errors import ConfigError
from prover.git.command import git
from prover.git.repository import Repository
from prover.lean import native
from prover.lean.process import Command, Limits, run
from prover.lean.toolchain import Toolchain

CLAUDE = Name("anthropic", "claude-x")
SECRET = "sk-ant-secret"


def never(path: Path) -> bool:
    return False


def keys(project: Path, environ: Mapping[str, str] = {}) -> Keys:
    return Keys.of(project, environ, never)


def write(project: Path, text: str) -> Path:
    (path := project / ".env").write_text(text)
    return path


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        (CLAUDE, "ANTHROPIC_API_KEY"),
        (Name("anthropic-batch", "claude-x"), "ANTHROPIC_API_KEY"),
        (Name("openai", "gpt-5"), "OPENAI_API_KEY"),
        (Name("openai", "m", "http://h/v1"), "OPENAI_API_KEY"),
        (Name("vllm", "a/b", "http://h/v1"), "VLLM_API_KEY"),
    ],
)
def test_each_provider_has_a_variable(tmp_path: Path, name: Name, variable: str) -> None:
    assert keys(tmp_path, {variable: SECRET, "ANOTHER_API_KEY": "x"}).key(name) == SECRET


def test_the_file_fills_what_the_environment_leaves_open(tmp_path: Path) -> None:
    write(tmp_path, f"# ours\nexport ANTHROPIC_API_KEY='{SECRET}'\nOPENAI_API_KEY=from-the-file\nOTHER=$HOME\n")
    found = keys(tmp_path, {"OPENAI_API_KEY": "from-outside", "ANTHROPIC_API_KEY": ""})
    assert (found.key(CLAUDE), found.key(Name("openai", "gpt-5"))) == (SECRET, "from-outside")


def test_a_key_is_taken_as_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, "ANTHROPIC_API_KEY=a${HOME}b\n")
    assert keys(tmp_path).key(CLAUDE) == "a${HOME}b"


def test_the_file_does_not_change_our_environment(tmp_path: Path) -> None:
    before = dict(os.environ)
    write(tmp_path, f"ANTHROPIC_API_KEY={SECRET}\nPATH=/nowhere\n")
    keys(tmp_path)
    assert dict(os.environ) == before


def test_keys_are_not_printed(tmp_path: Path) -> None:
    assert SECRET not in repr(keys(tmp_path, {"ANTHROPIC_API_KEY": SECRET}))


def test_a_missing_key_is_empty_where_there_must_be_one_and_none_where_not(tmp_path: Path) -> None:
    found = keys(tmp_path, {"VLLM_API_KEY": "  "})
    assert [found.key(CLAUDE), found.key(Name("openai", "gpt-5"))] == ["", ""]
    own = [Name("vllm", "a/b", "http://h/v1"), Name("vllm", "a/b"), Name("openai", "m", "http://h/v1")]
    assert [found.key(name) for name in own] == [None] * 3


@pytest.mark.parametrize("text", ["ANTHROPIC_API_KEY\n= sk-ant-secret", "A=1\nsk ant secret\n", "A='sk-ant-secret\n"])
def test_a_line_that_is_none_is_named_and_not_shown(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigError, match=r"\.env: line [12] is not NAME=VALUE") as raised:
        keys(tmp_path)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_text_or_a_folder_is_one_clear_line(tmp_path: Path) -> None:
    write(tmp_path, "").write_bytes(b"ANTHROPIC_API_KEY=\xff\xfe")
    with pytest.raises(ConfigError, match=r"cannot read .*\.env: it is not UTF-8 text"):
        keys(tmp_path)
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    with pytest.raises(ConfigError, match=r"cannot read .*\.env: Is a directory"):
        keys(tmp_path)


def test_a_file_that_git_tracks_is_refused(project: Callable[[Mapping[str, str]], Path]) -> None:
    root = project({"A": "theorem a : True := trivial\n"})
    write(root, f"ANTHROPIC_API_KEY={SECRET}\n")
    repository = Repository.of(root)
    assert Keys.of(root, {}, repository.tracks).key(CLAUDE) == SECRET
    git("add", ".env", cwd=root)
    with pytest.raises(ConfigError, match="git tracks") as raised:
        Keys.of(root, {}, repository.tracks)
    assert SECRET not in str(raised.value) + raised.value.remedy


# Where they never go

KEYS = {"ANTHROPIC_API_KEY": SECRET, "OPENAI_API_KEY": SECRET, "VLLM_API_KEY": SECRET, "GITHUB_TOKEN": SECRET}


@pytest.fixture
def _with_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


PRINT = f"import json, os; print(json.dumps([name for name, value in os.environ.items() if {SECRET!r} in value]))"


async def names_of_secrets(command: Command) -> list[str]:
    """Which variables of a process that is started with the command's environment have a key."""
    finished = await run(Command((sys.executable, "-c", PRINT), command.env), limits=Limits(seconds=30))
    found: list[str] = json.loads(finished.stdout)
    return found


@pytest.mark.usefixtures("_with_keys")
async def test_no_lean_gets_a_key(toolchain: Toolchain) -> None:
    assert await names_of_secrets(toolchain.command(["--version"])) == []
    assert await names_of_secrets(Command((), native.environ())) == []


@pytest.mark.usefixtures("_with_keys")
def test_no_git_and_nothing_that_git_starts_gets_a_key(tmp_path: Path) -> None:
    """An attribute of the project can have git start a program of the user's settings: a filter, a diff driver."""
    seen = tmp_path / "seen"
    git("init", "-q", cwd=tmp_path)
    git(
        "config",
        "filter.spy.clean",
        f"{sys.executable} -c '{PRINT.replace(chr(39), chr(34))}' > {seen}; cat",
        cwd=tmp_path,
    )
    (tmp_path / ".gitattributes").write_text("*.lean filter=spy\n")
    (tmp_path / "A.lean").write_text("theorem a : True := trivial\n")
    git("add", "A.lean", cwd=tmp_path)
    assert json.loads(seen.read_text()) == []


@pytest.mark.usefixtures("_with_keys")
def test_the_test_would_notice_a_git_that_gets_a_key() -> None:
    found = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, check=True, timeout=30).stdout
    assert set(json.loads(found)) == set(KEYS)
