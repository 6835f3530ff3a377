"""The regression gate: thirty of our own questions over a few sheets, with the embedded model.

    python -m eval.gate [--write]

Not a measure of quality: the store is tiny. It only tells, in seconds and anywhere, that a change
broke finding, composing or abstaining. (The hashing embedder would be quicker, but abstaining is
fitted on the embedded model's similarities and says nothing on others.) ``baseline.json`` names
the questions and the sheets, and the figures that must not drop; ``--write`` records those of now.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import demarche, settings
from corpus.demarche import STARTER
from corpus.library import Library
from corpus.model import open_embedder
from eval.gold import Case, read
from eval.result import Scored, summarise
from eval.run import answers
from ingest.pipeline import Pipeline

BASELINE = Path(__file__).with_name("baseline.json")
QUESTIONS = Path(__file__).with_name("questions") / "corpus.jsonl"
#: What must not drop.
HELD = ("right", "hit@5", "answer_right")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The questions, the sheets they are asked over, and the figures last recorded."""

    questions: tuple[str, ...]
    sheets: tuple[str, ...]
    figures: Mapping[str, float]


def load() -> Baseline:
    """The committed baseline."""
    raw = json.loads(BASELINE.read_text("utf-8"))
    return Baseline(tuple(raw["questions"]), tuple(raw["sheets"]), raw["figures"])


def cases(baseline: Baseline) -> list[Case]:
    """The gate's questions, in the order of their file."""
    return [case for case in read(QUESTIONS, "concepts") if case.id in baseline.questions]


def measure(baseline: Baseline) -> list[Scored]:
    """The gate's questions answered over its sheets, in a temporary store."""
    with tempfile.TemporaryDirectory(prefix="bao-garde-", ignore_cleanup_errors=True) as folder:
        given = settings.load(data=Path(folder))
        with Library(given, open_embedder(given), writing=True) as library:
            Pipeline(library, given, demarche.load()).run([STARTER / "fiches" / f"{sheet}.md" for sheet in baseline.sheets])
            return answers(library, given, cases(baseline), "bao")


def figures(scored: Sequence[Scored]) -> dict[str, float]:
    """The figures that the gate holds."""
    found = summarise(scored)
    return {name: round(found[name].value or 0.0, 4) for name in HELD}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when nothing dropped, or when the figures were recorded."""
    parser = argparse.ArgumentParser(description="Vérifie que la recherche et la composition n'ont pas reculé.")
    parser.add_argument("--write", action="store_true", help="enregistre les chiffres actuels")
    given = parser.parse_args(arguments)
    baseline = load()
    scored = measure(baseline)
    now = figures(scored)
    for name, value in now.items():
        print(f"{name} : {value:.3f}, enregistré {baseline.figures.get(name, 0.0):.3f}".replace(".", ","))
    print("manquées : " + ", ".join(one.case.id for one in scored if not one.tallies["right"][0]))
    if given.write:
        raw = {"questions": list(baseline.questions), "sheets": list(baseline.sheets), "figures": now}
        BASELINE.write_text(json.dumps(raw, ensure_ascii=False, indent=2) + "\n", "utf-8")
        return 0
    return int(any(now[name] < baseline.figures.get(name, 0.0) for name in HELD))


if __name__ == "__main__":
    sys.exit(main())
