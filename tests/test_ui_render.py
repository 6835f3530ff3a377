"""Answers as markup: what people see, and nothing that a document, a title or a question could smuggle in."""

from __future__ import annotations

import asyncio
import html
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Intent, Suggestion
from assistant.conversation import Conversation
from corpus.demarche import load
from corpus.documents import Document, Page, Passage
from corpus.errors import EmptyStore, StoreDamaged
from corpus.french import letters
from ingest.report import FileReport
from ui import render, takeaway, texts
from ui.desk import Desk, Session, View
from ui.filling import Filling, Progress
from ui.highlight import cut, locate
from ui.markup import appearing, escape, rich, tied
from ui.pages import Structure, page_markup
from ui.reader import Wanted, document_page

DEMARCHE = load()
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>"
QUOTE = "La performance d'usage est le bénéfice réel."
CITATION = Citation(1, "guide efc.pdf", "Guide EFC", 4, "Cadre › Définition", QUOTE, QUOTE, starter=True, note=texts.STARTER)
TOOL = Suggestion(
    "carte", "Carte des acteurs", ("E3", "E4"), "Vous parlez de « acteurs » : cet outil sert à les dessiner.", "1 h 30 à 3 h", participants="4 à 15 personnes",
    status="Existant", outcome="Une liste datée de rencontres.", prepare="papier kraft", following=("Mur de passeports",),
)  # fmt: skip
SHEET = Document("carte", "Carte des acteurs", "outil", "0", "0", ".md", origin="starter")


def answer(text: str = f"« {QUOTE} » [1]", **more: object) -> Answer:
    return replace(Answer("q", "q", text, "concept", citations=(CITATION,)), **more)  # type: ignore[arg-type]


def turn(given: Answer, question: str = "C'est quoi ?", **more: object) -> str:
    return render.turn(question, given, DEMARCHE, {"carte": SHEET}.get, **more)  # type: ignore[arg-type]


def text_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markup)).replace("&#x27;", "'")


def dangerous(markup: str) -> list[str]:
    """Every tag that can run something, every event attribute, every address that leaves this site."""
    active = re.compile(r"<\s*/?(?:script|img|svg|iframe|object|embed|form|style|link|base|meta)\b", re.IGNORECASE)
    reaching = re.compile(r"\son\w+\s*=|javascript:|href=\"(?!/document/|/plan\?)")
    return [tag for tag in re.findall(r"<[^>]*>", markup) if active.match(tag) or reaching.search(tag)]


def test_a_citation_names_its_document_page_section_note_and_quote_and_opens_them() -> None:
    shown = turn(answer())
    assert "Guide EFC, page 4, « Définition »" in text_of(shown)
    assert texts.STARTER in shown
    assert "<blockquote>" in shown
    assert 'href="/document/guide%20efc.pdf?page=4&amp;cite=La+performance+d%27usage+est+le+b%C3%A9n%C3%A9fice+r%C3%A9el.#citation"' in shown


def test_a_mark_becomes_a_link_only_where_there_is_such_a_citation() -> None:
    shown = turn(answer("Vrai [1], faux [7]."))
    assert shown.count('class="appel source"') == 1
    assert "faux [7]" in text_of(shown)


def test_more_waits_behind_a_disclosure() -> None:
    shown = turn(answer(more="Le passage entier [1]"))
    assert re.search(r'<details class="plus"><summary>En savoir plus</summary>.*Le passage entier', shown)


def test_a_tool_card_says_what_one_needs_to_choose_and_the_answer_does_not_say_it_twice() -> None:
    lines = (
        "Vous semblez être à l'étape 3, Lire le territoire.",
        "1. **Carte des acteurs** (1 h 30 à 3 h). Vous parlez… [1]",
        "Écartés : *World café* (trop long).",
    )
    text = "\n\n".join(lines)
    shown = turn(answer(text, intent="tool", tools=(TOOL,), set_aside=(("World café", "trop long"),)))
    said = text_of(shown)
    assert "Étape 3, Lire le territoire · Étape 4, Faire alliance" in said
    for part in (TOOL.duration, TOOL.participants, TOOL.status, TOOL.outcome, TOOL.prepare, *TOOL.following, texts.STARTER):
        assert part in said
    assert said.count("Carte des acteurs") == 1
    assert said.count("trop long") == 1
    assert 'href="/document/carte"' in shown


def test_a_plan_of_the_proposed_tools_can_be_taken_away_in_four_formats() -> None:
    other = replace(TOOL, id="partie")
    given = answer("Voici.", intent="tool", question="On n'avance pas & <b>", steps=("E4",), tools=(TOOL, other))
    links = [html.unescape(link) for link in re.findall(r'href="(/plan\?[^"]*)"', turn(given))]
    asked = [parse_qs(urlsplit(link).query) for link in links]
    assert [query["format"] for query in asked] == [["docx"], ["odt"], ["pdf"], ["md"]]
    assert {(*query["tools"], *query["situation"], *query["step"]) for query in asked} == {("carte", "On n'avance pas & <b>", "E4")}
    assert "Emporter un plan :" in text_of(turn(given))
    for without in (answer(tools=(TOOL,)), answer(intent="tool"), answer(intent="tool", tools=(other,))):
        assert "/plan" not in turn(without)


def test_the_plan_of_a_follow_up_tells_what_it_follows_and_stays_within_bounds() -> None:
    followed = answer(intent="tool", question="Et à distance ?", rewritten="On n'avance pas. Et à distance ?", tools=(TOOL,))
    assert "situation=On+n%27avance+pas.+Et+" in turn(followed)
    long = answer(intent="tool", question="mot " * 3000, rewritten="mot", tools=(TOOL,))
    situation = parse_qs(urlsplit(takeaway.address(long, ["carte"], "pdf")).query)["situation"][0]
    assert len(situation) <= takeaway.LONGEST_SITUATION
    assert takeaway.order_of("carte", "pdf", situation, "", DEMARCHE).situation == situation


def test_tools_that_only_come_along_wait_behind_a_disclosure() -> None:
    assert re.search(r'<details class="plus outils"><summary>Un outil proche', turn(answer(tools=(TOOL,))))


def test_choices_are_buttons_with_their_own_words() -> None:
    shown = turn(answer(needs_clarification=True, choices=("On démarre", "On s'essouffle")))
    assert '<button type="button" class="exemple">On démarre</button>' in shown


def test_where_the_asker_stands_is_said_once() -> None:
    known = answer("Voici.", intent="tool", steps=("E4",), step_reason="d'après « alliance ».", tools=(TOOL,))
    assert "Vous semblez être à l'étape 4, Faire alliance. d'après" in text_of(turn(known))
    assert "Vous semblez" not in text_of(turn(replace(known, answer="Étape 4, Faire alliance : voici.")))


def test_nothing_hostile_survives_anywhere() -> None:
    tool = replace(TOOL, id=HOSTILE, title=HOSTILE, reason=HOSTILE, duration=HOSTILE, outcome=HOSTILE, steps=(HOSTILE,), following=(HOSTILE,))
    citation = Citation(1, HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE, note=HOSTILE)
    intents: tuple[Intent, ...] = ("tool", "concept")
    for intent in intents:
        text = f"{HOSTILE} [1]\n\n[x](javascript:alert(1)) ![i](http://e.fr/i.png) <http://e.fr>"
        base = Answer(HOSTILE, HOSTILE, text, intent, HOSTILE, steps=("E1",), step_reason=HOSTILE)
        given = replace(base, choices=(HOSTILE,), citations=(citation,), tools=(tool,), set_aside=((HOSTILE, HOSTILE),))
        for fresh in (True, False):
            shown = turn(given, HOSTILE, fresh=fresh)
            assert dangerous(shown) == []
            assert dangerous(nh3.clean(shown, tags=nh3.ALLOWED_TAGS | {"button"})) == []
    assert dangerous(render.trouble(HOSTILE, HOSTILE, HOSTILE) + render.pending(HOSTILE)) == []


@given(st.text(alphabet=st.sampled_from(list("<>\"'&[]()!*`_#|- \nabc1")), max_size=80))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    shown = turn(answer(text + " [1]", more=text), text)
    assert dangerous(shown) == []
    assert "\n" not in shown  # Gradio's reader would take a blank line for the end of our markup


@given(st.lists(st.sampled_from(["« mot »", "un", "deux :", "**gras**", "- point", "\n\n", "[1]"]), max_size=30))
def test_words_that_appear_are_the_words_of_the_answer(parts: list[str]) -> None:
    plain = rich(" ".join(parts))
    staged, groups = appearing(plain)
    assert letters(text_of(staged)) == letters(text_of(plain))
    assert groups <= len(parts) * 2 + 1


@given(st.text(alphabet="a'&<« »:; é", max_size=60))
def test_tying_punctuation_changes_no_word(text: str) -> None:
    assert html.unescape(re.sub(r"</?span[^>]*>", "", tied(escape(text)))) == text
    assert not re.search(r"&[#\w]*<", tied(escape(text)))  # no entity is cut in two


def test_the_quotation_is_found_whatever_the_typography_and_across_lines() -> None:
    lines = ["Avant. La performance d’usage", "est le bénéfice réel. Après."]
    spans = locate(QUOTE, lines)
    marked = [[piece for piece, inside in cut(line, span) if inside] for line, span in zip(lines, spans, strict=True)]
    assert marked == [["La performance d’usage"], ["est le bénéfice réel."]]
    assert locate("absent", lines) == []
    assert locate("«»", lines) == []


@given(st.text(max_size=60), st.text(alphabet="aéœ ’-ﬁ.«", max_size=20), st.text(max_size=60))
def test_a_quotation_in_a_page_is_always_marked_whole(before: str, quote: str, after: str) -> None:
    segment = f"{before} {quote} {after}"
    spans = locate(quote, [segment])
    if letters(quote):
        marked = "".join(segment[a:b] for a, b in spans[0])
        assert letters(quote) in letters(marked)  # a ligature is marked whole


def test_a_page_shows_headings_lists_and_tables_and_marks_cells() -> None:
    passages = [Passage("d", 0, 1, 1, "Partie › Calendrier", "table", ""), Passage("d", 1, 1, 1, "Partie", "list", "Trois points :\nun\ndeux")]
    page = Page(1, "Calendrier\nÉtape : J0 | Date : 4 février\nÉtape : J1 | Date : 27 février\nTrois points :\nun\ndeux\n<script>x</script>")
    shown = page_markup(page, Structure.of(SHEET, passages), "J1 | 27 février")
    assert "<h3>Calendrier</h3>" in shown
    assert '<th scope="col">Étape</th><th scope="col">Date</th>' in shown
    assert shown.count("<mark") == 2
    assert shown.count('id="citation"') == 1
    assert "<ul><li>un</li><li>deux</li></ul>" in shown
    assert "&lt;script&gt;" in shown


def test_a_document_says_where_it_comes_from_and_shows_the_page_asked_for() -> None:
    links = {"liens": [{"titre": "x", "url": "javascript:alert(1)"}]}
    document = Document("long.pdf", HOSTILE, "document", "0", "0", ".pdf", date="2023-05", valid_until="2024-01-01", licence="CC BY", sheet=links)
    pages = [Page(number, f"Texte de la page {number}.") for number in range(1, 121)]
    shown = document_page(document, pages, [], DEMARCHE, Wanted(80, "Texte de la page 100."), "2026-01-01")
    assert '<mark id="citation"' in shown
    assert 'id="page-100"' in shown
    assert 'id="page-1"' not in shown
    assert "Pages 81 à 120 sur 120" in text_of(shown)
    assert "mai 2023" in shown
    assert texts.EXPIRED.split("{")[0] in shown
    assert "javascript" not in shown
    assert dangerous(re.search(r"<article.*</article>", shown, re.DOTALL)[0].replace('href="/original/', 'href="/document/')) == []  # type: ignore[index]


def test_a_quotation_that_is_gone_is_said() -> None:
    assert texts.NOT_FOUND_QUOTE in text_of(document_page(SHEET, [Page(0, "Autre.")], [], DEMARCHE, Wanted(0, "absent"), "2026-01-01"))


# The desk


class Asked:
    """An assistant that is ready after some looks, and may fail."""

    def __init__(self, looks: int = 0, failures: tuple[Exception, ...] = ()) -> None:
        self.looks = looks
        self.failures = list(failures)

    def ready(self) -> bool:
        self.looks -= 1
        return self.looks < 0

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        if self.failures:
            raise self.failures.pop(0)
        return answer(f"Réponse à {question}")


class Behind:
    """What goes on behind the page, stopped at one moment."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    @contextmanager
    def waiting(self) -> Iterator[None]:
        yield


def views(assistant: Asked, question: object, progress: Progress, session: Session | None = None, patience: float = 5.0) -> list[View]:
    async def run() -> list[View]:
        desk = Desk(assistant, DEMARCHE, lambda name: None, Behind(progress), patience)
        return [view async for view in desk.ask(question, session or Session())]

    return asyncio.run(run())


def test_the_question_is_shown_at_once_and_then_its_answer() -> None:
    first, last = views(Asked(), " Bonjour ? ", Progress("ready"))
    assert "en-cours" in first.now
    assert texts.SEARCHING in first.now
    assert "Réponse à Bonjour ?" in text_of(last.now)


def test_a_question_waits_for_the_model_and_for_the_first_sheets() -> None:
    first, last = views(Asked(3, (EmptyStore("vide"),)), "Bonjour", Progress("filling", 1, 9))
    assert texts.NOT_READY in text_of(first.now)
    assert "Réponse à Bonjour" in text_of(last.now)
    assert "1 sur 9" in text_of(last.now)


@pytest.mark.parametrize(
    ("assistant", "progress", "said"),
    [
        (Asked(0, (StoreDamaged("La base ne se lit pas.", "Tapez X."),)), Progress("ready"), "La base ne se lit pas. Tapez X."),
        (Asked(0, (EmptyStore("La boîte à outils est vide."),)), Progress("ready"), "La boîte à outils est vide."),
        (Asked(99), Progress("failed", message="Le modèle manque.", remedy="Tapez Y."), "Le modèle manque. Tapez Y."),
        (Asked(0, (ZeroDivisionError("secret"),)), Progress("ready"), texts.UNFORESEEN),
        (Asked(99), Progress("preparing"), texts.TOO_LONG_TO_START),
    ],
)
def test_an_error_becomes_a_sentence_with_its_remedy(assistant: Asked, progress: Progress, said: str) -> None:
    shown = text_of(views(assistant, "Bonjour", progress, patience=0.5)[-1].now.replace("</p><p>", "</p> <p>"))
    assert said in shown
    assert "secret" not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("question", ["", "   \n", None, 3, ["x"], {"a": 1}])
def test_what_is_not_a_question_is_asked_for_again(question: object) -> None:
    (only,) = views(Asked(), question, Progress("ready"))
    assert texts.NOTHING_ASKED in text_of(only.now)
    assert not only.taken


def test_past_turns_stay_in_their_session() -> None:
    mine, other = Session(), Session()
    views(Asked(), "ma question", Progress("ready"), mine)
    views(Asked(), "son secret", Progress("ready"), other)
    last = views(Asked(), "la suite", Progress("ready"), mine)[-1]
    assert "ma question" in text_of(last.past)
    assert "secret" not in last.past + last.now


# The filling


def reports(*statuses: str) -> Iterator[FileReport]:
    for number, status in enumerate(statuses):
        yield FileReport(f"/x/{number}.md", status, message="Illisible.")  # type: ignore[arg-type]


def settled(filling: Filling) -> Progress:
    filling.start()
    return finished(filling)


def finished(filling: Filling) -> Progress:
    until = time.monotonic() + 5
    while filling.progress.under_way and time.monotonic() < until:
        time.sleep(0.01)
    return filling.progress


def test_the_filling_counts_names_what_is_refused_and_ends() -> None:
    done = settled(Filling(lambda: None, lambda: 3, lambda: reports("added", "refused", "ignored", "unchanged")))
    assert (done.phase, done.done, done.total) == ("ready", 3, 3)
    assert done.sentence() == "Le contenu de démarrage est en place, sauf un fichier : 1.md."
    assert done.to_dict()["refused"] == [{"file": "1.md", "message": "Illisible."}]
    assert Progress("filling", 43, 210).sentence().startswith("Le contenu de démarrage s'installe : 43 sur 210 fiches")


def test_no_further_file_is_read_while_somebody_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.filling.PATIENCE", 60.0)
    answering = True
    read_meanwhile: list[bool] = []

    def files() -> Iterator[FileReport]:
        for report in reports("added", "added", "added"):
            read_meanwhile.append(answering)
            yield report

    filling = Filling(lambda: None, lambda: 3, files)
    with filling.waiting():
        filling.start()
        until = time.monotonic() + 5
        while not filling.progress.done and time.monotonic() < until:
            time.sleep(0.01)
        answering = False
    done = finished(filling)
    assert (done.phase, done.done) == ("ready", 3)
    assert read_meanwhile == [True, False, False], "the file in hand, and no other"


@pytest.mark.parametrize(("error", "said"), [(StoreDamaged("Cassé.", "Réparez."), "Cassé. Réparez."), (RuntimeError("secret"), texts.UNFORESEEN_FILLING)])
def test_a_filling_that_fails_says_why(error: Exception, said: str) -> None:
    def warm() -> None:
        raise error

    failed = settled(Filling(warm, lambda: 1, lambda: reports("added")))
    assert failed.phase == "failed"
    assert said in failed.sentence()
    assert "secret" not in failed.sentence()


def test_each_criterion_held_is_a_button_whose_words_let_it_go() -> None:
    shown = turn(answer("Voici.", intent="tool", tools=(TOOL,), chips=("1 h au plus", "à <b>distance")))
    assert [html.unescape(text_of(button)) for button in re.findall(r'<button[^>]*class="exemple puce".*?</button>', shown)] == [
        "Sans tenir compte de : 1 h au plus",
        "Sans tenir compte de : à <b>distance",
    ]
    assert texts.CHIPS not in turn(answer())


def test_while_asking_back_no_step_is_claimed_and_the_tools_wait_behind_a_disclosure() -> None:
    shown = turn(answer("Où en êtes-vous ?", intent="tool", steps=("E4",), tools=(TOOL,), needs_clarification=True, choices=("On démarre", "On finit")))
    assert "Vous semblez" not in shown
    assert f"<summary>{texts.MEANWHILE}</summary>" in shown


def test_a_tool_for_every_step_does_not_list_them() -> None:
    said = text_of(turn(answer("Voici.", intent="tool", tools=(replace(TOOL, steps=DEMARCHE.step_ids),))))
    assert texts.EVERY_STEP in said
    assert "Étape 3" not in said


def test_a_numbered_list_keeps_its_numbers() -> None:
    assert rich("Deux temps.\n\n1. Nommer\n2. Écrire") == "<p>Deux temps.</p><ol><li>Nommer</li><li>Écrire</li></ol>"
    assert rich("3. Nommer\n4. Écrire") == '<ol start="3"><li>Nommer</li><li>Écrire</li></ol>'
