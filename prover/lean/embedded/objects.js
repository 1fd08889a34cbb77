// Lean's functions by name, and its objects in linear memory: how they are called, read and made. `loader.py` puts this
// text before the loader's; the replay is the only caller. Layouts and calling convention: src/include/lean/lean.h of
// Lean 4. This build leaves out the argument that stands for the world; an `IO` action answers with a result that is a
// success (0) or an error (1), a `BaseIO` action with its value.

const leanFunctions = new Map();

// Lean's compiled function of that name.
function leanFunction(name) {
  if (!leanFunctions.has(name)) {
    const slot = leanSymbol(Buffer.from(name + "\0"), 0);
    if (slot === 0) throw new Error("this Lean has no " + name);
    leanFunctions.set(name, wasmTable.get(slot));
  }
  return leanFunctions.get(name);
}

const leanCall = (name, ...words) => leanFunction(name)(...words) >>> 0;
const leanWord = (address) => (growMemViews(), HEAPU32[address >>> 2]);
const leanBox = (number) => ((number << 1) | 1) >>> 0;
const leanIsBoxed = (object) => (object & 1) === 1;
const leanTag = (object) => (leanIsBoxed(object) ? object >>> 1 : (growMemViews(), HEAPU8[object + 7]));
const leanField = (object, index) => leanWord(object + 8 + 4 * index);
const leanByte = (object, fields, index) => (growMemViews(), HEAPU8[object + 8 + 4 * fields + index]);
const leanDatum = (name) => leanWord(leanSymbol(Buffer.from(name + "\0"), 0));

// One more reference to the object: whatever is handed to a function that keeps it. A count of 0 is not kept, one below
// 0 is shared between threads and counts down. References are never given back: the process is replaced before that
// matters.
function leanKeep(object) {
  if (leanIsBoxed(object)) return object;
  const count = leanWord(object) | 0;
  if (count > 0) HEAPU32[object >>> 2] = count + 1;
  else if (count < 0) Atomics.sub(HEAP32, object >>> 2, 1);
  return object;
}

// A new object of `size` bytes after its header.
function leanObject(tag, other, size) {
  const all = (8 + size + 7) & ~7;
  const object = leanCall("lean_alloc_object", all);
  growMemViews();
  HEAPU8.fill(0, object, object + all);
  HEAPU32[object >>> 2] = 1;
  HEAPU32[(object >>> 2) + 1] = (tag << 24) | (other << 16) | (tag < 245 ? all : 0);
  return object;
}

function leanConstructor(tag, ...fields) {
  const object = leanObject(tag, fields.length, 4 * fields.length);
  HEAPU32.set(fields, (object + 8) >>> 2);
  return object;
}

function leanArray(elements) {
  const object = leanObject(246, 0, 8 + 4 * elements.length);
  HEAPU32.set([elements.length, elements.length, ...elements], (object + 8) >>> 2);
  return object;
}

const leanList = (elements) => elements.reduceRight((tail, head) => leanConstructor(1, head, tail), leanBox(0));

function leanListed(list) {
  const elements = [];
  for (; !leanIsBoxed(list); list = leanField(list, 1)) elements.push(leanField(list, 0));
  return elements;
}

// Calls `use` with the address and length of the bytes, followed by a NUL, in linear memory.
function leanWithBytes(bytes, use) {
  const address = wasmExports.malloc(bytes.length + 1);
  growMemViews();
  HEAPU8.set(bytes, address);
  HEAPU8[address + bytes.length] = 0;
  const object = use(address, bytes.length) >>> 0;
  wasmExports.free(address);
  return object;
}

const leanString = (text) => leanWithBytes(Buffer.from(text), leanFunction("lean_mk_string_from_bytes"));

function leanText(string) {
  const size = leanWord(string + 8);
  return Buffer.from(HEAPU8.slice(string + 20, string + 20 + size - 1)).toString();
}

// The value of an IO action's result; throws the error that it ended with.
function leanResult(result) {
  const value = leanField(result, 0);
  if (leanTag(result) === 0) return value;
  throw new Error(leanText(leanCall("lean_io_error_to_string", value)));
}
