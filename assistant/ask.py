"""The assistant: a question in, a cited Answer out. The whole flow is ``Assistant.ask``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant import abstaining, clarifying, comparing, constraints, naming, phrases, reading, screening, selecting, standing
from assistant.answer import Answer, Intent, RankedPassage
from assistant.answering import SIDE_PASSAGES, Answering
from assistant.case import Case
from assistant.conversation import Conversation, Turn, subject_of
from assistant.escaping import escape
from assistant.intents import intent_of
from assistant.knowledge import Knowledge, KnowledgeKeeper
from assistant.phrasings import PhrasingsKeeper
from assistant.recommending import Recommender
from assistant.retrieval import Candidate, Found, Query, Searcher
from assistant.understanding import Understood, clean, named_sheets, understand
from assistant.vocabulary import load as load_vocabulary
from corpus.demarche import Demarche
from corpus.errors import EmptyStore
from corpus.french import shorten
from corpus.library import Library
from corpus.settings import Settings

SHOWN_PASSAGES = 10
JOINED = 3  # passages of one heading shown as one, at most


#: What is asked before anybody asks: one short question and one long.
WARMING = ("Qu'est-ce qu'un atelier ?", "Nous préparons une première réunion avec les habitants de la commune et deux entreprises : par quoi commencer ?")


class Assistant:
    """Answers from one library. Thread-safe; what one asker says stays in their Conversation."""

    def __init__(self, library: Library, settings: Settings, demarche: Demarche) -> None:
        self._library = library
        self._settings = settings
        self._keeper = KnowledgeKeeper(library, demarche)
        self._phrasings = PhrasingsKeeper(library)
        self._vocabulary = load_vocabulary()
        self._searcher = Searcher(library, self._keeper, self._phrasings)
        self._recommender = Recommender(library)

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """One answer. Raises EmptyStore when nothing was ingested."""
        start = time.perf_counter()
        conversation = conversation or Conversation()
        limit = self._settings.question_characters
        text = clean(question, limit + 1)
        answer = self._answer(question, text[:limit].strip(), conversation)
        if len(text) > limit:
            answer = replace(answer, answer=f"{answer.answer}\n\n{phrases.CUT}")
        return replace(answer, seconds=time.perf_counter() - start)

    def recommend(self, situation: str) -> Answer:
        """Tools for a situation, whatever form the words take."""
        start = time.perf_counter()
        text = clean(situation, self._settings.question_characters)
        return replace(self._answer(situation, text, Conversation(), "tool"), seconds=time.perf_counter() - start)

    def search(self, query: str, limit: int = 10) -> tuple[RankedPassage, ...]:
        """The best passages for a query, without composing."""
        text = clean(query, self._settings.question_characters)
        if not text:
            return ()
        knowledge = self._knowledge()
        return ranked_passages(self._search(understand(text, text, knowledge, self._vocabulary), limit).candidates, limit)

    def study(self, question: str, limit: int = 30) -> Case:
        """Everything known of a question before an answer is composed: what the models are fitted on."""
        text = clean(question, self._settings.question_characters)
        knowledge = self._knowledge()
        asked = understand(text, text, knowledge, self._vocabulary)
        return self._case(asked, self._search(asked, limit), knowledge)

    def study_tools(self, situation: str) -> tuple[Case, NDArray[np.float64]]:
        """A situation's case, and the signs of every tool: what the ranking of tools is fitted on."""
        case = self.study(situation)
        phrasings = self._phrasings.current(case.knowledge)
        signs = self._recommender.signs(case.asked, case.found, case.knowledge, phrasings, case.constraints.publics)
        return case, signs

    def study_steps(self, situation: str) -> tuple[Case, NDArray[np.float64]]:
        """A situation's case, and the signs of every step: what telling the step is fitted on."""
        case = self.study(situation)
        phrasings = self._phrasings.current(case.knowledge)
        scores = self._recommender.scores(case.asked, case.found, case.knowledge, phrasings, case.constraints.publics)
        return case, standing.signs(phrasings.nearness(case.found.encoded.vector), scores, case.knowledge, phrasings)

    def warm(self) -> None:
        """Load what the first question would otherwise wait for: a first look at each kind takes up to a second."""
        self._library.embedder.encode_question("bonjour")
        if self._library.embedder.cross_encoder is not None:  # an empty toolbox is being filled: what is asked meanwhile is read too
            self._library.embedder.cross_encoder.score([("bonjour", "bonjour")])
        if self._library.store.count("passages"):
            for question in WARMING:
                self.study(question)

    def ready(self) -> bool:
        """Whether the embedding model is loaded."""
        return self._library.embedder.loaded

    def _knowledge(self) -> Knowledge:
        if not self._library.store.count("passages"):
            raise EmptyStore(f"La boîte à outils est vide (dossier {self._library.folder}).")
        return self._keeper.current()

    def _answer(self, typed: str, text: str, conversation: Conversation, wanted: Intent | None = None) -> Answer:
        early = screening.reply(typed, text)
        if early is not None:
            return early
        knowledge = self._knowledge()
        text = conversation.back(text)
        honest = screening.honest(text)
        if not honest:
            return Answer(typed, text, phrases.OUTSIDE, "off_topic", abstained=True)
        answer = self._honest(typed, honest, conversation, knowledge, wanted)
        return answer if honest == text else replace(answer, answer=f"{answer.answer}\n\n{phrases.ORDER_ASIDE}")

    def _honest(self, typed: str, text: str, conversation: Conversation, knowledge: Knowledge, wanted: Intent | None) -> Answer:
        dropped = conversation.dropped(text)
        standalone = conversation.standalone(text, lambda words: [knowledge.documents[sheet].title for sheet in named_sheets(words, knowledge)])
        asked = understand(text, standalone, knowledge, self._vocabulary)
        if abstaining.refused(asked.folded):
            return Answer(typed, standalone, phrases.OUTSIDE, "off_topic", abstained=True)
        if not screening.readable(asked, knowledge):
            return Answer(typed, standalone, phrases.NOT_READ, "off_topic", abstained=True)
        found = self._search(asked)
        intent = wanted or intent_of(asked, found, knowledge)
        case = self._case(asked, found, knowledge, dropped, read=intent not in ("tool", "journey") and not found.compared)
        rounds = conversation.last.asked_back if conversation.last else 0
        absent = naming.missing(text, knowledge, self._library.store)
        helped = (rounds > 0 and clarifying.is_choice(text)) or intent in ("tool", "journey") or clarifying.wants_help(asked, knowledge)
        if helped and knowledge.tools and not absent and rounds < clarifying.rounds() and clarifying.is_vague(asked, case.constraints, knowledge):
            conversation.add(Turn(standalone, "", rounds + 1))
            return self._ask_back(typed, asked, case, rounds)
        draft = _told(Answering(case, intent, self._searcher, self._settings.aujourdhui).answer(), asked, absent)
        chips = tuple(words for _, words in case.constraints.chips()) if intent == "tool" else ()
        again = (clarifying.BACK,) if rounds and clarifying.is_choice(text) else ()
        passages = ranked_passages(found.candidates, SHOWN_PASSAGES)
        answer = replace(draft, question=typed, rewritten=asked.text, chips=chips, choices=again, passages=passages)
        conversation.add(Turn(standalone, subject_of(answer, asked, knowledge, conversation.leaned(standalone)), dropped=dropped))
        return answer

    def _ask_back(self, typed: str, asked: Understood, case: Case, rounds: int) -> Answer:
        """One short question with answers to click; the best guesses are still given."""
        words, choices = clarifying.question(rounds)
        text = phrases.CLARIFY.format(question=words)
        passages = ranked_passages(case.found.candidates, SHOWN_PASSAGES)
        advice = case.recommendation
        return Answer(typed, asked.text, text, "tool", needs_clarification=True, choices=choices, steps=advice.steps, tools=advice.tools, passages=passages)

    def _search(self, asked: Understood, limit: int = 30) -> Found:
        found = self._searcher.search(Query.of(asked), limit)
        compared = comparing.sides(asked, found, self._keeper.current())
        if not compared:
            return found
        return comparing.bring_forward(found, compared, lambda side: self._searcher.search(Query.of(side.asked, (side.document,)), SIDE_PASSAGES))

    def _case(self, asked: Understood, found: Found, knowledge: Knowledge, dropped: Sequence[str] = (), read: bool = True) -> Case:
        wanted = constraints.read(asked.text).without_said(dropped)
        recommendation = self._recommender.recommend(asked, found, knowledge, self._phrasings.current(knowledge), wanted)
        ranked = selecting.rank(found, asked, knowledge)
        if read:
            ranked = reading.reorder(ranked, reading.judge(ranked, asked.text, self._library.embedder.cross_encoder))
        return Case(asked, found, tuple(ranked), knowledge, recommendation, wanted, self._library)


def ranked_passages(candidates: Sequence[Candidate], limit: int) -> tuple[RankedPassage, ...]:
    """The best candidates as the contract shows them; one that continues a better one under the same heading is joined to it."""
    runs: list[list[Candidate]] = []
    for candidate in candidates:
        run = next((run for run in runs if _continues(run, candidate)), None)
        if run is not None:
            run.append(candidate)
        elif len(runs) < limit:
            runs.append([candidate])
    return tuple(_joined(run) for run in runs)


def _continues(run: Sequence[Candidate], candidate: Candidate) -> bool:
    passage, first = candidate.passage, run[0].passage
    beside = any(abs(passage.ordinal - other.passage.ordinal) == 1 for other in run)
    return passage.document == first.document and passage.section == first.section and beside and len(run) < JOINED


def _joined(run: Sequence[Candidate]) -> RankedPassage:
    ordered = sorted(run, key=lambda candidate: candidate.passage.ordinal)
    text = "\n".join(candidate.passage.text for candidate in ordered)
    return RankedPassage(run[0].passage.document, ordered[0].passage.page, text, run[0].score)


def _told(draft: Answer, asked: Understood, absent: str) -> Answer:
    """The draft, opened by the document named that there is none of, closed in the asker's language."""
    if absent:
        lines = [phrases.NO_DOCUMENT.format(name=escape(shorten(absent, 80))), *(() if draft.abstained else (phrases.NEAREST,)), draft.answer]
        draft = replace(draft, answer="\n\n".join(lines), abstained=True)
    foreign = phrases.FOREIGN_ABSTAINED.get(asked.language) if draft.abstained else None
    return replace(draft, answer=f"{draft.answer}\n\n{foreign}") if foreign else draft
