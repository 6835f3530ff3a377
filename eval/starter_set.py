"""Writes the set folder of a library's known questions, to train on: each tied to the passage that holds its answer.

    python -m eval.starter_set --data CORPUS OUT_FOLDER

The questions are those that sheets and notices carry under « reponses ». One whose fragment stands in no passage is left out,
and counted.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from corpus import settings
from corpus.embedding import HashingEmbedder
from corpus.french import fold
from corpus.library import Library

SHORTEST = 80  # characters of a passage that says something


def write(library: Library, out: Path) -> tuple[int, int]:
    """Write both files; how many questions were kept and left out."""
    titles = {document.id: document.title for document in library.store.documents()}
    stored = [one for one in library.store.passages() if len(one.passage.text) >= SHORTEST]
    rows = [{"id": one.uid, "title": titles[one.passage.document], "text": one.passage.text} for one in stored]
    places: dict[str, list[tuple[str, str]]] = {}
    for one in stored:
        places.setdefault(one.passage.document, []).append((one.uid, fold(one.passage.text)))
    asked, lost = [], 0
    for known in (one.formulation for one in library.store.formulations() if one.formulation.known):
        holding = [uid for uid, text in places.get(known.document, []) if fold(known.answer) in text]
        if holding:
            asked.append({"text": known.text, "positive": holding[:1], "answers": [known.answer]})
        lost += not holding
    out.mkdir(parents=True, exist_ok=True)
    for name, lines in (("corpus.jsonl", rows), ("queries.jsonl", asked)):
        (out / name).write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return len(asked), lost


def main() -> None:
    """The export command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    with Library(settings.load(data=given.data), HashingEmbedder(), any_model=True) as library:
        kept, lost = write(library, given.out)
    print(f"{kept} questions, {lost} left out")


if __name__ == "__main__":
    main()
