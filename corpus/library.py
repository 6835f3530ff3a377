"""The library: one data folder whole — store, vectors, originals — and the one process that may write in it.

Crash safety. Adding writes vectors first and commits SQLite last; removing commits SQLite first
and forgets vectors last. So every passage of the store has its vector at any moment, and what a
kill leaves behind is only vectors and originals that nothing names: ``tidy`` removes them.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout

from corpus.documents import Document, Formulation, Page, Passage
from corpus.embedding import Embedder, Encoded
from corpus.errors import ModelMismatch, NotFound, StoreBusy, StoreDamaged, in_french
from corpus.index import VectorIndex
from corpus.settings import Settings
from corpus.store import Store, StoredFormulation, StoredPassage

DATABASE = "bao.sqlite3"
#: What ``on_step`` is told while a document is added or removed, in order.
STEPS = ("original", "vectors", "commit", "old-vectors", "done")


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be added: everything read, cut and encoded."""

    document: Document
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]
    formulations: tuple[Formulation, ...]
    encoded: tuple[Encoded, ...]  # passages first, then formulations


def embedding_text(label: str, passage: Passage) -> str:
    """What of a passage is encoded: title and section say what the text itself leaves out."""
    head = " › ".join(part for part in (label, passage.section) if part)
    return f"{head}\n{passage.text}" if head else passage.text


class Library:
    """Opens a data folder to read, or with ``writing`` also to write. Use it as a context manager.

    Raises StoreBusy when another process writes, ModelMismatch when the index is another model's.
    """

    def __init__(self, settings: Settings, embedder: Embedder, writing: bool = False, any_model: bool = False) -> None:
        self.folder = settings.data
        self.embedder = embedder
        self._lock = FileLock(self.folder / "writer.lock", blocking=False) if writing else None
        self._create_folder()
        if self._lock:
            self._take_lock()
        try:
            self.store = Store(self.folder / DATABASE)
            self.index = self._open_index(any_model)
            if not any_model:
                self.check_model()
            if writing:
                self.tidy()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; another process may write from now on."""
        if hasattr(self, "index"):
            self.index.close()
        if hasattr(self, "store"):
            self.store.close()
        if self._lock:
            self._lock.release()

    def _create_folder(self) -> None:
        try:
            (self.folder / "originals").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreDamaged(
                f"Le dossier de données {self.folder} ne peut pas être ouvert ({in_french(error)}).", "Donnez un autre dossier avec --data."
            ) from error

    def _open_index(self, mend: bool) -> VectorIndex:
        """The index; with ``mend``, an empty one in place of a damaged one."""
        folder = self.folder / "index"
        try:
            return VectorIndex(folder, self.embedder)
        except StoreDamaged:
            if not (mend and self._lock):
                raise
        shutil.rmtree(folder)
        return VectorIndex(folder, self.embedder)

    def _take_lock(self) -> None:
        assert self._lock is not None  # noqa: S101 - for the type checker
        try:
            self._lock.acquire()
        except Timeout as error:
            holder = writer(self.folder)
            raise StoreBusy(
                f"L'application est ouverte ({holder}) sur le dossier {self.folder}.", "Passez par la page Administration, ou arrêtez-la."
            ) from error
        except OSError as error:
            message = f"On ne peut pas écrire dans le dossier de données {self.folder} ({in_french(error)})."
            raise StoreDamaged(message, "Donnez un autre dossier avec --data.") from error
        (self.folder / "writer.pid").write_text(str(os.getpid()), "utf-8")

    def check_model(self) -> None:
        """Refuse an index filled by another model. Raises ModelMismatch."""
        filled_by = self.store.meta("model")
        if filled_by and filled_by != self.embedder.name:
            raise ModelMismatch(f"L'index a été rempli par le modèle « {filled_by} », le modèle en vigueur est « {self.embedder.name} ».")

    # Writing

    def add(self, entry: Entry, original: Path, on_step: Callable[[str], None] = lambda _: None) -> Document:
        """Add a document, or replace the one of the same id, seen from outside as one change."""
        old = self.store.document(entry.document.id)
        old_uids = self._uids_of(entry.document.id)
        stamp = secrets.token_hex(4)
        skips = [len(embedding_text(entry.document.label, passage)) - len(passage.text) for passage in entry.passages]
        passages = [
            StoredPassage(f"{entry.document.id}@{stamp}:p{n}", passage, self._tokens(entry.encoded[n], skips[n])) for n, passage in enumerate(entry.passages)
        ]
        wordings = [StoredFormulation(f"{entry.document.id}@{stamp}:f{n}", wording) for n, wording in enumerate(entry.formulations)]
        on_step("original")
        self._keep_original(entry.document, original)
        on_step("vectors")
        self._write_vectors(entry, passages, wordings)
        on_step("commit")
        if not self.store.meta("model"):
            self.store.set_meta("model", self.embedder.name)
        self.store.put(entry.document, entry.pages, passages, wordings)
        on_step("old-vectors")
        self.index.remove(old_uids)
        if old:
            self._drop_original(old)
        on_step("done")
        return entry.document

    def remove(self, document_id: str, on_step: Callable[[str], None] = lambda _: None) -> Document:
        """Remove a document: it stops answering at once. A starter one leaves its name, so as not to come back.

        Raises NotFound.
        """
        document = self.store.document(document_id)
        if document is None or document.state == "withdrawn":
            raise NotFound(f"Aucun document ne s'appelle « {document_id} ».")
        uids = self._uids_of(document_id)
        on_step("commit")
        if document.origin == "starter":
            self.store.withdraw(document_id)
        else:
            self.store.delete(document_id)
        on_step("old-vectors")
        self.index.remove(uids)
        self._drop_original(document)
        on_step("done")
        return document

    def tidy(self) -> int:
        """Remove what a kill left behind: vectors and originals that no document names. Returns how many."""
        orphans = sorted(self.index.uids() - self.store.uids())
        self.index.remove(orphans)
        named = {document.sha256 for document in self.store.documents()}
        strays = [path for path in (self.folder / "originals").iterdir() if path.is_file() and path.name.split(".")[0] not in named]
        for path in strays:
            path.unlink()
        return len(orphans) + len(strays)

    def rebuild(self, on_progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Fill the index again from the store with the model in force. Returns the number of vectors.

        Raises ModelUnavailable before anything is lost. Killed on the way, the index is refused until it is rebuilt.
        """
        self.embedder.encode_question("essai")
        labels = {document.id: document.label for document in self.store.documents()}
        passages, wordings = self.store.passages(), self.store.formulations()
        uids = [p.uid for p in passages] + [w.uid for w in wordings]
        texts = [embedding_text(labels[p.passage.document], p.passage) for p in passages] + [w.formulation.text for w in wordings]
        metadatas = [_metadata(p.passage.document, "passage") for p in passages] + [_metadata(w.formulation.document, w.formulation.kind) for w in wordings]
        known = [False] * len(passages) + [w.formulation.known for w in wordings]
        self.store.set_meta("model", f"{self.embedder.name}, index inachevé")
        self.index.clear()
        for start in range(0, len(uids), 256):
            part = slice(start, start + 256)
            encoded = self.embedder.encode_stored(texts[part], known[part])
            self.store.set_tokens(self._packed(passages[part], encoded, texts[part]))
            self.index.add(uids[part], np.stack([e.vector for e in encoded]), texts[part], metadatas[part])
            on_progress(min(start + 256, len(uids)), len(uids))
        self.store.set_meta("model", self.embedder.name)
        return len(uids)

    def original(self, document: Document) -> Path:
        """Where the bytes of a document lie."""
        return self.folder / "originals" / (document.sha256 + document.suffix)

    def _tokens(self, encoded: Encoded, skip: int) -> bytes | None:
        """The token vectors of a passage as stored, where the model has a late-interaction head."""
        if encoded.packed is not None:
            return encoded.packed
        head = self.embedder.head
        return None if head is None or encoded.tokens is None else head.pack(encoded.tokens, encoded.offsets, skip)

    def _packed(self, passages: Sequence[StoredPassage], encoded: Sequence[Encoded], texts: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        for stored, one, text in zip(passages, encoded, texts, strict=False):  # the formulations that follow have no token vectors
            tokens = self._tokens(one, len(text) - len(stored.passage.text))
            if tokens is not None:
                yield stored.uid, tokens

    def _uids_of(self, document_id: str) -> list[str]:
        return [p.uid for p in self.store.passages(document_id)] + [w.uid for w in self.store.formulations(document_id)]

    def _write_vectors(self, entry: Entry, passages: Sequence[StoredPassage], wordings: Sequence[StoredFormulation]) -> None:
        uids = [p.uid for p in passages] + [w.uid for w in wordings]
        if not uids:
            return
        texts = [p.passage.text for p in passages] + [w.formulation.text for w in wordings]
        metadatas = [_metadata(entry.document.id, "passage") for _ in passages] + [_metadata(entry.document.id, w.formulation.kind) for w in wordings]
        self.index.add(uids, np.stack([encoded.vector for encoded in entry.encoded]), texts, metadatas)

    def _keep_original(self, document: Document, source: Path) -> None:
        target = self.original(document)
        if not target.exists():
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as scratch, source.open("rb") as file:
                shutil.copyfileobj(file, scratch)
            Path(scratch.name).replace(target)

    def _drop_original(self, document: Document) -> None:
        if not any(other.state != "withdrawn" for other in self.store.same_bytes(document.sha256)):
            self.original(document).unlink(missing_ok=True)


def _metadata(document_id: str, kind: str) -> dict[str, str]:
    return {"document": document_id, "kind": kind}


def writer(folder: Path) -> str:
    """Who writes in this data folder, as « processus 1234 », for a sentence."""
    try:
        return f"processus {int((folder / 'writer.pid').read_text('utf-8'))}"
    except (OSError, ValueError):
        return "un autre processus"
