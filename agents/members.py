"""Lists that a statement knows by their members alone: without duplicates, and `x ∈ s` if and only if something holds.

Such a list is a rearrangement of those members of a range for which that holds, so that its length, and its sum, can be
computed. Pure; tried by the automation agent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.splitter import Goal

_KNOWN = re.compile(r"∀ \(?([\w'₀-₉]+)(?: : (?:Nat|Int)\))?, \1 ∈ (?P<list>[\w'₀-₉]+) ↔ .*")
_SIZES = (20, 120)
_RANGES = {"Nat": "List.range {size}", "Int": "(List.range {twice}).map fun i : Nat => (i : Int) - {size}"}
_INSIDE = {
    "Nat": "refine List.mem_range.mpr ?_\n{bounded}",
    "Int": "exact List.mem_map.mpr ⟨(x + {size}).toNat, List.mem_range.mpr (by omega), by omega⟩",
}
_ONCE = {"Nat": "List.nodup_range", "Int": "(List.pairwise_map.mpr (List.nodup_range.imp (by omega)))"}
_BOUNDED = "first | omega | (refine Nat.lt_of_not_le fun above => ?_; have := Nat.mul_le_mul above above; grind)"
_SAME = """\
have same : ∀ (p : {element} → Prop) [DecidablePred p], (∀ x, x ∈ {list} ↔ p x) → (∀ x, p x → x ∈ {range}) →
    {list}.Perm (({range}).filter fun x => decide (p x)) := by
  intro p _ known inside
  refine List.perm_iff_count.mpr fun x => ?_
  have both : x ∈ {range} ∧ p x ↔ p x := ⟨And.right, fun h => ⟨inside x h, h⟩⟩
  rw [{once}.count, (List.filter_sublist.nodup {distinct}).count]
  simp only [List.mem_filter, decide_eq_true_eq, known, both]
have same := same _ {known} (fun x h => by
  {inside})
first | rw [same.length_eq] | rw [same.sum_nat]
decide +kernel"""


def members(goal: Goal) -> Iterator[str]:
    """Proofs that replace a list by the members of a range, smallest range first."""
    for known, type_ in goal.variables.items():
        match = _KNOWN.fullmatch(type_)
        name = match["list"] if match else ""
        once = next((h for h, t in goal.variables.items() if t == f"{name}.Nodup"), None)
        element = goal.variables.get(name, "").removeprefix("List ")
        if once and element in _RANGES:
            yield from (_replaced(name, element, known, once, size) for size in _SIZES)


def _replaced(name: str, element: str, known: str, once: str, size: int) -> str:
    inside = _INSIDE[element].format(size=size, bounded=_BOUNDED).replace("\n", "\n  ")
    range_ = _RANGES[element].format(size=size, twice=2 * size)
    return _SAME.format(
        list=name, element=element, known=known, once=once, range=f"({range_})", inside=inside, distinct=_ONCE[element]
    )
