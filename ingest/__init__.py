"""Brings documents in: reads a file's bytes into pages and blocks, cuts passages, validates sheets."""
