"""What confines a native Lean, tried from inside: real programs in each sandbox that this machine has."""

import os
import select
import shutil
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from prover.errors import ProcessFlooded, ProcessTimeout, ProjectError, ToolchainBroken, ToolchainError
from prover.lean import _confine, doctor, process, sandbox
from prover.lean.lake import lake_build
from prover.lean.native import LakeProgram
from prover.lean.process import Command, Finished, Limits
from prover.lean.sandbox import PYTHON, Bubblewrap, Landlock, Sandbox, Unconfined, leaks
from prover.lean.toolchain import find
from prover.lean.worker import LeanWorker
from tests.fakes import FAKE_LEAN, FakeToolchain
from tests.test_toolchain import TALKING, make_lean

SECONDS = 60.0
LONG = Limits(SECONDS)
BASE = Path(sys.base_prefix)
PLAIN = Path(__file__).parent / "data" / "native64" / "Plain.olean"


def landlock_works(*, namespaces: bool) -> bool:
    return _confine.landlock_abi() >= _confine.OLDEST and sandbox._working(Landlock(namespaces)) is not None


NO_LANDLOCK = pytest.mark.skipif(
    not landlock_works(namespaces=False), reason="this kernel has no (new enough) landlock"
)
NO_NAMESPACES = pytest.mark.skipif(not landlock_works(namespaces=True), reason="users may make no namespaces here")
NO_BUBBLEWRAP = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
ALL = [
    pytest.param(Bubblewrap(Path(shutil.which("bwrap") or "bwrap")), marks=NO_BUBBLEWRAP, id="bubblewrap"),
    pytest.param(Landlock(namespaces=True), marks=NO_NAMESPACES, id="landlock with namespaces"),
    pytest.param(Landlock(namespaces=False), marks=NO_LANDLOCK, id="landlock alone"),
]


@pytest.fixture(params=ALL)
def cell(request: pytest.FixtureRequest) -> Sandbox:
    """Each sandbox that works here."""
    assert isinstance(request.param, Bubblewrap | Landlock)
    return request.param


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The one folder to write to."""
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder to read, with a file."""
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "file").write_text("given")
    return tmp_path / "given"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of somebody else's, with a file."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("private")
    return tmp_path / "outside"


def python(script: str, *words: str | Path) -> Command:
    return Command((str(PYTHON), "-I", "-S", "-c", script, *map(str, words)), {"PATH": os.defpath}, Path("/usr"))


async def inside(
    cell: Sandbox,
    command: Command,
    *,
    reads: Sequence[Path] = (),
    writes: Sequence[Path] = (),
    processes: bool = False,
    limits: Limits = LONG,
) -> Finished:
    confined = cell.confine(command, reads=[BASE, PYTHON, *reads], writes=writes, processes=processes)
    return await process.run(confined, limits=limits)


TRIES = """
import os, sys
for attempt in sys.argv[1:]:
    try:
        exec(attempt)
    except OSError:
        print("refused")
    else:
        print("done", attempt)
"""


async def refused(cell: Sandbox, *attempts: str, reads: Sequence[Path] = (), writes: Sequence[Path] = ()) -> bool:
    """Is each of these Python statements refused in the sandbox?"""
    finished = await inside(cell, python(TRIES, *attempts), reads=reads, writes=writes)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.decode().splitlines() == ["refused"] * len(attempts)


# ---- files -----------------------------------------------------------------------------------------------------------


async def test_what_was_given_can_be_read_and_the_scratch_folder_written(
    cell: Sandbox, given: Path, scratch: Path
) -> None:
    script = "import sys; a, b = sys.argv[1:]; open(b, 'w').write(open(a).read() + ' and kept')"
    finished = await inside(cell, python(script, given / "file", scratch / "new"), reads=[given], writes=[scratch])
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert (scratch / "new").read_text() == "given and kept"


async def test_no_other_file_can_be_read(cell: Sandbox, scratch: Path, outside: Path) -> None:
    (scratch / "link").symlink_to(outside / "file")
    attempts = [f"open({str(path)!r})" for path in (outside / "file", scratch / "link", Path(__file__), "/etc/passwd")]
    assert await refused(cell, *attempts, f"os.listdir({str(outside)!r})", writes=[scratch])


async def test_nothing_outside_can_be_changed(cell: Sandbox, scratch: Path, outside: Path) -> None:
    file = str(outside / "file")
    assert await refused(
        cell,
        f"open({str(outside / 'new')!r}, 'w')",
        f"open({file!r}, 'r+')",
        f"os.truncate({file!r}, 0)",
        f"os.open({file!r}, os.O_RDONLY | os.O_TRUNC)",
        f"os.unlink({file!r})",
        f"os.mkdir({str(outside / 'folder')!r})",
        f"os.link({file!r}, {str(scratch / 'hard')!r})",
        f"os.rename({file!r}, {str(scratch / 'moved')!r})",
        "open('/dev/shm/new', 'w')",
        "open('/tmp/new', 'w')",
        writes=[scratch],
    )
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("file", "private")]


async def test_what_was_given_to_read_cannot_be_changed(cell: Sandbox, scratch: Path, given: Path) -> None:
    attempts = [f"open({str(given / 'file')!r}, 'w')", f"open({str(given / 'new')!r}, 'w')"]
    assert await refused(cell, *attempts, reads=[given], writes=[scratch])
    assert [(path.name, path.read_text()) for path in given.iterdir()] == [("file", "given")]


async def test_modes_and_times_of_what_was_given_stay_as_they_are(cell: Sandbox, given: Path, scratch: Path) -> None:
    file = given / "file"
    before = file.stat()
    script = "import os, sys; f = sys.argv[1]; os.chmod(f, 0o777); os.utime(f, (0, 0)); os.chown(f, -1, -1)"
    await inside(cell, python(script, file), reads=[given], writes=[scratch])
    after = file.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_ctime_ns) == (
        before.st_mode,
        before.st_mtime_ns,
        before.st_ctime_ns,
    )


async def test_a_program_written_in_the_sandbox_cannot_be_executed(cell: Sandbox, scratch: Path) -> None:
    program = scratch / "program"
    program.write_text("#!/bin/sh\necho ran\n")
    program.chmod(0o755)
    if isinstance(cell, Landlock):  # bubblewrap has no such rule; what runs there is confined as well
        assert await refused(cell, f"os.execv({str(program)!r}, ['program'])", writes=[scratch])


async def test_home_and_temporary_files_are_in_the_scratch_folder(cell: Sandbox, scratch: Path) -> None:
    script = "import os; print(os.environ['HOME'], os.environ['TMPDIR'], sorted(set(os.environ) - {'PWD', 'LC_CTYPE'}))"
    finished = await inside(cell, python(script), writes=[scratch])
    assert finished.stdout.decode().strip() == f"{scratch} {scratch} ['HOME', 'PATH', 'TMPDIR']"
    finished = await inside(cell, python("import os; print(os.path.exists(os.environ['HOME']))"))
    assert finished.stdout == b"False\n"


# ---- network and other processes -------------------------------------------------------------------------------------


@pytest.fixture
def listeners(given: Path) -> Iterator[tuple[int, Path]]:
    """A port and a socket file at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(given / "socket"))
        local.listen()
        yield server.getsockname()[1], given / "socket"


async def test_there_is_no_network(cell: Sandbox, listeners: tuple[int, Path]) -> None:
    port, file = listeners
    assert await refused(
        cell,
        f"import socket; socket.create_connection(('127.0.0.1', {port}))",
        f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))",
        f"import socket; socket.socket(socket.AF_UNIX).connect({str(file)!r})",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        reads=[file.parent],
    )


async def test_lean_can_start_threads_but_no_process(cell: Sandbox) -> None:
    script = "import threading; t = threading.Thread(target=print, args=['thread']); t.start(); t.join()"
    assert (await inside(cell, python(script))).stdout == b"thread\n"
    assert await refused(cell, "os.fork()", "os.posix_spawn('/bin/true', ['true'], {})")


async def test_other_processes_are_out_of_reach(cell: Sandbox) -> None:
    us = os.getpid()
    assert await refused(cell, f"open('/proc/{us}/environ')", f"open('/proc/{us}/root/etc/passwd')")
    if isinstance(cell, Bubblewrap) or _confine.landlock_abi() >= 6:  # before that, landlock knew nothing of signals
        assert await refused(cell, f"os.kill({us}, 0)")


LEAVER = """
import os, signal, sys
line = os.open(sys.argv[1], os.O_WRONLY)
for _ in range(20):
    if os.fork() == 0:
        try:
            os.setsid()
        except OSError:
            pass
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for stream in range(3):
            os.close(stream)
        while True:
            signal.pause()
os.write(line, b"x")
if sys.argv[2] == "stay":
    signal.pause()
"""


@pytest.mark.parametrize("mode", ["leave", "stay"])
async def test_whatever_a_program_starts_ends_with_it(cell: Sandbox, scratch: Path, mode: str) -> None:
    os.mkfifo(scratch / "line")
    held = os.open(scratch / "line", os.O_RDONLY | os.O_NONBLOCK)
    command = python(LEAVER, scratch / "line", mode)
    try:
        await inside(cell, command, writes=[scratch], processes=True, limits=Limits(2.0 if mode == "stay" else SECONDS))
    except ProcessTimeout:
        assert mode == "stay"
    assert os.read(held, 1) == b"x"
    assert select.select([held], [], [], SECONDS)[0], "somebody still holds the line"
    assert os.read(held, 1) == b""
    os.close(held)


FORKER = """
import os, signal
try:
    while os.fork():
        pass
    for stream in range(3):
        os.close(stream)
    signal.pause()
except OSError:
    print("enough")
"""


@pytest.mark.skipif(os.geteuid() == 0, reason="the kernel counts no processes of root")
async def test_the_number_of_processes_has_a_limit(cell: Sandbox) -> None:
    if cell != Landlock(namespaces=False):  # there the processes outside would count too
        assert (await inside(cell, python(FORKER), processes=True)).stdout == b"enough\n"


PARENT = """
import asyncio, sys
from pathlib import Path
from prover.lean import process
from prover.lean.process import Command
from prover.lean.sandbox import Bubblewrap, Landlock
async def main():
    command = Command(("/bin/sh", "-c", "echo up; read forever"), cwd=Path("/usr"))
    child = await process.start({cell}.confine(command), stdout=sys.stdout.fileno())
    await child.wait()
asyncio.run(main())
"""


def test_a_confined_process_dies_with_its_parent_even_when_that_is_killed(cell: Sandbox) -> None:
    made = repr(cell).replace("PosixPath", "Path")
    with subprocess.Popen([sys.executable, "-c", PARENT.format(cell=made)], stdout=PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        parent.kill()
        # The child holds the same pipe: this returns when both are gone.
        assert parent.stdout.read() == ""


# ---- limits ----------------------------------------------------------------------------------------------------------


async def test_memory_is_limited(cell: Sandbox) -> None:
    finished = await inside(cell, python("bytearray(1 << 30)"), limits=Limits(SECONDS, memory=256 << 20))
    assert b"MemoryError" in finished.stderr


async def test_processor_time_is_limited_and_the_error_names_the_program(cell: Sandbox) -> None:
    with pytest.raises(ProcessTimeout, match=rf"^{PYTHON.name} used up its 1 seconds of processor time$"):
        await inside(cell, python("while True: pass"), limits=Limits(SECONDS, processor=1))


async def test_output_is_limited(cell: Sandbox) -> None:
    with pytest.raises(ProcessFlooded, match="wrote more than 1000 bytes of output"):
        await inside(cell, python("while True: print('x' * 100)"), limits=Limits(SECONDS, output=1000))


async def test_the_size_of_a_file_is_limited(cell: Sandbox, scratch: Path) -> None:
    script = f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); open('{scratch}/f', 'w').write('x' * 9999)"
    with pytest.raises(ProcessFlooded, match="wrote a file of more than 4096 bytes"):
        await inside(cell, python(script), writes=[scratch], limits=Limits(SECONDS, file=4096))


# ---- finding one -----------------------------------------------------------------------------------------------------


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What was found on this machine is found anew, before and after."""
    for found in (sandbox._bubblewrap, sandbox._landlock):
        found.cache_clear()
    yield
    for found in (sandbox._bubblewrap, sandbox._landlock):
        found.cache_clear()


def make_bubblewrap(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    (folder / "bwrap").write_text(script)
    (folder / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@NO_BUBBLEWRAP
def test_bubblewrap_is_taken_before_anything_else() -> None:
    assert sandbox.find() == sandbox.find("bubblewrap")
    assert sandbox.find().description == "bubblewrap"


@NO_NAMESPACES
def test_without_bubblewrap_landlock_is_taken(forgotten: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert sandbox.find() == sandbox.find("landlock")
    assert sandbox.find().description == "landlock, seccomp and namespaces"


@pytest.mark.parametrize(
    "script",
    ["#!/bin/sh\necho no luck >&2; exit 1\n", '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n'],
    ids=["does not start", "does not confine"],
)
def test_a_bubblewrap_that_does_not_do_its_work_is_not_taken(
    forgotten: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    make_bubblewrap(tmp_path, monkeypatch, script)
    with pytest.raises(ToolchainError, match=r"^a native Lean cannot be confined by bubblewrap on this machine$"):
        sandbox.find("bubblewrap")


def test_where_nothing_confines_a_native_lean_is_refused_unless_told_otherwise(
    forgotten: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lean = make_lean(tmp_path / "lean")
    (tmp_path / "dirname").symlink_to(shutil.which("dirname") or "")
    monkeypatch.setenv("PATH", str(tmp_path))  # what the fake Lean needs, and no bubblewrap
    monkeypatch.setattr(_confine, "OLDEST", 1000)
    with pytest.raises(ToolchainError, match=r"^a native Lean cannot be confined on this machine$") as caught:
        find(choice=f"path:{lean}")
    assert caught.value.remedy == 'install bubblewrap, or say `sandbox = "none"` in prover.toml'
    assert find(choice=f"path:{lean}", confined_by="none").version == "4.30.0"


def test_every_choice_is_explained() -> None:
    explained = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
    row = next(line for line in explained.splitlines() if line.startswith("| `sandbox`"))
    assert all(f'"{choice}"' in row for choice in get_args(sandbox.Choice))


async def test_a_right_that_cannot_be_given_up_ends_the_program_before_it_begins(cell: Sandbox) -> None:
    # Inside, the process may not write to /proc, so that it cannot enter a user namespace.
    again = Landlock(namespaces=True).confine(python("print('ran')"), reads=[BASE, PYTHON])
    finished = await inside(cell, again, reads=[sandbox.CONFINE])
    assert (finished.returncode, finished.stdout) == (_confine.NOT_CONFINED, b"")
    assert finished.stderr.startswith(b"cannot be confined: ")


def test_a_sandbox_in_which_nothing_runs_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bubblewrap(tmp_path, monkeypatch, "#!/bin/sh\necho no luck >&2; exit 1\n")
    with pytest.raises(ToolchainBroken, match=r"^nothing runs in the sandbox bubblewrap: no luck$"):
        leaks(Bubblewrap(tmp_path / "bwrap"))


# ---- a native Lean ---------------------------------------------------------------------------------------------------


def test_nothing_leaks_out_of_a_sandbox_and_everything_out_of_none(cell: Sandbox) -> None:
    assert leaks(cell) == []
    assert leaks(Unconfined()) == [
        "read a file that it was not given",
        "write outside of its folder",
        "reach the network",
        "start a process",
    ]


@pytest.mark.parametrize(
    "choice", [pytest.param("bubblewrap", marks=NO_BUBBLEWRAP), pytest.param("landlock", marks=NO_LANDLOCK)]
)
async def test_a_native_lean_sees_the_folders_of_its_command_and_no_others(
    choice: sandbox.Choice, tmp_path: Path, given: Path, scratch: Path, outside: Path
) -> None:
    script = TALKING.replace('*) echo "$LEAN_PATH|$SECRET|$*"', '*) read line <"$1" && echo "$line" >"$2"')
    native = find(choice=f"path:{make_lean(tmp_path / 'lean', script)}", confined_by=choice)
    for source, target, error in [
        (given / "line", scratch / "line", False),
        (outside / "line", scratch / "other", True),
        (given / "line", outside / "new", True),
        (given / "line", native.library / "Init.olean", True),
    ]:
        source.write_text("text\n")
        finished = await process.run(
            native.command([source, target], reads=[given], writes=[scratch]), limits=Limits(SECONDS)
        )
        assert (finished.stderr != b"") == error
    assert [path.name for path in scratch.iterdir()] == ["line"]
    assert [path.name for path in outside.iterdir() if path.name == "new"] == []
    assert (native.library / "Init.olean").read_bytes() == b""


LAKE = """#!/bin/sh
echo changed > A.lean
echo hook > .git/hook
mkdir -p .lake/build/lib/lean
cp "$(dirname "$0")/Plain.olean" .lake/build/lib/lean/A.olean
"""


@pytest.fixture
def lake_project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "A.lean").write_text("as it was")
    (root / "lakefile.toml").write_text("")
    return root


def make_lake(folder: Path, cell: Sandbox) -> LakeProgram:
    lake = make_lean(folder / "toolchain", LAKE).rename(folder / "toolchain" / "bin" / "lake")
    shutil.copyfile(PLAIN, lake.with_name("Plain.olean"))
    return LakeProgram(lake, folder / "toolchain", cell)


async def test_lake_changes_its_own_folder_and_nothing_else_of_the_project(
    cell: Sandbox, tmp_path: Path, scratch: Path, lake_project: Path
) -> None:
    (lake_project / "lake-manifest.json").write_text("{}")
    built = await lake_build(make_lake(tmp_path, cell), lake_project, ["A"], Limits(SECONDS))
    built.copy(Path("A.lean"), scratch)
    assert (scratch / "module.olean").read_bytes() == PLAIN.read_bytes()
    assert (lake_project / "A.lean").read_text() == "as it was"
    assert list((lake_project / ".git").iterdir()) == []


async def test_a_project_whose_packages_were_never_fetched_is_told_to_do_so(
    cell: Sandbox, tmp_path: Path, lake_project: Path
) -> None:
    with pytest.raises(ProjectError, match=r"has no lake-manifest\.json$") as caught:
        await lake_build(make_lake(tmp_path, cell), lake_project, ["A"], Limits(SECONDS))
    assert "lake update" in caught.value.remedy


LOOSE = Unconfined()


@dataclass(frozen=True)
class ConfinedFake(FakeToolchain):
    """The fake worker in a sandbox."""

    cell: Sandbox = LOOSE

    def command(self, arguments: Sequence[str | Path], **folders: object) -> Command:
        command = FakeToolchain(self.mode, str(PYTHON)).command(arguments)
        return self.cell.confine(command, reads=[BASE, PYTHON, FAKE_LEAN])


async def test_a_worker_answers_from_inside_and_its_memory_is_that_of_lean(cell: Sandbox) -> None:
    worker = LeanWorker(ConfinedFake(cell=cell))
    try:
        await worker.start()
        await worker.check("theorem t : True := trivial", timeout=SECONDS)
        assert worker.memory() > 5 << 20  # bubblewrap alone has less
        assert worker.alive
    finally:
        await worker.close()
    assert not worker.alive


async def test_the_doctor_says_what_confines_a_native_lean_and_whether_it_holds(tmp_path: Path) -> None:
    executable = make_lean(tmp_path / "lean")
    confined = (await doctor.doctor(find(choice=f"path:{executable}")))[-2]
    assert confined.subject == f"path:{executable} is confined by {sandbox.find().description}"
    assert confined.fine
    loose = (await doctor.doctor(find(choice=f"path:{executable}", confined_by="none")))[-2]
    assert loose.subject.endswith("is confined by nothing")
    assert loose.problem.startswith("a program in it can read a file that it was not given, write")
    assert "bubblewrap" in loose.remedy
