"""Writes the set folder of our own questions on the starter sheets, from a library that holds them.

    python -m eval.starter_set --data CORPUS OUT_FOLDER

``eval/training/starter/queries.jsonl`` names a document and a verbatim fragment of the sentence that answers. Here
each question is tied to the passage that holds the fragment now, so that sheets may change: a question
whose fragment is gone is left out, and counted.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from corpus import settings
from corpus.embedding import HashingEmbedder
from corpus.french import fold
from corpus.library import Library
from eval.jsonl import objects

QUERIES = Path(__file__).parent / "training" / "starter" / "queries.jsonl"
SHORTEST = 80  # characters of a passage that says something


def write(library: Library, out: Path) -> tuple[int, int]:
    """Write both files; how many questions were kept and left out."""
    titles = {document.id: document.title for document in library.store.documents() if document.starter}
    stored = [one for one in library.store.passages() if one.passage.document in titles and len(one.passage.text) >= SHORTEST]
    rows = {one.uid: {"id": one.uid, "title": titles[one.passage.document], "text": one.passage.text} for one in stored}
    places = {name: [(one.uid, fold(one.passage.text)) for one in stored if one.passage.document == name] for name in titles}
    asked, lost = [], 0
    for query in objects(QUERIES):
        holding = [uid for uid, text in places.get(query["document"], []) if fold(query["answers"][0]) in text]
        if holding:
            asked.append({"text": query["text"], "positive": holding[:1], "answers": query["answers"]})
        lost += not holding
    out.mkdir(parents=True, exist_ok=True)
    for name, lines in (("corpus.jsonl", rows.values()), ("queries.jsonl", asked)):
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
