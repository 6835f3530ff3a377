"""The tables of the store, and how those of the first version are brought up to this one."""

from __future__ import annotations

import sqlite3

VERSION = "2"

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, type TEXT NOT NULL, sha256 TEXT NOT NULL, text_sha256 TEXT NOT NULL, suffix TEXT NOT NULL,
    origin TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, date TEXT NOT NULL, valid_until TEXT NOT NULL, licence TEXT NOT NULL,
    source TEXT NOT NULL, author TEXT NOT NULL, path TEXT NOT NULL, twin_of TEXT NOT NULL, sheet TEXT NOT NULL,
    added_at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE TABLE IF NOT EXISTS pages (document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, number INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, number));
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    page INTEGER NOT NULL, last_page INTEGER NOT NULL, section TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, tokens BLOB);
CREATE INDEX IF NOT EXISTS passages_document ON passages (document, ordinal);
CREATE TABLE IF NOT EXISTS formulations (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, document TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, text TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS formulations_document ON formulations (document);
CREATE VIRTUAL TABLE IF NOT EXISTS passage_words USING fts5 (title, section, body, tokenize = 'unicode61');
CREATE VIRTUAL TABLE IF NOT EXISTS formulation_words USING fts5 (body, tokenize = 'unicode61');
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (passage_words, row);
"""


def prepare(connection: sqlite3.Connection) -> str:
    """Make the tables where they are missing and bring up those of version 1. Returns the version: another than ours is not touched."""
    connection.executescript(_TABLES)
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (VERSION,))
    connection.commit()
    if _version(connection) == "1":
        _bring_up(connection)
    return _version(connection)


def _bring_up(connection: sqlite3.Connection) -> None:
    """From version 1, where formulations had no answer."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == "1":  # two processes may open an old store at once
            connection.execute("ALTER TABLE formulations ADD COLUMN answer TEXT NOT NULL DEFAULT ''")
            connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (VERSION,))


def _version(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])
