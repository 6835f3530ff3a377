"""Tools called by a short name: « la visite », « l'arbre à problèmes », « notre rétro », « le quiz ».

The short forms come from the titles: a title's first words (two or more), its first word alone where at
most two titles open with it, and the start of a long first word. They are read only where a tool must be
meant: one that failed, one just done, or the two sides of « quiz ou infographie ? ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import cues
from assistant.knowledge import Knowledge
from assistant.understanding import Understood
from corpus.french import fold
from corpus.words import STOP_WORDS, stem, tokens

#: Titles that may share a first word for it to be a short name.
SHARED = 2
_ABBREVIATION, _LONG = 5, 9
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_EITHER = re.compile(r"(.*?)(?:\s+ou\s+|\s+ou bien\s+)(.*)")
_INSTEAD = re.compile(r"\b(?:plutot qu[e']|au lieu d[e'u]|remplacer|a la place d[e'u]|alternatives? a|pas l[ea'])\s*(.*)")
#: « le canevas de startup » is no tool of ours though a title opens with « canevas ».
_OF = frozenset(("de", "d", "du", "des", "à", "au"))


@dataclass(frozen=True, slots=True)
class Called:
    """Where in a text tools are called by a short name (in words), and which tools it may be."""

    place: int
    words: int
    tools: tuple[str, ...]


def called(text: str, knowledge: Knowledge) -> list[Called]:
    """The short names of a text, in order, the longest at each place."""
    words = tokens(text)
    line = [(place, stem(word)) for place, word in enumerate(words) if fold(word) not in STOP_WORDS]
    titles = {tool: title_stems(document.title) for tool, document in knowledge.tools.items()}
    found: list[Called] = []
    taken = -1
    for at, (place, first) in enumerate(line):
        if place <= taken:
            continue
        runs = {tool: _common([word for _, word in line[at:]], title) for tool, title in titles.items() if title[0] == first}
        longest = max(runs.values(), default=0)
        tools = tuple(tool for tool, length in runs.items() if length == longest)
        if not tools:
            tools = _shortened(fold(words[place]), knowledge)
        elif longest == 1 and _other(words, place, [titles[tool] for tool in tools]):
            continue
        if tools and len(tools) <= SHARED:
            taken = line[at + max(1, longest) - 1][0]
            found.append(Called(place, taken - place + 1, tools))
    return found


def failed(asked: Understood, knowledge: Knowledge) -> list[str]:
    """The tools tried without success or impossible this time: those named in full, else by a short name."""
    if not cues.points("tools", "failed", asked.folded):
        return []
    named = [name for name in asked.named if name in knowledge.tools]
    if named:
        return named[:1]
    for sentence in _SENTENCE.split(asked.text):
        if cues.points("tools", "failed", fold(sentence)):
            instead = _INSTEAD.search(fold(sentence))
            after = called(instead.group(1), knowledge) if instead else []
            short = [one for one in after if one.place <= 2] or ([] if instead and "pas l" not in instead.group(0) else called(sentence, knowledge))
            if short:
                return list(short[0].tools)
    first = called(_SENTENCE.split(asked.text)[0], knowledge)
    return list(first[0].tools) if first and first[0].place <= 1 else []


def done(asked: Understood, knowledge: Knowledge) -> list[str]:
    """The tool just done, where the asker wants to know what comes next."""
    if not cues.points("tools", "next", asked.folded):
        return []
    named = [name for name in asked.named if name in knowledge.tools]
    short = called(asked.text, knowledge)
    return named[:1] or (list(short[0].tools) if short and short[0].place <= 4 else [])


def compared(asked: Understood, knowledge: Knowledge) -> list[str]:
    """The tools on the two sides of « quiz ou infographie ? »; none unless both sides name one."""
    for sentence in _SENTENCE.split(asked.text):
        either = _EITHER.match(sentence)
        if either:
            left = [one for one in called(either.group(1), knowledge) if one.place + one.words >= len(tokens(either.group(1))) - 2]
            right = [one for one in called(either.group(2), knowledge) if one.place <= 1]
            if left and right and not set(left[-1].tools) & set(right[0].tools):
                return [*left[-1].tools, *right[0].tools]
    return []


def title_stems(title: str) -> tuple[str, ...]:
    """The stems of a title's content words, without what stands in brackets; never empty."""
    return tuple(stem(word) for word in tokens(title.split("(")[0]) if fold(word) not in STOP_WORDS) or (stem(title),)


def _common(line: Sequence[str], title: Sequence[str]) -> int:
    length = 0
    while length < min(len(line), len(title)) and line[length] == title[length]:
        length += 1
    return length


def _other(words: Sequence[str], place: int, titles: Sequence[Sequence[str]]) -> bool:
    """Whether the word is made precise by one that is in none of the titles: « le canevas de startup »."""
    rest = words[place + 1 : place + 4]
    if not rest or rest[0].casefold() not in _OF:
        return False
    precise = next((word for word in rest if fold(word) not in STOP_WORDS), "")
    return bool(precise) and not any(stem(precise) in title for title in titles)


def _shortened(word: str, knowledge: Knowledge) -> tuple[str, ...]:
    """The tool whose title opens with a long word that begins like this one: « rétro », « codév »."""
    word = word.removesuffix("s")
    if len(word) < _ABBREVIATION:
        return ()
    heads = {tool: fold(tokens(document.title)[0]) for tool, document in knowledge.tools.items() if tokens(document.title)}
    tools = tuple(tool for tool, head in heads.items() if len(head) >= _LONG and head != word and head.startswith(word))
    return tools if len(tools) == 1 else ()
