// One compiled module and Lean's kernel: every constant is put to it, each after those that it mentions, and must then
// be in the environment as the file has it. `loader.py` puts this text before the loader's; `replay.js` is the caller.
// It does what `Lean.Environment.replay` does (src/Lean/Replay.lean), with the kernel's own `lean_add_decl`. Nothing
// else ever adds to the environment, so that whatever is in it was checked, in whatever order it was asked about.

// Of `Lean.Kernel.Exception`, those that say nothing about the declaration.
const LEAN_EXHAUSTED = { 13: "deterministic timeout", 14: "excessive memory", 15: "deep recursion", 16: "interrupted" };

// A constant as its file has it. `name`, `levels`, `type` are addresses there; `details` are flags, and addresses with
// their sort.
class LeanConstant {
  constructor(builder, address) {
    const { file } = builder;
    this.tag = file.tag(address);
    this.layout = LEAN_CONSTANTS[this.tag] || leanDamaged("a constant");
    this.kind = this.layout.kind;
    this.value = file.fields(address, 1, this.tag)[0];
    const [head, ...rest] = file.fields(this.value, this.layout.pointers, 0);
    [this.name, this.levels, this.type] = file.fields(head, 3, 0);
    this.details = this.layout.order.map((sort) => {
      return typeof sort === "number" ? file.flag(this.value, this.layout.pointers, sort) : [sort, rest.shift()];
    });
    this.key = leanKey(file, this.name);
  }

  get(position) {
    return this.details[position][1];
  }

  // Lean's own replay leaves out what is unsafe or partial: the kernel lets nothing that is safe mention it.
  get skipped() {
    const flag = { axiom: 0, opaque: 1, inductive: 6, constructor: 4, recursor: 7 }[this.kind];
    return this.kind === "definition" ? this.details[2] !== 1 : flag !== undefined && this.details[flag] !== 0;
  }

  build(builder, name = builder.make("name", this.name)) {
    const details = this.details.map((detail) => (typeof detail === "number" ? detail : builder.make(...detail)));
    const head = [name, builder.make("names", this.levels), builder.make("expr", this.type)];
    return leanCall(`lean_mk_${this.kind}_val`, ...head, ...details);
  }
}

// A name in JavaScript: its components, unambiguously.
function leanKey(file, name) {
  const parts = [];
  while (name !== leanBox(0)) {
    const numeral = file.tag(name) === 2, [prefix, last] = file.fields(name, 2, numeral ? 2 : 1);
    parts.push(numeral ? [String(file.natural(last))] : file.bytesOf(last).toString());
    name = prefix;
  }
  return JSON.stringify(parts.reverse());
}

const leanShown = (key) => JSON.parse(key).join(".");

// The names that an expression mentions, added to `found`.
function leanMentions(file, expression, seen, found) {
  const open = [expression];
  while (open.length) {
    const address = open.pop();
    if (seen.has(address)) continue;
    seen.add(address);
    const tag = file.tag(address), shape = LEAN_EXPRESSIONS[tag] || leanDamaged("an expression");
    const fields = file.fields(address, shape.fields.length, tag);
    if (tag === 4 || tag === 11) found.add(leanKey(file, fields[0]));
    open.push(...fields.filter((_, index) => shape.fields[index] === "expr"));
  }
}

// ---- one module ----------------------------------------------------------------------------------------------------

// Puts the constants of one module to the kernel, each after those that it mentions.
class LeanReplay {
  constructor(environment, file) {
    this.environment = environment;
    this.file = file;
    this.builder = new LeanBuilder(file);
    const listed = file.elements(file.fields(file.root, 5, 0)[2]); // the root is a `ModuleData`
    const all = listed.map((address) => new LeanConstant(this.builder, address));
    if (new Set(all.map((constant) => constant.key)).size !== all.length) leanDamaged("it has a name twice");
    this.constants = new Map(all.filter((constant) => !constant.skipped).map((constant) => [constant.key, constant]));
    this.skipped = all.length - this.constants.size;
    this.begun = new Set();
    this.again = new Set(); // theorems that the environment has with another proof
    this.refused = new Map(); // why, by key
  }

  // What is refused is left out, and so is what mentions it: the kernel does not know it then.
  run() {
    for (const constant of this.constants.values()) this.replay(constant);
    for (const constant of this.constants.values()) if (!this.refused.has(constant.key)) this.confirm(constant);
  }

  // Constructors and recursors come with their types, quotients with the library; `confirm` looks at all of them.
  replay(constant) {
    if (this.begun.has(constant.key)) return;
    this.begun.add(constant.key);
    for (const key of this.needs(constant)) if (this.constants.has(key)) this.replay(this.constants.get(key));
    const known = this.find(constant);
    if (known && constant.kind === "theorem") this.proveAgain(constant);
    else if (!known && constant.tag < 4) this.add(constant, this.declaration(constant));
    else if (!known && constant.kind === "inductive") this.add(constant, this.inductive(constant));
  }

  add(constant, declaration) {
    this.environment = this.ask(constant, declaration) ?? this.environment;
  }

  // What must be there before the constant is put to the kernel. An inductive type stands for its whole block.
  needs(constant) {
    const found = new Set(), seen = new Set();
    const look = (expression) => leanMentions(this.file, expression, seen, found);
    if (constant.kind === "constructor") found.add(leanKey(this.file, constant.get(0)));
    else if (constant.kind === "recursor") this.keys(constant.get(0)).forEach((key) => found.add(key));
    else if (constant.kind === "inductive") this.block(constant).forEach((part) => look(part.type));
    else look(constant.type);
    if (["definition", "theorem", "opaque"].includes(constant.kind)) look(constant.get(0));
    return found;
  }

  keys(list) {
    return this.file.list(list).map((name) => leanKey(this.file, name));
  }

  member(key, kind) {
    const constant = this.constants.get(key);
    return constant?.kind === kind ? constant : leanDamaged(`the ${kind} ${leanShown(key)} is missing`);
  }

  types(constant) {
    return this.keys(constant.get(2)).map((key) => this.member(key, "inductive"));
  }

  constructors(type) {
    return this.keys(type.get(3)).map((key) => this.member(key, "constructor"));
  }

  // The types of the inductive type's block, and their constructors.
  block(constant) {
    return this.types(constant).flatMap((type) => [type, ...this.constructors(type)]);
  }

  inductive(constant) {
    const types = this.types(constant);
    types.forEach((type) => this.begun.add(type.key));
    const typed = (part, ...more) =>
      leanConstructor(0, this.builder.make("name", part.name), this.builder.make("expr", part.type), ...more);
    const declared = types.map((type) => typed(type, leanList(this.constructors(type).map((part) => typed(part)))));
    const levels = this.builder.make("names", constant.levels), parameters = this.builder.make("nat", constant.get(0));
    return leanCall("lean_mk_inductive_decl", levels, parameters, leanList(declared), 0);
  }

  // Axioms, definitions, theorems and opaque constants have the same tags in `Declaration` as in `ConstantInfo`.
  declaration(constant, name) {
    return leanConstructor(constant.tag, constant.build(this.builder, name));
  }

  // Modules that do not see each other may prove a theorem twice, as they do with the equations of a definition. The
  // kernel knows the first; the second proof it is asked about under another name.
  proveAgain(constant) {
    const name = leanCall("lean_name_mk_string", this.builder.make("name", constant.name), leanString("«again»"));
    this.ask(constant, this.declaration(constant, name));
    this.again.add(constant.key);
  }

  // The environment with the declaration in it, which the kernel has checked; null when it refuses.
  ask(constant, declaration) {
    const answer = leanCall("lean_add_decl", leanKeep(this.environment), 0, declaration, leanBox(0));
    if (leanTag(answer) === 1) return leanField(answer, 0);
    this.refused.set(constant.key, leanComplaint(leanField(answer, 0)));
    return null;
  }

  find(constant) {
    const name = this.builder.make("name", constant.name);
    const found = leanCall("lean_environment_find", leanKeep(this.environment), name);
    return leanIsBoxed(found) ? null : leanField(found, 0);
  }

  // The environment has the constant, and it is the file's: what the kernel derives (constructors, recursors, the
  // numbers of an inductive type) cannot be written into a file otherwise.
  confirm(constant) {
    const found = this.find(constant), mine = constant.build(this.builder), again = this.again.has(constant.key);
    const same = found && (again ? leanSameHead(leanField(found, 0), mine) : leanSame(constant, found, mine));
    if (same) return;
    this.refused.set(constant.key, `the environment has ${found ? "another" : "none"} of this name`);
  }
}

const leanTrue = (name, ...objects) => (leanFunction(name)(...objects.map(leanKeep)) & 1) === 1;

// The same name, universe parameters and type.
function leanSameHead(left, right) {
  return leanTrue("l_Lean_instBEqConstantVal_beq", leanField(left, 0), leanField(right, 0));
}

const LEAN_EQUALITY = {
  axiom: "l_Lean_instBEqAxiomVal_beq",
  definition: "l_Lean_instBEqDefinitionVal_beq",
  theorem: "l_Lean_instBEqTheoremVal_beq",
  opaque: "l_Lean_instBEqOpaqueVal_beq",
  constructor: "l_Lean_instBEqConstructorVal_beq",
  recursor: "l_Lean_instBEqRecursorVal_beq",
};

// Whether the environment's constant `info` has the value `mine`, up to names of bound variables. Lean itself compares
// all kinds but inductive types and quotients, whose numbers are small, and so boxed.
function leanSame(constant, info, mine) {
  if (leanTag(info) !== constant.tag) return false;
  const found = leanField(info, 0), { kind, layout } = constant;
  if (kind in LEAN_EQUALITY) return leanTrue(LEAN_EQUALITY[kind], found, mine);
  const flags = layout.order.filter((sort) => typeof sort === "number");
  const details = layout.order.slice(0, -flags.length).every((sort, index) => {
    const [left, right] = [found, mine].map((object) => leanField(object, 1 + index));
    return sort === "names" ? leanSameNames(left, right) : left === right;
  });
  const alike = (flag) => leanByte(found, layout.pointers, flag) === leanByte(mine, layout.pointers, flag);
  return details && flags.every(alike) && leanSameHead(found, mine);
}

function leanSameNames(left, right) {
  const [some, others] = [leanListed(left), leanListed(right)];
  return some.length === others.length && some.every((name, index) => leanTrue("lean_name_eq", name, others[index]));
}

// What the kernel says is wrong. That it ran out of something is no refusal, and throws another error.
function leanComplaint(exception) {
  if (leanIsBoxed(exception)) throw new Error(`the kernel gave up: ${LEAN_EXHAUSTED[leanTag(exception)]}`);
  const message = leanCall("l_Lean_Kernel_Exception_toMessageData", exception, leanDatum("l_Lean_Options_empty"));
  return leanText(leanCall("l_Lean_MessageData_toString", message));
}
