"""Why a tool fits this situation: one sentence that ties the asker's words or constraints to a field of the sheet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.constraints import Constraints
from assistant.knowledge import Knowledge
from assistant.phrasings import Phrasings
from assistant.understanding import Understood
from corpus.documents import Document
from corpus.durations import spoken_range
from corpus.french import fold, sentences, shorten
from corpus.library import Library
from corpus.words import STOP_WORDS, stem, tokens


def reason_for(tool: Document, asked: Understood, phrasings: Phrasings, near: NDArray[np.float64], constraints: Constraints, knowledge: Knowledge) -> str:
    """One or two sentences: your words, what the tool does, and the constraint it keeps."""
    summary = str(tool.sheet.get("resume", "")).rstrip(".")
    shared = shared_words(tool, asked, phrasings, near, knowledge)
    opening = f"Vous parlez de « {' », « '.join(shared)} » : cet outil sert à " if shared else "Cet outil sert à "
    text = opening + _as_infinitive(summary) + "."
    kept = _kept(tool, constraints)
    return f"{text} {kept}" if kept else text


def shared_words(tool: Document, asked: Understood, phrasings: Phrasings, near: NDArray[np.float64], knowledge: Knowledge, limit: int = 2) -> list[str]:
    """The asker's own words that the tool's sheet also uses, rarest first."""
    rows = [row for row, document in enumerate(phrasings.documents) if document == tool.id]
    nearest = sorted(rows, key=lambda row: -near[row])[:4]
    held = {stem(word) for row in nearest for word in tokens(phrasings.texts[row])} | {
        stem(word) for word in tokens(f"{tool.title} {tool.sheet.get('resume', '')}")
    }
    words = [word for word in dict.fromkeys(tokens(asked.text)) if fold(word) not in STOP_WORDS and len(word) > 3 and stem(word) in held]
    return sorted(words, key=lambda word: -knowledge.rarity(stem(word)))[:limit]


def outcome(tool: Document, library: Library) -> str:
    """What one leaves with: the sentence of the sheet's contents that says so, else the first of its aims."""
    passages = [stored.passage for stored in library.store.passages(tool.id)]
    for heading, wanted in (("Contenus", ("repart", "livrable", "produit", "obtien", "sort ")), ("Objectifs", ())):
        texts = [sentence for passage in passages if passage.section.endswith(heading) for sentence in sentences(passage.text)]
        chosen = next((text for text in texts if any(mark in fold(text) for mark in wanted)), texts[0] if texts and not wanted else "")
        if chosen:
            return shorten(chosen, 220)
    return ""


def _as_infinitive(summary: str) -> str:
    """A summary that opens with an infinitive reads on; another is quoted after a colon."""
    first = summary.split(" ", 1)[0]
    if first.endswith(("er", "ir", "re", "oir")) and first[:1].isupper():
        return summary[0].lower() + summary[1:]
    return f"ceci : {summary[:1].lower()}{summary[1:]}" if summary[:2] not in ("L'", "L’") else f"ceci : {summary}"


def _kept(tool: Document, constraints: Constraints) -> str:
    minutes, people = tool.sheet.get("duree_minutes"), tool.sheet.get("participants")
    parts = []
    if constraints.minutes is not None and minutes and minutes[0] <= constraints.minutes:
        parts.append(f"une séance dure {spoken_range(minutes[0], minutes[1])}")
    if constraints.people is not None and people and people[0] <= constraints.people <= people[1]:
        parts.append(f"le groupe peut aller de {people[0]} à {people[1]} personnes" if people[0] != people[1] else "il se fait seul")
    if constraints.remote and "distance" in tool.sheet.get("modalites", []):
        parts.append("il se tient aussi à distance")
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""
