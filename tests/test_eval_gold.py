"""Gold files and matching rules: what is read, what is refused, and agreement with the scorer we are measured by."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NotFound, UsageError
from eval import matching
from eval.gold import TASKS, Case, ConceptCase, DocumentCase, Task, ToolboxCase, parse, read
from eval.result import Scored, summarise
from eval.scoring import KINDS, known_documents, score

QUESTIONS = Path(__file__).resolve().parents[1] / "eval" / "questions"
OURS: dict[Task, str] = {"documents": "documents.jsonl", "concepts": "corpus.jsonl", "toolbox": "situations.jsonl"}
DOCUMENT: dict[str, Any] = {"id": "1", "question": "Combien de mois ?", "kind": "factual", "doc": ["guide"]}
DOCUMENT |= {"evidence": ["douze mois au plus"], "must_contain": [["douze mois"]]}
TEXT = st.text("aàéœŒæ'’-·*_#:;!? \n0123456789ʼßﬁ°", max_size=40)


def line(**changes: Any) -> str:
    return json.dumps({key: value for key, value in (DOCUMENT | changes).items() if value != "absent"})


@pytest.mark.parametrize("task", TASKS)
def test_our_own_questions_are_read_whole(task: Task) -> None:
    path = QUESTIONS / OURS[task]
    cases = read(path, task)
    assert len(cases) == sum(1 for row in path.read_text("utf-8").split("\n") if row.strip())
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize("task", TASKS)
def test_every_kind_of_our_own_questions_has_a_french_name(task: Task) -> None:
    assert {case.kind for case in read(QUESTIONS / OURS[task], task)} <= set(KINDS)


@pytest.mark.parametrize("task", TASKS)
def test_the_gold_files_handed_to_us_are_read_whole(task: Task, shared: Path) -> None:
    assert len(read(shared / "gold" / f"{task}-dev.jsonl", task)) >= 50


def test_a_key_that_is_null_counts_as_absent() -> None:
    case = parse(json.dumps({"id": "1", "question": "?", "kind": "definition", "sheets": ["a"], "must_contain": [["x"]], "answerable": None}), "concepts")
    assert isinstance(case, ConceptCase)
    assert case.answerable


def test_best_falls_back_on_every_accepted_tool() -> None:
    case = parse(json.dumps({"id": "1", "question": "?", "kind": "story", "tools": ["a", "b"]}), "toolbox")
    assert isinstance(case, ToolboxCase)
    assert case.best == ("a", "b")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "ce n'est pas du JSON"),
        ("[]", "un objet est attendu"),
        (line(id=" "), "la clé « id » est vide"),
        (line(question=None), "la clé « question » manque"),
        (line(kind=3), "n'est pas de la bonne forme"),
        (line(doc="guide"), "n'est pas de la bonne forme"),
        (line(evidence=[""]), "textes non vides"),
        (line(evidence=[]), "vont ensemble"),
        (line(must_contain=[]), "« must_contain » est vide"),
        (line(must_contain=[[]]), "groupe vide"),
    ],
)
def test_a_faulty_line_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text, "documents")


def test_a_tool_both_accepted_and_to_avoid_is_refused() -> None:
    with pytest.raises(ValueError, match="à la fois accepté et à éviter"):
        parse(json.dumps({"id": "1", "question": "?", "kind": "story", "tools": ["a"], "avoid": ["a"]}), "toolbox")


def test_a_fault_names_its_line_and_a_missing_file_its_path(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{line()}\n\n{line()}\n", "utf-8")
    with pytest.raises(UsageError, match="ligne 3 : l'identifiant « 1 » est déjà pris"):
        read(path, "documents")
    path.write_text("\n", "utf-8")
    with pytest.raises(UsageError, match="aucune question"):
        read(path, "documents")
    path.write_bytes("é".encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        read(path, "documents")
    with pytest.raises(NotFound, match="absent"):
        read(tmp_path / "absent.jsonl", "documents")


# Agreement with the scorer


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "shared" / "gold" / "score.py"
    if not path.exists():
        pytest.skip(f"{path} is absent: nothing to agree with")
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(text=TEXT, other=TEXT)
def test_letters_words_and_overlaps_are_those_of_the_scorer(scorer: ModuleType, text: str, other: str) -> None:
    assert matching.letters(text) == scorer.letters(text)
    assert matching.words(text) == scorer.words(text)
    assert matching.overlaps(text, other) == scorer.overlaps(text, other)
    assert matching.contains(text, [[other, "é"]], "list") == scorer.contains(text, [[other, "é"]], "list")


def test_evidence_cut_anywhere_is_found_as_by_the_scorer(scorer: ModuleType) -> None:
    """Every length about the shortest run that counts, cut everywhere."""
    for length in range(8, 30):
        evidence = "abcdefghijklmnopqrstuvwxyz0123456789"[:length]
        for start in range(length):
            for stop in range(start, length + 1):
                text = f"! {evidence[start:stop]} !"
                assert matching.overlaps(evidence, text) == scorer.overlaps(evidence, text), (evidence, text)


@given(name=st.text("ab./é-", max_size=12))
def test_a_document_is_named_as_by_the_scorer(scorer: ModuleType, name: str) -> None:
    assert matching.stem_of(name) == scorer.stem(name)


NAMES = st.sampled_from(["guide.pdf", "dossier/guide.pdf", "note", "fiche-a", "fiche-b"])
SAID = ("", "La mission dure douze mois au plus.", "Elle dure **12 mois** à compter de la notification.", "Rien ici.", "à compter de la notification")
TEXTS = st.sampled_from(SAID)
EVIDENCE = st.lists(st.sampled_from(["dure douze mois au plus", "à compter de la notification"]), min_size=1, max_size=2, unique=True)
PASSAGES = st.lists(st.fixed_dictionaries({"document": NAMES, "text": TEXTS, "page": st.none()}), max_size=6)


GOLD = st.fixed_dictionaries(
    {
        "id": st.just("1"),
        "question": st.just("?"),
        "kind": st.sampled_from(["factual", "list", "comparison"]),
        "doc": st.lists(st.sampled_from(["guide", "note"]), min_size=1, max_size=2, unique=True),
        "evidence": EVIDENCE,
        "must_contain": st.sampled_from([[["12 mois", "douze mois"]], [["mois"], ["notification"]]]),
    }
)


@given(raw=GOLD, passages=PASSAGES, abstained=st.booleans(), answer=TEXTS)
def test_a_case_gets_the_tallies_of_the_scorer(scorer: ModuleType, raw: dict[str, Any], passages: list[dict[str, Any]], abstained: bool, answer: str) -> None:
    case = parse(json.dumps(raw), "documents")
    said = {"id": "1", "answer": answer, "abstained": abstained, "passages": passages, "citations": [p | {"quote": p["text"]} for p in passages]}
    agree([case], [raw], [said], scorer.score_documents)


def agree(cases: list[Case], raw: list[dict[str, Any]], answers: list[dict[str, Any]], theirs: Any) -> None:
    """Assert that our summary holds each figure of the scorer's; a figure over no case is None or 0 there and absent here."""
    known = known_documents(cases)
    ours = summarise([Scored(case, answer, score(case, answer, known)) for case, answer in zip(cases, answers, strict=True)])
    summary, _ = theirs(raw, {answer["id"]: answer for answer in answers})
    for name, value in summary.items():
        found = ours[name].value if name in ours else None
        assert (found or 0.0) == pytest.approx(value or 0.0, abs=0.0011), name


@pytest.mark.parametrize("task", TASKS)
def test_a_whole_file_gets_the_summary_of_the_scorer(task: Task, scorer: ModuleType) -> None:
    """Over our own questions, answered rightly, wrongly or not at all in turn."""
    path = QUESTIONS / OURS[task]
    raw = scorer.load(str(path))
    cases = list(read(path, task))
    answers = [answer_to(case, number) for number, case in enumerate(cases)]
    agree(cases, raw, answers, getattr(scorer, f"score_{task}"))


def answer_to(case: Case, number: int) -> dict[str, Any]:
    """An answer made from the gold, good one time in two; something is asked back, or abstained, one time in five."""
    good, fifth = number % 2 == 0, number % 5 == 0
    said: dict[str, Any] = {"id": case.id, "abstained": fifth, "needs_clarification": fifth, "passages": [], "citations": [], "tools": [], "steps": []}
    if isinstance(case, ToolboxCase):
        tools = ["autre", *case.tools] if good else ["autre", *case.avoid]
        return said | {"tools": [{"id": tool} for tool in tools], "steps": ["E1", "E2"]}
    names = [*(case.doc if isinstance(case, DocumentCase) else case.sheets), "fiche"]
    texts = list(case.evidence) if isinstance(case, DocumentCase) else [case.answer]
    rows = [{"document": name, "text": text if good else "rien", "quote": text if good else "rien"} for name in names for text in texts]
    return said | {"answer": case.answer if good else "Rien.", "passages": rows[number % 3 :], "citations": rows[number % 3 :]}
