"""The notation of Lean's library: which constants are written with symbols, and how strongly these bind.

A table and nothing else. A slot stands for an argument of the constant and says how strongly what stands there must
bind; what binds less is put into brackets. The numbers are those of `Init.Prelude` and `Init.Notation` in Lean 4
(`infixl:65 " + "` is 65 with slots of 65 and 66). Called by `prover.lean.pretty`.
"""

from __future__ import annotations

from typing import NamedTuple

from prover.lean.name import Name

# What may stand before `.1`; Lean's `max` and `lead`; `→`; what `¬` and `!` take.
ATOM, MAX, LEAD, ARROW, NOT = 1025, 1024, 1023, 25, 40


class Slot(NamedTuple):
    """The place of an argument, counted from 0 with the implicit ones, and how strongly it must bind."""

    argument: int
    binds: int


class Notation(NamedTuple):
    """How a constant with `arguments` arguments is written; `open` where the last slot goes on as far as it can."""

    arguments: int
    binds: int
    pieces: tuple[str | Slot, ...]
    open: bool = False


# Symbol, arguments, precedence, and which side it associates to.
_INFIX: dict[str, tuple[str, int, int, str]] = {
    "Eq": ("=", 3, 50, ""),
    "Ne": ("≠", 3, 50, ""),
    "LT.lt": ("<", 4, 50, ""),
    "LE.le": ("≤", 4, 50, ""),
    "GT.gt": (">", 4, 50, ""),
    "GE.ge": ("≥", 4, 50, ""),
    "BEq.beq": ("==", 4, 50, ""),
    "bne": ("!=", 4, 50, ""),
    "HasEquiv.Equiv": ("≈", 4, 50, ""),
    "Dvd.dvd": ("∣", 4, 50, ""),
    "HasSubset.Subset": ("⊆", 4, 50, ""),
    "HasSSubset.SSubset": ("⊂", 4, 50, ""),
    "List.IsPrefix": ("<+:", 3, 50, ""),
    "List.IsSuffix": ("<:+", 3, 50, ""),
    "List.IsInfix": ("<:+:", 3, 50, ""),
    "Iff": ("↔", 2, 20, ""),
    "And": ("∧", 2, 35, "right"),
    "Or": ("∨", 2, 30, "right"),
    "Bool.xor": ("^^", 2, 33, "left"),
    "Bool.and": ("&&", 2, 35, "left"),
    "Bool.or": ("||", 2, 30, "left"),
    "Prod": ("×", 2, 35, "right"),
    "PProd": ("×'", 2, 35, "right"),
    "PSum": ("⊕'", 2, 30, "right"),
    "Sum": ("⊕", 2, 30, "right"),
    "HOr.hOr": ("|||", 6, 55, "left"),
    "HXor.hXor": ("^^^", 6, 58, "left"),
    "HAnd.hAnd": ("&&&", 6, 60, "left"),
    "HAdd.hAdd": ("+", 6, 65, "left"),
    "HSub.hSub": ("-", 6, 65, "left"),
    "HAppend.hAppend": ("++", 6, 65, "left"),
    "List.cons": ("::", 3, 67, "right"),
    "HMul.hMul": ("*", 6, 70, "left"),
    "HDiv.hDiv": ("/", 6, 70, "left"),
    "HMod.hMod": ("%", 6, 70, "left"),
    "HSMul.hSMul": ("•", 6, 73, "right"),
    "HShiftLeft.hShiftLeft": ("<<<", 6, 75, "left"),
    "HShiftRight.hShiftRight": (">>>", 6, 75, "left"),
    "HPow.hPow": ("^", 6, 80, "right"),
    "Union.union": ("∪", 4, 65, "left"),
    "Inter.inter": ("∩", 4, 70, "left"),
    "SDiff.sdiff": ("\\", 4, 70, ""),
    "Function.comp": ("∘", 5, 90, "right"),
    "Functor.map": ("<$>", 6, 100, "right"),
    "Bind.bind": (">>=", 6, 55, "left"),
}


def _infix(symbol: str, arguments: int, binds: int, side: str) -> Notation:
    """The last two arguments, with a symbol between them."""
    left, right = Slot(arguments - 2, binds + (side != "left")), Slot(arguments - 1, binds + (side != "right"))
    return Notation(arguments, binds, (left, f" {symbol} ", right))


def _member(symbol: str) -> Notation:
    """The set is the argument before its element."""
    return Notation(5, 50, (Slot(4, 51), f" {symbol} ", Slot(3, 51)))


_OTHERS = {
    "HEq": Notation(4, 50, (Slot(1, 51), " ≍ ", Slot(3, 51))),
    "Membership.mem": _member("∈"),
    "Not": Notation(1, NOT, ("¬", Slot(0, NOT))),
    "Bool.not": Notation(1, NOT, ("!", Slot(0, NOT))),
    "Neg.neg": Notation(3, 75, ("-", Slot(2, 76))),
    "Complement.complement": Notation(3, 100, ("~~~", Slot(2, 100))),
    "Inv.inv": Notation(3, ATOM, (Slot(2, ATOM), "⁻¹")),
    "Nat.cast": Notation(3, MAX, ("↑", Slot(2, MAX))),
    "Int.cast": Notation(3, MAX, ("↑", Slot(2, MAX))),
    "GetElem.getElem": Notation(8, ATOM, (Slot(5, ATOM), "[", Slot(6, 0), "]")),
    "GetElem?.getElem?": Notation(7, ATOM, (Slot(5, ATOM), "[", Slot(6, 0), "]?")),
    "GetElem?.getElem!": Notation(8, ATOM, (Slot(6, ATOM), "[", Slot(7, 0), "]!")),
    "EmptyCollection.emptyCollection": Notation(2, ATOM, ("∅",)),
    "Singleton.singleton": Notation(4, ATOM, ("{", Slot(3, 0), "}")),
    "List.nil": Notation(1, ATOM, ("[]",)),
    "Prod.mk": Notation(4, ATOM, ("(", Slot(2, 0), ", ", Slot(3, 0), ")")),
    "Unit.unit": Notation(0, ATOM, ("()",)),
    "ite": Notation(5, LEAD, ("if ", Slot(1, 0), " then ", Slot(3, 0), " else ", Slot(4, 0)), open=True),
}

NOTATIONS = {
    Name.parse(name): notation
    for name, notation in (*((name, _infix(*row)) for name, row in _INFIX.items()), *_OTHERS.items())
}
# What Lean lets everybody call so.
EXPORTED = {
    Name.parse(f"{namespace}.{name}"): name
    for namespace, name in (
        ("Bool", "true"),
        ("Bool", "false"),
        ("Option", "some"),
        ("Option", "none"),
        ("Decidable", "decide"),
        ("Inhabited", "default"),
        ("Min", "min"),
        ("Max", "max"),
        ("Pure", "pure"),
    )
}
NEGATED = {Name.parse("Membership.mem"): _member("∉")}  # what `¬` before a constant's notation is
