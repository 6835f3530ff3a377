"""What a question asks: cleaned, repaired, its subject, its kind, and what an answer to it must hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast

from assistant import cues, expressions, spelling
from assistant.knowledge import Knowledge
from assistant.vocabulary import Vocabulary
from corpus.french import fold, normalise, sentences
from corpus.words import stem, stems, tokens

Language = Literal["fr", "en", "nl", "other"]
#: So few words are key words (« Et l'écopôle ? »), not a question; below this rarity (« exemple ») they name nothing.
KEY_WORDS, RARE = 3, 3.0
#: What kind of thing the answer must contain for it to be an answer.
Wants = Literal["", "amount", "date", "duration", "frequency", "count", "person", "contact", "place", "phone", "address", "url", "share", "names"]

#: The words with which one asks what another means.
_MEANING = frozenset(stems("dire signifier signifie signification définir définition mot terme sigle acronyme expression abréviation"))

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{1,300}(?:\([^()\s]{0,100}\))?\)")
_HALF_TAG = re.compile(r"<+(?=[a-zA-Z/!?])")  # what a tag inside another leaves: no longer live
_FUNCTION_WORDS = {
    "en": frozenset(
        "what how who which where when why is are do does the of and to in for can should we our with from between about it this that "
        "you give have your their they was were did not there please tell".split()
    ),
    "nl": frozenset(
        "wat hoe wie welke waar wanneer waarom is zijn de het een van en voor met door over kan moet wij onze gaan dit dat deze "
        "kun kunt ons hoeveel hebben heeft niet aan bij ook wordt worden geef jullie".split()
    ),
    # « de », « en », « met », « on » are French too: a word of two languages tells neither
    "fr": frozenset(
        "le la les de des du un une et est que qui quoi quel quelle quels quelles pour dans avec sur nous vous on je il elle ils elles ce ca ou comment "
        "combien pourquoi quand au aux en par se ne pas plus sans si son sa ses leur leurs notre nos votre vos mon ma mes cette ces y a mais donc tout "
        "tous faut peut dit met is".split()
    ),
}
#: How another language asks, and the French that the cues know.
_IN_FRENCH = {
    "en": {
        r"\bexamples?\b": "un exemple",
        r"\bhow long\b": "quelle duree",
        r"\bhow (?:do|can|should|to)\b": "comment faire",
        r"\bwhich tools?\b": "quel outil",
    },
    "nl": {r"\bvoorbeeld": "un exemple", r"\bhoe ?lang\b": "quelle duree", r"\bhoe (?:kan|kun|moet)": "comment faire", r"\bverschil": "quelle difference"},
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as understood."""

    typed: str
    text: str
    stems: tuple[str, ...]
    expansion: tuple[str, ...]
    language: Language
    wants: Wants
    named: tuple[str, ...]  # ids of sheets named, in order
    steps: tuple[str, ...]  # ids of steps named
    listing: bool
    procedure: bool
    comparison: bool
    definition: bool
    example: bool
    situation: bool
    names: bool = False  # other names or an acronym are asked for
    counted: str = ""  # the stem of what is counted: « combien de territoires »
    plain: str = ""  # what its figurative expressions mean
    acronym: str = ""  # the acronym whose meaning is all that is asked,
    written_out: str = ""  # and what it stands for

    @property
    def subject(self) -> tuple[str, ...]:
        """The stems of what is asked about, without those of asking what it means."""
        return tuple(stem for stem in self.stems if stem not in _MEANING)

    @property
    def folded(self) -> str:
        """The text folded, for cues; of another language, with the French words that its asking amounts to."""
        return _asking(self.text, self.language)


def _asking(text: str, language: Language) -> str:
    """A text folded, followed by the French for how it asks.

    >>> _asking("How long does it take?", "en")
    'how long does it take? quelle duree'
    """
    folded = fold(text)
    return " ".join((folded, *(french for pattern, french in _IN_FRENCH.get(language, {}).items() if re.search(pattern, folded))))


def _counted(text: str) -> str:
    match = re.search(r"\b(?:combien|le plus) d(?:e |'|’)(?:autres? |fois )?([^\W\d_]{3,})", text, re.IGNORECASE)
    return stem(match.group(1)) if match else ""


def clean(text: str, limit: int) -> str:
    """The question without control, bidirectional or markup characters, at most ``limit`` long."""
    text = normalise(text[: limit * 4])
    text = _HALF_TAG.sub("< ", _TAG.sub(" ", _LINK.sub(r"\1", text))).replace("\n", " ")
    return re.sub(r"\s+", " ", text).strip()[:limit]


def understand(typed: str, text: str, knowledge: Knowledge, vocabulary: Vocabulary) -> Understood:
    """Read a cleaned question. ``typed`` is what was typed, ``text`` what it means in its conversation."""
    language = language_of(typed)
    mended = spelling.repair(text, knowledge) if language == "fr" else text
    folded = _asking(mended, language)
    own = tuple(dict.fromkeys(stems(mended)))
    asked = Understood(
        typed=typed,
        text=mended,
        stems=own,
        expansion=tuple(s for s in vocabulary.expansion(mended) if knowledge.known(s) and s not in own),
        language=language,
        wants=cast(Wants, cues.first("wants", folded)),
        named=named_sheets(mended, knowledge, vocabulary),
        steps=named_steps(mended, knowledge),
        listing=cues.points("form", "list", folded) or cues.points("form", "plural", folded),
        procedure=cues.points("form", "procedure", folded),
        comparison=cues.points("form", "comparison", folded),
        definition=cues.points("form", "definition", folded),
        example=cues.points("form", "example", folded),
        situation=cues.points("form", "situation", folded),
        names=cues.points("form", "names", folded),
        counted=_counted(mended),
        plain=expressions.plain(mended) if language == "fr" else "",
    )
    word = next((word for word in tokens(mended) if (stem(word),) == asked.subject), "") if asked.definition else ""
    meaning = vocabulary.written_out(word)
    return replace(asked, acronym=word.upper(), written_out=meaning) if meaning else asked


def inner_capitals(text: str) -> list[str]:
    """The words with a capital that open no sentence: names and acronyms, most often.

    >>> inner_capitals("Nous visitons Lille. Quel site est celui du Cerdd ?")
    ['Lille', 'Cerdd']
    """
    return [word for sentence in sentences(text) for word in tokens(sentence)[1:] if word[:1].isupper()]


def part_of(asked: Understood, start: int, end: int) -> Understood:
    """One part of a question in several: its own words and what it wants, the rest as in the whole."""
    text = asked.text[start:end]
    wants = cast(Wants, cues.first("wants", fold(text)))
    return replace(asked, text=text, stems=tuple(dict.fromkeys(stems(text))), expansion=(), wants=wants, counted=_counted(text))


def language_of(text: str) -> Language:
    """The language of a text by its function words; French when in doubt.

    >>> language_of("What is the performance economy?"), language_of("Waar gaan de werkdagen van het traject door?"), language_of("EFC")
    ('en', 'nl', 'fr')
    """
    words = [fold(word) for word in tokens(text)]
    if not words:
        return "other"
    counts: dict[Language, int] = {"fr": 0, "en": 0, "nl": 0}
    for language in ("fr", "en", "nl"):
        counts[language] = sum(word in _FUNCTION_WORDS[language] for word in words)
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > counts["fr"] and counts[best] >= 2 else "fr"


def named_sheets(text: str, knowledge: Knowledge, vocabulary: Vocabulary | None = None) -> tuple[str, ...]:
    """The ids of the sheets that a text names, in order of appearance, the longest name at each place; then those its terms point to.

    Key words alone (« écopôle ») name the one sheet whose title has them all.
    """
    line = stems(text)
    found: list[tuple[int, str]] = []
    taken: set[int] = set()
    longest = max((len(run) for run in knowledge.names), default=0)
    for size in range(min(longest, len(line)), 0, -1):
        for start in range(len(line) - size + 1):
            places = set(range(start, start + size))
            sheet = knowledge.names.get(tuple(line[start : start + size]))
            if sheet and not places & taken and (size > 1 or knowledge.rarity(line[start]) > 1.5):
                found.append((start, sheet))
                taken |= places
    named = [sheet for _, sheet in sorted(found)]
    named += [term.sheet for term in (vocabulary.terms_in(text) if vocabulary else ()) if term.sheet in knowledge.documents]
    words = tokens(text)
    if not named and line and len(words) <= KEY_WORDS and all(knowledge.rarity(root) > RARE for root in line):
        telling = {fold(word) for word in words if stem(word) in line}
        titled = [sheet for sheet, title in knowledge.titles.items() if telling <= title]
        named = titled if len(titled) == 1 else []
    return tuple(dict.fromkeys(named))


def named_steps(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The steps a text names: « E3 », « étape 3 », « 3e étape », or the step's own name."""
    folded = fold(text)
    found: list[tuple[int, str]] = []
    for step in knowledge.demarche.steps:
        patterns = [rf"\b{step.id.casefold()}\b", rf"\betape\s*(?:n\s*°?\s*)?{step.number}\b", rf"\b{step.number}\s*e(?:me)?\s+etape\b"]
        for pattern in patterns:
            match = re.search(pattern, folded)
            if match:
                found.append((match.start(), step.id))
        place = folded.find(fold(step.name))
        if place >= 0:
            found.append((place, step.id))
    last = re.search(r"\betape finale\b|\bderniere etape\b", folded)
    if last:
        found.append((last.start(), knowledge.demarche.step_ids[-1]))
    return tuple(dict.fromkeys(step for _, step in sorted(found)))
