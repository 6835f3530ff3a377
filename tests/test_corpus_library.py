"""The library: one writer, whole documents, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.embedding import HashingEmbedder
from corpus.errors import ModelMismatch, NotFound, StoreBusy, StoreDamaged
from corpus.late import Head, TokenMatrix
from corpus.library import DATABASE, STEPS, Entry, Library, writer
from corpus.settings import Settings

Opens = Callable[..., Library]
Makes = Callable[..., Entry]


class OtherEmbedder(HashingEmbedder):
    """The same vectors under another name."""

    name = "autre-modele"


class WiderEmbedder(HashingEmbedder):
    """Longer vectors under another name."""

    name = "plus-large"
    dimensions = 320


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "original.txt"
    path.write_text("les octets", "utf-8")
    return path


def agree(library: Library) -> bool:
    """Whether store and index hold the same uids."""
    return library.store.uids() == library.index.uids()


def originals(library: Library) -> list[str]:
    return sorted(path.name for path in (library.folder / "originals").iterdir())


def test_an_added_document_is_whole_with_its_vectors_and_its_original(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "La coopération.", "L'usage.", wording="À quoi sert l'usage ?"), file)
    assert [page.text for page in one.store.pages("guide.txt")] == ["La coopération.", "L'usage."]
    assert (one.index.count(), agree(one)) == (3, True)
    stored = one.store.document("guide.txt")
    assert stored is not None
    assert (stored.pages, stored.passages) == (2, 2)
    assert one.original(stored).read_text("utf-8") == "les octets"


def test_the_steps_of_adding_and_of_removing_are_told_in_their_order(library: Opens, entry: Makes, file: Path) -> None:
    one, steps = library(), list[str]()
    one.add(entry("guide.txt", "Un."), file, steps.append)
    assert tuple(steps) == STEPS
    steps.clear()
    one.remove("guide.txt", steps.append)
    assert tuple(steps) == STEPS[2:]


def test_replacing_forgets_the_old_words_vectors_and_bytes(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "La coopération ancienne."), file)
    one.add(entry("guide.txt", "Le bénéfice nouveau."), file)
    assert one.store.search_passages(["ancien"], 5) == []
    assert [passage.passage.text for passage in one.store.passages("guide.txt")] == ["Le bénéfice nouveau."]
    assert (one.index.count(), agree(one), len(originals(one))) == (1, True, 1)


def test_replacing_never_leaves_a_moment_without_the_document(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "Ancien."), file)
    seen: list[tuple[str, bool]] = []

    def look(_: str) -> None:
        passages = one.store.passages("guide.txt")
        seen.append((passages[0].passage.text, {passage.uid for passage in passages} <= one.index.uids()))

    one.add(entry("guide.txt", "Nouveau."), file, look)
    assert seen == [("Ancien.", True)] * 3 + [("Nouveau.", True)] * 2


def test_a_removed_document_leaves_nothing(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "La coopération.", wording="Et la coopération ?"), file)
    one.remove("guide.txt")
    assert one.store.document("guide.txt") is None
    assert (one.index.count(), originals(one), one.store.frequencies()) == (0, [], {})


def test_removing_what_is_not_there_is_refused_with_its_name(library: Opens) -> None:
    with pytest.raises(NotFound, match=r"« rien\.pdf »"):
        library().remove("rien.pdf")


def test_a_removed_starter_document_leaves_its_name_and_cannot_be_removed_twice(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("fiche", "Texte.", origin="starter"), file)
    one.remove("fiche")
    left = one.store.document("fiche")
    assert left is not None
    assert (left.state, one.store.count("documents"), one.index.count(), originals(one)) == ("withdrawn", 0, 0, [])
    with pytest.raises(NotFound):
        one.remove("fiche")


def test_two_documents_of_the_same_bytes_share_their_original_until_the_last_goes(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("a.txt", "Un.", sha256="5" * 64), file)
    one.add(entry("b.txt", "Un.", sha256="5" * 64), file)
    one.remove("a.txt")
    assert originals(one) == ["5" * 64 + ".txt"]
    one.remove("b.txt")
    assert originals(one) == []


def test_opening_to_write_removes_what_a_kill_left(library: Opens, entry: Makes, file: Path, data: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "Texte."), file)
    one.index.add(["perdu@0:p0"], np.ones((1, 256), np.float32), ["perdu"], [{"document": "perdu", "kind": "passage"}])
    (data / "originals" / "tmpabcd").write_bytes(b"half")
    one.close()
    again = library()
    assert agree(again)
    assert "tmpabcd" not in originals(again)
    assert len(originals(again)) == 1
    assert again.tidy() == 0


def test_tidying_leaves_alone_a_folder_that_someone_put_among_the_originals(library: Opens, data: Path) -> None:
    library().close()
    (data / "originals" / "à moi").mkdir()
    assert library().tidy() == 0
    assert (data / "originals" / "à moi").is_dir()


def test_a_data_folder_may_hold_other_files(library: Opens, data: Path) -> None:
    data.mkdir()
    (data / "notes.txt").write_text("à moi", "utf-8")
    assert library().store.count("documents") == 0
    assert (data / "notes.txt").read_text("utf-8") == "à moi"


def test_a_second_writer_is_refused_with_the_number_of_the_first(library: Opens) -> None:
    library()
    with pytest.raises(StoreBusy, match=rf"^L'application est ouverte \(processus {os.getpid()}\)") as caught:
        library()
    assert "page Administration" in caught.value.remedy


def test_the_lock_is_free_again_once_the_writer_is_closed(library: Opens) -> None:
    library().close()
    library()


def test_the_writer_is_unknown_where_it_left_no_number(tmp_path: Path) -> None:
    assert writer(tmp_path) == "un autre processus"


READS = """
import sys
from pathlib import Path
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
with Library(Settings(data=Path(sys.argv[1]), model="hachage"), HashingEmbedder()) as library:
    for _ in sys.stdin:
        near = [uid for uid, _ in library.index.nearest(library.embedder.encode_question("coopération").vector, 5)]
        named = [uid for uid, _ in library.store.search_passages(["cooper"], 5)]
        by_vector, by_words = ({stored.passage.document for stored in library.store.passages_by_uid(uids).values()} for uids in (near, named))
        whole = all(library.store.pages(document) and library.store.passages(document) for document in by_words)
        print("".join(sorted(by_words)), by_vector <= by_words, whole, flush=True)
"""


def test_another_process_reads_beside_the_writer_and_sees_whole_documents(library: Opens, entry: Makes, file: Path, data: Path) -> None:
    """About 4 seconds: a second Python starts."""
    one = library()
    one.add(entry("a", "La coopération."), file)
    command = [sys.executable, "-c", READS, str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        ask, told = reader.stdin, reader.stdout
        seen: list[str] = []

        def look(_: str = "") -> None:
            ask.write("\n")
            ask.flush()
            seen.append(told.readline().strip())

        look()
        one.add(entry("b", "La coopération encore."), file, look)
        one.remove("a", look)
        ask.close()
    assert [*dict.fromkeys(seen)] == ["a True True", "ab True True", "b True True"]


def test_an_index_filled_by_another_model_is_refused_with_the_command_that_mends_it(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "Texte."), file)
    one.close()
    with pytest.raises(ModelMismatch, match=r"« hachage ».*« autre-modele »") as caught:
        library(embedder=OtherEmbedder())
    assert "bao rebuild" in caught.value.remedy
    library()  # the refused opening let go of the lock


def test_an_empty_library_takes_any_model(library: Opens) -> None:
    library().close()
    assert library(embedder=OtherEmbedder()).store.meta("model") == ""


def test_rebuilding_with_another_model_gives_the_same_passages_other_vectors(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "La coopération.", "L'usage.", wording="À quoi bon ?"), file)
    one.close()
    wider = library(embedder=WiderEmbedder(), any_model=True)
    told: list[tuple[int, int]] = []
    assert wider.rebuild(lambda done, total: told.append((done, total))) == 3
    assert told == [(3, 3)]
    assert agree(wider)
    assert {len(vector) for vector in wider.index.vectors(sorted(wider.index.uids())).values()} == {320}
    wider.close()
    assert library(embedder=WiderEmbedder()).index.count() == 3


def test_a_rebuilding_cut_short_is_refused_until_it_is_done_again(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", *(f"Le texte {number}." for number in range(300))), file)

    def cut(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one.rebuild(cut)
    one.close()
    with pytest.raises(ModelMismatch, match="inachevé") as caught:
        library()
    assert "bao rebuild" in caught.value.remedy
    again = library(any_model=True)
    assert again.rebuild() == 300
    assert agree(again)
    again.close()
    library()


def test_rebuilding_gives_the_vectors_that_adding_gave(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "La coopération.", wording="À quoi bon ?"), file)
    before = one.index.vectors(sorted(one.index.uids()))
    one.rebuild()
    after = one.index.vectors(sorted(one.index.uids()))
    assert before.keys() == after.keys()
    assert all(np.allclose(before[uid], after[uid]) for uid in before)


@pytest.mark.parametrize("inside", [False, True], ids=["a file", "under a file"])
def test_a_data_folder_that_cannot_be_one_is_refused_with_another_way(tmp_path: Path, inside: bool) -> None:
    (tmp_path / "fichier").write_text("", "utf-8")
    folder = tmp_path / "fichier" / "sous" if inside else tmp_path / "fichier"
    for writing in (False, True):
        with pytest.raises(StoreDamaged, match="ne peut pas être ouvert") as caught:
            Library(Settings(data=folder), HashingEmbedder(), writing)
        assert "--data" in caught.value.remedy


def test_a_database_that_is_none_is_said_to_be_damaged(library: Opens, data: Path) -> None:
    data.mkdir()
    (data / DATABASE).write_bytes(b"ceci n'est pas une base" * 100)
    with pytest.raises(StoreDamaged, match="ne se lit pas") as caught:
        library()
    assert "bao restore" in caught.value.remedy


def test_a_damaged_index_is_said_and_rebuilding_mends_it(library: Opens, entry: Makes, file: Path, data: Path) -> None:
    one = library()
    one.add(entry("guide.txt", "Texte."), file)
    one.close()
    (data / "index" / "chroma.sqlite3").write_bytes(b"abc" * 1000)
    with pytest.raises(StoreDamaged, match="index") as caught:
        library()
    assert caught.value.remedy == "Tapez « bao rebuild » pour refaire l'index."
    one = library(any_model=True)
    assert one.rebuild() == 1
    assert agree(one)


def test_a_data_folder_closed_to_writing_is_refused_in_words(library: Opens, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library().close()

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("corpus.library.FileLock.acquire", closed)
    with pytest.raises(StoreDamaged, match=str(data)) as caught:
        library()
    assert "--data" in caught.value.remedy


def test_token_vectors_that_come_packed_are_kept_as_they_come(library: Opens, entry: Makes, file: Path) -> None:
    one = library()
    made = entry("guide.txt", "La coopération avance.")
    one.add(replace(made, encoded=(replace(made.encoded[0], tokens=None, packed=b"tel quel"),)), file)
    (uid,) = one.store.uids()
    assert one.store.tokens([uid]) == {uid: b"tel quel"}


def test_rebuilding_writes_the_token_vectors_again_where_the_model_has_a_head(settings: Settings, entry: Makes, file: Path) -> None:
    embedder = HashingEmbedder()
    embedder.head = Head(np.eye(8, 256, dtype=np.float32), np.zeros(256, np.float32), 0.0)
    with Library(settings, embedder, writing=True) as one:
        one.add(entry("guide.txt", "La coopération avance."), file)
        uid = one.store.passages("guide.txt")[0].uid
        before = one.store.tokens([uid])[uid]
        one.store.set_tokens([(uid, b"")])
        one.rebuild()
        assert one.store.tokens([uid])[uid] == before
        matrix = TokenMatrix.from_bytes(before)
        text = one.store.passages("guide.txt")[0].passage.text
        assert [text[start:end] for start, end in zip(matrix.starts, matrix.ends, strict=True) if start >= 0] == ["coopération", "avance"]
