// Module files, and Lean's objects made again of what they say. `loader.py` puts this text before the loader's.
//
// A file is not loaded into Lean's memory. Its constants are read here, shape by shape, and built anew with Lean's own
// constructors, so that nothing of the file is believed but what it says: hashes, flags and the form of numbers are
// computed again, and damage ends in an error. Layouts: prover/lean/{olean,expr,module}.py say more.

const LEAN_HEADER = 80; // bytes before the base address and the root

function leanDamaged(what) {
  throw new Error("a module file is damaged: " + what);
}

// The parts of one module, whose objects point into each other. Every access is checked by the view's bounds.
class LeanFile {
  constructor(paths) {
    this.parts = paths.map((path) => {
      const bytes = fs.readFileSync(path), view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      if (bytes.toString("latin1", 0, 5) !== "olean" || bytes[5] !== 2) leanDamaged("its header is not Lean's");
      const base = view.getUint32(LEAN_HEADER, true), root = view.getUint32(LEAN_HEADER + 4, true);
      return { bytes, view, base, root, gmp: (bytes[6] & 1) === 1 };
    });
    this.root = this.parts.at(-1).root;
  }

  digest() {
    const hash = require("crypto").createHash("sha256");
    for (const { bytes } of this.parts) hash.update(bytes.length + ":").update(bytes);
    return hash.digest("hex");
  }

  part(address) {
    for (const part of this.parts) {
      if (address >= part.base + LEAN_HEADER && address < part.base + part.bytes.length) return part;
    }
    return leanDamaged("a pointer leads nowhere");
  }

  word(address) {
    const part = this.part(address);
    return part.view.getUint32(address - part.base, true);
  }

  tag(address) {
    return leanIsBoxed(address) ? address >>> 1 : this.word(address + 4) >>> 24;
  }

  // The pointer fields of the constructor object at the address, which has so many, and `tag` where one is given.
  fields(address, count, tag = this.tag(address)) {
    if (leanIsBoxed(address) || this.word(address + 4) >>> 16 !== ((tag << 8) | count)) leanDamaged("a shape");
    return Array.from({ length: count }, (_, index) => this.word(address + 8 + 4 * index));
  }

  // An unboxed byte after the pointer fields: a Bool, or another enumeration of at most four.
  flag(address, fields, index) {
    const byte = (this.word(address + 8 + 4 * fields + (index & ~3)) >>> (8 * (index & 3))) & 255;
    return byte < 4 ? byte : leanDamaged("a flag");
  }

  elements(array) {
    if (this.tag(array) !== 246) leanDamaged("no array where one should be");
    return Array.from({ length: this.word(array + 8) }, (_, index) => this.word(array + 16 + 4 * index));
  }

  list(list) {
    const elements = [];
    while (list !== leanBox(0)) {
      const [head, tail] = this.fields(list, 2, 1);
      elements.push(head);
      list = tail;
    }
    return elements;
  }

  bytesOf(string) {
    if (this.tag(string) !== 249) leanDamaged("no string where one should be");
    const { bytes, base } = this.part(string), start = string - base + 20;
    return bytes.subarray(start, start + this.word(string + 8) - 1);
  }

  natural(number) {
    if (leanIsBoxed(number)) return BigInt(number >>> 1);
    const { view, base, gmp } = this.part(number), at = number - base;
    const limbs = gmp ? view.getInt32(at + 12, true) : view.getUint32(at + 12, true);
    if (this.tag(number) !== 250 || limbs <= 0 || (!gmp && view.getUint8(at + 8) !== 0)) leanDamaged("a number");
    let value = 0n;
    for (let limb = limbs - 1; limb >= 0; limb--) {
      value = (value << 32n) | BigInt(view.getUint32(at + 20 + 4 * limb, true));
    }
    return value;
  }
}

// ---- building ------------------------------------------------------------------------------------------------------

// How many pointers the value of each kind of constant has, and what stands in it after name, universe parameters and
// type, in the order of Lean's `lean_mk_…_val`: a digit is the number of an unboxed byte. By tag.
const LEAN_CONSTANTS = [
  { kind: "axiom", pointers: 1, order: [0] },
  { kind: "definition", pointers: 4, order: ["expr", "hints", 0, "names"] },
  { kind: "theorem", pointers: 3, order: ["expr", "names"] },
  { kind: "opaque", pointers: 3, order: ["expr", 0, "names"] },
  { kind: "quot", pointers: 1, order: [0] },
  { kind: "inductive", pointers: 6, order: ["nat", "nat", "names", "names", "nat", 0, 1, 2] },
  { kind: "constructor", pointers: 5, order: ["name", "nat", "nat", "nat", 0] },
  { kind: "recursor", pointers: 7, order: ["names", "nat", "nat", "nat", "nat", "rules", 0, 1] },
];

// Builds what a file says; shared parts stay shared.
class LeanBuilder {
  constructor(file) {
    this.file = file;
    this.made = { name: new Map(), level: new Map(), expr: new Map() };
  }

  // The object of that sort which the file has at the address, with one more reference.
  make(sort, address) {
    const made = this.made[sort];
    if (!made) return this["make_" + sort](address);
    if (!made.has(address)) made.set(address, this["make_" + sort](address));
    return leanKeep(made.get(address));
  }

  make_nat(address) {
    const value = this.file.natural(address);
    if (value < 1n << 31n) return leanBox(Number(value));
    return leanWithBytes(Buffer.from(value.toString()), leanFunction("lean_cstr_to_nat"));
  }

  make_string(address) {
    return leanWithBytes(this.file.bytesOf(address), leanFunction("lean_mk_string_from_bytes"));
  }

  make_name(address) {
    if (address === leanBox(0)) return address;
    const numeral = this.file.tag(address) === 2;
    const [prefix, last] = this.file.fields(address, 2, numeral ? 2 : 1);
    const make = numeral ? "lean_name_mk_numeral" : "lean_name_mk_string";
    return leanCall(make, this.make("name", prefix), this.make(numeral ? "nat" : "string", last));
  }

  make_names(address) {
    return leanList(this.file.list(address).map((name) => this.make("name", name)));
  }

  make_hints(address) {
    if (leanIsBoxed(address)) return address < leanBox(2) ? address : leanDamaged("hints");
    this.file.fields(address, 0, 2);
    return leanCall("lean_mk_reducibility_hints_regular", this.file.word(address + 8));
  }

  make_rules(address) {
    return leanList(this.file.list(address).map((rule) => {
      const [constructor, fields, right] = this.file.fields(rule, 3, 0);
      return leanConstructor(0, this.make("name", constructor), this.make("nat", fields), this.make("expr", right));
    }));
  }

  make_level(address) {
    if (address === leanBox(0)) return leanCall("lean_level_mk_zero", leanBox(0));
    const tag = this.file.tag(address), binary = tag === 2 || tag === 3;
    const fields = this.file.fields(address, binary ? 2 : 1);
    if (binary) {
      const [left, right] = fields.map((level) => this.make("level", level));
      return leanCall(tag === 2 ? "lean_level_mk_max" : "lean_level_mk_imax", left, right);
    }
    if (tag === 1) return leanCall("lean_level_mk_succ", this.make("level", fields[0]));
    return tag === 4 ? leanCall("lean_level_mk_param", this.make("name", fields[0])) : leanDamaged("a universe level");
  }

  make_literal(address) {
    const tag = this.file.tag(address), [value] = this.file.fields(address, 1);
    return tag < 2 ? leanConstructor(tag, this.make(tag === 0 ? "nat" : "string", value)) : leanDamaged("a literal");
  }

  // Free and meta variables are left out: no finished declaration has one. Annotations are left empty: the kernel does
  // not look at them.
  make_expr(address) {
    const { file } = this, tag = file.tag(address);
    const shape = LEAN_EXPRESSIONS[tag] || leanDamaged("an expression");
    const fields = file.fields(address, shape.fields.length, tag);
    const made = fields.map((field, index) => {
      if (shape.fields[index] === "levels") return leanList(file.list(field).map((level) => this.make("level", level)));
      return shape.fields[index] === "data" ? leanBox(0) : this.make(shape.fields[index], field);
    });
    return leanCall(shape.make, ...made, ...(shape.flag ? [file.flag(address, fields.length, 8)] : []));
  }
}

// By tag: Lean's constructor of the expression, its fields, and whether an unboxed byte follows the 8 of cached data.
const LEAN_EXPRESSIONS = {
  0: { make: "lean_expr_mk_bvar", fields: ["nat"] },
  3: { make: "lean_expr_mk_sort", fields: ["level"] },
  4: { make: "lean_expr_mk_const", fields: ["name", "levels"] },
  5: { make: "lean_expr_mk_app", fields: ["expr", "expr"] },
  6: { make: "lean_expr_mk_lambda", fields: ["name", "expr", "expr"], flag: true },
  7: { make: "lean_expr_mk_forall", fields: ["name", "expr", "expr"], flag: true },
  8: { make: "lean_expr_mk_let", fields: ["name", "expr", "expr", "expr"], flag: true },
  9: { make: "lean_expr_mk_lit", fields: ["literal"] },
  10: { make: "lean_expr_mk_mdata", fields: ["data", "expr"] },
  11: { make: "lean_expr_mk_proj", fields: ["name", "nat", "expr"] },
};
