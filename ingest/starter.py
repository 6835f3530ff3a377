"""Filling a library with the starter corpus that rides with the code."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.demarche import STARTER
from ingest.pipeline import SUFFIXES, Pipeline
from ingest.report import FileReport
from ingest.sources import find


def size() -> int:
    """How many files the starter corpus has to read."""
    return sum(not found.verdict for found in find(STARTER, SUFFIXES))


def fill(pipeline: Pipeline) -> Iterator[FileReport]:
    """Bring the starter corpus in, one report a file; what is already there is passed over."""
    return pipeline.reports([STARTER])
