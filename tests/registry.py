"""A package registry on this machine that npm talks to, and a package for it that is small and built like the real one.

`Registry` is a real HTTP server; it can hold a download back, so that a test can act in the middle of it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from prover.lean.embedded.loader import ASSIGN, EDITS
from prover.lean.embedded.package import Package
from prover.lean.embedded.wasm import join, signed, unsigned

SCRIPT = "\n".join((f'var _a,wasmTable;{ASSIGN}_a=Module["_a"]=wasmExports["a"]}}', *(edit.old for edit in EDITS)))
OLEAN = b"olean of Init"


def module(functions: Mapping[str, int], numbers: Mapping[str, int], in_table: int) -> bytes:
    """A WebAssembly module: each function returns its number, each global has its own; the first `in_table` functions
    are in the table, from slot 1 on. It imports a function, a bounded memory and a global first, as Lean does."""

    def vector(items: list[bytes]) -> bytes:
        return unsigned(len(items)) + b"".join(items)

    def name(text: str) -> bytes:
        return unsigned(len(text.encode())) + text.encode()

    env = name("env")
    imported = [env + name("f") + b"\0\0", env + name("m") + b"\x02\x01\x01\x02", env + name("g") + b"\x03\x7f\0"]
    exported = [name(text) + b"\0" + unsigned(1 + k) for k, text in enumerate(functions)]
    exported += [name(text) + b"\x03" + unsigned(1 + k) for k, text in enumerate(numbers)]
    exported += [name("table") + b"\x01\0"]
    bodies = [b"\0\x41" + signed(value) + b"\x0b" for value in functions.values()]
    sections = {
        1: vector([b"\x60\0\x01\x7f"]),
        2: vector(imported),
        3: vector([b"\0"] * len(functions)),
        4: b"\x01\x70\0" + unsigned(1 + in_table),
        6: vector([b"\x7f\0\x41" + signed(value) + b"\x0b" for value in numbers.values()]),
        7: vector(exported),
        9: b"\x01\0\x41\x01\x0b" + vector([unsigned(1 + k) for k in range(in_table)]),
        10: vector([unsigned(len(body)) + body for body in bodies]),
    }
    return join(list(sections.items()))


WASM = module({"a": 1, "b": 2}, {"c": 3}, in_table=1)


def tar(files: Mapping[str, bytes]) -> bytes:
    """A gzipped tar of these files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), mtime=0)


def tarball(
    script: str = SCRIPT, wasm: bytes = WASM, library: Mapping[str, bytes] | None = None, **more: bytes
) -> bytes:
    """What npm would serve for the small package."""
    modules = {"./Init.olean": OLEAN, "./._Init.olean": b"attributes"} if library is None else library
    files = {"lean-lib.tar.gz": tar(modules), "lean.js": script.encode(), "lean.wasm": wasm, **more}
    manifest = json.dumps({"name": "small-lean", "version": "1.0.0"}).encode()
    return tar({f"package/{path}": content for path, content in {**files, "package.json": manifest}.items()})


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def package(content: bytes, disk: int = 1 << 20) -> Package:
    """The small package, pinned to that content."""
    return Package("small-lean", "1.0.0", integrity(content), len(content), 1, disk, "9.9.9")


@dataclass
class Registry:
    """Serves `content` as small-lean 1.0.0 on a free port of this machine.

    With `held` it sends half of the file, sets `half_sent`, and waits for `go_on` or for the client to go away.
    """

    content: bytes
    held: bool = False
    downloads: int = 0
    half_sent: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    client_gone: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Registry:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if not request.path.endswith(".tgz"):
            self._send(request, self._description())
            return
        self.downloads += 1
        half = len(self.content) // 2
        request.send_response(200)
        request.send_header("Content-Length", str(len(self.content)))
        request.end_headers()
        request.wfile.write(self.content[:half])
        request.wfile.flush()
        if self.held:
            self.half_sent.set()
            self._wait_for_go_on_or_the_end_of(request)
        if not self.client_gone.is_set():
            request.wfile.write(self.content[half:])

    def _wait_for_go_on_or_the_end_of(self, request: BaseHTTPRequestHandler) -> None:
        request.connection.settimeout(0.05)
        while not (self.go_on.is_set() or self.client_gone.is_set()):
            with suppress(TimeoutError):
                if self._ended(request):
                    self.client_gone.set()

    def _ended(self, request: BaseHTTPRequestHandler) -> bool:
        try:
            return not request.connection.recv(1)
        except ConnectionResetError:
            return True

    def _description(self) -> bytes:
        dist = {"tarball": f"{self.url}/small-lean/-/small-lean-1.0.0.tgz", "integrity": integrity(self.content)}
        versions = {"1.0.0": {"name": "small-lean", "version": "1.0.0", "dist": dist}}
        return json.dumps({"name": "small-lean", "dist-tags": {"latest": "1.0.0"}, "versions": versions}).encode()

    def _send(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
