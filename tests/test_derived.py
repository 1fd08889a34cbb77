"""What is derived from the package: a loader with every edit in place, and a module without its exports.

The modules are small ones, made here and run by Node with the same `runtime.js` that runs Lean.
"""

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prover.errors import ProvisionError
from prover.lean.embedded import loader, wasm
from prover.lean.embedded.lean import NODE
from tests.registry import SCRIPT, WASM, module

SECONDS = 60.0


# ---- the loader ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edit", loader.EDITS, ids=lambda edit: edit.name)
def test_every_edit_is_made_once_and_missed_when_its_text_is_gone(edit: loader.Edit) -> None:
    assert edit.new in loader.derive(SCRIPT)
    with pytest.raises(ProvisionError, match=f"edit '{edit.name}' does not fit, its text occurs 0 times"):
        loader.derive(SCRIPT.replace(edit.old, ""))
    with pytest.raises(ProvisionError, match="occurs 2 times"):
        loader.derive(SCRIPT + edit.old)


def test_every_edit_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({edit.name for edit in loader.EDITS}) == len(loader.EDITS)
    assert all(edit.reason for edit in loader.EDITS)


def test_exports_that_nobody_uses_leave_the_loader() -> None:
    assign = f'{loader.ASSIGN}_a=Module["_a"]=wasmExports["a"];_b=Module["_b"]=wasmExports["b"]}}'
    text = f'Module["_b"]=_b;var _a,_b,wasmTable;{assign}wasmTable=0;_a()'
    expected = f'Module["_b"]=_b;var _a,wasmTable;{loader.ASSIGN}_a=Module["_a"]=wasmExports["a"]}}wasmTable=0;_a()'
    assert loader.without_unused_exports(text) == expected
    with pytest.raises(ProvisionError, match="edit 'exports' does not fit"):
        loader.without_unused_exports("var a;")


# ---- the module ------------------------------------------------------------------------------------------------------

PROBE = """
const fs = require("fs"), [runtime, wasm, symbols, wanted] = process.argv.slice(1);
const leanSymbolOf = new Function("Buffer", fs.readFileSync(runtime, "utf8") + `
  return (content, name) => {
    const shared = new SharedArrayBuffer(content.length);
    content.copy(new Uint8Array(shared));
    leanOpenSymbols(shared);
    return leanSymbol(Buffer.from("xx" + name + "\\\\0"), 2);
  }`)(Buffer);
const imports = { env: { f: () => 0, m: new WebAssembly.Memory({ initial: 1, maximum: 2 }), g: 0 } };
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(wasm)), imports);
const values = JSON.parse(wanted).map((name) => leanSymbolOf(fs.readFileSync(symbols), name));
const called = values.map((slot) => (slot > 0 && slot < exports.table.length ? exports.table.get(slot)?.() : null));
process.stdout.write(JSON.stringify({ values, called, exports: Object.keys(exports) }));
"""
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8).filter(
    lambda name: name != "table"
)


def probe(module: bytes, symbols: bytes, wanted: list[str], folder: Path) -> dict[str, list[int | None]]:
    """What Node and `runtime.js` make of the module: the symbols' values, what calling them gives, the exports."""
    (folder / "lean.wasm").write_bytes(module)
    (folder / "lean.symbols").write_bytes(symbols)
    files = (str(loader.RUNTIME), str(folder / "lean.wasm"), str(folder / "lean.symbols"))
    words = [str(NODE), "-e", PROBE, *files, json.dumps(wanted)]
    finished = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=True)
    return json.loads(finished.stdout)  # type: ignore[no-any-return]


@settings(max_examples=10)
@given(names=st.lists(NAMES, unique=True, max_size=200), data=st.data())
def test_every_function_stays_callable_by_name_after_its_export_is_gone(
    names: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    split = data.draw(st.integers(0, len(names)), label="functions")
    in_table = data.draw(st.integers(0, split), label="of them in the table")
    functions = {name: 1000 + k for k, name in enumerate(names[:split])}
    numbers = {name: 1 << 20 | k for k, name in enumerate(names[split:])}
    slim, symbols = wasm.slim(module(functions, numbers, in_table), used=set(names[:1]))
    found = probe(slim, symbols, [*names, "not there"], tmp_path_factory.mktemp("module"))
    assert found["called"][: len(functions)] == list(functions.values())
    assert found["values"][len(functions) : -1] == list(numbers.values())
    assert found["values"][-1] == 0
    assert sorted(map(str, found["exports"])) == sorted([*names[:1], "table"])


@pytest.mark.parametrize(
    ("section", "content"),
    [(2, b"\x01\x01e\x01t\x01\x70\0\x01"), (4, b"\x01\x70\0\x09"), (6, b"\x01\x7f\0\x23\0\x0b"), (9, b"\x02")],
    ids=["imports a table", "table of another size", "global that is computed", "two segments"],
)
def test_a_module_that_is_built_otherwise_is_refused(section: int, content: bytes) -> None:
    parts = [(number, content if number == section else body) for number, body in wasm.sections(WASM)]
    with pytest.raises(ProvisionError, match=r"lean\.wasm has changed"):
        wasm.slim(wasm.join(parts), used=())
    with pytest.raises(ProvisionError, match=f"it has no section {section}"):
        wasm.slim(wasm.join([part for part in parts if part[0] != section]), used=())


@given(st.integers(0, 2**32 - 1))
def test_numbers_are_read_as_they_are_written(value: int) -> None:
    assert wasm.Reader(wasm.unsigned(value)).unsigned() == value
    assert wasm.Reader(wasm.signed(value)).signed() == value


@pytest.mark.parametrize(("value", "encoded"), [(-1, b"\x7f"), (-64, b"\x40"), (-65, b"\xbf\x7f"), (63, b"\x3f")])
def test_negative_numbers_are_read(value: int, encoded: bytes) -> None:
    assert wasm.Reader(encoded).signed() == value
