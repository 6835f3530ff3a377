"""Why a tool fits this situation: one sentence that ties the asker's words or constraints to a field of the sheet."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from assistant import cues
from assistant.constraints import Constraints, stated_words
from assistant.knowledge import Knowledge
from assistant.phrasings import Phrasings
from assistant.rows import is_row
from assistant.understanding import Understood
from corpus.documents import Document
from corpus.durations import spoken_range
from corpus.french import fold, sentences, shorten
from corpus.library import Library
from corpus.words import STOP_WORDS, stem, tokens


def reason_for(
    tool: Document,
    asked: Understood,
    phrasings: Phrasings,
    near: NDArray[np.float64],
    constraints: Constraints,
    knowledge: Knowledge,
    said: set[str] | None = None,
) -> str:
    """One or two sentences: your words, what the tool does, and the constraint it keeps. ``said`` are the words that reasons above gave; it grows."""
    summary = str(tool.sheet.get("resume", "")).rstrip(".")
    shared = shared_words(tool, asked, phrasings, near, knowledge, said or set())
    if said is not None:
        said |= set(shared)
    opening = f"Vous parlez de « {' », « '.join(shared)} » : cet outil sert à " if shared else "Cet outil sert à "
    text = opening + _as_infinitive(summary) + "."
    kept = _kept(tool, constraints, knowledge, with_public=not shared)
    return f"{text} {kept}" if kept else text


def shared_words(
    tool: Document, asked: Understood, phrasings: Phrasings, near: NDArray[np.float64], knowledge: Knowledge, said: Collection[str] = (), limit: int = 2
) -> list[str]:
    """The asker's own words that the tool's sheet also uses: those not said of another tool first, then the rarest.

    Words that only state a constraint (« deux heures », « élus ») are no subject: the constraint kept is said apart.
    """
    rows = [row for row, wording in enumerate(phrasings.wordings) if wording.document == tool.id]
    nearest = sorted(rows, key=lambda row: -near[row])[:4]
    held = {stem(word) for row in nearest for word in tokens(phrasings.wordings[row].text)} | {
        stem(word) for word in tokens(f"{tool.title} {tool.sheet.get('resume', '')}")
    }
    plain = STOP_WORDS | stated_words(asked.text)
    words = [
        word
        for word in dict.fromkeys(tokens(asked.text))
        if fold(word) not in plain and len(word) > 3 and stem(word) in held and not cues.points("clarify", "plain", fold(word))
    ]
    fresh = [word for word in words if word not in said] or words
    return sorted(fresh, key=lambda word: -knowledge.rarity(stem(word)))[:limit]


def outcome(tool: Document, library: Library) -> str:
    """What one leaves with: the sentence of the sheet's contents that says so, else the first of its aims."""
    passages = [stored.passage for stored in library.store.passages(tool.id)]
    for heading, wanted in (("Contenus", ("repart", "livrable", "produit", "obtien", "sort ")), ("Objectifs", ())):
        lines = (line for passage in passages if passage.section.endswith(heading) for line in passage.text.split("\n") if not is_row(line))
        texts = [sentence for line in lines for sentence in sentences(line)]
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


def _kept(tool: Document, constraints: Constraints, knowledge: Knowledge, with_public: bool) -> str:
    minutes, people = tool.sheet.get("duree_minutes"), tool.sheet.get("participants")
    parts = []
    if constraints.minutes is not None and minutes and minutes[0] <= constraints.minutes:
        parts.append(f"une séance dure {spoken_range(minutes[0], minutes[1])}")
    if constraints.people is not None and people and people[0] <= constraints.people <= people[1]:
        parts.append(f"le groupe peut aller de {people[0]} à {people[1]} personnes" if people[0] != people[1] else "il se fait seul")
    if constraints.remote and "distance" in tool.sheet.get("modalites", []):
        parts.append("il se tient aussi à distance")
    publics = [public for public in constraints.publics if public in tool.sheet.get("cibles", [])]
    if publics and (with_public or not parts):
        parts.append(f"il s'adresse à ce public : {', '.join(knowledge.demarche.label('cibles', public).lower() for public in publics[:2])}")
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""
