"""The reader of LaTeX plans: what it understands of leanblueprint's macros, and what it says when it cannot read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prover.blueprint.check import Severity, compare
from prover.blueprint.plan import Blueprint, Node
from prover.blueprint.reader import find, read
from prover.errors import BlueprintError
from prover.graph import DeclarationGraph
from prover.model import Declaration, Kind, Position

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the root file of a plan, and further files by name; gives the root file."""

    def plan(text: str, **chapters: str) -> Path:
        source = tmp_path / "blueprint" / "src"
        source.mkdir(parents=True, exist_ok=True)
        for name, chapter in chapters.items():
            (source / f"{name}.tex").write_text(chapter, encoding="utf-8")
        (source / "content.tex").write_text(text, encoding="utf-8")
        return source / "content.tex"

    return plan


def refused(path: Path) -> str:
    """The message for a plan that cannot be read; it is one line, and a remedy comes with it."""
    with pytest.raises(BlueprintError) as caught:
        read(path)
    assert caught.value.remedy
    message = str(caught.value)
    assert "\n" not in message
    return message


SUMS = r"""
\chapter{Sums}\label{chap:sums}
\begin{definition}[Sum of $f$ up to {$[n]$}]\label{def:sum}
  \lean{Counting.sum, Counting.sum'}\leanok
  Let \(f\) be a function; put $\sum_{i<n} f(i)$. % \uses{nothing}
\end{definition}

\begin{theorem}
  \label{thm:gauss} \lean{Counting.gauss\_sum}
  \uses{def:sum} \discussion{12}
  \begin{equation}\label{eq:gauss} 2 \sum_{i \le n} i = n (n + 1). \end{equation}
\end{theorem}
\begin{proof}
  \uses{def:sum,
        lem:step} % by induction
  \leanok See \verb|\uses{verbatim}| and \ref{eq:gauss}.
\end{proof}

\begin{lemma}\label{lem:step} \notready One more summand. \end{lemma}
"""


def test_statements_and_proofs_are_read_with_their_marks(write: Write) -> None:
    nodes = read(write(SUMS)).nodes
    assert list(nodes) == ["def:sum", "thm:gauss", "lem:step"]
    assert nodes["def:sum"] == Node(
        label="def:sum",
        title="Sum of $f$ up to {$[n]$}",
        environment="definition",
        declarations=("Counting.sum", "Counting.sum'"),
        uses=frozenset(),
        proof_uses=frozenset(),
        statement_ok=True,
        proof_ok=False,
        in_library=False,
        source="content.tex:3",
    )
    gauss = nodes["thm:gauss"]
    assert gauss.declarations == ("Counting.gauss_sum",)
    assert gauss.uses == {"def:sum"}
    assert gauss.proof_uses == {"def:sum", "lem:step"}
    assert (gauss.statement_ok, gauss.proof_ok) == (False, True)


def test_edges_join_the_lean_names_of_statements_and_proofs(write: Write) -> None:
    edges = read(write(SUMS)).edges()
    assert edges["Counting.gauss_sum"] == {"Counting.sum", "Counting.sum'"}
    assert edges["Counting.sum"] == frozenset()


def test_a_label_without_a_lean_name_gives_no_edge_but_is_in_the_plan(write: Write) -> None:
    plan = read(write(SUMS))
    assert plan.nodes["lem:step"].declarations == ()
    assert set(plan.edges()) == {"Counting.sum", "Counting.sum'", "Counting.gauss_sum"}


def test_chapters_are_input_in_place_and_their_lines_are_their_own(write: Write) -> None:
    root = write(
        "\\input{one}\n\\begin{proof}\\uses{b}\\end{proof}\n\\include{two.tex}",
        one="\n\\begin{lemma}\\label{a}\\end{lemma}",
        two="\n\n\\begin{lemma}\\label{b}\\end{lemma}",
    )
    nodes = read(root).nodes
    assert (nodes["a"].source, nodes["b"].source) == ("one.tex:2", "two.tex:3")
    assert nodes["a"].proof_uses == {"b"}


def test_a_proof_may_say_what_it_proves(write: Write) -> None:
    text = r"""
    \begin{lemma}\label{a}\end{lemma} \begin{lemma}\label{b}\end{lemma}
    \begin{proof}\proves{a}\leanok\end{proof}
    """
    nodes = read(write(text)).nodes
    assert (nodes["a"].proof_ok, nodes["b"].proof_ok) == (True, False)


def test_a_proof_after_a_statement_without_a_label_is_not_taken_for_another_one(write: Write) -> None:
    nodes = read(
        write(r"\begin{lemma}\label{a}\end{lemma}\begin{remark} So.\end{remark}\begin{proof}\leanok\end{proof}")
    )
    assert not nodes.nodes["a"].proof_ok


def test_environments_of_the_author_are_statements(write: Write) -> None:
    text = r"""
    \newtheorem{observation}[theorem]{Observation}
    \begin{observation}\label{declared}\end{observation}
    \begin{puzzle}\label{named} \lean{P.q} \end{puzzle}
    \begin{figure}\label{picture}\end{figure}
    """
    assert list(read(write(text)).nodes) == ["declared", "named"]


def test_marks_in_a_list_inside_a_statement_belong_to_the_statement(write: Write) -> None:
    items = r"\begin{enumerate}\item \label{i}\lean{A.one}\item \lean{A.two}\end{enumerate}"
    text = rf"\begin{{theorem}}\label{{t}}{items}\end{{theorem}}"
    (node,) = read(write(text)).nodes.values()
    assert (node.label, node.declarations) == ("t", ("A.one", "A.two"))


def test_a_label_inside_a_statement_stands_for_the_statement(write: Write) -> None:
    nodes = read(write(SUMS + r"\begin{corollary}\label{cor}\uses{eq:gauss}\end{corollary}")).nodes
    assert nodes["cor"].uses == {"thm:gauss"}


def test_a_lean_name_without_a_label_is_kept_under_its_place(write: Write) -> None:
    nodes = read(write(r"\begin{lemma}\lean{A}\end{lemma} \begin{lemma}\lean{B}\end{lemma}")).nodes
    assert list(nodes) == ["content.tex:1 A", "content.tex:1 B"]


def test_what_is_not_text_is_not_parsed(write: Write) -> None:
    text = r"""
    \newcommand{\be}{\begin{equation}} \newcommand*\ee{\end{equation}} \def\half#1{\frac{#1}{2}\}}
    \newenvironment{note}[1]{\begin{quote}}{\end{quote}} \url{http://a.b/50%25_}
    \begin{lstlisting}
    theorem x { \end{theorem} \label{no}
    \end{lstlisting}
    \begin{lemma}\label{a}\end{lemma}
    """
    assert list(read(write(text)).nodes) == ["a"]


def test_a_preamble_and_a_document_around_the_text_are_no_obstacle(write: Write) -> None:
    text = r"\documentclass{report}\usepackage[dep_graph]{blueprint}\input{macros}"
    text += r"\begin{document}\input{body}\end{document}"
    root = write(text, macros=r"\newtheorem*{claim}{Claim}", body=r"\begin{claim}\label{c}\end{claim}")
    assert list(read(root).nodes) == ["c"]


def test_a_byte_order_mark_and_dos_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.tex"
    path.write_bytes(b"\xef\xbb\xbf\r\n\\begin{lemma}\\label{a}\r\n\\lean{A}\\end{lemma}\r\n")
    assert read(path).nodes["a"].source == "plan.tex:2"


# Where the plan is


def test_the_plan_of_a_project_is_found_where_leanblueprint_puts_it(write: Write, tmp_path: Path) -> None:
    assert find(tmp_path) is None
    root = write(SUMS)
    assert find(tmp_path) == root
    assert read(tmp_path) == read(root)


def test_a_project_that_has_only_a_web_version_is_read_from_there(write: Write, tmp_path: Path) -> None:
    root = write(SUMS)
    root.rename(root.with_name("web.tex"))
    assert read(tmp_path).nodes["def:sum"].source == "web.tex:3"


def test_a_missing_plan_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"{tmp_path}: there is no blueprint here"
    assert refused(tmp_path / "plan.tex") == f"{tmp_path / 'plan.tex'}: there is no such .tex file"


def test_reading_prints_nothing_and_leaves_no_file(
    write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(SUMS + r"\undefinedmacro{x}")
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    read(root)
    assert capfd.readouterr() == ("", "")
    assert not list((tmp_path / "cwd").iterdir())


# Plans that cannot be read

LEMMA = r"\begin{lemma}\label{a}\end{lemma}"

UNREADABLE = {
    "\n\\begin{theorem}\nText": "content.tex:2: not closed: environment \"theorem\"",
    "\\begin{theorem}\n\\end{lemma}": "content.tex:1: not closed: environment \"theorem\"",
    "\n\n\\end{lemma}": "content.tex:3: Unexpected closing environment: 'lemma'",
    "\\lean{A.b\n\n": "content.tex:1: not closed: arguments of macro \"lean\"",
    "\nfor $x": "content.tex:2: not closed: math mode \"$\"",
    "\\begin{verbatim} x": "content.tex:1: ",
    "\\verb": "content.tex:1: not closed: arguments of macro \"verb\"",
    "\\newcommand{\\x}{": "content.tex:1: ",
    "\n\\input{gone}": "content.tex:2: \\input{gone}: there is no file gone.tex",
    "\\input": "content.tex:1: not closed: arguments of macro \"input\"",
    "\\input{}": "content.tex:1: \\input{}: there is no file .tex",
    "\\input{" + "x" * 300 + "}": "content.tex:1: \\input{xxx",
    "\\input{a\nb}": "content.tex:1: \\input{a b}: there is no file a b.tex",
    "\n\\input{content}": "content.tex:2: files input each other: content.tex → content.tex",
    f"{LEMMA}\n{LEMMA}": "content.tex:2: label a already stands at content.tex:1",
    "\\begin{lemma}\\label{a}\n\\uses{b}\\end{lemma}": "content.tex:2: \\uses{b}: no statement has this label",
    f"\\label{{s}}{LEMMA}\n\\begin{{proof}}\\uses{{s}}\\end{{proof}}": "content.tex:2: \\uses{s}: no statement has",
    f"{LEMMA}\\begin{{proof}}\n\\proves{{b}}\\end{{proof}}": "content.tex:2: \\proves{b}: no statement has this label",
    "\n\\begin{proof}\\leanok\\end{proof}": "content.tex:2: no statement stands before this proof",
    f"{LEMMA}\\begin{{proof}}\\uses{{a}}\\end{{proof}}": "content.tex:1: statements use each other: a → a",
    "{" * 3_000: "content.tex: its groups and files are nested too deeply to be read",
}  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:40])
def test_an_unreadable_plan_is_refused_with_the_line(text: str, write: Write) -> None:
    assert refused(write(text)).startswith(UNREADABLE[text])


def test_a_circle_of_uses_is_named(write: Write) -> None:
    text = r"""
    \begin{lemma}\label{a}\end{lemma}\begin{proof}\uses{b}\end{proof}
    \begin{lemma}\label{b}\uses{c}\end{lemma}
    \begin{lemma}\label{c}\uses{a}\end{lemma}
    """
    assert refused(write(text)) == "content.tex:2: statements use each other: a → b → c → a"


def test_a_circle_of_files_is_named(write: Write) -> None:
    root = write(r"\input{one}", one="\\input{two}", two="\n\\input{one}")
    assert refused(root) == "two.tex:2: files input each other: one.tex → two.tex → one.tex"


def test_files_that_input_each_other_twice_in_a_row_do_not_run_forever(write: Write) -> None:
    chapters = {f"c{n}": f"\\input{{c{n + 1}}}\\input{{c{n + 1}}}" for n in range(15)}
    assert "more than 1000 files are input" in refused(write(r"\input{c0}", **chapters, c15=""))


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.tex"
    path.write_bytes(b"Gau\xc3\x9f\nGau\xdf")
    assert refused(path) == "plan.tex:2: not UTF-8"


def test_a_file_of_a_megabyte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.tex"
    path.write_text("x" * 1_000_001)
    assert refused(path).startswith("plan.tex: larger than")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that opens and does not read")
def test_a_file_that_the_system_will_not_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.tex").symlink_to("/proc/self/mem")
    assert refused(tmp_path / "plan.tex") == "plan.tex: Input/output error"


PIECES = [r"\begin{lemma}", r"\end{lemma}", r"\begin{proof}", r"\end{proof}", r"\label{a}", r"\uses{a,b}", r"\lean{A}"]
PIECES += ["{", "}", "$", "[", "]", "%", "\n", "\\", r"\verb", "|", r"\input{content}", r"\newcommand", r"\def", " "]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(st.sampled_from(PIECES)).map("".join), st.text()))
def test_whatever_stands_in_the_file_it_is_read_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "content.tex"
    path.write_text(text, encoding="utf-8", errors="replace")
    answer = answered(path)
    assert isinstance(answer, Blueprint) or len(answer.splitlines()) == 1


def answered(path: Path) -> Blueprint | str:
    """The plan, or the message that refuses it."""
    try:
        return read(path)
    except BlueprintError as error:
        return str(error)


# The plan held against the code


def declared(name: str, *proof: str, hole: bool = False, kind: Kind = Kind.THEOREM) -> Declaration:
    return Declaration(name, "Counting.Sums", kind, "", frozenset(), frozenset(proof), hole, Position(6, 0))


def differences(path: Path, *declarations: Declaration) -> list[tuple[Severity, str]]:
    code = {declaration.name: declaration for declaration in declarations}
    found = compare(read(path), code, DeclarationGraph(code).open())
    return [(difference.severity, f"{difference.source}: {difference.text}") for difference in found]


PROVED = r"\begin{lemma}\label{a}\lean{A}\leanok\end{lemma}\begin{proof}\leanok\end{proof}"
STATED = r"\begin{lemma}\label{a}\lean{A}\leanok\end{lemma}"


def test_a_plan_that_agrees_with_the_code_gives_no_difference(write: Write) -> None:
    assert differences(write(PROVED), declared("A")) == []
    assert differences(write(STATED), declared("A", hole=True)) == []


def test_a_proof_marked_done_that_has_a_hole_is_an_error(write: Write) -> None:
    found = differences(write(PROVED), declared("A", hole=True))
    assert found == [(Severity.ERROR, r"content.tex:1: a: marked \leanok, but A contains a hole")]


def test_a_proof_marked_done_that_rests_on_a_hole_is_an_error(write: Write) -> None:
    found = differences(write(PROVED), declared("A", "b"), declared("b", hole=True, kind=Kind.DEFINITION))
    assert found == [(Severity.ERROR, r"content.tex:1: a: marked \leanok, but A rests on a hole")]


def test_a_definition_marked_done_that_has_a_hole_is_an_error(write: Write) -> None:
    ((severity, _),) = differences(write(STATED), declared("A", hole=True, kind=Kind.DEFINITION))
    assert severity is Severity.ERROR


def test_a_statement_marked_done_without_its_declaration_is_an_error(write: Write) -> None:
    found = differences(write(STATED))
    assert found == [
        (Severity.ERROR, r"content.tex:1: a: its statement is marked \leanok, but there is no declaration A")
    ]


def test_a_mark_without_any_lean_name_is_an_error(write: Write) -> None:
    ((severity, text),) = differences(write(r"\begin{lemma}\label{a}\leanok\end{lemma}"))
    assert severity is Severity.ERROR
    assert text.endswith(r"marked \leanok, but names no declaration (\lean)")


def test_a_lean_name_without_declaration_is_a_warning(write: Write) -> None:
    found = differences(write(r"\begin{lemma}\label{a}\lean{A}\end{lemma}"))
    assert found == [(Severity.WARNING, "content.tex:1: a: there is no declaration A")]


def test_a_label_that_is_only_planned_is_for_information(write: Write) -> None:
    found = differences(write(LEMMA))
    assert found == [(Severity.INFORMATION, "content.tex:1: a: planned, without a declaration")]


def test_a_proof_that_is_done_and_not_marked_is_for_information(write: Write) -> None:
    found = differences(write(STATED), declared("A"))
    assert found == [(Severity.INFORMATION, r"content.tex:1: a: done in the code (A), but not marked \leanok")]


def test_a_theorem_outside_the_plan_is_for_information_and_a_definition_is_not(write: Write) -> None:
    found = differences(write(PROVED), declared("A"), declared("B"), declared("c", kind=Kind.DEFINITION))
    assert found == [(Severity.INFORMATION, "Counting.Sums:7: theorem B is in no label of the plan")]


def test_what_the_library_has_is_not_looked_for_in_the_project(write: Write) -> None:
    assert differences(write(r"\begin{lemma}\label{a}\lean{Nat.add_comm}\mathlibok\end{lemma}")) == []


def test_errors_come_first(write: Write) -> None:
    root = write(LEMMA + r"\begin{lemma}\label{b}\lean{B}\end{lemma}\begin{lemma}\label{c}\lean{C}\leanok\end{lemma}")
    found = [severity for severity, _ in differences(root)]
    assert found == [Severity.ERROR, Severity.WARNING, Severity.INFORMATION]


def test_a_difference_is_one_line_and_can_be_written_as_json(write: Write) -> None:
    (difference,) = compare(read(write(LEMMA)), {}, frozenset())
    assert str(difference) == "information: content.tex:1: a: planned, without a declaration"
    assert difference.as_json() == {
        "severity": "information",
        "source": "content.tex:1",
        "text": "a: planned, without a declaration",
    }
