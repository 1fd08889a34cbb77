"""Finding a Lean, and what holds for one that was found: the fakes are programs that answer as `lean` does.

The embedded Lean is the real one: it starts, compiles, stays in its sandbox, and ends with its standard input.
"""

import asyncio
import json
import stat
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from prover import toolchain_cli
from prover.errors import ToolchainBroken, ToolchainError
from prover.lean import native, process
from prover.lean.doctor import doctor
from prover.lean.embedded.lean import Embedded, outermost
from prover.lean.process import Limits
from prover.lean.toolchain import Toolchain, find, installed

SECONDS = 120.0
NAME = "leanprover/lean4:v4.30.0"
TALKING = """#!/bin/sh
case "$1" in
    --version) echo "Lean (version 4.30.0, x86_64-unknown-linux-gnu, commit abc, Release)" ;;
    --print-libdir) echo "$(dirname "$0")/../lib/lean" ;;
    *) echo "$LEAN_PATH|$SECRET|$*" ;;
esac
"""


@pytest.fixture
def elan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An elan that has the toolchain NAME, and a cache without an embedded Lean."""
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("LEMMAWORKS_CACHE", str(tmp_path / "cache"))
    return make_lean(tmp_path / "elan" / "toolchains" / "leanprover--lean4---v4.30.0")


def make_lean(folder: Path, script: str = TALKING) -> Path:
    """A native toolchain in `folder`, whose `lean` is that script."""
    for part in ("bin", "lib/lean"):
        (folder / part).mkdir(parents=True)
    (folder / "lib" / "lean" / "Init.olean").touch()
    lean = folder / "bin" / "lean"
    lean.write_text(script)
    lean.chmod(lean.stat().st_mode | stat.S_IXUSR)
    return lean


def broken_later(executable: Path) -> Toolchain:
    """A native toolchain that worked when it was found, and does not now."""
    lean = find(choice=f"path:{executable}")
    executable.write_text("#!/bin/sh\necho broken >&2; exit 1\n")
    return lean


def asking_for(wanted: str, folder: Path) -> Path:
    (folder / "lean-toolchain").write_text(wanted + "\n")
    return folder


# ---- finding ---------------------------------------------------------------------------------------------------------


def test_the_project_gets_the_toolchain_that_its_lean_toolchain_names(elan: Path, tmp_path: Path) -> None:
    lean = find(asking_for(NAME, tmp_path))
    assert (lean.name, lean.version) == (f"elan:{NAME}", "4.30.0")
    assert (lean.library / "Init.olean").is_file()
    assert lean.lake is None


def test_a_short_name_means_an_official_release(elan: Path, tmp_path: Path) -> None:
    assert find(asking_for("v4.30.0", tmp_path)).version == "4.30.0"


def test_lake_is_found_beside_lean(elan: Path) -> None:
    elan.with_name("lake").touch()
    lake = find(choice=f"elan:{NAME}").lake
    assert lake is not None
    assert lake.executable == elan.with_name("lake")


def test_behind_the_stand_in_of_elan_the_lean_itself_is_found(elan: Path, tmp_path: Path) -> None:
    # The stand-in reads elan's settings at home, which the sandbox hides.
    stand_in = tmp_path / "lean"
    stand_in.write_text(f'#!/bin/sh\nexec {elan} "$@"\n')
    stand_in.chmod(0o755)
    lean = find(choice=f"path:{stand_in}")
    assert lean.name == f"path:{stand_in}"
    assert str(elan) in lean.command(["--worker"]).argv
    assert str(stand_in) not in lean.command(["--worker"]).argv


def test_without_a_fitting_elan_toolchain_the_embedded_lean_is_taken(toolchain: Toolchain, tmp_path: Path) -> None:
    assert find(asking_for("leanprover/lean4:v4.0.0-none", tmp_path)) == toolchain
    assert find(tmp_path / "nowhere") == toolchain
    assert find() == toolchain
    assert find(choice="embedded") == toolchain


def test_a_project_can_ask_for_the_embedded_lean(toolchain: Toolchain, tmp_path: Path) -> None:
    assert find(asking_for(f"lemmaworks/embedded:{toolchain.version}", tmp_path)) == toolchain
    with pytest.raises(ToolchainError, match=r"asks for lemmaworks/embedded:5\.0\.0, the embedded Lean is"):
        find(asking_for("lemmaworks/embedded:5.0.0", tmp_path))


def test_an_embedded_lean_that_is_not_installed_is_reported_with_what_to_do(elan: Path) -> None:
    with pytest.raises(ToolchainError, match="is not installed") as caught:
        find()
    assert caught.value.remedy == "run `prover toolchain install`"


def test_a_choice_that_elan_does_not_have_is_reported_with_what_to_do(elan: Path) -> None:
    with pytest.raises(ToolchainError, match=r"elan has no toolchain v4\.1\.0") as caught:
        find(choice="elan:v4.1.0")
    assert caught.value.remedy == "run `elan toolchain install v4.1.0`"


@pytest.mark.parametrize("choice", ["", "elan", "elan:", "path:", "lean4", "embedded:1"])
def test_a_choice_that_means_nothing_is_refused(choice: str) -> None:
    with pytest.raises(ToolchainError, match="names no toolchain"):
        find(choice=choice)


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("#!/bin/sh\necho no luck >&2; exit 1\n", "`lean --version` ends with 1 no luck"),
        ("#!/bin/sh\necho hello\n", "`lean --version` says 'hello'"),
        ("#!/bin/sh\nsleep 1000\n", "`lean --version`: lean did not end within 1 seconds"),
        ("not a program", "Exec format error"),
        (TALKING.replace("lib/lean", "nowhere"), r"nowhere has no Init\.olean"),
    ],
    ids=["fails", "babbles", "hangs", "no program", "no library"],
)
def test_a_lean_that_does_not_work_is_found_out_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, complaint: str
) -> None:
    monkeypatch.setattr(native, "ANSWER", Limits(seconds=1.0 if "sleep" in script else SECONDS))
    lean = make_lean(tmp_path / "lean", script)
    with pytest.raises(ToolchainBroken, match=complaint) as caught:
        find(choice=f"path:{lean}")
    assert str(lean) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_path_without_a_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ToolchainBroken, match="there is no such program"):
        find(choice=f"path:{tmp_path / 'lean'}")


def test_the_list_has_what_works_and_leaves_out_what_does_not(elan: Path) -> None:
    make_lean(elan.parent.parent.with_name("leanprover--lean4---v4.31.0"), "#!/bin/sh\nexit 1\n")
    assert [lean.name for lean in installed()] == [f"elan:{NAME}"]
    assert native.elan_names() == [NAME, "leanprover/lean4:v4.31.0"]


# ---- commands --------------------------------------------------------------------------------------------------------


async def test_a_native_command_gets_the_search_path_and_none_of_our_secrets(
    elan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "key")
    words: list[str | Path] = ["-q", tmp_path / "x" / ".." / "A.lean"]
    command = find(choice=f"path:{elan}").command(words, lean_path=[tmp_path])
    finished = await process.run(command, limits=Limits(SECONDS))
    assert finished.stdout.decode().strip() == f"{tmp_path}||-q {tmp_path}/A.lean"
    assert not Path(command.env["LAKE"]).exists()  # else a worker would start lake


def test_an_embedded_command_always_runs_in_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    out = tmp_path / "out"
    lean = Embedded("1.0.0", tmp_path / "lean")
    command = lean.command([tmp_path / "link" / "A.lean"], lean_path=[tmp_path / "link"], writes=[out], cwd=out)
    assert "--permission" in command.argv
    assert [word for word in command.argv if word.startswith("--allow-fs-read")] == [
        f"--allow-fs-read={tmp_path / name}" for name in ("lean", "out", "real")
    ]
    assert [word for word in command.argv if word.startswith("--allow-fs-write")] == [f"--allow-fs-write={out}"]
    assert command.argv[-1] == str(tmp_path / "real" / "A.lean")
    assert set(command.env) == {"LEAN_PATH", "LEAN_WASM_MOUNTS", "LEAN_WASM_POOL"}


@given(st.lists(st.lists(st.sampled_from("ab"), max_size=4).map(lambda parts: Path("/x").joinpath(*parts)), max_size=8))
def test_folders_inside_others_are_left_out_and_nothing_else(folders: list[Path]) -> None:
    kept = outermost(folders)
    assert all(any(folder.is_relative_to(outer) for outer in kept) for folder in folders)
    assert not any(a != b and a.is_relative_to(b) for a in kept for b in kept)
    assert set(kept) <= set(folders)


# ---- the embedded Lean -----------------------------------------------------------------------------------------------


async def compile_text(toolchain: Toolchain, text: str, folder: Path) -> str:
    """What Lean prints about the text; the compiled module is A.olean in `folder`."""
    (folder / "A.lean").write_text(text)
    words: list[str | Path] = ["-R", folder, "-o", folder / "A.olean", folder / "A.lean"]
    finished = await process.run(toolchain.command(words, writes=[folder]), limits=Limits(SECONDS))
    return finished.stdout.decode()


async def test_the_embedded_lean_compiles_and_says_nothing_when_all_is_well(
    toolchain: Toolchain, tmp_path: Path
) -> None:
    assert await compile_text(toolchain, "module\npublic theorem t : 2 ∣ 4 := by decide\n", tmp_path) == ""
    assert (tmp_path / "A.olean").read_bytes().startswith(b"olean")


async def test_the_embedded_lean_sees_and_changes_nothing_outside(
    toolchain: Toolchain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAN_SECRET", "key")
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "private").write_text("private")
    said = await compile_text(
        toolchain,
        f'''#eval IO.FS.readFile "{outside}/private"
#eval IO.FS.writeFile "{toolchain.library}/Init.olean" "x"
#eval do IO.FS.createDirAll "{outside}"; IO.FS.writeFile "{outside}/new" "x"
#eval IO.Process.output {{ cmd := "/bin/ls" }}
#eval IO.getEnv "LEAN_SECRET"
''',
        inside,
    )
    assert said.count("error") >= 3
    assert "no such file" in said
    assert "key" not in said
    assert [path.name for path in outside.iterdir()] == ["private"]
    assert (toolchain.library / "Init.olean").read_bytes().startswith(b"olean")


@pytest.mark.parametrize(
    "text",
    ["theorem t : True := trivial", "theorem t : (List.range 10000000).length = 1 := by decide +kernel"],
    ids=["idle", "busy"],
)
async def test_a_worker_ends_with_its_standard_input(toolchain: Toolchain, text: str) -> None:
    # Where the kernel has no leash this is how a worker learns that its owner is dead.
    worker = await process.start(toolchain.command(["--worker"]), stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    assert worker.stdin
    assert worker.stdout
    document = {"uri": "file:///A.lean", "version": 1, "languageId": "lean4", "text": text}
    for message in (
        {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document, "dependencyBuildMode": "never"}},
    ):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        worker.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    try:
        async with asyncio.timeout(SECONDS):
            await worker.stdout.readuntil(b"$/lean/fileProgress")  # it works on the document
            worker.stdin.close()
            await worker.stdout.read()
            assert await worker.wait() != 0
    finally:
        await process.end(worker)


async def test_the_doctor_finds_the_embedded_lean_in_good_health(toolchain: Toolchain) -> None:
    rows = await doctor(toolchain)
    assert [row.subject.removeprefix(toolchain.name) for row in rows] == [
        " is whole",
        " starts",
        " compiles a theorem",
        " is confined",
        " has a kernel that can be asked again; note: Kernels before Lean 4.34.1 have known bugs that prove False from "
        "unusual terms; this is Lean 4.28.0-pre.",
    ]
    assert all(row.fine for row in rows), rows


async def test_the_doctor_says_what_is_wrong_and_what_to_do(elan: Path) -> None:
    rows = await doctor(broken_later(elan))
    assert [row.fine for row in rows] == [False, False, True, False]
    assert rows[0].problem == "--version says 'broken'"
    assert "ships no leanchecker" in rows[-1].problem
    assert all(row.fine or row.remedy for row in rows)


# ---- the command line ------------------------------------------------------------------------------------------------


def test_the_list_in_json_is_nothing_but_json(elan: Path) -> None:
    result = CliRunner().invoke(toolchain_cli.app, ["list", "--json"], catch_exceptions=False)
    assert [row["name"] for row in json.loads(result.stdout)] == [f"elan:{NAME}"]


def test_the_list_without_any_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELAN_HOME", str(tmp_path))
    monkeypatch.setenv("LEMMAWORKS_CACHE", str(tmp_path))
    result = CliRunner().invoke(toolchain_cli.app, ["list"], catch_exceptions=False)
    assert result.stdout == "There is none. Next: prover toolchain install\n"


def test_the_doctor_in_json_ends_with_1_when_something_is_wrong(elan: Path) -> None:
    words = ["doctor", "--toolchain", f"path:{elan}", "--json"]
    result = CliRunner().invoke(toolchain_cli.app, words, catch_exceptions=False)
    assert result.exit_code == 1  # this fake starts, and compiles nothing
    assert [row["fine"] for row in json.loads(result.stdout)] == [True, False, True, False]


def test_installing_what_is_installed_says_where_it_is(toolchain: Toolchain) -> None:
    result = CliRunner().invoke(toolchain_cli.app, ["install"], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{toolchain.name} is installed in ")
