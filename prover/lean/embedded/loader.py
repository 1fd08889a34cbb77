"""Derive the loader of the embedded Lean from the package's `lean.js`.

The published loader takes three minutes to start and cannot serve an editor. The edits below mend that; each says
why it is there. They are made by exact match, so a changed package is refused with the name of the edit that no
longer fits. What they hook in is in `runtime.js`, and what asks the kernel again in the other scripts beside it; the
exports that nobody needs are `wasm`'s business.
Called by `install`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from prover.errors import ProvisionError

RUNTIME = Path(__file__).with_name("runtime.js")
REPLAY = tuple(map(RUNTIME.with_name, ("objects.js", "module_file.js", "kernel.js", "replay.js")))
ASSIGN = "function assignWasmExports(wasmExports){"
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in the loader: `old` occurs exactly once and becomes `new`, because of `reason`."""

    name: str
    reason: str
    old: str
    new: str

    def apply(self, loader: str) -> str:
        """The loader after this edit. Raises ProvisionError when `old` does not occur exactly once."""
        if (found := loader.count(self.old)) != 1:
            raise misfit(self.name, f"its text occurs {found} times instead of once")
        return loader.replace(self.old, self.new)


EDITS = (
    Edit(
        "symbols",
        "a search through 200,000 names per lookup took 159 of the 180 seconds of `import Init`",
        "var __dlsym_js=(handle,symbol,symbolIndex)=>{",
        "var __dlsym_js=(handle,symbol,symbolIndex)=>{return leanSymbol((growMemViews(),HEAPU8),symbol>>>0);",
    ),
    Edit(
        "offsets",
        "every thread entered 200,000 exports into its function table to find the 269 that are asked for",
        "var updateGOT=(exports,replace)=>{",
        "var updateGOT=(exports,replace)=>{return leanFillOffsets();",
    ),
    Edit(
        "table",
        "every thread made JavaScript objects of the whole function table, to look for duplicates of a handful",
        "functionsInTableMap=new WeakMap;updateTableMap(0,wasmTable.length)",
        "functionsInTableMap=new WeakMap",
    ),
    Edit(
        "symbols of the main thread",
        "the symbols must be there before the module is linked",
        "async function createWasm(){",
        "async function createWasm(){if(!leanSymbols)leanReadSymbols();",
    ),
    Edit(
        "symbols to threads",
        "all threads share one copy of the symbols",
        '{cmd:"load",handlers,',
        '{cmd:"load",symbols:leanSymbols.buffer,handlers,',
    ),
    Edit(
        "symbols in threads",
        "a thread opens the symbols before it links its module",
        "wasmModule=msgData.wasmModule;",
        "leanOpenSymbols(msgData.symbols);wasmModule=msgData.wasmModule;",
    ),
    Edit(
        "main",
        "`main` would block the thread that serves files and starts threads: a worker never got its first thread",
        "function callMain(args=[]){",
        "function callMain(args=[]){return leanStartMain([thisProgram,...args]);",
    ),
    Edit(
        "main on its thread",
        "the other half of it: what the new thread runs",
        "var invokeEntryPoint=(ptr,arg)=>{",
        "var invokeEntryPoint=(ptr,arg)=>{if(ptr>>>0===LEAN_MAIN)return leanRunMain(arg);",
    ),
    Edit(
        "exit",
        "`exit` on any thread must end the process, although its event loop is kept alive",
        "process.exitCode=status;throw toThrow",
        "if(worker_threads.isMainThread)process.exit(status);process.exitCode=status;throw toThrow",
    ),
    Edit(
        "standard input",
        "reading lines on the main thread stops everything else, and LSP is not lines",
        "function _fd_read(fd,iov,iovcnt,pnum){",
        "function _fd_read(fd,iov,iovcnt,pnum){if(fd===0)return leanRead(iov,iovcnt,pnum);",
    ),
    Edit(
        "standard output",
        "text was held back until a newline came",
        "function _fd_write(fd,iov,iovcnt,pnum){",
        "function _fd_write(fd,iov,iovcnt,pnum){if(fd===1||fd===2)return leanWrite(fd,iov,iovcnt,pnum);",
    ),
    Edit(
        "mounts",
        "the package mounts /home and /tmp; we mount what the process may see",
        "939105:()=>{",
        "939105:()=>{return;",
    ),
    Edit("environment", "LEAN_PATH and its like did not arrive", "var ENV={};", "var ENV=leanEnvironment();"),
    Edit(
        "permissions",
        "Node's permission sandbox refuses process.binding",
        'process.binding("constants")["fs"]',
        'require("fs").constants',
    ),
    Edit(
        "memory of threads",
        "each thread that ended kept 4 MB: a worker died after thirty checks",
        "}__emscripten_thread_exit(result)}finish(result)",
        "}wasmExports.mi_thread_done();__emscripten_thread_exit(result)}finish(result)",
    ),
    Edit(
        "stack",
        "deep recursion killed the process instead of ending in Lean's own error",
        '{workerData:"em-pthread",name:"em-pthread"}',
        '{workerData:"em-pthread",name:"em-pthread",resourceLimits:{stackSizeMb:LEAN_STACK_MB}}',
    ),
    Edit(
        "pool",
        "threads made at the start that nobody needs cost a tenth of a second each",
        "var pthreadPoolSize=4;",
        "var pthreadPoolSize=leanPoolSize();",
    ),
)


def derive(package: str) -> str:
    """The loader made of the package's `lean.js`. Raises ProvisionError when an edit does not fit."""
    loader = without_unused_exports(package)
    for edit in EDITS:
        loader = edit.apply(loader)
    return runtime() + loader


def runtime() -> str:
    """What the edits hook in, and the replay."""
    return "".join(file.read_text(encoding="utf-8") for file in (RUNTIME, *REPLAY))


def without_unused_exports(loader: str) -> str:
    """The loader without the variables that hold exports of the module and are never used.

    They are 201,110 assignments `_x=Module["_x"]=wasmExports["x"]`, 89 MB of text that each thread would parse
    again; the runtime itself uses some fifty of them.
    """
    begin = loader.find(ASSIGN)
    end = loader.find("}", begin)
    variables = loader.rfind("var ", 0, begin)
    if min(begin, end, variables) < 0:
        raise misfit("exports", "the assignments of the exports are not there")
    before, assignments, after = loader[:variables], loader[begin + len(ASSIGN) : end], loader[end + 1 :]
    # `Module["_x"]=_x` in the text before hands a variable on, and does not use it.
    used = set(IDENTIFIER.findall(re.sub(r'Module\["[^"]*"\]=[\w$]+;', "", before) + after))
    kept = {name: a for a in assignments.split(";") if (name := a.partition("=")[0]) in used}
    # Other variables of the same `var`, such as the function table, are assigned elsewhere.
    others = [v for v in loader[variables + 4 : begin].rstrip(";").split(",") if v not in kept and v in used]
    return f"{before}var {','.join([*kept, *others])};{ASSIGN}{';'.join(kept.values())}}}{after}"


def identifiers(loader: str) -> frozenset[str]:
    """Every word of the loader that could name an export it uses."""
    return frozenset(IDENTIFIER.findall(loader))


def fingerprint() -> str:
    """SHA-256 of the edits and of what they hook in: it tells an installation by an older version of this code."""
    text = runtime() + repr([(edit.old, edit.new) for edit in EDITS])
    return hashlib.sha256(text.encode()).hexdigest()


def misfit(edit: str, detail: str) -> ProvisionError:
    """The error for a package that is not the one the edits were made for."""
    return ProvisionError(
        f"the package's lean.js has changed: edit '{edit}' does not fit, {detail}",
        "use the pinned version of the package, or review the edits in prover/lean/embedded/loader.py",
    )
