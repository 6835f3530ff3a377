"""The page in a real browser: asking, reading a source, keyboard, phone, dark, accessibility, and no word to other sites."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typst
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.answer import Answer, Citation, Suggestion
from assistant.ask import Assistant
from assistant.conversation import Conversation
from corpus.demarche import STARTER, load
from corpus.embedding import HashingEmbedder
from corpus.french import letters
from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import Pipeline
from ui import environment, texts
from ui.filling import Filling
from ui.server import application

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
GUIDE = """#set page(paper: "a4")
#set text(lang: "fr")
= Guide du financement
Le poste de chargé de mission est soutenu pendant trois ans.
#pagebreak()
== Le montant
#lorem(350)

L'aide s'élève à 24 000 euros par an, versée en deux fois.

#lorem(350)
"""
CITED = "L'aide s'élève à 24 000 euros par an, versée en deux fois."
MONEY = "À combien d'euros par an s'élève l'aide versée pour le poste ?"
SHEETS = ("concepts/performance-usage", "concepts/cooperation", "outils/carte-acteurs-relations", "outils/forum-ouvert")


class Rehearsed(Assistant):
    """The real assistant, with two answers in forms that a small store would not give."""

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """The rehearsed answer, or the real one."""
        if question.startswith("outils"):
            return cards()
        if question.startswith("vague"):
            choices = ("outils pour démarrer", "Je ne sais pas encore")
            return replace(cards(), answer="Où en êtes-vous ?", needs_clarification=True, choices=choices, tools=(), set_aside=(), chips=())
        return super().ask(question, conversation)


def cards() -> Answer:
    tool = Suggestion(
        "carte-acteurs-relations",
        "Carte des acteurs et des relations",
        ("E3", "E4"),
        "Vous parlez d'acteurs : cet outil sert à les dessiner.",
        "1 h 30 à 3 h",
        "4 à 15 personnes",
        "Existant",
        "Une photo de la carte, la liste des absents et les premières rencontres à prendre.",
        "papier kraft, marqueurs",
        ("Mur de passeports",),
    )
    other = replace(tool, id="forum-ouvert", title="Forum ouvert", steps=("E4",))
    quote = "La carte des acteurs se fait de 4 à 15 personnes et ne coûte que du papier et des feutres."
    citation = Citation(1, tool.id, tool.title, 0, "Quand l'utiliser", quote, quote, starter=True, note=texts.STARTER)
    table = "| Outil | Durée |\n| --- | --- |\n| Carte des acteurs et des relations | de 1 h 30 à 3 h selon le nombre |\n| Forum ouvert | une journée |"
    text = f"Vous semblez être à l'étape 3, Lire le territoire.\n\n{table}"
    aside = (("World café", "trop long pour une heure"),)
    return Answer(
        "outils",
        "outils",
        text,
        "tool",
        "Plus encore.",
        steps=("E3",),
        citations=(citation,),
        tools=(tool, other),
        set_aside=aside,
        chips=("1 h au plus", "à distance"),
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port over a PDF and four sheets."""
    settings = Settings(data=tmp_path_factory.mktemp("data"), model="hachage")
    guide = tmp_path_factory.mktemp("files") / "guide.pdf"
    guide.write_bytes(typst.compile(GUIDE.encode()))
    environment.prepare(settings)
    with Library(settings, HashingEmbedder(), writing=True) as library:
        assert not Pipeline(library, settings, load()).run([guide, *(STARTER / "fiches" / f"{name}.md" for name in SHEETS)]).refused
        assistant = Rehearsed(library, settings, load())
        app = application(library, settings, load(), assistant, Filling(assistant.warm, lambda: 0, lambda: iter(())))
        listener = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(15)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} manque : tapez « make system », qui installe les paquets de system-packages.txt.")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Visit:
    """A browser session on the page: remembers where requests went and what went wrong."""

    def __init__(self, browser: Browser, address: str, **context: object) -> None:
        self.context = browser.new_context(**context)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.strangers: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: None if request.url.startswith((address, "data:")) else self.strangers.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        self.page.goto(address)
        self.page.wait_for_selector("#question")

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.strangers == []
        assert self.faults == []

    def ask(self, question: str) -> None:
        """Type a question and wait for its whole answer to be seen."""
        self.page.fill("#question", question)
        self.page.keyboard.press("Enter")
        self.answered(question)

    def answered(self, question: str) -> None:
        """Wait until this question has its answer."""
        self.page.wait_for_function("q => document.querySelector('#cours .tour.fini .question')?.textContent.includes(q)", arg=question)
        self.page.wait_for_function("() => document.querySelector('#cours .tour').getAnimations({subtree: true}).length === 0")

    def serious(self) -> list[str]:
        """The serious faults that axe finds."""
        found = Axe().run(self.page).response["violations"]
        return [f"{fault['id']}: {[node['html'][:120] for node in fault['nodes']][:3]}" for fault in found if fault["impact"] in ("serious", "critical")]


def test_asking_shows_the_answer_group_by_group_without_moving_it(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        visit.page.evaluate("""() => { window.seen = []; (function look() {
            const part = document.querySelector('#cours .reponse');
            if (part) window.seen.push([part.innerText.trim().length, part.getBoundingClientRect().height]);
            requestAnimationFrame(look); })() }""")
        visit.ask(MONEY)
        seen = visit.page.evaluate("window.seen")
        lengths = [length for length, _ in seen]
        assert len(set(lengths)) >= 3
        assert lengths == sorted(lengths)
        assert len({height for _, height in seen}) == 1
        assert "24 000 euros" in visit.page.inner_text("#cours .reponse")
        visit.page.wait_for_function("() => document.querySelector('#annonce[aria-live=polite]').textContent.includes('24 000 euros')")


def test_less_motion_shows_it_at_once(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce") as visit:
        visit.page.fill("#question", MONEY)
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector("#cours .tour.fini")
        assert visit.page.evaluate("document.querySelector('#cours').getAnimations({subtree: true}).length") == 0


def test_a_citation_opens_its_source_on_the_quoted_sentence(browser: Browser, address: str) -> None:
    with Visit(browser, address) as visit:
        visit.ask(MONEY)
        quote = visit.page.inner_text("#cours .citation blockquote >> nth=0")
        visit.page.click("#cours .citation a.source >> nth=0")
        mark = visit.page.wait_for_selector("#panneau mark#citation")
        assert mark is not None
        shown = "".join(visit.page.locator("#panneau mark").evaluate_all("all => all.map(one => one.lastChild.textContent)"))
        assert letters(quote) == letters(shown)
        assert letters(CITED) in letters(shown)
        visit.page.wait_for_function("""() => {
            const [mark, body] = ["#panneau mark", "#panneau-corps"].map((one) => document.querySelector(one).getBoundingClientRect());
            return mark.top >= body.top && mark.bottom <= body.bottom;
        }""")
        visit.page.keyboard.press("Escape")
        assert not visit.page.is_visible("#panneau")
        assert visit.page.evaluate("document.activeElement.matches('.citation a.source')")


def test_the_source_in_a_tab_of_its_own_scrolls_to_the_quoted_sentence(browser: Browser, address: str) -> None:
    with Visit(browser, address, java_script_enabled=True) as visit:
        visit.ask(MONEY)
        link = visit.page.get_attribute("#cours .citation a.source >> nth=0", "href")
        visit.page.goto(address + str(link))
        visit.page.wait_for_function("""() => {
            const mark = document.querySelector("mark").getBoundingClientRect();
            return mark.top > 0 && mark.bottom < innerHeight && scrollY > 0;
        }""")
        assert visit.serious() == []


def test_everything_is_reached_by_the_keyboard(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce") as visit:
        press = visit.page.keyboard.press
        press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == texts.SKIP
        assert visit.page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        press("Enter")
        assert visit.page.evaluate("document.activeElement.id") == "question"
        visit.page.keyboard.type(MONEY)
        press("Enter")
        visit.answered(MONEY)
        assert visit.page.evaluate("document.activeElement.id") == "question"
        visited = []
        for _ in range(12):
            press("Shift+Tab")
            visited.append(visit.page.evaluate("document.activeElement.className || document.activeElement.tagName"))
            assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            if visited[-1] == "source":
                break
        assert visited[:2] == ["imprimer", "copier"]
        press("Enter")
        visit.page.wait_for_selector("#panneau mark")
        assert visit.page.evaluate("document.activeElement.closest('#panneau') !== null")
        press("Tab")
        press("Tab")
        assert visit.page.evaluate("document.activeElement.textContent") == texts.CLOSE
        press("Enter")
        assert visit.page.evaluate("document.activeElement.className") == "source"


def test_a_plan_is_taken_away_by_its_link(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce") as visit:
        visit.ask("outils")
        assert visit.page.locator("#cours .emporter a").count() == 4
        with visit.page.expect_download() as waited:
            visit.page.click("#cours .emporter a:has-text('PDF')")
        assert re.fullmatch(r"plan-efc-[\d-]+\.pdf", waited.value.suggested_filename)
        assert Path(waited.value.path()).read_bytes().startswith(b"%PDF")
        assert visit.page.is_visible("#cours .emporter")


def test_examples_and_choices_ask_their_own_words(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce") as visit:
        assert visit.page.locator(".accueil .exemple").count() == 6
        example = texts.USES[1][2][0]
        visit.page.click(f".accueil .exemple:has-text({example!r})")
        visit.answered(example)
        assert visit.page.locator(".accueil").count() == 0
        visit.ask("outils à distance")
        visit.page.click("#cours .puce >> nth=0")
        visit.answered("Sans tenir compte de : 1 h au plus")
        visit.ask("vague")
        visit.page.click("#cours .exemple >> nth=0")
        visit.answered("outils pour démarrer")
        assert visit.page.locator("#passe .tour").count() == 4


def test_a_new_conversation_forgets_and_two_visitors_do_not_meet(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce") as visit, Visit(browser, address, reduced_motion="reduce") as other:
        visit.ask("vague mais à moi")
        other.ask("vague mais à lui")
        visit.ask("outils encore")
        assert "à moi" in visit.page.inner_text("#passe")
        assert "à lui" not in visit.page.inner_text("main")
        visit.page.click("#nouvelle")
        visit.page.wait_for_selector(".accueil")
        assert visit.page.locator(".tour").count() == 0
        assert visit.page.evaluate("document.activeElement.id") == "question"
        visit.ask("outils enfin")
        assert visit.page.locator("#passe .tour").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, address: str, scheme: str) -> None:
    with Visit(browser, address, color_scheme=scheme, reduced_motion="reduce") as visit:
        assert visit.page.evaluate("document.documentElement.lang") == texts.LANGUAGE
        assert visit.page.title() == texts.TITLE
        assert visit.serious() == []
        for question in ("outils", "vague", MONEY, "?"):
            visit.ask(question)
            visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert visit.serious() == []
        visit.page.evaluate("document.querySelector('#passe a.source').click()")
        visit.page.wait_for_selector("#panneau article")
        assert visit.serious() == []


def test_a_phone_needs_no_sideways_scroll_and_its_targets_are_large_enough(browser: Browser, address: str) -> None:
    with Visit(browser, address, viewport={"width": 360, "height": 740}, reduced_motion="reduce", has_touch=True) as visit:
        for question in ("", "outils", "vague", MONEY, "x" * 300):
            if question:
                visit.ask(question)
                visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            wide = visit.page.evaluate("""() => [...document.body.querySelectorAll("*")]
                .filter((one) => one.getBoundingClientRect().right > 361 && !one.closest(".lecture"))
                .map((one) => `${one.tagName}#${one.id}.${one.className}`)""")
            assert (wide, visit.page.evaluate("document.documentElement.scrollWidth")) == ([], 360)
            small = visit.page.locator("main button, main summary").evaluate_all(
                "all => all.filter(one => one.offsetParent && one.offsetHeight < 24).map(one => one.outerHTML)"
            )
            assert small == []
        visit.page.evaluate("document.querySelector('#passe .citation a.source').click()")
        visit.page.wait_for_selector("#panneau article")
        assert visit.page.evaluate("document.querySelector('#panneau-corps').scrollWidth <= 360")
        assert visit.page.locator("#panneau-fermer").is_visible()


def test_an_answer_can_be_copied_and_printed(browser: Browser, address: str) -> None:
    with Visit(browser, address, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"]) as visit:
        visit.ask(MONEY)
        visit.page.click("#cours .copier")
        visit.page.wait_for_function("t => document.querySelector('#annonce').textContent === t", arg=texts.COPIED)
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert "24 000 euros" in copied
        assert "[1]" in copied
        assert texts.COPY not in copied
        visit.page.emulate_media(media="print")
        assert not visit.page.is_visible("#redaction")
        assert visit.page.is_visible("#cours .reponse")
