"""Conversations: what was talked about, and a follow-up made to stand alone.

Deterministic: a follow-up is one that leans on something (« et pour les élus ? », « ça dure
combien ? », « et lui ? »). It then gets the subject of the turn before: the sheet it was about,
or its words. A new subject, named or fully worded, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import cues
from assistant.answer import Answer
from assistant.clarifying import BACK, SKIP, is_choice
from assistant.constraints import DROP
from assistant.knowledge import Knowledge
from assistant.understanding import Understood, language_of, named_sheets
from corpus.french import fold
from corpus.words import stems, tokens

_FULL = 6  # content stems with which a question stands on its own
_LITTLE = 2  # content stems with which a question tells next to nothing
_OPENING = re.compile(r"^(?:rien à voir|autre (?:sujet|question)|changeons de sujet|changement de sujet|au fait)(?: mais)?\s*[:,.!–-]+\s*", re.IGNORECASE)
_TITLE = 80  # characters beyond which a document's title would drown the question
_MEANT = r"(?:je voulais dire |je parlais d[eu'] ?|je parle d[eu'] ?)"
_CORRECTION = re.compile(rf"^(?:(?:(?:ah |euh )?non|plut[oô]t|pardon|erreur)[ ,:]+|{_MEANT})(?:plut[oô]t |{_MEANT}|pas \w+,? )*(.*)", re.IGNORECASE)
_AGAIN = re.compile(r"^(?:on revient|revenons|retournons|pour revenir) (?:à la |à l['’]|aux? |à )(.+?)\s*[:,]\s*(.+)", re.IGNORECASE)
_LINKING = re.compile(r"^(?:et|mais|ok|d'accord|alors|donc|and|but|en|maar)(?:,| alors,?)? (?!après)", re.IGNORECASE)
_EXAMPLE = re.compile(r"\b(un|des|par)\s+ex\b\.?", re.IGNORECASE)
_AGAINST = re.compile(r"\bdifferen\w+ (?:avec|par rapport)|\bpar rapport a|\bdistingue\w* d")


@dataclass(frozen=True, slots=True)
class Turn:
    """One past turn: the question as it stood alone, and what its answer was about (a title, or "")."""

    question: str
    subject: str
    asked_back: int = 0  # how many clarification questions this turn ended in
    dropped: tuple[str, ...] = ()  # the words of the constraints that the asker let go


class Conversation:
    """The past turns of one conversation, newest last; only the last few are kept."""

    KEPT = 6

    def __init__(self) -> None:
        self._turns: list[Turn] = []

    def add(self, turn: Turn) -> None:
        """Remember a turn."""
        self._turns = [*self._turns, turn][-self.KEPT :]

    @property
    def last(self) -> Turn | None:
        """The turn before."""
        return self._turns[-1] if self._turns else None

    def back(self, text: str) -> str:
        """The text, or where it asks to go back to the question before, that turn's own words: it is then taken up again."""
        before = [place for place, turn in enumerate(self._turns[:-1]) if turn.asked_back]
        if text != BACK or not before:
            return text
        again = self._turns[before[-1]].question
        self._turns = self._turns[: before[-1]]
        return again

    def dropped(self, text: str) -> tuple[str, ...]:
        """The constraints let go, by this text and those before it that said so of the same question."""
        if self.last is None or not text.startswith(DROP):
            return ()
        return (*self.last.dropped, text.removeprefix(DROP).strip())

    def leaned(self, standalone: str) -> str:
        """The subject that a question made to stand alone took from the turn before; "" for none."""
        last = self.last
        return last.subject if last is not None and last.subject and standalone == _joined(standalone.split(" (")[0], last.subject) else ""

    def standalone(self, text: str, names: Callable[[str], Sequence[str]] = lambda _: ()) -> str:
        """The question, made to stand alone when it leans on the turn before. ``names`` gives the titles of the sheets a text names."""
        last = self.last
        if last is not None and text.startswith(DROP):
            return last.question
        if last is not None and last.asked_back and is_choice(text):
            return last.question if text == SKIP else f"{last.question.rstrip(' .')}. {text}"
        text = _AGAIN.sub(r"\2 (\1) ?", text).replace("? (", "(")
        text = _EXAMPLE.sub(r"\1 exemple", text)
        fresh = _OPENING.sub("", text)
        if last is None or fresh != text:
            return fresh or text
        match = _CORRECTION.match(text)
        corrected = match.group(1) if match and stems(match.group(1)) else ""
        named = names(corrected or text)
        if named:
            return self._about(corrected or text, named[0], bool(corrected))
        if len(stems(corrected)) >= 2:
            return corrected
        both = self._both(text)
        if both or not leans(text, alone=False):
            return both or text
        return _joined(text, last.subject or last.question)

    def _about(self, text: str, title: str, corrected: bool) -> str:
        """A question about another sheet: as it is, set against the one before, or the question before put to this one."""
        last = self._turns[-1]
        if _AGAINST.search(fold(text)) and last.subject and last.subject != title:
            return _joined(text, last.subject)
        bare = corrected or re.match(r"(?:et|ou|and|en)\b", fold(text))
        asks = any(cues.points("form", form, fold(text)) for form in ("interrogative", "definition", "example", "procedure", "comparison")) or cues.first(
            "wants", fold(text)
        )
        before = _plain(last.subject)
        place = _plain(last.question).casefold().find(before.casefold()) if before else -1
        if not bare or asks or place < 0:
            return text
        return _plain(last.question)[:place] + title.split("(")[0].strip() + _plain(last.question)[place + len(before) :]

    def _both(self, text: str) -> str:
        """« Les deux » told: the last two things that were talked about."""
        if not cues.points("conversation", "both", fold(text)):
            return ""
        subjects = list(dict.fromkeys(turn.subject for turn in reversed(self._turns) if turn.subject))[:2]
        if len(subjects) < 2:
            return ""
        later, earlier = (subject.split("(")[0].strip() for subject in subjects)
        return _joined(text, f"{earlier} et {later}")


def leans(text: str, alone: bool = True) -> bool:
    """Whether a question needs the turn before to be understood; not ``alone``, one that tells next to nothing by itself does too.

    >>> leans("Et pour les élus ?"), leans("Combien ça dure ?"), leans("Quelle est la durée d'un forum ouvert ?")
    (True, True, False)
    """
    folded = fold(text).strip(" ?!.")
    content = stems(text)
    language = language_of(text)
    if language in ("en", "nl"):
        return len(content) < _FULL and cues.points("conversation", f"leans_{language}", folded)
    pronoun = cues.points("conversation", "pronoun", folded)
    if _proper(text) and not pronoun and (len(content) <= 1 or cues.first("wants", folded)):
        return False
    if len(content) >= _FULL:
        return bool(re.match(r"(?:et|mais) ", folded))
    if folded.startswith("et si ") and len(content) >= _LITTLE and not pronoun:
        return False
    if cues.points("conversation", "leans", folded) or pronoun or (len(content) <= 1 and len(folded) < 25):
        return True
    if len(content) <= 3 and cues.points("conversation", "possessive", folded):
        return True
    own = cues.points("form", "definition", folded) or cues.points("intent", "tool", folded) or cues.points("intent", "journey", folded) or _proper(text)
    return not alone and len(content) <= _LITTLE and "?" in text and not own


def subject_of(answer: Answer, asked: Understood, knowledge: Knowledge, before: str = "") -> str:
    """What a follow-up would be about; ``before`` is what this question itself leaned on, kept unless tools were asked for."""
    tools = [tool.id for tool in answer.tools[:1]] if answer.intent in ("tool", "journey") else []
    if before and not tools:
        return before
    cited = [citation.document for citation in answer.citations if not answer.abstained]
    for sheet in (*(() if before else named_sheets(asked.text, knowledge)), *tools, *cited[:1]):
        if sheet in knowledge.documents and len(knowledge.documents[sheet].title) <= _TITLE:
            return knowledge.documents[sheet].title
    return asked.text


def _joined(text: str, subject: str) -> str:
    """A question with what it is about, in one sentence."""
    return f"{_LINKING.sub('', text).rstrip(' ?!.')} ({_plain(subject).rstrip(' ?!.')}) ?"


def _proper(text: str) -> bool:
    """Whether a word, not the first, is a name of somebody or something."""
    return any(word[:1].isupper() and len(word) > 2 for word in tokens(text)[1:])


def _plain(text: str) -> str:
    """A title without what stands in brackets, with plain apostrophes."""
    return text.split(" (")[0].replace("’", "'").strip()
