"""What Lean generates once and shares: when an attempt's proof is the first to make it, the others have less of their
own, and other numbers. Nobody else has lost anything by that, and the judge says so."""

from pathlib import Path

from prover.judge.gate import Gate
from prover.lean.build import Build, Builder
from prover.lean.rows import names_in
from prover.model import Outcome
from tests.conftest import HEADER

GIVEN = """
def half : Nat → Nat
  | 0 => 0
  | n + 1 => n / 2

theorem target (n m : Nat) (h : n ≤ m) : n < m + 1 := by
  {target}

theorem steps (n m : Nat) (h : n ≤ m) : n < m + 2 ∧ n ≤ m + 3 := by
  {steps}

theorem cases_of_half (n : Nat) : 0 ≤ half n := by
  {cases}
"""
BEFORE = {
    "target": "sorry",
    "steps": "refine ⟨?_, ?_⟩ <;> omega",
    "cases": "unfold half\n  split\n  · exact Nat.zero_le _\n  · exact Nat.zero_le _",
}
# As if `target` had made some of it: one step fewer, and nobody asks for the splitter of `half` any more.
AFTER = {
    "target": "omega",
    "steps": "exact ⟨Nat.lt_of_le_of_lt h (by omega), by omega⟩",
    "cases": "exact Nat.zero_le _",
}


def generated(build: Build) -> dict[str, bytes]:
    """Constants of the module that Lean has made for a proof, with what they say."""
    constants = build.modules["M"].read().constants.values()
    return {str(c.name.user): c.statement_digest for c in constants if "_proof_" in str(c.name)}


def inlined(build: Build) -> set[str]:
    rows = build.modules["M"].read().extension("Lean.Compiler.inlineAttrs")
    return {str(name.user) for row in rows for name in names_in(row)}


async def test_steps_that_get_other_numbers_and_splitters_that_are_not_needed_any_more_are_nobodys_loss(
    builder: Builder, tmp_path: Path
) -> None:
    (tmp_path / "prover.toml").touch()
    (tmp_path / "M.lean").write_text(HEADER + GIVEN.format(**BEFORE))
    before = await builder.build(tmp_path)
    (tmp_path / "M.lean").write_text(HEADER + GIVEN.format(**AFTER))
    async with Gate.opened(builder) as gate:
        judgement = await gate.judge(["target"], before, tmp_path)
    assert judgement.build is not None
    was, now = generated(before), generated(judgement.build)
    assert [name for name in was.keys() & now.keys() if was[name] != now[name]] == ["steps._proof_1_1"]
    assert inlined(before) - inlined(judgement.build) == {"half.match_1.splitter"}
    assert judgement.verdicts["target"].outcome is Outcome.PROVED
