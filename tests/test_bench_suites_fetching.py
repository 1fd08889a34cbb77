"""Suites that are fetched: from repositories of git's, and from a server that speaks as the hub does."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from prover.bench.suites import hub
from prover.bench.suites.fetching import from_hub
from prover.bench.suites.opening import open_suite
from prover.errors import ConfigError
from prover.lean.process import Limits

COMMIT = "b" * 40
RECORDS = json.dumps({"autoformalization": "import Mathlib\n\ntheorem a : 1 = 1 := by sorry"}).encode() + b"\n"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=User", "-c", "user.email=user@localhost", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, timeout=60, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A repository with two commits, the first one tagged, whose files the second one changes."""
    folder = tmp_path / "published"
    (folder / "lean4" / "src").mkdir(parents=True)
    (folder / "lean4" / "lean-toolchain").write_text("leanprover/lean4:v4.9.0\n")
    (folder / "lean4" / "src" / "A.lean").write_text("theorem a : 1 = 1 := sorry\n")
    (folder / "link.lean").symlink_to("/etc/hostname")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "tag", "v1")
    (folder / "lean4" / "src" / "A.lean").write_text("theorem a : 2 = 2 := sorry\n")
    git(folder, "commit", "-q", "-a", "-m", "second")
    return folder


async def test_a_repository_at_a_tag_is_read_as_it_was_and_said_with_its_commit(
    published: Path, tmp_path: Path
) -> None:
    suite = await open_suite(f"git:{published}#lean4/src", revision="v1", folder=tmp_path / "kept")
    commit = git(published, "rev-parse", "v1")
    assert [problem.statement for problem in suite.problems] == ["theorem a : 1 = 1"]
    assert suite.origin == f"{published}#lean4/src at commit {commit}"
    assert (suite.name, suite.wants) == ("src", "leanprover/lean4:v4.9.0")


async def test_a_whole_commit_is_fetched_once_and_needs_nobody_afterwards(published: Path, tmp_path: Path) -> None:
    commit = git(published, "rev-parse", "v1")
    first = await open_suite(f"git:{published}#lean4/src/A.lean", revision=commit, folder=tmp_path / "kept")
    (published / ".git").rename(published / "gone")
    again = await open_suite(f"git:{published}#lean4/src/A.lean", revision=commit, folder=tmp_path / "kept")
    assert (again, again.name) == (first, "A")
    assert not list((tmp_path / "kept").rglob("fetching-*"))


async def test_a_link_of_the_repository_leads_nowhere(published: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no statement that can be used"):
        await open_suite(f"git:{published}#link.lean", revision="v1", folder=tmp_path / "kept")
    (kept,) = (tmp_path / "kept").rglob("link.lean")
    assert kept.read_text() == "/etc/hostname"


@pytest.mark.parametrize(
    ("inside", "revision", "said"),
    [
        ("lean4/none", "v1", "there is no lean4/none"),
        ("../..", "v1", r"there is no \.\./\.\."),
        ("lean4", "v2", "cannot fetch v2"),
        ("lean4", "", "at no revision"),
        ("lean4", "--upload-pack=touch", "cannot fetch"),
    ],
)
async def test_what_git_cannot_give_is_one_line(
    published: Path, tmp_path: Path, inside: str, revision: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        await open_suite(f"git:file://{published}#{inside}", revision=revision or None, folder=tmp_path / "kept")
    assert "\n" not in str(raised.value)
    assert raised.value.remedy


async def test_a_checkout_of_this_machine_says_its_commit_and_whether_it_was_changed(published: Path) -> None:
    commit = git(published, "rev-parse", "HEAD")
    for spec in (str(published / "lean4"), f"git:{published}#lean4"):
        assert (await open_suite(spec)).origin == f"{published}/lean4 at commit {commit}"
    (published / "lean4" / "src" / "A.lean").write_text("theorem a : 3 = 3 := sorry\n")
    suite = await open_suite(str(published / "lean4"))
    assert suite.origin == f"{published}/lean4 at commit {commit}, with uncommitted changes"
    assert suite.wants == "leanprover/lean4:v4.9.0"


async def test_files_outside_of_any_checkout_are_said_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "a.lean").write_text("theorem a : 1 = 1 := sorry\n")
    assert (await open_suite(str(tmp_path / "a.lean"))).origin == str(tmp_path / "a.lean")


async def _answer(request: web.Request) -> web.StreamResponse:
    """As the hub answers for a file of a dataset (`/datasets/OWNER/NAME/resolve/REVISION/FILE`)."""
    _, owner, _, _, revision, file = request.path.strip("/").split("/")
    if owner != "SphereLab":
        return web.Response(status=401, headers={"X-Error-Code": "RepoNotFound"})
    if revision not in ("main", COMMIT):
        return web.Response(status=404, headers={"X-Error-Code": "RevisionNotFound"})
    if file == "stalled.json":
        await asyncio.Event().wait()
    if file != "all.json":
        return web.Response(status=404, headers={"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
    return web.Response(body=RECORDS, headers={"ETag": '"one"', "X-Repo-Commit": COMMIT})


@asynccontextmanager
async def serving(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        yield
    finally:
        await runner.cleanup()


async def test_a_dataset_of_the_hub_is_fetched_once_and_said_with_its_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = "formalmath:hub:SphereLab/FormalMATH-All#all.json"
    async with serving(monkeypatch):
        suite = await open_suite(spec, revision="main", folder=tmp_path)
    assert [problem.text for problem in suite.problems] == ["import Mathlib\n\ntheorem a : 1 = 1 := by\n  sorry\n"]
    assert suite.origin == f"the dataset SphereLab/FormalMATH-All#all.json at commit {COMMIT}"
    assert suite.name == "all"
    assert await open_suite(spec, revision=COMMIT, folder=tmp_path) == suite  # with no server any more


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dataset", "revision", "file", "said"),
    [
        ("SphereLab/FormalMATH-All", "v9", "all.json", "Revision Not Found"),
        ("SphereLab/FormalMATH-All", "main", "none.json", "Entry Not Found"),
        ("Nobody/FormalMATH-All", "main", "all.json", "Repository Not Found"),
        ("a/b/c", "main", "all.json", "Repo id must be"),
        ("SphereLab/FormalMATH-All", "main", "stalled.json", "did not end within 5 seconds"),
    ],
)
async def test_what_the_hub_does_not_give_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dataset: str, revision: str, file: str, said: str
) -> None:
    async with serving(monkeypatch):
        with pytest.raises(ConfigError, match=said) as raised:
            await asyncio.to_thread(from_hub, dataset, file, revision, tmp_path, Limits(seconds=5.0))
    assert "\n" not in str(raised.value)
    assert raised.value.remedy


@pytest.mark.slow
async def test_a_hub_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ConfigError, match="cannot fetch all") as raised:
        await open_suite("hub:SphereLab/FormalMATH-All#all.json", revision="main", folder=tmp_path)
    assert "\n" not in str(raised.value)


async def test_what_is_to_be_fetched_has_a_revision_and_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="at no revision"):
        await open_suite("hub:SphereLab/FormalMATH-All#all.json", folder=tmp_path)
    with pytest.raises(ConfigError, match="names no file"):
        await open_suite("hub:SphereLab/FormalMATH-All", revision="main", folder=tmp_path)


def test_without_the_hubs_package_the_command_that_installs_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConfigError) as raised:
        from_hub("SphereLab/FormalMATH-All", "all.json", "main", tmp_path)
    assert raised.value.remedy == "pip install 'lemmaworks[hub]'"


def test_the_hubs_client_gets_none_of_the_users_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "one")
    monkeypatch.setenv("HF_TOKEN", "two")
    environment = hub._environment()
    assert environment["HF_TOKEN"] == "two"
    assert "ANTHROPIC_API_KEY" not in environment
