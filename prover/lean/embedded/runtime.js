// What the package's loader lacks to be a good `lean` on Node. `loader.py` puts this text before the loader's own and
// hooks these functions in; names that are not declared here (HEAPU8, FS, GOT, Module, …) are the loader's.
// Runs in the main thread and, with its own copy of every variable, in each of Lean's threads.

console.log = () => {}; // the package's debug prints; Lean itself writes through fd_write

// ---- symbols: name → slot of the function table, or address of the datum. Written by wasm.py. ----------------------

let leanSymbols = null;

// Little endian: count, `count` offsets into the names, `count` values, then the names, NUL-terminated and sorted.
function leanOpenSymbols(buffer) {
  const [count] = new Uint32Array(buffer, 0, 1);
  leanSymbols = {
    buffer,
    starts: new Uint32Array(buffer, 4, count),
    values: new Uint32Array(buffer, 4 + 4 * count, count),
    names: new Uint8Array(buffer, 4 + 8 * count),
  };
}

function leanReadSymbols() {
  const content = require("fs").readFileSync(__dirname + "/lean.symbols");
  const shared = new SharedArrayBuffer(content.length); // one copy for all threads
  content.copy(new Uint8Array(shared));
  leanOpenSymbols(shared);
}

// The value of the NUL-terminated name that starts at bytes[at], or 0: what C's dlsym answers.
function leanSymbol(bytes, at) {
  const { starts, values, names } = leanSymbols;
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    let i = starts[middle], j = at;
    while (bytes[j] === names[i] && names[i] !== 0) { i++; j++; }
    if (bytes[j] === names[i]) return values[middle];
    if (bytes[j] < names[i]) high = middle; else low = middle + 1;
  }
  return 0;
}

// The linker's "global offset table": exactly the entries that the module's imports ask for.
function leanFillOffsets() {
  for (const [name, entry] of Object.entries(GOT)) {
    const value = leanSymbol(Buffer.from(name + "\0"), 0);
    if (value !== 0) entry.value = value;
  }
}

// ---- main: on a thread of its own, so that the main thread can serve files and start threads -----------------------

const LEAN_MAIN = 0x7ffffff1; // stands for `main` where pthread_create wants a function
const LEAN_MAIN_STACK = 64 << 20; // bytes
const LEAN_STACK_MB = 64; // V8's stack of each thread
let leanReplaying = false; // then standard output is the replay's alone
const leanPoolSize = () => Number(process.env.LEAN_WASM_POOL);

function leanStartMain(words) {
  for (const folder of process.env.LEAN_WASM_MOUNTS.split(":")) {
    FS.mkdirTree(folder);
    FS.mount(NODEFS, { root: folder }, folder);
  }
  FS.chdir(process.cwd());
  Module["leanExit"] = (code) => process.exit(code);
  setInterval(() => {}, 1e6); // keeps the event loop alive until leanExit
  noExitRuntime = 1;
  runtimeKeepaliveCounter = 1e6;
  const attributes = wasmExports.malloc(64), thread = wasmExports.malloc(4);
  wasmExports.pthread_attr_init(attributes);
  wasmExports.pthread_attr_setstacksize(attributes, LEAN_MAIN_STACK);
  const failed = wasmExports.pthread_create(thread, attributes, LEAN_MAIN, leanCopyWords(words));
  if (failed) throw new Error("pthread_create: " + failed);
}

// A C array of strings in linear memory: count, then pointers, then NULL.
function leanCopyWords(words) {
  const array = wasmExports.malloc(4 * (words.length + 2));
  const pointers = words.map((word) => {
    const size = lengthBytesUTF8(word) + 1, pointer = wasmExports.malloc(size);
    stringToUTF8(word, pointer, size);
    return pointer;
  });
  growMemViews();
  HEAPU32.set([words.length, ...pointers, 0], array >> 2);
  return array;
}

function leanRunMain(array) {
  growMemViews();
  leanReplaying = UTF8ToString(HEAPU32[(array >> 2) + 2]) === LEAN_REPLAY;
  const code = leanReplaying ? leanReplayMain() : wasmExports.__main_argc_argv(HEAPU32[array >> 2], array + 4);
  wasmExports.fflush(0);
  postMessage({ cmd: "callHandler", handler: "leanExit", args: [code] });
}

// ---- standard streams: raw, on the calling thread (the messages of LSP do not end in a newline) --------------------

const leanWait = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

// Calls `operation` again for as long as a non-blocking pipe is not ready.
function leanRetry(operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      leanWait(1);
    }
  }
}

// The buffers of a readv or writev: views of linear memory.
function leanBuffers(vector, count) {
  growMemViews();
  return Array.from({ length: count }, (_, k) => {
    const start = HEAPU32[(vector >> 2) + 2 * k];
    return HEAPU8.subarray(start, start + HEAPU32[(vector >> 2) + 2 * k + 1]);
  });
}

function leanRead(vector, count, done) {
  const target = leanBuffers(vector, count).find((buffer) => buffer.length > 0);
  const chunk = Buffer.alloc(Math.min(target.length, 65536)); // Node wants memory that is not shared
  const length = leanRetry(() => fs.readSync(0, chunk, 0, chunk.length, null));
  target.set(chunk.subarray(0, length));
  HEAPU32[done >> 2] = length;
  return 0;
}

// Debug prints that are compiled into this build of Lean; without them stderr tells why a process died.
const LEAN_DEBUG = /^(\[DEBUG:|  - .*\.olean\s*$|  mainModule\? = )/;

function leanWrite(stream, vector, count, done) {
  const text = Buffer.concat(leanBuffers(vector, count).map((buffer) => Buffer.from(buffer)));
  const dropped = stream === 2 && LEAN_DEBUG.test(text.toString());
  const target = leanReplaying ? 2 : stream;
  for (let at = dropped ? text.length : 0; at < text.length; ) at += leanRetry(() => fs.writeSync(target, text, at));
  HEAPU32[done >> 2] = text.length;
  return 0;
}

// ---- environment: only what is Lean's ------------------------------------------------------------------------------

function leanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(LEAN_|MIMALLOC_)/.test(name)));
}

