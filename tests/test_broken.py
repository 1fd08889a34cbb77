"""The corpus of broken proofs: large enough, made by seeds, split by theorem, and every proof in it really broken."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.lemmas import has_hole
from benchmarks.broken import layout, lean3, terms
from benchmarks.broken.corpus import MUTANTS, Broken, corpus, original, proof_of, split, task
from benchmarks.broken.generate import SHARE, WANTED, Mutant, chosen, drawn, row, trials
from benchmarks.broken.mutations import KINDS, mutated
from benchmarks.broken.originals import HERE, originals, worked_example
from benchmarks.broken.words import Fault
from prover.lean.hints import Severity
from prover.lean.pool import LeanPool, WorkerLimits
from prover.lean.toolchain import Toolchain

CORPUS = corpus()
MUTANTS_ONLY = [broken for broken in CORPUS if broken.source == "mutant"]
BY_HAND = [broken for broken in CORPUS if broken.source == "byhand"]
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in sorted(HERE.glob("*.lean"))}
PROOF = """:= by
  induction n with
  | zero => exact h₁
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    have hle : k ≤ n := by omega
    rw [Nat.add_comm, hk]
    exact fun x => Nat.le_trans hle (h.1 x)"""


@pytest.fixture(scope="module")
async def pool(toolchain: Toolchain) -> AsyncIterator[LeanPool]:
    async with LeanPool(toolchain, size=1, spares=0, limits=WorkerLimits(seconds=120.0)) as pool:
        yield pool


# What there is


def test_there_are_enough_broken_proofs_of_enough_theorems() -> None:
    assert len(MUTANTS_ONLY) == WANTED
    assert len(BY_HAND) == 40
    assert len({broken.theorem for broken in CORPUS}) >= 150
    assert len({broken.theorem for broken in BY_HAND}) == 40
    assert len({broken.id for broken in CORPUS}) == len(CORPUS)


def test_most_theorems_are_our_own_and_their_proofs_are_no_one_liners() -> None:
    own = [name for name in originals() if not name.startswith("Numbers.")]
    assert len(own) >= 60
    assert all(3 <= original(name).proof.count("\n") + 1 <= 30 for name in own)
    assert sum(original(name).proof.count("\n") + 1 >= 8 for name in own) >= 30


def test_every_kind_of_fault_is_on_both_sides_of_the_split_and_none_is_rare() -> None:
    count = Counter((kind, broken.split) for broken in MUTANTS_ONLY for kind in broken.kinds)
    assert all(count[kind, "tuning"] >= 15 and count[kind, "heldout"] >= 6 for kind in KINDS)
    totals = [count[kind, "tuning"] + count[kind, "heldout"] for kind in KINDS]
    assert max(totals) < 1.5 * min(totals)
    assert sum(len(broken.kinds) == 2 for broken in MUTANTS_ONLY) >= WANTED // (2 * SHARE)


def test_the_split_goes_by_theorem_and_holds_out_a_third() -> None:
    assert all(broken.split == split(broken.theorem) for broken in CORPUS)
    for several in (MUTANTS_ONLY, BY_HAND, [*originals()]):
        held_out = sum(split(each if isinstance(each, str) else each.theorem) == "heldout" for each in several)
        assert 0.25 < held_out / len(several) < 0.42


# The originals


def test_a_file_with_the_proof_itself_is_the_file_and_with_another_only_the_proof_changes() -> None:
    theorem = original("Sets.mirror_mirror")
    assert theorem.file(theorem.proof) == theorem.text
    changed = theorem.file(":= by sorry")
    assert changed.replace(":= by sorry", theorem.proof) == theorem.text


def test_no_original_leaves_anything_open() -> None:
    assert not has_hole(worked_example())
    assert not any(map(has_hole, TEXTS.values()))


def test_a_task_knows_what_stands_before_the_theorem_and_not_its_proof() -> None:
    (broken, *_) = [broken for broken in CORPUS if broken.theorem == "Lists.rev_rev"]
    asked = task(broken)
    assert "Lists.rev_append" in asked.lemmas
    assert "Lists.sorted_sort" not in asked.lemmas
    assert asked.definitions == ("Lists.rev",)
    assert "theorem rev_rev" not in asked.outline


# The mutants


def test_the_file_of_mutants_is_what_the_seeds_give() -> None:
    for line in MUTANTS.read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        theorem, kinds, seed = said["theorem"], tuple(said["kinds"]), said["seed"]
        body = mutated(original(theorem).proof, kinds, seed, theorem)
        assert body is not None
        assert line == row(Mutant(theorem, kinds, seed, body))


def test_what_is_drawn_has_all_kinds_of_fault_and_no_text_twice() -> None:
    mutants = drawn(original("Lists.sorted_insert"))
    assert {kind for mutant in mutants for kind in mutant.kinds} == {*KINDS}
    assert len({mutant.body for mutant in mutants}) == len(mutants)


@given(name=st.sampled_from(sorted(originals())), kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 99))
def test_a_mutant_depends_on_its_seed_alone_and_is_never_the_original(name: str, kind: str, seed: int) -> None:
    proof = original(name).proof
    once, again = (mutated(proof, [kind], seed, name) for _ in range(2))
    assert once == again
    assert once != proof


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        (terms.without_namespace, "rw [add_comm, hk]"),
        (terms.other_namespace, "Int.le_trans hle"),
        (terms.prime, "Nat.le_trans' hle"),
        (terms.turned_round, "Nat.comm_add"),
        (terms.without_rule, "rw [hk]"),
        (terms.other_tactic, "use fun x"),
        (terms.other_order, "hle : k < n"),
        (terms.arguments, "Nat.le_trans (h.1 x) hle"),
        (terms.projections, "(h.2 x)"),
        (terms.components, "⟨hk, k⟩"),
        (terms.direction, "rw [← Nat.add_comm, hk]"),
        (terms.hypotheses, "rw [Nat.add_comm, ih]"),
        (terms.symm, "exact h₁.symm"),
        (layout.without_line, "⟨k, hk⟩ := ih\n    rw"),
        (layout.without_arm, "with\n  | succ"),
        (layout.line_less, "\n   rw ["),
        (layout.flat, "=>\n  obtain"),
        (layout.joined, "ih have hle"),
        (lean3.commas, "by omega,\n"),
        (lean3.begin_end, ":=\nbegin\n"),
        (lean3.lower_case, "nat.le_trans hle"),
        (lean3.rewrite_without_brackets, "rw Nat.add_comm hk\n"),
        (lean3.cases_with, "cases ih with k hk\n"),
        (lean3.lambda_, "exact λ x, Nat.le_trans"),
        (lean3.have_comma, "have hle : k ≤ n, by omega,"),
        (lean3.induction_with, "induction n with n ih,\n  · exact h₁\n"),
    ],
)
def test_a_fault_does_what_it_says(fault: Fault, wrong: str) -> None:
    assert wrong not in PROOF
    assert any(wrong in (fault(PROOF, Random(seed)) or "") for seed in range(80))


@pytest.mark.parametrize("fault", [layout.cut_at_word, layout.cut_at_line, layout.cut_in_word])
def test_a_proof_that_breaks_off_is_the_beginning_of_it(fault: Callable[[str, Random], str | None]) -> None:
    for seed in range(20):
        cut = fault(PROOF, Random(seed))
        assert cut
        assert PROOF.startswith(cut)
        assert len(cut) < len(PROOF)


def test_where_there_is_nothing_to_break_nothing_is_broken() -> None:
    assert mutated(":= rfl", ["swapped"], 0, "any") is None
    assert mutated(":= rfl", ["indentation", "Lean 3"], 0, "any") is None


def test_of_what_lean_refuses_as_many_are_kept_as_are_wanted_and_all_kinds_alike() -> None:
    def several(theorem: str) -> Iterator[Mutant]:
        for number, kind in enumerate(KINDS):
            yield Mutant(theorem, (kind,), number, f"{theorem} {kind}")
        yield Mutant(theorem, ("swapped", "Lean 3"), 8, f"{theorem} twice")

    kept = chosen({f"T{number}": list(several(f"T{number}")) for number in range(200)})
    assert len(kept) == WANTED
    assert sum(len(mutant.kinds) == 2 for mutant in kept) == WANTED // SHARE
    others = Counter(kind for mutant in kept for kind in mutant.kinds if kind not in ("swapped", "Lean 3"))
    assert max(others.values()) - min(others.values()) <= 1
    assert max(Counter(mutant.theorem for mutant in kept).values()) == 2


# By hand


@pytest.mark.parametrize("broken", BY_HAND, ids=lambda broken: broken.id)
def test_a_reply_has_a_proof_in_it_and_says_what_is_wrong(broken: Broken) -> None:
    proof = proof_of(broken)
    assert proof
    assert proof.body.strip() != original(broken.theorem).proof
    assert broken.wrong.endswith(".")
    assert broken.kinds


# With Lean


async def closing(pool: LeanPool, several: Sequence[Broken]) -> list[str]:
    """Those of the broken proofs of one theorem that Lean accepts after all."""
    found: list[str] = []
    by_lemmas: dict[str, list[tuple[str, str]]] = {}
    for broken in several:
        if proof := proof_of(broken):
            by_lemmas.setdefault(proof.helpers, []).append((broken.id, proof.body))
    for helpers, mine in by_lemmas.items():
        seen = await trials(pool, original(several[0].theorem), [body for _, body in mine], helpers)
        found += [id_ for (id_, _), trial in zip(mine, seen, strict=True) if trial.closes]
    return found


async def test_lean_accepts_an_original_and_refuses_what_is_broken(pool: LeanPool) -> None:
    """Of a theorem whose proof is arms without `:=`: they must stand in a copy as they do in the file."""
    theorem = original("Lists.length_evens")
    assert theorem.proof.startswith("| [] =>")
    wrong = [proof.body for broken in CORPUS if broken.theorem == theorem.name and (proof := proof_of(broken))]
    trial, *trials_of_wrong = await trials(pool, theorem, [theorem.proof, *wrong])
    assert trial.closes, trial.messages
    assert [found.closes for found in trials_of_wrong] == [False] * len(wrong) != []


@pytest.mark.slow
@pytest.mark.parametrize("name", [*TEXTS, "Numbers"])
async def test_every_original_compiles_without_a_hole(pool: LeanPool, name: str) -> None:
    check = await pool.check(TEXTS.get(name) or worked_example())
    said = [message.text for message in check.messages if message.severity is not Severity.INFORMATION]
    assert [text for text in said if "unused" not in text] == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_lean_refuses_every_broken_proof(pool: LeanPool) -> None:
    for name in {broken.theorem: None for broken in CORPUS}:
        assert await closing(pool, [broken for broken in CORPUS if broken.theorem == name]) == []
