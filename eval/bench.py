"""``bao bench``: how fast the product is on this machine, and what memory it takes.

Sixty of our own questions, twenty of each file of eval/questions, spread over all their kinds, are
asked one after the other. Start-up is the age of the process when the first question can be
answered, imports and model included. Ingestion is timed in a temporary store.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.ask import Assistant
from corpus import demarche, settings
from corpus.embedding import Embedder
from corpus.library import Library
from eval import metrics
from eval.gold import Task, read
from ingest.pipeline import Pipeline

QUESTIONS = Path(__file__).with_name("questions")
FILES: Mapping[Task, str] = {"concepts": "corpus.jsonl", "documents": "documents.jsonl", "toolbox": "situations.jsonl"}
EACH = 20
#: What each figure is called for people, with its unit.
LABELS = {
    "questions": ("questions posées", ""), "p50_s": ("temps médian par question", " s"), "p95_s": ("95 % des questions en moins de", " s"),
    "startup_s": ("prêt à répondre après", " s"), "memory_mb": ("mémoire au plus haut", " Mo"),
    "pages": ("pages ingérées", ""), "pages_per_second": ("pages ingérées par seconde", ""), "cores": ("processeurs", ""),
}  # fmt: skip


def questions() -> list[str]:
    """The sixty questions, the same every time."""
    asked = []
    for task, name in FILES.items():
        cases = read(QUESTIONS / name, task)
        asked += [cases[number * len(cases) // EACH].question for number in range(EACH)]
    return asked


def measure(assistant: Assistant, embedder: Embedder | None = None, pdf: Path | None = None) -> dict[str, Any]:
    """Times and memory; with an embedder and a PDF, also how fast pages come in. What cannot be known is None."""
    assistant.warm()
    assistant.ask("Qu'est-ce que la performance d'usage ?")
    startup = process_age()
    seconds = [assistant.ask(question).seconds for question in questions()]
    found: dict[str, Any] = {"questions": len(seconds), "p50_s": round(statistics.median(seconds), 3), "p95_s": _rounded(metrics.percentile(seconds, 0.95))}
    found |= {"startup_s": _rounded(startup), "pages": None, "pages_per_second": None}
    if embedder is not None and pdf is not None:
        found |= ingestion(embedder, pdf)
    return found | {"memory_mb": peak_memory(), "cores": os.cpu_count()}


def ingestion(embedder: Embedder, pdf: Path) -> dict[str, Any]:
    """Pages a second of one PDF, read, cut, encoded and stored."""
    with tempfile.TemporaryDirectory(prefix="bao-mesure-", ignore_cleanup_errors=True) as folder:
        given = settings.load(data=Path(folder))
        with Library(given, embedder, writing=True) as library:
            start = time.perf_counter()
            report = Pipeline(library, given, demarche.load()).run([pdf])
            seconds = time.perf_counter() - start
    pages = sum(file.pages for file in report.files)
    return {"pages": pages, "pages_per_second": round(pages / seconds, 2)}


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The figures for people."""
    for name, value in found.items():
        if value is not None:
            label, unit = LABELS[name]
            yield f"{label} : {str(value).replace('.', ',')}{unit}"


def process_age() -> float | None:
    """Seconds since this process started; None where the system does not say (Linux does)."""
    try:
        started = float(Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def peak_memory() -> int:
    """The most memory this process has held, in megabytes (the system counts in kilobytes, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1000)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
