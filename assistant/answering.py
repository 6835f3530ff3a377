"""One case to one answer: decides whether the corpus answers, then composes in the form of its intent."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from assistant import abstaining, cues, keeping_to, overview, phrases, proposing, reading, selecting, sheets
from assistant.answer import Answer, Intent
from assistant.case import Case
from assistant.citing import Citations, spoken_date
from assistant.composing import SHORT, Composer, Draft
from assistant.crosschecking import first_hand
from assistant.escaping import escape
from assistant.quoting import passage_under
from assistant.retrieval import Query, Searcher
from assistant.selecting import Scored
from assistant.wanted import holds
from corpus.documents import Document, Page, Passage
from corpus.sheets import SHEET_TYPES
from corpus.words import tokens

#: A sheet named in the question answers before one whose best passage scores at most this much better.
NAMED_MARGIN = 1.5
#: How many passages of one sheet, and of one side of a comparison, are looked through for their sentences.
SHEET_PASSAGES, SIDE_PASSAGES = 14, 25
#: The best passages among which a notion is near enough to be named beside an organisation or place.
NOTION_AMONG = 10


class Answering:
    """Composes the answer of one case."""

    def __init__(self, case: Case, intent: Intent, searcher: Searcher, today: datetime.date) -> None:
        self._case = case
        self._intent: Intent = intent
        self._searcher = searcher
        self._pages: dict[str, Sequence[Page]] = {}
        self._today = today
        self._citations = Citations(self._pages_of, today)
        self._composer = Composer(case.asked, self._citations)
        self._ranked = selecting.published_first(case.ranked)

    def answer(self) -> Answer:
        """The answer in the form of its intent; an abstention where the corpus does not answer."""
        case = self._case
        values = abstaining.signals(case.asked, case.found, case.ranked, case.knowledge)
        outcome = abstaining.decide(abstaining.probability(values))
        if not case.ranked:
            outcome = "nothing"
        told = self._told()
        if self._intent in ("tool", "journey") and case.recommendation.tools and not told.answer:
            return proposing.propose(case, self._intent, self._composer, outcome == "answer")
        if outcome != "answer" and not (self._compares() or told.answer):
            return self._abstain(outcome)
        draft = told if told.answer else self._draft()
        if not draft.answer or not (told.answer or keeping_to.answered(case.asked, self._citations.all, case.knowledge)):
            return self._abstain("near")
        greeting = phrases.FOREIGN.get(case.asked.language)
        text = "\n\n".join(part for part in (self._over(), draft.answer, greeting) if part)
        return Answer(
            case.asked.typed,
            case.asked.text,
            text,
            self._intent,
            draft.more,
            steps=case.recommendation.steps,
            citations=self._citations.all,
            tools=case.recommendation.tools,
        )

    def _told(self) -> Draft:
        """What is known without searching: the steps of the démarche, or what an acronym stands for, with a sentence that uses it."""
        case, asked = self._case, self._case.asked
        if overview.asks(asked):
            return overview.compose(self._composer, case.knowledge, case.library.store)
        if not asked.written_out:
            return Draft("")
        lines = [phrases.STANDS_FOR.format(acronym=asked.acronym, words=asked.written_out)]
        described = self._main_sheet()
        if described is not None and described.id in asked.named and asked.acronym in tokens(described.title):
            draft = self._draft()
            return replace(draft, answer="\n\n".join(part for part in (*lines, draft.answer) if part))
        used = next((scored for scored in case.ranked if asked.acronym in tokens(scored.sentence.text)), None)
        quoted, number = self._composer.quote(used, 0, answers=False) if used else ("", None)
        if number is not None:
            lines += [phrases.USED, quoted, f"— {self._citations.place(number)}."]
        return Draft("\n\n".join(lines))

    def _over(self) -> str:
        """For who asks whether something is still open or in force: that the source quoted first is past its date."""
        if not self._asks_whether_open or not self._citations.all:
            return ""
        first = self._case.knowledge.documents[self._citations.all[0].document]
        return phrases.PAST.format(date=spoken_date(first.valid_until)) if self._citations.past(first) else ""

    def _dated(self) -> Scored | None:
        """For who asks whether something is still open: the published document found first, where it bears an end date; sheets that describe it bear none."""
        if not self._asks_whether_open:
            return None
        published = next((scored for scored in self._ranked if not scored.candidate.document.starter), None)
        return published if published and published.candidate.document.valid_until else None

    @property
    def _asks_whether_open(self) -> bool:
        return cues.points("validity", "open", self._case.asked.folded)

    def _compares(self) -> bool:
        """Whether the question sets side by side two sheets that it names (what each says of itself answers), or documents that both hold what it asks for."""
        asked, compared = self._case.asked, [side.document for side in self._case.found.compared]
        both = bool(asked.wants) and len(self._columns) == 2 and all(ranked[0].typed for _, ranked in self._columns)
        return bool(compared) and (set(compared) <= set(asked.named) or both)

    def _draft(self) -> Draft:
        case = self._case
        if case.found.compared:
            draft = self._comparison()
            if draft.answer:
                return draft
        first = first_hand(self._ranked, case.asked) or self._dated()
        if first is not None:
            return self._composer.fact((first, *(scored for scored in self._ranked if scored is not first)))
        main = self._main_sheet()
        if main is not None:
            draft = sheets.compose(main, case.asked, self._ranked_in(main.id), self._composer)
            return self._with_notion(draft) if main.type == "ressource" and draft.answer else draft
        if case.asked.listing or case.asked.procedure:
            return self._composer.listing(self._ranked, self._sections())
        several = selecting.answers(case.found, case.asked, case.knowledge)
        if several:
            return self._composer.several(several)
        if selecting.announces(self._ranked[0]) and not case.asked.wants:
            return self._composer.listing(self._ranked, [[self._ranked[0].candidate.passage]])
        return self._composer.fact(self._ranked)

    def _with_notion(self, draft: Draft) -> Draft:
        """A draft of an organisation or place, and the notion found nearest to the question in one sentence: what it is an example of."""
        near = (candidate.document for candidate in self._case.found.candidates[:NOTION_AMONG])
        notion = next((document for document in near if document.type == "concept"), None)
        said = passage_under("En une phrase", notion, self._case.library.store) if notion else None
        if notion is None or said is None:
            return draft
        body, number = self._composer.passage(notion, said, said.text)
        line = phrases.NOTION.format(title=escape(notion.title), body=body)
        if number is None:
            return draft
        if len(draft.answer) + len(line) <= SHORT:
            return replace(draft, answer=f"{draft.answer}\n\n{line}")
        return replace(draft, more="\n\n".join(part for part in (draft.more, line) if part))

    def _main_sheet(self) -> Document | None:
        """The sheet that answers by itself: the one the best passage comes from, or one named whose passages come near it."""
        case = self._case
        best = case.found.candidates[0]
        if not best.document.starter:
            return None
        wanted = {"concept": ("concept", "ressource"), "how_to": ("outil",), "document": ("ressource", "concept")}.get(self._intent, ())
        scores: dict[str, float] = {}
        for candidate in case.found.candidates:
            scores.setdefault(candidate.document.id, candidate.score)
        named = [sheet for sheet in case.asked.named if scores.get(sheet, float("-inf")) > best.score - NAMED_MARGIN]
        sheet = next((case.knowledge.documents[name] for kind in wanted for name in named if case.knowledge.documents[name].type == kind), best.document)
        return sheet if sheet.type in SHEET_TYPES else None

    def _ranked_in(self, document: str) -> list[Scored]:
        asked = self._case.asked
        found = self._searcher.search(Query.of(asked, (document,)), SHEET_PASSAGES)
        return selecting.rank(found, asked, self._case.knowledge, SHEET_PASSAGES)

    def _sections(self) -> list[list[Passage]]:
        """The best passages of a list or procedure, each followed by what continues it under the same heading; two at most."""
        runs: list[list[Passage]] = []
        shown: set[tuple[str, int]] = set()
        for scored in self._ranked:
            passage = scored.candidate.passage
            if (passage.document, passage.ordinal) in shown or len(runs) == 2:
                continue
            if runs and self._ranked[0].score - scored.score > 1.0:
                break
            run = self._continued(passage)
            runs.append(run)
            shown |= {(p.document, p.ordinal) for p in run}
        return runs

    def _continued(self, passage: Passage) -> list[Passage]:
        """A passage and what follows it under the same heading, two more at most."""
        run = [passage]
        for stored in self._case.library.store.passages(passage.document):
            following = stored.passage
            if following.ordinal == run[-1].ordinal + 1 and following.section == passage.section and len(run) < 3:
                run.append(following)
        return run

    @functools.cached_property
    def _columns(self) -> list[tuple[Document, list[Scored]]]:
        """The two things compared, each with its sentences, best first; only those that hold the kind of thing asked for, where one does."""
        case = self._case
        columns = []
        for side in case.found.compared:
            ranked = selecting.rank(side.found, side.asked, case.knowledge, SIDE_PASSAGES) if side.found else []
            ranked = [scored for scored in ranked if scored.typed] or ranked
            ranked = reading.reorder(ranked, reading.judge(ranked, case.asked.text, case.library.embedder.cross_encoder, reading.READ_ASIDE))
            if ranked:
                columns.append((case.knowledge.documents[side.document], ranked))
        return columns

    def _comparison(self) -> Draft:
        """What tells the two sides apart, where a sheet says it, then both side by side."""
        columns = self._columns
        if len(columns) < 2:
            return Draft("")
        contrasts = [found for (_, ranked), (other, _) in permutations(columns) if (found := sheets.contrasting(ranked, other))]
        contrast = max(contrasts, key=lambda scored: scored.late, default=None)
        shown = [(document.title, sheets.defining(ranked) if document.type in SHEET_TYPES else ranked[0]) for document, ranked in columns]
        return self._composer.comparison(shown, contrast)

    def _abstain(self, outcome: abstaining.Outcome) -> Answer:
        """What comes near, or plainly that nothing does, with a way on."""
        case = self._case
        lines = [phrases.NEAR if outcome == "near" else phrases.NOTHING]
        citations = Citations(self._pages_of, self._today)  # a draft given up leaves none
        if outcome == "near" and case.ranked:
            text, number = Composer(case.asked, citations).quote(case.ranked[0], 320, answers=False)
            if number:
                lines += [text, f"— {citations.place(number)}."]
            held = any(holds(case.asked.wants, scored.sentence.text) for scored in case.ranked[:3])
            missing = phrases.MISSING.get(case.asked.wants)
            if missing and not (held and keeping_to.belongs(case.asked, citations.all, case.knowledge)):
                lines.append(missing)
        lines.append(phrases.REPHRASE)
        intent: Intent = self._intent if outcome == "near" else "off_topic"
        base = Answer(case.asked.typed, case.asked.text, "\n\n".join(lines), intent, abstained=True, citations=citations.all)
        return base if outcome == "nothing" else replace(base, tools=case.recommendation.tools, steps=case.recommendation.steps)

    def _pages_of(self, document: str) -> Sequence[Page]:
        if document not in self._pages:
            self._pages[document] = self._case.library.store.pages(document)
        return self._pages[document]
