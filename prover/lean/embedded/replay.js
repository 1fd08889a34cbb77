// `lean.js --replay`: asks Lean's kernel again about compiled modules. `loader.py` puts this text before the loader's.
//
// One request a line on standard input, one answer a line on standard output, which nothing else writes to:
//     {"id", "imports": [["Init"], …], "modules": [{"parts": [path, …]}, …]}    in dependency order
//     {"id", "replayed", "skipped", "refused": [[name, why], …]}    or    {"id", "failed"}, after which the process ends
// `refused` has every constant of the modules' last parts that was not accepted; a name is the list of its components,
// a numeral in it a list of one. No code of a module runs: the library is imported without its extensions, and modules
// are only read. Called by prover/lean/replay.py.

const LEAN_REPLAY = "--replay";
const LEAN_LONGEST = 1000; // characters of a refusal

const leanKept = new Map(); // what was replayed already: by the digests of all that it consists of

// `public import` of the module with that name.
function leanImport(parts) {
  const name = parts.reduce((prefix, part) => leanCall("lean_name_mk_string", prefix, leanString(part)), leanBox(0));
  const entry = leanObject(0, 1, 8); // the name, then a byte each for `import all`, `public`, `meta`
  HEAPU32[(entry + 8) >>> 2] = name;
  HEAPU8[entry + 13] = 1;
  return entry;
}

// The library's modules, imported as importers see them, without their extensions.
function leanLibrary(imports) {
  const key = JSON.stringify(imports);
  if (!leanKept.has(key)) {
    const options = leanDatum("l_Lean_Options_empty"), noFiles = leanDatum("l_Lean_NameSet_empty");
    const trust = 0, keep = 1, extensions = 0, everything = 2, plugins = leanArray([]);
    const wanted = leanArray(imports.map(leanImport));
    const words = [wanted, options, trust, plugins, keep, extensions, everything, noFiles];
    const imported = leanResult(leanCall("l_Lean_importModules", ...words));
    const environment = leanCall("lean_elab_environment_to_kernel_env", imported);
    leanKept.set(key, { key, replayed: 0, skipped: 0, refused: [], environment });
  }
  return leanKept.get(key);
}

// The state after one more module.
function leanAfter(state, { parts }) {
  const file = new LeanFile(parts), key = `${state.key} ${file.digest()}`;
  if (!leanKept.has(key)) {
    const replay = new LeanReplay(leanKeep(state.environment), file);
    replay.run();
    const refused = [...replay.refused].map(([name, why]) => [JSON.parse(name), why.slice(0, LEAN_LONGEST)]);
    leanKept.set(key, {
      key,
      replayed: state.replayed + replay.constants.size,
      skipped: state.skipped + replay.skipped,
      refused: [...state.refused, ...refused],
      environment: replay.environment,
    });
  }
  return leanKept.get(key);
}

function leanAnswer({ id, imports, modules }) {
  try {
    const { replayed, skipped, refused } = modules.reduce(leanAfter, leanLibrary(imports));
    return { id, replayed, skipped, refused };
  } catch (error) {
    return { id, failed: String(error?.message ?? error) };
  }
}

// The requests, a line each, until standard input ends.
function* leanRequests() {
  const chunk = Buffer.alloc(65536);
  let text = Buffer.alloc(0), length;
  while ((length = leanRetry(() => fs.readSync(0, chunk, 0, chunk.length, null))) > 0) {
    text = Buffer.concat([text, chunk.subarray(0, length)]);
    for (let end; (end = text.indexOf(10)) >= 0; text = text.subarray(end + 1)) {
      yield JSON.parse(text.subarray(0, end).toString());
    }
  }
}

// In place of `main`: the same start, then requests. Returns the exit code.
function leanReplayMain() {
  leanCall("lean_initialize");
  leanCall("lean_init_task_manager_using", 1);
  leanResult(leanCall("lean_init_search_path"));
  leanCall("lean_io_mark_end_initialization");
  for (const request of leanRequests()) {
    const answer = leanAnswer(request), text = Buffer.from(JSON.stringify(answer) + "\n");
    for (let at = 0; at < text.length; ) at += leanRetry(() => fs.writeSync(1, text, at));
    if ("failed" in answer) return 1;
  }
  return 0;
}
