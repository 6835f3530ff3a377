"""The store: SQLite in WAL mode, the truth about what the toolbox holds.

Documents, pages, passages, the users' formulations that lead to sheets, and two full-text
tables (FTS5, BM25) over French stems. A reader opens a connection a thread and never sees half
a document: everything about one document is written in one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus import schema
from corpus.documents import Document, Formulation, Page, Passage
from corpus.errors import StoreDamaged, in_french
from corpus.words import stems

_DOCUMENT_COLUMNS = (
    "id", "title", "type", "sha256", "text_sha256", "suffix", "origin", "version", "state",
    "date", "valid_until", "licence", "source", "author", "path", "twin_of", "sheet",
)  # fmt: skip
_PASSAGE_COLUMNS = ("document", "ordinal", "page", "last_page", "section", "kind", "text")


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the name its vector goes by."""

    uid: str
    passage: Passage
    tokens: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredFormulation:
    """A formulation with the name its vector goes by."""

    uid: str
    formulation: Formulation


class Store:
    """The SQLite file of one data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            version = schema.prepare(self._connection)
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(f"La base {path} ne se lit pas ({in_french(error)}).") from error
        if version != schema.VERSION:
            raise StoreDamaged(f"La base {path} est d'une autre version ({version}) que ce logiciel ({schema.VERSION}).")

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=30)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close this thread's connection; the store may be used again."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; readers see all of it or nothing. Its end changes ``generation``."""
        with self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("INSERT INTO meta VALUES ('generation', '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1")

    def meta(self, key: str, default: str = "") -> str:
        """A value of the store about itself."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value of the store about itself."""
        with self._connection as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))

    @property
    def generation(self) -> str:
        """Changes with every change of content: what a cache compares."""
        return self.meta("generation", "0")

    # Writing

    def put(self, document: Document, pages: Sequence[Page], passages: Sequence[StoredPassage], formulations: Sequence[StoredFormulation]) -> None:
        """Write one document whole, in place of the one of the same id."""
        with self.writing() as connection:
            _delete(connection, document.id)
            row = {name: getattr(document, name) for name in _DOCUMENT_COLUMNS} | {"sheet": json.dumps(dict(document.sheet), ensure_ascii=False, default=str)}
            connection.execute(f"INSERT INTO documents ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))  # noqa: S608 - our own column names
            connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", [(document.id, page.number, page.text) for page in pages])
            for stored in passages:
                _insert_passage(connection, document, stored)
            for wording in formulations:
                _insert_formulation(connection, document, wording)

    def delete(self, document_id: str) -> None:
        """Forget a document whole."""
        with self.writing() as connection:
            _delete(connection, document_id)

    def withdraw(self, document_id: str) -> None:
        """Keep only the name of a document, so that it does not come back by itself."""
        with self.writing() as connection:
            _delete_parts(connection, document_id)
            connection.execute("UPDATE documents SET state = 'withdrawn' WHERE id = ?", (document_id,))

    def set_tokens(self, tokens: Iterable[tuple[str, bytes]]) -> None:
        """Remember the token vectors of passages, as (uid, bytes)."""
        with self._connection as connection:
            connection.executemany("UPDATE passages SET tokens = ? WHERE uid = ?", [(blob, uid) for uid, blob in tokens])

    # Reading

    def documents(self, withdrawn: bool = False) -> list[Document]:
        """Every document, in the order of type and title."""
        where = "" if withdrawn else "WHERE state != 'withdrawn'"
        return [_document(row) for row in self._at_once(_DOCUMENT_VALUES, f"FROM documents d {where} ORDER BY type, title, id")]

    def document(self, document_id: str) -> Document | None:
        """The document with this id, withdrawn ones included."""
        return next((_document(row) for row in self._at_once(_DOCUMENT_VALUES, "FROM documents d WHERE id = ?", document_id)), None)

    def same_bytes(self, sha256: str) -> list[Document]:
        """The documents made of these very bytes."""
        return [_document(row) for row in self._at_once(_DOCUMENT_VALUES, "FROM documents d WHERE sha256 = ?", sha256)]

    def same_text(self, text_sha256: str) -> list[Document]:
        """The documents that hold this very text, in whatever format."""
        return [_document(row) for row in self._at_once(_DOCUMENT_VALUES, "FROM documents d WHERE text_sha256 = ? AND state = 'published'", text_sha256)]

    def pages(self, document_id: str) -> list[Page]:
        """The pages of a document, in order."""
        rows = self._connection.execute("SELECT number, text FROM pages WHERE document = ? ORDER BY number", (document_id,))
        return [Page(row["number"], row["text"]) for row in rows]

    def passages(self, document_id: str | None = None) -> list[StoredPassage]:
        """The passages of one document, or of all, in reading order."""
        columns = {name: name for name in ("uid", *_PASSAGE_COLUMNS)}
        return [_passage(row) for row in self._at_once(columns, "FROM passages WHERE ?1 IS NULL OR document = ?1 ORDER BY document, ordinal", document_id)]

    def passages_by_uid(self, uids: Sequence[str]) -> dict[str, StoredPassage]:
        """The passages with these uids; a uid unknown here is left out."""
        return {row["uid"]: _passage(row) for row in self._by_uid("SELECT * FROM passages WHERE uid IN ({})", uids)}

    def tokens(self, uids: Sequence[str]) -> dict[str, bytes]:
        """The token vectors of those passages that have them."""
        rows = self._by_uid("SELECT uid, tokens FROM passages WHERE tokens IS NOT NULL AND uid IN ({})", uids)
        return {row["uid"]: row["tokens"] for row in rows}

    def without_tokens(self) -> list[str]:
        """The uids of passages whose token vectors were not computed yet."""
        return [row[0] for row in self._connection.execute("SELECT uid FROM passages WHERE tokens IS NULL ORDER BY id")]

    def formulations(self, document_id: str | None = None) -> list[StoredFormulation]:
        """The formulations that lead to one document, or all, in the order they were added."""
        columns = {name: name for name in ("uid", "document", "kind", "text", "answer")}
        return [_formulation(row) for row in self._at_once(columns, "FROM formulations WHERE ?1 IS NULL OR document = ?1 ORDER BY id", document_id)]

    def texts(self) -> dict[str, str]:
        """The text of every passage and of every formulation but known questions, by uid."""
        source = "FROM (SELECT uid, text FROM passages UNION ALL SELECT uid, text FROM formulations WHERE kind != 'answered')"
        return {row["uid"]: row["text"] for row in self._at_once({"uid": "uid", "text": "text"}, source)}

    def formulations_by_uid(self, uids: Sequence[str]) -> dict[str, StoredFormulation]:
        """The formulations with these uids; a uid unknown here is left out."""
        return {row["uid"]: _formulation(row) for row in self._by_uid("SELECT * FROM formulations WHERE uid IN ({})", uids)}

    def uids(self) -> set[str]:
        """Every uid that has, or should have, a vector."""
        rows = self._connection.execute("SELECT uid FROM passages UNION ALL SELECT uid FROM formulations")
        return {row[0] for row in rows}

    def search_passages(self, query: Sequence[str], limit: int, documents: Sequence[str] = ()) -> list[tuple[str, float]]:
        """BM25 over passages: (uid, score), higher is better. ``query`` holds stems, each quoted by us."""
        return self._search("passage_words", "passages", "bm25(passage_words, 2.0, 1.5, 1.0)", query, limit, documents)

    def search_formulations(self, query: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """BM25 over formulations: (uid, score), higher is better."""
        return self._search("formulation_words", "formulations", "bm25(formulation_words)", query, limit, ())

    def frequencies(self) -> dict[str, int]:
        """In how many passages each stem stands."""
        return {row["term"]: row["doc"] for row in self._at_once({"term": "term", "doc": "doc"}, "FROM vocabulary")}

    def count(self, table: str) -> int:
        """The number of rows of « documents », « passages » or « formulations »."""
        queries = {
            "documents": "SELECT count(*) FROM documents WHERE state != 'withdrawn'",
            "passages": "SELECT count(*) FROM passages",
            "formulations": "SELECT count(*) FROM formulations",
        }
        return int(self._connection.execute(queries[table]).fetchone()[0])

    def _at_once(self, columns: Mapping[str, str], source: str, *values: str | None) -> list[dict[str, Any]]:
        """Many rows of text and numbers as one: ``columns`` are SQL expressions by name.

        sqlite3 lets go of the interpreter at every row, and while another thread adds documents gets it back
        milliseconds later: ten thousand rows took five seconds.
        """
        selected = ", ".join(f"{value} AS {name}" for name, value in columns.items())
        pairs = ", ".join(f"'{name}', {name}" for name in columns)
        query = f"SELECT json_group_array(json_object({pairs})) FROM (SELECT {selected} {source})"  # noqa: S608 - our own names
        found: list[dict[str, Any]] = json.loads(self._connection.execute(query, values).fetchone()[0])
        return found

    def _by_uid(self, query: str, uids: Sequence[str]) -> list[sqlite3.Row]:
        rows: list[sqlite3.Row] = []
        for start in range(0, len(uids), 500):  # SQLite's default limit of variables is 999 on old builds
            part = uids[start : start + 500]
            rows += self._connection.execute(query.format(", ".join("?" * len(part))), tuple(part)).fetchall()
        return rows

    def _search(self, words: str, table: str, rank: str, query: Sequence[str], limit: int, documents: Sequence[str]) -> list[tuple[str, float]]:
        if not query:
            return []
        match = " OR ".join('"' + stem.replace('"', '""') + '"' for stem in query)
        chosen = f" AND t.document IN ({', '.join('?' * len(documents))})" if documents else ""
        source = f"{words} JOIN {table} t ON t.id = {words}.rowid"
        sql = f"SELECT t.uid, -{rank} AS score FROM {source} WHERE {words} MATCH ?{chosen} ORDER BY score DESC LIMIT ?"  # noqa: S608 - our own names
        return [(row["uid"], float(row["score"])) for row in self._connection.execute(sql, (match, *documents, limit))]


_COUNTS = {
    "n_pages": "(SELECT count(*) FROM pages p WHERE p.document = d.id)",
    "n_passages": "(SELECT count(*) FROM passages q WHERE q.document = d.id)",
}
_DOCUMENT_VALUES = {name: f"d.{name}" for name in _DOCUMENT_COLUMNS} | _COUNTS


def _delete(connection: sqlite3.Connection, document_id: str) -> None:
    _delete_parts(connection, document_id)
    connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def _delete_parts(connection: sqlite3.Connection, document_id: str) -> None:
    connection.execute("DELETE FROM passage_words WHERE rowid IN (SELECT id FROM passages WHERE document = ?)", (document_id,))
    connection.execute("DELETE FROM formulation_words WHERE rowid IN (SELECT id FROM formulations WHERE document = ?)", (document_id,))
    for table in ("passages", "formulations", "pages"):
        connection.execute(f"DELETE FROM {table} WHERE document = ?", (document_id,))  # noqa: S608 - our own table names


def _insert_passage(connection: sqlite3.Connection, document: Document, stored: StoredPassage) -> None:
    passage = stored.passage
    cursor = connection.execute(
        "INSERT INTO passages (uid, document, ordinal, page, last_page, section, kind, text, tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (stored.uid, document.id, passage.ordinal, passage.page, passage.last_page, passage.section, passage.kind, passage.text, stored.tokens),
    )
    connection.execute(
        "INSERT INTO passage_words (rowid, title, section, body) VALUES (?, ?, ?, ?)",
        (cursor.lastrowid, " ".join(stems(document.label)), " ".join(stems(passage.section)), " ".join(stems(passage.text))),
    )


def _insert_formulation(connection: sqlite3.Connection, document: Document, stored: StoredFormulation) -> None:
    said = stored.formulation
    cursor = connection.execute(
        "INSERT INTO formulations (uid, document, kind, text, answer) VALUES (?, ?, ?, ?, ?)", (stored.uid, document.id, said.kind, said.text, said.answer)
    )
    if not said.known:  # those lead to a sentence, by their vector; words here lead to tools
        connection.execute("INSERT INTO formulation_words (rowid, body) VALUES (?, ?)", (cursor.lastrowid, " ".join(stems(said.text))))


def _document(row: Mapping[str, Any]) -> Document:
    values: dict[str, Any] = {name: row[name] for name in _DOCUMENT_COLUMNS} | {"sheet": json.loads(row["sheet"])}
    return replace(Document(**values), pages=row["n_pages"], passages=row["n_passages"])


def _passage(row: sqlite3.Row | Mapping[str, Any]) -> StoredPassage:
    return StoredPassage(row["uid"], Passage(**{name: row[name] for name in _PASSAGE_COLUMNS}))


def _formulation(row: sqlite3.Row | Mapping[str, Any]) -> StoredFormulation:
    return StoredFormulation(row["uid"], Formulation(row["document"], row["kind"], row["text"], row["answer"]))
