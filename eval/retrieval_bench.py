"""Our retrieval on public question–passage sets, beside each of its legs and their plain sum.

    python -m eval.retrieval_bench SET_FOLDER …

A set folder holds corpus.jsonl {id, title, text} and queries.jsonl {id, text, positive: [ids]}. Each
set is searched in a temporary store, never a user's; one whose passages have titles is searched
twice, titles shown and hidden. Questions go through the same understanding as in the product.
To see that a change to retrieval helps beyond our own documents: never to tune on.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.knowledge import KnowledgeKeeper
from assistant.phrasings import PhrasingsKeeper
from assistant.retrieval import Query, Searcher, weights
from assistant.understanding import understand
from assistant.vocabulary import load as load_vocabulary
from corpus import demarche, settings
from corpus.documents import NO_PAGE, Document, Page, Passage
from corpus.embedding import Embedder
from corpus.errors import EFCError, UsageError
from corpus.library import Entry, Library, embedding_text
from corpus.model import open_embedder
from eval import metrics
from eval.metrics import Tally
from eval.result import figure, verdict
from eval.sets import QuestionSet, read_set
from eval.systems import ALONE, Weights

DEPTH = 10
OURS, SUM = "bao", "somme"
#: The plain sum that a first afternoon gives: dense + half of BM25, standard scores.
PLAIN_SUM: Weights = {"dense": 1.0, "lexical": 0.5}
MEASURES = ("ndcg@10", "hit@1", "hit@5", "hit@10")
Columns = Mapping[str, Sequence[Tally]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One set searched by every system: for each system, each measure's tallies, question by question."""

    name: str
    questions: int
    systems: Mapping[str, Columns]

    def best_leg(self) -> str:
        """The single leg with the highest nDCG@10."""
        return max(ALONE, key=lambda leg: metrics.ratio(self.systems[leg]["ndcg@10"]) or 0.0)

    def lines(self) -> Iterator[str]:
        """The table of the set, then whether ours is better than the best leg and than the plain sum."""
        yield f"{self.name} : {self.questions} questions"
        yield f"{'système':<10}" + "".join(f"{name:<34}" for name in MEASURES)
        for system, columns in self.systems.items():
            yield f"{system:<10}" + "".join(f"{figure(metrics.estimate(columns[name])):<34}" for name in MEASURES)
        for other, words in ((self.best_leg(), "meilleure voie seule"), (SUM, "somme simple")):
            for name in MEASURES:
                found = metrics.difference(self.systems[OURS][name], self.systems[other][name])
                if found:
                    yield f"  bao contre {other} ({words}), {name} : {verdict(found)}"


def systems() -> dict[str, Weights]:
    """The systems compared, by name: each leg, the plain sum, ours."""
    return {name: {leg: 1.0} for name, leg in ALONE.items()} | {SUM: PLAIN_SUM, OURS: weights()}


def measure(data: QuestionSet, embedder: Embedder) -> Measured:
    """Search a set with every system, in a temporary store."""
    with tempfile.TemporaryDirectory(prefix="bao-banc-", ignore_cleanup_errors=True) as folder:
        given = settings.load(data=Path(folder))
        with Library(given, embedder, writing=True) as library:
            fill(library, data, Path(folder))
            keeper, vocabulary = KnowledgeKeeper(library, demarche.load()), load_vocabulary()
            found: dict[str, Columns] = {}
            asked = [understand(question.text, question.text, keeper.current(), vocabulary) for question in data.questions]
            queries = [Query.of(each) for each in asked]
            phrasings = PhrasingsKeeper(library)
            for name, weighing in systems().items():
                searcher = Searcher(library, keeper, phrasings, weighing)
                ranked = [[candidate.passage.document for candidate in searcher.search(query, DEPTH).candidates] for query in queries]
                found[name] = _columns(ranked, [question.positive for question in data.questions])
    return Measured(data.name, len(data.questions), found)


def _columns(ranked: Sequence[Sequence[str]], positive: Sequence[frozenset[str]]) -> Columns:
    """The tallies of each measure.

    >>> _columns([["a", "b"]], [frozenset({"b"})])["hit@1"], _columns([["a", "b"]], [frozenset({"b"})])["hit@5"]
    ([(0.0, 1.0)], [(1.0, 1.0)])
    """
    good = [[name in wanted for name in names] for names, wanted in zip(ranked, positive, strict=True)]
    columns: dict[str, Sequence[Tally]] = {f"hit@{k}": [(metrics.hit(row, k), 1.0) for row in good] for k in (1, 5, 10)}
    columns["ndcg@10"] = [(metrics.ndcg([float(each) for each in row], [1.0] * len(wanted), 10), 1.0) for row, wanted in zip(good, positive, strict=True)]
    return columns


def fill(library: Library, data: QuestionSet, folder: Path) -> None:
    """Put each row of a set in a library, as a document of one passage."""
    original = folder / "banc.txt"
    original.write_text("", "utf-8")
    entries = [_entry(row.id, row.title, row.text) for row in data.rows]
    encoded = library.embedder.encode_passages([embedding_text(document.label, passage) for document, passage in entries])
    for (document, passage), vectors in zip(entries, encoded, strict=True):
        library.add(Entry(document, (Page(NO_PAGE, passage.text),), (passage,), (), (vectors,)), original)


def _entry(name: str, title: str, text: str) -> tuple[Document, Passage]:
    digest = hashlib.sha256(name.encode()).hexdigest()
    # a type of its own: the label of a « document » would add the words of its name, here a number
    return Document(name, title, "banc", digest, "", ".txt"), Passage(name, 0, NO_PAGE, NO_PAGE, "", "prose", text)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(description="Mesure la recherche sur des jeux publics de questions et de passages.")
    parser.add_argument("folders", metavar="DOSSIER", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    try:
        embedder = open_embedder(settings.load())
        for data in (variant for folder in given.folders for variant in read_set(folder).variants()):
            print("\n".join(measure(data, embedder).lines()), end="\n\n", flush=True)
    except EFCError as error:
        print(f"{error}\n→ {error.remedy}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
