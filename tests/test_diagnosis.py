"""What Lean complains of, laid on blocks: with recorded messages, and with what the real Lean says of faulty proofs."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.base import Remark, Trial
from agents.bench import LeanBench
from agents.repair.blocks import Sort
from agents.repair.diagnosis import Complaint, Diagnosis, Trouble, diagnose
from agents.repair.troubles import trouble
from prover.lean.pool import LeanPool
from prover.lean.toolchain import Toolchain
from tests.test_bench import DOUBLE_ADD, a_bench

RECORDED = {
    Trouble.SYNTAX: [
        "unknown tactic",
        "unexpected identifier; expected command",
        "unexpected token ','; expected command",
        "unexpected end of input; expected '{' or indented tactic sequence",
        "unexpected end of input",
        "expected '{' or indented tactic sequence",
        "expected token",
        "unterminated comment",
        "Invalid `end`: There is no current scope to end\n\nNote: Scopes are introduced using `namespace`",
    ],
    Trouble.UNKNOWN: [
        "Unknown identifier `foo.bar`",
        "Unknown constant `Nat.foo`",
        "Unknown option `foo`",
        "Invalid field `sym`: The environment does not contain `Eq.sym`, so it is not possible to project the field",
        "Invalid projection: Projections cannot be used on functions, and\n  h\nhas function type",
        "Invalid alternative name `left`: Expected `inl`",
        "Case tag `suc` not found.\n\nHint: The only available case tag is `succ`.",
    ],
    Trouble.UNSOLVED: ["unsolved goals\ncase zero\n⊢ 0 = 0"],
    Trouble.NO_GOALS: ["No goals to be solved"],
    Trouble.MISMATCH: [
        "Type mismatch\n  h\nhas type\n  a = b\nbut is expected to have type\n  b = a",
        "Application type mismatch: The argument\n  a\nhas type\n  Nat",
        "Function expected at\n  h\nbut this term has type\n  a = b",
        "failed to synthesize instance of type class\n  OfNat String 3",
        "don't know how to synthesize placeholder for argument `w`",
        "'calc' expression has type\n  b < a\nbut is expected to have type\n  b = a",
        "invalid 'calc' step, left-hand side is\n  b : Nat\nbut previous right-hand side is\n  c : Nat",
        "Invalid `⟨...⟩` notation: The expected type `Nat` has more than one constructor",
        "Insufficient number of fields for `⟨...⟩` constructor: Constructor `Eq.refl` does not have explicit fields",
    ],
    Trouble.TACTIC: [
        "omega could not prove the goal:\na possible counterexample may satisfy the constraints",
        "`grind` failed\ncase grind\na b : Nat\nh : ¬b = a\n⊢ False",
        "`simp` made no progress",
        "Tactic `rewrite` failed: Did not find an occurrence of the pattern\n  ?n * ?m",
        "Tactic `decide` proved that the proposition\n  3 = 4\nis false",
        "Tactic `assumption` failed\n\na b : Nat\n⊢ b = a",
        "'show' tactic failed, pattern\n  b = 3\nis not definitionally equal to target\n  b = a",
        "'specialize' requires a term of the form `h x_1 .. x_n` where `h` appears in the local context",
        "`exact?` could not close the goal. Try `apply?` to see partial suggestions.",
        "No applicable extensionality theorem found for type\n  Nat",
        "Alternative `inr` has not been provided",
        "Missing cases:\n(Nat.succ _), _",
    ],
    Trouble.TIME: [
        "maximum recursion depth has been reached\nuse `set_option maxRecDepth <num>` to increase limit",
        "(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached",
        "no answer within the time limit",
    ],
    Trouble.OTHER: ["something that no Lean has ever said"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in RECORDED.items() for text in texts])
def test_the_kind_of_a_complaint_is_told_by_its_words(kind: Trouble, text: str) -> None:
    assert trouble(text) is kind


def said(body: str, *remarks: tuple[str, str]) -> Diagnosis:
    """The diagnosis of a body; of each remark the text, and the characters that it is about, as they stand there."""

    def remark(text: str, about: str) -> Remark:
        start = body.rindex(about)
        return Remark(text, 1, start, start + len(about))

    return diagnose(Trial(body, False, tuple(remark(text, about) for text, about in remarks)))


def owner(diagnosis: Diagnosis) -> str:
    """Sort and text of what owns the only complaint."""
    (complaint,) = diagnosis.complaints
    body = complaint.path[0]
    assert all(a.start <= b.start <= b.end <= a.end for a, b in zip(complaint.path, complaint.path[1:], strict=False))
    assert body is diagnosis.layout
    return complaint.owner.sort


def test_goals_that_are_left_are_the_fault_of_the_whole_sequence() -> None:
    body = ":= by\n  constructor\n  · skip\n  · cases n with\n    | zero => rfl; rfl\n    | succ n => { skip }"
    for about, text in {
        "by": body[8:],
        "· skip": "skip",
        "=> rfl; rfl": "rfl; rfl",
        "=> { skip }": "{ skip }",
        "}": "skip",
    }.items():
        (complaint,) = said(body, ("unsolved goals\n⊢ x", about)).complaints
        assert (complaint.owner.sort, complaint.owner.text(body)) == (Sort.SEQUENCE, text)
        assert complaint.trouble is Trouble.UNSOLVED


def test_what_is_wrong_in_a_term_is_the_fault_of_the_smallest_block_around() -> None:
    body = (
        ":= by\n  have h : T := foo bar\n  rw [baz, show a = b by simp]\n  calc a = b := bla\n    _ = c + d := by omega"
    )
    for about, sort, text in (
        ("foo", Sort.TERM, "foo bar"),
        ("baz", Sort.TACTIC, "rw [baz, show a = b by simp]"),
        ("simp", Sort.TACTIC, "simp"),
        ("bla", Sort.TERM, "bla"),
        ("c + d", Sort.STEP, "_ = c + d := by omega"),
        ("calc", Sort.TACTIC, body[body.index("calc") :]),
    ):
        (complaint,) = said(body, ("Unknown identifier `x`", about)).complaints
        assert (complaint.owner.sort, complaint.owner.text(body)) == (sort, text)


def test_what_goes_beyond_an_item_is_the_fault_of_the_item_in_which_it_begins() -> None:
    body = ":= by\n  constructor\n  exact (foo\n  simp"
    (complaint,) = said(body, ("Type mismatch\n  foo simp\nhas type\n  a", "foo\n  simp")).complaints
    assert complaint.owner.text(body) == "exact (foo"


def test_where_lean_stops_to_read_the_item_before_may_be_to_blame() -> None:
    body = ":= by\n  simp\n  have h : T := by\n  omega\n  rfl"
    diagnosis = said(body, ("expected '{' or indented tactic sequence", "omega\n  rfl"))
    (complaint,) = diagnosis.complaints
    assert complaint.before is not None
    assert (complaint.owner.word, complaint.before.word) == ("omega", "have")
    assert diagnosis.unread == 1
    assert diagnosis.errors == 2
    (complaint,) = said(body, ("unexpected token; expected term", "T")).complaints
    assert (complaint.owner.word, complaint.before) == ("have", None)


def test_what_only_follows_from_a_syntax_error_is_no_complaint() -> None:
    body = ":= by\n  exact foo\n  · have h : T := by\n      omg\n  · simp\n  · skip\nend"
    diagnosis = said(
        body,
        ("unknown tactic", "omg"),
        ("unsolved goals\n⊢ a", "by\n  exact foo\n  · have h : T := by\n      omg"),
        ("unsolved goals\n⊢ a", "· have h : T := by\n      omg"),
        ("unsolved goals\n⊢ a", "by\n      omg"),
        ("Unknown identifier `foo`", "foo"),
        ("Invalid `end`: There is no current scope to end", "end"),
    )
    assert [complaint.trouble for complaint in diagnosis.complaints] == [Trouble.UNKNOWN, Trouble.SYNTAX]
    assert diagnosis.unread == 5  # `·`, `simp`, `·`, `skip`, and `end`, which is none


def test_goals_left_in_a_block_that_was_read_to_its_end_do_count() -> None:
    body = ":= by\n  · skip\n  · simp,\n    rfl"
    diagnosis = said(body, ("unexpected token ','; expected command", ","), ("unsolved goals\n⊢ a", "· skip"))
    assert [complaint.trouble for complaint in diagnosis.complaints] == [Trouble.UNSOLVED, Trouble.SYNTAX]


def test_a_proof_that_breaks_off_is_the_fault_of_its_last_block() -> None:
    body = ":= by\n  have h : T := by\n    rw [foo]\n    exact (bar\n"
    end = Remark("unexpected token 'section'; expected ')'", 5, len(body), len(body))
    left = Remark("unsolved goals\n⊢ T", 2, body.index("by\n    rw"), body.index("\n    exact"))
    (complaint,) = diagnose(Trial(body, False, (left, end))).complaints
    assert (complaint.trouble, complaint.owner.word) == (Trouble.SYNTAX, "exact")
    (complaint,) = diagnose(Trial(":= by", False, (Remark("unexpected end of input", 1, 5, 5),))).complaints
    assert (complaint.owner.sort, complaint.owner.word) == (Sort.SEQUENCE, "by")


@pytest.mark.parametrize("text", ["no answer within the time limit", "Unknown constant `Nat.fib`", "unexpected token"])
def test_what_has_no_place_or_is_about_the_statement_is_laid_on_the_whole_body(text: str) -> None:
    for body in (":= by\n  simp", "| 0 => rfl"):
        (complaint,) = diagnose(Trial(body, False, (Remark(text),), timed_out=True)).complaints
        assert complaint.path == (diagnose(Trial(body, True)).layout,)


def test_nothing_is_known_of_a_body_when_its_helpers_are_wrong() -> None:
    diagnosis = diagnose(Trial(":= by simp", False, (Remark("Unknown identifier `x`", 1, 0, 3),), in_helpers=True))
    assert (diagnosis.complaints, diagnosis.errors) == ((), 0)


def test_complaints_come_in_the_order_of_their_places_and_only_once() -> None:
    body = ":= by\n  exact foo\n  exact bar"
    twice = [("Unknown identifier `bar`", "bar"), ("Unknown identifier `foo`", "foo")] * 2
    assert [c.remark.text[-4:-1] for c in said(body, *twice).complaints] == ["foo", "bar"]


@given(
    st.text("by·|=>:cases hwit\n (){},;_", max_size=80),
    st.lists(
        st.builds(
            Remark,
            st.sampled_from([text for texts in RECORDED.values() for text in texts]),
            st.just(1),
            st.integers(0, 90),
            st.integers(0, 90),
        ),
        max_size=4,
    ),
)
def test_any_complaint_has_an_owner(body: str, remarks: list[Remark]) -> None:
    diagnosis = diagnose(Trial(body, False, tuple(remarks)))
    assert bool(diagnosis.complaints) == bool(remarks)
    assert all(complaint.path[0] is diagnosis.layout for complaint in diagnosis.complaints)
    assert diagnosis.unread == 0 or any(c.trouble is Trouble.SYNTAX for c in diagnosis.complaints)
    assert diagnosis == diagnose(Trial(body, False, tuple(reversed(remarks))))


# Faulty proofs of `p ∧ q → n + 0 = n` and who owns what Lean says of them: the trouble, and the beginning of the owner.
STATEMENT = "(p q : Prop) (n m : Nat) (h : p ∧ q) (e : n = m) : q ∧ m = n"
FAULTY: dict[str, list[tuple[Trouble, str]]] = {
    ":= by\n  omega": [(Trouble.TACTIC, "omega")],
    ":= by\n  constructor\n  · exact h.3\n  · omega": [(Trouble.UNKNOWN, "exact h.3")],
    ":= by\n  constructor\n  · exact h.1\n  · omega": [(Trouble.MISMATCH, "exact h.1")],
    ":= by\n  constructor\n  · exact h.2\n  · simp only [Nat.add_comm]": [(Trouble.TACTIC, "simp only")],
    ":= by\n  constructor\n  · exact h.2": [(Trouble.UNSOLVED, "constructor\n  ·")],
    ":= by\n  constructor\n  · skip\n  · omega": [(Trouble.UNSOLVED, "skip")],
    ":= by\n  constructor\n  case left => skip\n  · omega": [(Trouble.UNSOLVED, "skip")],
    ":= by\n  refine ⟨h.2, ?_⟩\n  rw [e]\n  rfl": [(Trouble.NO_GOALS, "rfl")],
    ":= by\n  refine ⟨h.2, ?_⟩\n  rw [foo]": [(Trouble.UNSOLVED, "refine"), (Trouble.UNKNOWN, "rw [foo]")],
    ":= by\n  refine ⟨h.2, ?_⟩\n  rw [Nat.mul_comm]": [(Trouble.TACTIC, "rw [Nat")],
    ":= by\n  refine ⟨h.2, by simp⟩": [(Trouble.TACTIC, "simp")],
    ":= ⟨h.2, e⟩": [(Trouble.MISMATCH, "⟨h.2, e⟩")],
    ":= ⟨h.2, by\n  skip⟩": [(Trouble.UNSOLVED, "skip")],
    ":= by\n  have e2 : m = n := e\n  exact ⟨h.2, e2⟩": [(Trouble.MISMATCH, "e")],
    ":= by\n  have e2 : m = n := by\n    grind [foo]\n  exact ⟨h.2, e2⟩": [(Trouble.UNKNOWN, "grind [foo]")],
    ":= by\n  cases h with\n  | intro a b => skip": [(Trouble.UNSOLVED, "skip")],
    ":= by\n  cases h with\n  | mk a b => exact ⟨b, e.symm⟩": [
        (Trouble.TACTIC, "cases h"),
        (Trouble.UNKNOWN, "| mk a b"),
    ],
    ":= by\n  refine ⟨h.2, ?_⟩\n  calc m = n := e.symm\n    _ = n := foo": [(Trouble.UNKNOWN, "foo")],
    ":= by\n  refine ⟨h.2, ?_⟩\n  calc m = m + 0 := by simp\n    _ = n := by skip": [(Trouble.UNSOLVED, "skip")],
    ":= by\n  nlinarith [h]\n  exact h.2": [(Trouble.SYNTAX, "nlinarith")],
    ":= by\n  rw e\n  exact h.2": [(Trouble.SYNTAX, "rw e")],
    ":= by\n  constructor\n  · exact h.2,\n  · omega": [(Trouble.SYNTAX, "exact h.2,")],
    ":= by\n  constructor\n  · exact h.2\n     omega": [
        (Trouble.UNSOLVED, "constr"),
        (Trouble.MISMATCH, "exact h.2\n  "),
    ],
    ":= by\n  constructor\n  · exact h.2\n   omega": [(Trouble.SYNTAX, "omega")],
    ":= by\n  constructor\n  · exact h.2\n  · have x : n = m := by": [(Trouble.SYNTAX, "")],
    ":= by\n  constructor\n  · exact (h.2\n  · omega": [(Trouble.MISMATCH, "· exact (h.2"), (Trouble.SYNTAX, "omega")],
    ":= by\n  repeat (rw [← Nat.add_zero m])": [(Trouble.TIME, "rw [")],
    ":= fun x => x": [(Trouble.MISMATCH, "fun x => x")],
    ":= by exact ⟨h.2, e.symm⟩": [],
}


@pytest.fixture(scope="module")
async def bench(toolchain: Toolchain) -> AsyncIterator[LeanBench]:
    async with LeanPool(toolchain, size=1, spares=0) as pool:
        yield a_bench(pool, DOUBLE_ADD)


def brief(body: str, complaints: tuple[Complaint, ...]) -> list[tuple[Trouble, str]]:
    return [(complaint.trouble, complaint.owner.text(body)) for complaint in complaints]


async def test_lean_and_the_layout_agree_on_whose_fault_it_is(bench: LeanBench) -> None:
    trials = await bench.try_bodies(list(FAULTY), statement=STATEMENT)
    found = {trial.body: brief(trial.body, diagnose(trial).complaints) for trial in trials}
    # Of each owner only as much as is expected, so that a failure shows all there is to see.
    assert {
        body: [(kind, text[: len(begin)]) for (kind, text), (_, begin) in zip(found[body], expected, strict=False)]
        + found[body][len(expected) :]
        for body, expected in FAULTY.items()
    } == FAULTY
