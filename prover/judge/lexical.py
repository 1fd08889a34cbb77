"""A glance at an attempt's text before Lean sees it: what it may not contain, told kindly, with the line.

Takes milliseconds and is never the last word: it knows no macros and no namespaces, so it lets pass what it is not sure
of, and all that matters is found again in compiled data. What it refuses no honest proof contains; the same words in
comments, strings, quoted names and longer names are fine. Called by the judge in front of every build.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from prover.lean.lexer import CLOSING, OPENING, Sort, Token, tokens
from prover.lean.source import split_header
from prover.model import Reason


class Objection(NamedTuple):
    """`line` counts from 1; `text` has it too: "line 4: `native_decide` trusts the compiler; use `decide`"."""

    reason: Reason
    line: int
    text: str


_Rules = Mapping[str, tuple[Reason, str]]
_Found = tuple[str, Reason, int, str]  # the word, why it is refused, where it stands, what to say


def _table(*rows: tuple[Reason, str, str]) -> _Rules:
    """A rule for each of the words of a row."""
    return {key: (reason, advice) for reason, keys, advice in rows for key in keys.split()}


# `IO.FS.*` is that name and all below it, `*.addDecl` that name with any prefix or none, `@[init]` an attribute,
# `set_option:debug.*` an option, `open:Lake.*` an opened namespace, `^require` a word in the first column.
_RULES = _table(
    (Reason.SORRY, "sorry sorryAx admit stop", "leaves a hole; prove what is left"),
    (Reason.SORRY, "set_option:debug.proofAsSorry set_option:debug.byAsSorry", "leaves holes; prove what is left"),
    (Reason.SORRY, "set_option:debug.terminalTacticsAsSorry", "leaves holes; prove what is left"),
    (Reason.AXIOM, "axiom *.axiomDecl", "assumes instead of proving; prove it as a theorem"),
    (Reason.TRUST_COMPILER, "native_decide +native", "trusts the compiler; use `decide`, `omega` or `simp`"),
    (Reason.TRUST_COMPILER, "*.ofReduceBool *.ofReduceNat *.trustCompiler", "trusts the compiler; use `decide`"),
    (Reason.TRUST_COMPILER, "@[implemented_by] @[extern] @[csimp]", "gives a definition other code than its own"),
    (Reason.KERNEL, "*.addDeclCore *.addDeclWithoutChecking", "can pass by the kernel; state a theorem"),
    (Reason.KERNEL, "set_option:debug.* debug.skipKernelTC.*", "can switch off the kernel; leave it as it is"),
    (Reason.HYGIENE, "unsafe unsafeCast ptrAddrUnsafe", "is outside of the logic; use safe definitions"),
    (Reason.HYGIENE, "lcProof lcUnreachable", "is for the compiler alone; prove it"),
    (Reason.SIDE_EFFECT, "initialize builtin_initialize @[init] @[builtin_init]", "runs in whoever imports the module"),
    (Reason.SIDE_EFFECT, "@[export] *.addBuiltin", "changes the process that compiles it, not only its module"),
    (Reason.SIDE_EFFECT, "run_cmd run_elab run_meta run_tac by_elab", "runs a program in Lean; write the proof itself"),
    (Reason.SIDE_EFFECT, "elab elab_rules", "runs a program in Lean; use `macro` or `syntax`"),
    (Reason.SIDE_EFFECT, "IO.FS.* IO.Process.* System.FilePath.*", "acts on the machine; a proof need not"),
    (Reason.SIDE_EFFECT, "IO.sleep IO.getEnv IO.appPath IO.currentDir IO.rand", "asks the machine; a proof need not"),
    (Reason.CHANNEL, "IO.print IO.println IO.eprint IO.eprintln", "speaks to whoever reads Lean's output"),
    (Reason.CHANNEL, "IO.Process.exit IO.FS.Stream.*", "meddles with what Lean says; a proof need not"),
    (Reason.CHANNEL, "IO.getStdin IO.getStdout IO.getStderr", "meddles with what Lean says; a proof need not"),
    (Reason.CHANNEL, "IO.setStdin IO.setStdout IO.setStderr", "meddles with what Lean says; a proof need not"),
    (Reason.PROJECT_FILE, "open:Lake.* ^package ^require ^lean_lib ^lean_exe", "belongs into a lakefile"),
)
# Only in text that speaks of `Lean`: otherwise these are constructors of somebody's own lambda calculus.
_META = _table((Reason.HYGIENE, "*.fvar *.mvar", "makes terms with loose variables; no finished proof has any"))
_ENDS = "a proof ends where its declaration ends"
_BODY = _table(
    (Reason.TRUST_COMPILER, "set_option:compiler.*", "changes how code is compiled; a proof need not"),
    (
        Reason.SCOPE,
        "^theorem ^lemma ^def ^abbrev ^instance ^opaque ^example ^axiom ^inductive ^structure ^class",
        _ENDS,
    ),
    (Reason.SCOPE, "^mutual ^end ^namespace ^section ^open ^export ^variable ^universe ^include ^omit", _ENDS),
    (Reason.SCOPE, "^attribute ^set_option ^macro ^macro_rules ^syntax ^elab ^elab_rules ^initialize", _ENDS),
    (Reason.SCOPE, "^notation ^infix ^infixl ^infixr ^prefix ^postfix ^@[ ^#", _ENDS),
    (Reason.SCOPE, "^private ^protected ^public ^meta ^noncomputable ^unsafe ^partial ^nonrec ^local ^scoped", _ENDS),
)
_TACTICS = {"admit", "stop"}  # no keywords to Lean: variables and fields may be called so
_BEFORE_TACTIC = {"by", ";", "·", ">", "=>", "(", "{", "|", "try", "repeat", "all_goals", "any_goals", "focus"}
_AFTER_TACTIC = {")", "}", ";", "|", "<"}  # `<;>` is three symbols
_LINE = 64  # how many words of a line are looked at for the `in` of `open … in`
_COMMANDS = {"axiom", "elab", "elab_rules", "initialize"}  # after a `|` these are constructors


def objections(attempt: str, target: str = "", *, open_lemmas: bool = False) -> list[Objection]:
    """What a whole file may not contain, in the order of its lines; each word once, where it first stands.

    A word that the trusted `target` uses itself is allowed, but never a hole. The imports must be the target's.
    `open_lemmas`: these are lemmas that are handed in as open, and `sorry` is the word for that.
    """
    allowed = {word for word, reason, _, _ in _findings(target, _RULES) if reason is not Reason.SORRY}
    allowed |= {"sorry"} if open_lemmas else set()
    return _told(attempt, chain(_header(attempt, target), _findings(attempt, _RULES)), allowed)


def objections_to_body(body: str) -> list[Objection]:
    """What may not stand in a slot, in the text from `:=` on. For helper declarations `objections` is right."""
    return _told(body, _findings(body, {**_RULES, **_BODY}))


def _told(text: str, findings: Iterator[_Found], allowed: Collection[str] = ()) -> list[Objection]:
    first: dict[tuple[str, Reason], Objection] = {}
    for word, reason, start, advice in findings:
        if word not in allowed and (word, reason) not in first:
            line = text.count("\n", 0, start) + 1
            first[word, reason] = Objection(reason, line, f"line {line}: `{word}` {advice}")
    return sorted(first.values(), key=lambda objection: objection.line)


def _findings(text: str, rules: _Rules) -> Iterator[_Found]:
    """Every forbidden word of a text."""
    words = [token for token in tokens(text) if token.significant and token.sort is not Sort.DOC]
    if any(token.text.split(".", 1)[0] == "Lean" for token in words):
        rules = {**rules, **_META}
    attributes = set(_attributes(words))
    variables = _variables(text, words)
    for index, token in enumerate(words):
        if token.text in variables or (token.sort is not Sort.NAME and token.text not in ("@", "#")):
            continue
        for word, key in _keys(text, words, index, token.start in attributes):
            if key in rules:
                reason, advice = rules[key]
                yield word, reason, token.start, advice
                if not key.startswith("^"):  # a command in a body may be a forbidden word too
                    break


def _keys(text: str, words: Sequence[Token], index: int, attribute: bool) -> Iterator[tuple[str, str]]:
    """What is to be looked up for a token, the most telling first: the word to show, the key of its rule."""
    token, before = words[index], words[index - 1].text if index else ""
    if command := _command(text, words, index):
        yield command, f"^{command}"
    if token.sort is not Sort.NAME:
        return
    name = token.text.removeprefix("_root_.")
    if attribute:
        yield name, f"@[{name}]"
    elif before in ("set_option", "open"):
        yield from ((name, f"{before}:{key}") for key in (name, f"{name.split('.', 1)[0]}.*"))
    if before == "+" and name == "native":
        yield "+native", "+native"
    if not (_is_field(words, index, name) or (before == "|" and name in _COMMANDS)):
        yield name, name
        yield from ((name, f"{prefix}.*") for prefix in _prefixes(name))
    yield name, f"*.{name.rsplit('.', 1)[-1]}"


def _prefixes(name: str) -> Iterator[str]:
    """`IO.FS.Stream`, `IO.FS`, `IO`; no rule is about more than three components."""
    parts = name.split(".", 3)[:3]
    return (".".join(parts[:size]) for size in range(len(parts), 0, -1))


def _is_field(words: Sequence[Token], index: int, name: str) -> bool:
    """Is it the `stop` of `(f x).stop`, or the `axiom` of `.axiom`? But `.sorry` is a bullet and a hole."""
    if index == 0 or words[index - 1].text not in (".", "|>.") or words[index - 1].end != words[index].start:
        return False
    close = index > 1 and words[index - 2].end == words[index - 1].start
    return close or words[index - 1].text == "|>." or name != "sorry"


def _attributes(words: Sequence[Token]) -> Iterator[int]:
    """Where the names of attributes start, in `@[…]` and `attribute […]`."""
    depth, before = 0, ""
    for token in words:
        if depth == 0:
            depth = int(token.text == "[" and before in ("@", "attribute"))
        else:
            if depth == 1 and before in ("[", ",", "local", "scoped"):
                yield token.start
            depth += (token.text in OPENING) - (token.text in CLOSING)
        before = token.text


def _variables(text: str, words: Sequence[Token]) -> set[str]:
    """The words for tactics that somewhere in the text mean something else, such as a variable."""
    places = ((index, token.text) for index, token in enumerate(words) if token.text in _TACTICS)
    return {word for index, word in places if not _is_tactic(text, words, index)}


def _is_tactic(text: str, words: Sequence[Token], index: int) -> bool:
    """Does this word stand alone, as a tactic without arguments does?"""
    before, token, after = words[max(index - 1, 0)], words[index], words[index + 1 : index + 2]
    starts = index == 0 or "\n" in text[before.end : token.start] or before.text in _BEFORE_TACTIC
    return starts and (not after or "\n" in text[token.end : after[0].start] or after[0].text in _AFTER_TACTIC)


def _command(text: str, words: Sequence[Token], index: int) -> str:
    """What starts a command here, in the first column; empty where it may be the next line of a term."""
    token = words[index]
    if token.start and text[token.start - 1] != "\n":
        return ""
    after = words[index + 1 : index + 3]
    match token.text:
        case "@":  # `@[simp]`; behind `where` it belongs to a local function
            starts = after[:1] and after[0].text == "[" and index and words[index - 1].text != "where"
            return "@[" if starts else ""
        case "#":  # `#eval`, but `#[1, 2]` and `#v[1, 2]` are arrays
            named = after[:1] and after[0].sort is Sort.NAME and after[0].start == token.end
            return "#" if named and not (after[1:] and after[1].text == "[" and after[1].start == after[0].end) else ""
        case "open" | "set_option":  # with `in` they are terms and tactics too
            end = text.find("\n", token.start) % (len(text) + 1)
            line = (word.text for word in words[index : index + _LINE] if word.start < end)
            return "" if "in" in line else token.text
    return token.text if token.sort is Sort.NAME else ""


def _header(attempt: str, target: str) -> Iterator[_Found]:
    """Where the header of the attempt is not the target's."""
    has, wanted = _items(attempt), _items(target)
    for item, start in has.items():
        if item.split()[-1].split(".")[0] == "Lake":
            yield item, Reason.PROJECT_FILE, start, "belongs into a lakefile"
        elif item not in wanted:
            yield item, Reason.IMPORTS, start, "is not in the target's header; leave the header as it is"
    for item in wanted.keys() - has.keys():
        yield item, Reason.IMPORTS, 0, "is missing; leave the target's header as it is"


def _items(text: str) -> dict[str, int]:
    """The header's items (`module`, `prelude`, `public import Some.Module`) and where they start."""
    items: dict[str, int] = {}
    words: list[Token] = []
    for token in tokens(split_header(text)[0]):
        if token.significant:
            words.append(token)
            if token.text not in ("public", "meta", "import", "all"):
                items.setdefault(" ".join(word.text for word in words), words[0].start)
                words = []
    items.pop("import Init", None)  # every file imports it
    return items
