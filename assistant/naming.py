"""Documents that a question names and that the library does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant import spelling
from assistant.knowledge import Knowledge, sheet_names
from corpus.store import Store
from corpus.words import stems

_NOUN = r"(?:(?:guide|document|fiche|rapport|note|cahier|dossier|fichier|charte|[ée]tude|brochure|livret|livre|outil|sheet|report)s?|pdf|gids|verslag)"
_QUOTED = re.compile(rf"\b{_NOUN}\s+(?:(?:de|du|intitul\w+|nomm\w+|appel\w+|titr\w+|named|called)\s+)?[«\"“]\s*([^»\"”]{{2,160}}?)\s*[»\"”]", re.IGNORECASE)
_SLUG = re.compile(rf"\b{_NOUN}\s+([a-zà-ÿ0-9]+(?:-[a-zà-ÿ0-9]+){{2,}})(?![\w.])", re.IGNORECASE)
_FILE = re.compile(r"(?<![\w/])[\w-][\w.’'()-]{0,100}\.(?:pdf|docx?|odt|pptx?|xlsx?|ods|csv|md|txt)\b", re.IGNORECASE)
_SUFFIX = re.compile(r"\.\w{2,4}$")
#: The share of a name's words that one document must carry to be the one meant; its numbers must all be there.
_SHARE = 0.75


def missing(text: str, knowledge: Knowledge, store: Store) -> str:
    """The name of a document or sheet that a text names and that is neither here nor cited by a passage; "" when none is."""
    return next((name for name in _named(text) if not has(name, knowledge) and not _cited(name, store)), "")


def has(name: str, knowledge: Knowledge) -> bool:
    """Whether a document or sheet goes by a name, as typed or mended."""
    spellings = {name, spelling.repair(name, knowledge)}
    wanted = [words for spelled in spellings if (words := _words(spelled))]
    carried = [_words(" ".join((document.id, document.title, *sheet_names(document)))) for document in knowledge.documents.values()]
    return not wanted or any(_carries(have, words) for have in carried for words in wanted)


def _cited(name: str, store: Store) -> bool:
    """Whether a passage writes this name."""
    plain = name.replace("’", "'").casefold()
    return any(plain in stored.passage.text.replace("’", "'").casefold() for stored in store.passages())


def _named(text: str) -> Iterator[str]:
    for found in (_QUOTED, _SLUG):
        yield from (match.group(1).strip() for match in found.finditer(text))
    yield from (match.group(0) for match in _FILE.finditer(text))


def _words(name: str) -> frozenset[str]:
    return frozenset(stems(re.sub(r"[-_.]", " ", _SUFFIX.sub("", name))))


def _carries(has_words: frozenset[str], wanted: frozenset[str]) -> bool:
    numbers = {word for word in wanted if word.isdigit()}
    return numbers <= has_words and len(wanted & has_words) >= _SHARE * len(wanted)
