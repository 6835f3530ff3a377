"""When a text holds what a gold case asks for: the rules of the project's scorer, result for result.

Only letters and digits count for quotations (``letters``), words for answers (``words``).
``corpus.french`` folds a little more (æ, modifier apostrophes), so it is not used here: a rule
that differs by one character would let our figures drift from the scorer's. A test compares both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from eval.gold import DocumentCase

#: Kinds whose answer may be long.
LONG = frozenset({"list", "comparison", "procedural"})
#: Characters of an answer that count: pouring out the corpus is no answer.
ANSWER_LIMIT, SHORT_LIMIT = 1500, 600
#: Citations that count: citing everything is no citation.
CITATIONS, MORE_CITATIONS = 3, 6
#: A run of evidence is found when this share of it stands in one piece.
_SHARE, _LEAST, _STRIDE = 0.6, 12, 3

_MARKDOWN = re.compile(r"[*_`#>]")
_HIGH_SIGNS = re.compile(r"\s*([:;!?])\s*")
_SPACES = re.compile(r"\s+")

Passages = Sequence[Mapping[str, Any]]


def letters(text: str) -> str:
    """What is left of a text when only letters and digits count.

    >>> letters("L'Œuvre n° 2 : coopé-\\nration")
    'loeuvren2cooperation'
    """
    text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(c for c in text if c.isalnum())


def words(text: str) -> str:
    """A text without case, accents, Markdown or the typography of high signs.

    >>> words("**Élu·es** :  l’usage !")
    "elues : l'usage ! "
    """
    text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", "'").replace("·", "")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _SPACES.sub(" ", _HIGH_SIGNS.sub(r" \1 ", _MARKDOWN.sub("", text)))


def stem_of(document: object) -> str:
    """The name by which a document is compared: no folder, no extension.

    >>> stem_of("data/guide.v2.pdf"), stem_of("forum-ouvert"), stem_of(".cache")
    ('guide.v2', 'forum-ouvert', '')
    """
    name = PurePath(str(document)).name
    return name.rsplit(".", 1)[0] if "." in name else name


def overlaps(evidence: str, text: str) -> bool:
    """Whether at least 60 % of the evidence stands in the text, in one run of letters.

    >>> overlaps("La mission dure douze mois au plus", "…que la mission dure douze mois…"), overlaps("La mission dure douze mois", "la mission")
    (True, False)
    """
    wanted, held = letters(evidence), letters(text)
    if wanted in held:
        return True
    width = max(_LEAST, int(len(wanted) * _SHARE))
    return any(wanted[at : at + width] in held for at in range(0, max(1, len(wanted) - width + 1), _STRIDE))


def contains(answer: str, groups: Sequence[Sequence[str]], kind: str = "list") -> bool:
    """Whether the part of an answer that counts holds one writing of each group.

    >>> contains("La mission dure **douze mois**.", (("12 mois", "douze mois"), ("mission",)))
    True
    >>> contains("x" * 600 + " douze mois", (("douze mois",),), "factual")
    False
    """
    text = words(answer[: ANSWER_LIMIT if kind in LONG else SHORT_LIMIT])
    return all(any(words(option).strip() in text for option in group) for group in groups)


def name_of(row: Mapping[str, Any]) -> str:
    """The compared name of the document of a passage or citation."""
    return stem_of(row.get("document") or "")


def text_of(row: Mapping[str, Any]) -> str:
    """The text of a passage, or the quotation of a citation."""
    return str(row.get("text") or row.get("quote") or "")


def supports(case: DocumentCase, citation: Mapping[str, Any], known: Collection[str]) -> bool:
    """Whether a quotation holds the evidence or, from a document unknown to the gold file (a sheet), all that the answer must say."""
    quote, name = str(citation.get("quote") or ""), name_of(citation)
    if name in case.doc:
        return any(overlaps(evidence, quote) for evidence in case.evidence)
    return name not in known and contains(quote, case.must_contain)


def by_sheet(case: DocumentCase, passage: Mapping[str, Any], known: Collection[str]) -> bool:
    """Whether a passage of a document unknown to the gold file says all that the answer must say."""
    return bool(known) and name_of(passage) not in known and contains(str(passage.get("text") or ""), case.must_contain)


def found(case: DocumentCase, passages: Passages, known: Collection[str] = frozenset()) -> bool:
    """Whether passages hold the answer: any evidence; all of them for a list; one of each document for a comparison."""
    if any(by_sheet(case, passage, known) for passage in passages):
        return True
    hits = [{name_of(p) for p in passages if name_of(p) in case.doc and overlaps(evidence, text_of(p))} for evidence in case.evidence]
    if case.kind == "list":
        return all(hits)
    if case.kind == "comparison":
        return set(case.doc) <= set().union(*hits)
    return any(hits)
