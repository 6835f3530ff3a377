"""The store: one transaction a document, found by its words, readable while it is written."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, Formulation, Page, Passage
from corpus.errors import StoreDamaged
from corpus.store import Store, StoredFormulation, StoredPassage
from corpus.words import stems


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "bao.sqlite3")
    yield made
    made.close()


def document(name: str, **known: object) -> Document:
    values = {"title": f"Le {name}", "type": "document", "sha256": name * 8, "text_sha256": name, "suffix": ".pdf", "sheet": {"étapes": ["E1"]}}
    return Document(id=name, **{**values, **known})  # type: ignore[arg-type]


def put(store: Store, name: str, *texts: str, wording: str = "", **known: object) -> None:
    passages = [StoredPassage(f"{name}:{n}", Passage(name, n, n + 1, n + 1, "Partie › Sous-partie", "prose", text)) for n, text in enumerate(texts)]
    wordings = [StoredFormulation(f"{name}:f", Formulation(name, "question", wording))] if wording else []
    store.put(document(name, **known), [Page(n, text) for n, text in enumerate(texts, 1)], passages, wordings)


def found(store: Store, query: str, **more: object) -> list[str]:
    return [uid for uid, _ in store.search_passages(stems(query), 10, **more)]  # type: ignore[arg-type]


def test_a_document_comes_back_as_it_was_put_with_its_counts(store: Store) -> None:
    put(store, "guide", "Un texte.", "Un autre.", date="2026-03", author="Région", origin="starter", version=3)
    back = store.document("guide")
    assert back == document("guide", date="2026-03", author="Région", origin="starter", version=3, pages=2, passages=2)
    assert store.documents() == [back]
    assert [page.text for page in store.pages("guide")] == ["Un texte.", "Un autre."]
    assert [stored.passage.text for stored in store.passages("guide")] == ["Un texte.", "Un autre."]


def test_words_are_found_in_any_form_best_first_and_by_title_or_section_too(store: Store) -> None:
    put(store, "a", "Les coopérations locales entre communes.")
    put(store, "b", "Le budget annuel, la coopération, la cooperation, la coopération.")
    put(store, "Charte du projet", "Rien à voir.")
    assert found(store, "COOPERATION") == ["b:0", "a:0"]
    assert found(store, "projets") == ["Charte du projet:0"]
    assert set(found(store, "sous-partie")) == {"a:0", "b:0", "Charte du projet:0"}
    assert found(store, "coopération", documents=["a"]) == ["a:0"]
    assert found(store, "absent") == []
    assert found(store, "") == []


@pytest.mark.parametrize("query", ['"', "NEAR(", "a OR b", "*", "col:x", "-", "^", "{}", "'; DROP TABLE documents; --"])
def test_signs_of_the_query_language_are_only_words(store: Store, query: str) -> None:
    put(store, "a", "Un texte.")
    assert store.search_passages([query], 5) in ([], [("a:0", pytest.approx(0, abs=50))])
    store.search_formulations([query], 5)
    assert store.count("documents") == 1


@given(st.lists(st.text(min_size=1, max_size=10), max_size=5))
def test_no_query_breaks_the_search(query: list[str]) -> None:
    store = Store(Path(":memory:"))
    put(store, "a", "Un texte.", wording="Une question ?")
    words = [word.encode("utf-8", "ignore").decode().replace("\x00", "") for word in query]
    store.search_passages([word for word in words if word], 5)
    store.search_formulations([word for word in words if word], 5)


def test_formulations_are_found_by_their_words(store: Store) -> None:
    put(store, "a", "Texte.", wording="Comment évaluer sans jargon ?")
    assert [uid for uid, _ in store.search_formulations(stems("evaluation du jargon"), 5)] == ["a:f"]
    assert store.formulations_by_uid(["a:f", "rien"])["a:f"].formulation.text == "Comment évaluer sans jargon ?"


def test_putting_again_replaces_and_deleting_leaves_nothing_behind(store: Store) -> None:
    put(store, "a", "Ancien mot.", wording="Vieux ?")
    put(store, "a", "Nouveau mot.")
    assert (found(store, "ancien"), found(store, "nouveau")) == ([], ["a:0"])
    store.delete("a")
    counts = (store.count("documents"), store.count("passages"), store.count("formulations"))
    assert (counts, store.uids(), store.frequencies(), store.pages("a")) == ((0, 0, 0), set(), {}, [])


def test_a_withdrawn_document_keeps_only_its_name(store: Store) -> None:
    put(store, "a", "Un mot rare.", wording="Quoi ?")
    store.withdraw("a")
    left = store.document("a")
    assert left is not None
    assert (left.state, left.pages, left.passages) == ("withdrawn", 0, 0)
    assert (store.documents(), [one.id for one in store.documents(withdrawn=True)], store.uids(), found(store, "rare")) == ([], ["a"], set(), [])


def test_documents_of_the_same_bytes_and_of_the_same_text_are_known(store: Store) -> None:
    put(store, "a", "x", sha256="1", text_sha256="t")
    put(store, "b", "x", sha256="2", text_sha256="t")
    assert [one.id for one in store.same_bytes("2")] == ["b"]
    assert [one.id for one in store.same_text("t")] == ["a", "b"]


def test_each_change_of_content_changes_the_generation_and_reading_does_not(store: Store) -> None:
    seen = [store.generation]
    for change in (lambda: put(store, "a", "x"), lambda: store.withdraw("a"), lambda: store.delete("a")):
        change()
        store.documents()
        seen.append(store.generation)
    assert len(set(seen)) == 4


def test_a_failure_in_the_middle_of_a_document_changes_nothing(store: Store) -> None:
    put(store, "a", "Ancien mot.")
    twice = [StoredPassage("même", Passage("a", n, 1, 1, "", "prose", "Nouveau mot.")) for n in range(2)]
    with pytest.raises(sqlite3.IntegrityError):
        store.put(document("a"), [Page(1, "Nouveau mot.")], twice, [])
    assert [page.text for page in store.pages("a")] == ["Ancien mot."]
    assert found(store, "ancien") == ["a:0"]


def test_many_uids_are_looked_up_at_once_and_unknown_ones_left_out(store: Store) -> None:
    put(store, "a", *(f"Texte {n}." for n in range(1200)))
    uids = [f"a:{n}" for n in range(1200)]
    assert set(store.passages_by_uid([*uids, "rien"])) == set(uids)


def test_token_vectors_are_kept_with_their_passage(store: Store) -> None:
    put(store, "a", "Un.", "Deux.")
    assert store.without_tokens() == ["a:0", "a:1"]
    store.set_tokens([("a:0", b"\x00\x01"), ("inconnu", b"")])
    assert store.tokens(["a:0", "a:1"]) == {"a:0": b"\x00\x01"}
    assert store.without_tokens() == ["a:1"]


def test_threads_read_while_one_writes_and_see_whole_documents(store: Store) -> None:
    done, seen = threading.Event(), set[tuple[int, int]]()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                one = store.document("a")
                if one:
                    seen.add((one.pages, one.passages))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for size in (3, 30, 3, 30, 3):
        put(store, "a", *(f"Texte {n}." for n in range(size)))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen <= {(3, 3), (30, 30)}


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    one = Store(tmp_path / "bao.sqlite3")
    one.set_meta("schema", "99")
    one.close()
    with pytest.raises(StoreDamaged, match="autre version \\(99\\)"):
        Store(tmp_path / "bao.sqlite3")


def test_a_store_of_the_first_version_is_brought_up_and_keeps_its_phrasings(tmp_path: Path) -> None:
    one = Store(tmp_path / "bao.sqlite3")
    put(one, "a", "x", wording="Qui paie ?")
    with one.writing() as connection:
        connection.execute("ALTER TABLE formulations DROP COLUMN answer")
    one.set_meta("schema", "1")
    one.close()
    again = Store(tmp_path / "bao.sqlite3")
    assert [(said.formulation.text, said.formulation.answer) for said in again.formulations()] == [("Qui paie ?", "")]
    assert again.meta("schema") == "2"


def test_a_store_is_closed_and_used_again(store: Store) -> None:
    put(store, "a", "x")
    store.close()
    assert store.count("documents") == 1
