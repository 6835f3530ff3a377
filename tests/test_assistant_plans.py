"""Plans to take away: every sentence quoted from the sheets, real files that LibreOffice opens, hostile stories only shown."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import odfdo
import pytest
from docx.oxml.ns import qn
from markdown_it import MarkdownIt
from pypdf import PdfReader

from assistant import timeline
from assistant.answer import Answer, Citation, Suggestion
from assistant.plan import Plan, printable
from assistant.plans import FORMATS, export, fitting_route, plan_for, plan_of
from corpus.demarche import STARTER, load
from corpus.embedding import HashingEmbedder
from corpus.errors import NotFound, UsageError
from corpus.french import normalise
from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import Pipeline
from ui.command import main

TODAY = datetime.date(2025, 11, 22)
FICHES = STARTER / "fiches"
SHEETS = (
    "outils/argumentaire-pour-elus-page", "outils/carte-contraintes-contributions", "outils/charte-cooperation", "outils/forum-ouvert",
    "outils/jeu-role-bureau-communautaire", "outils/diagnostic-marchant", "outils/stage-cnfpt-nouveaux-modeles-economiques", "outils/atelier-differends",
    "parcours/parcours-friche", "parcours/parcours-convaincre-elus-un-mois",
)  # fmt: skip
STORY = "On a réuni tous les acteurs de l'alimentation mais rien n'avance. Par où commencer à partir de mars, en six mois ?"
HOSTILE = (
    "<script>alert(1)</script> **gras** [x](javascript:alert(1)) ![y](file:///etc/passwd) | a | b | # titre ``` `code` &lt;b&gt; \x00\x1b\u202e\ud800\ufffe "
    '#read("/etc/passwd") $1/0$ {{ 7*7 }} ]]> &amp; <!-- saut de page --> \ue000frise\ue000 1. un '
)
LONG = HOSTILE + "mot " * 3000
EDITABLE = (".docx", ".odt")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("plans"), model="hachage", aujourdhui=TODAY)


@pytest.fixture(scope="module")
def toolbox(settings: Settings) -> Iterator[Library]:
    """A small library of real sheets."""
    with Library(settings, HashingEmbedder(), writing=True) as library:
        for report in Pipeline(library, settings, load()).reports([FICHES / f"{name}.md" for name in SHEETS], "", False):
            assert report.status == "added", report
        yield library


@pytest.fixture(scope="module")
def make(toolbox: Library, settings: Settings) -> Callable[..., Plan]:
    """The plan of an answer that proposes these tools for this story."""

    def made(story: str = STORY, tools: tuple[str, ...] = ("carte-contraintes-contributions", "charte-cooperation"), **more: Any) -> Plan:
        reason = "Vous parlez d'« acteurs » : cet outil sert à faire dire à chacun ce qu'il donne et ce qu'il reçoit, contraintes comprises. " * 2
        known = {"steps": ("E4",), "step_reason": "réuni, rien n'avance"} | more
        answer = Answer(story, story, "", "tool", tools=tuple(Suggestion(tool, tool, ("E4",), reason.strip(), "") for tool in tools), **known)
        return plan_for(answer, toolbox, load(), settings)

    return made


@pytest.fixture(scope="module")
def worst(make: Callable[..., Plan]) -> Plan:
    """The plan that has most to say on its first page, for a hostile story."""
    return make(LONG, ("carte-contraintes-contributions", "charte-cooperation", "atelier-differends"))


@pytest.fixture(scope="module")
def pages(make: Callable[..., Plan], worst: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The pages of each format, as text: PDF as it is, DOCX and ODT as LibreOffice prints them."""
    if not shutil.which("soffice"):
        pytest.fail("soffice manque : lancez « make system » (paquet libreoffice-writer-nogui)")
    folder = tmp_path_factory.mktemp("office")
    friche = make("Une friche et trois associations, à partir de mars, en un an", ("diagnostic-marchant", "forum-ouvert"), steps=("E3",))
    for name, plan in {"plan": make(), "worst": worst, "route": friche}.items():
        (folder / f"{name}-pdf.pdf").write_bytes(export(plan, ".pdf"))
        for suffix in EDITABLE:
            (folder / f"{name}-{suffix[1:]}{suffix}").write_bytes(export(plan, suffix))
    sources = [str(path) for path in sorted(folder.iterdir()) if path.suffix in EDITABLE]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    done = subprocess.run(["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *sources], capture_output=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return {path.stem: [normalise(page.extract_text()) for page in PdfReader(path).pages] for path in sorted(folder.glob("*.pdf"))}


def flat(text: str) -> str:
    """A text without white space and with plain apostrophes: what stays the same whatever the layout."""
    return re.sub(r"\s", "", normalise(text)).replace("’", "'")


# The plan itself


def test_a_plan_quotes_its_sheets_word_for_word(make: Callable[..., Plan], toolbox: Library) -> None:
    plan = make()
    assert [tool.id for tool in plan.tools] == ["carte-contraintes-contributions", "charte-cooperation"]
    for tool in plan.tools:
        page = normalise("\n".join(page.text for page in toolbox.store.pages(tool.id)))
        assert len(tool.run) >= 5
        assert 1 <= len(tool.watch) <= 3
        assert tool.sources
        for said in (tool.aim, *tool.watch, *(item.text for item in tool.run), *(item.name for item in tool.run)):
            assert said in page
    assert [citation.number for citation in plan.citations] == list(range(1, len(plan.citations) + 1))
    assert {number for tool in plan.tools for number in tool.sources} <= {citation.number for citation in plan.citations}


def test_a_plan_holds_the_situation_the_step_the_calendar_and_the_licence(make: Callable[..., Plan]) -> None:
    plan = make()
    assert plan.situation == STORY
    assert plan.step == "Étape 4, Faire alliance"
    assert plan.step_reason == "D'après vos mots : « réuni », « rien n'avance »."
    assert plan.written == TODAY
    assert plan.journey.start == datetime.date(2026, 3, 2)
    assert plan.licences == ("CC BY-NC-SA 4.0",)
    assert plan.note == "contenu de démarrage, à valider par le Cerdd"
    assert "Agents" in plan.publics


def test_the_citations_of_the_answer_are_kept_with_their_page(make: Callable[..., Plan]) -> None:
    page = Citation(1, "guide.pdf", "Le guide", 4, "Coopérer", "Coopérer demande du temps.", "…")
    plan = make(citations=(page,))
    assert plan.citations[-1] == replace(page, number=len(plan.citations))
    assert f"Le guide : page 4, « Coopérer demande du temps. » \\[{len(plan.citations)}\\]" in normalise(export(plan, ".md").decode())


def test_a_fitting_route_gives_the_calendar(make: Callable[..., Plan]) -> None:
    plan = make("Une friche, trois associations veulent le lieu : quel calendrier ?", ("diagnostic-marchant", "forum-ouvert"), steps=("E3",))
    assert plan.journey.route == "parcours-friche"
    assert plan.title == "Plan d'action : réinventer une friche par ses usages"
    assert "parcours-friche" in {citation.document for citation in plan.citations}


def test_a_route_without_a_proposed_tool_or_off_the_step_does_not_fit(toolbox: Library) -> None:
    from assistant.plans import _sheets

    known = _sheets(toolbox, load())
    story = "Une friche, trois associations veulent le lieu"
    assert fitting_route(story, ("E3",), [known.tools["charte-cooperation"]], known, toolbox) is None
    assert fitting_route(story, ("E8",), [known.tools["forum-ouvert"]], known, toolbox) is None
    assert fitting_route("", (), [known.tools["forum-ouvert"]], known, toolbox) is None


def test_chosen_tools_make_a_plan_in_the_order_of_steps(toolbox: Library, settings: Settings) -> None:
    chosen = ["charte-cooperation", "argumentaire-pour-elus-page", "charte-cooperation"]
    plan = plan_of(chosen, toolbox, load(), settings, datetime.date(2026, 3, 2))
    assert [stage.tools[0].id for stage in plan.journey.stages] == ["argumentaire-pour-elus-page", "charte-cooperation"]
    assert plan.journey.stages[0].start == datetime.date(2026, 3, 2)
    assert plan.situation == ""
    assert "La situation" not in export(plan, ".md").decode()


@pytest.mark.parametrize(("chosen", "error", "remedy"), [(["charte-coop"], NotFound, "charte-cooperation"), ([" "], UsageError, "virgules")])
def test_chosen_tools_must_exist(toolbox: Library, settings: Settings, chosen: list[str], error: type[NotFound], remedy: str) -> None:
    with pytest.raises(error) as caught:
        plan_of(chosen, toolbox, load(), settings)
    assert remedy in caught.value.remedy


def test_an_answer_without_a_tool_has_no_plan(toolbox: Library, settings: Settings) -> None:
    with pytest.raises(NotFound) as caught:
        plan_for(Answer("recette de crêpes", "", "", "off_topic", abstained=True), toolbox, load(), settings)
    assert "--outils" in caught.value.remedy


def test_a_start_in_the_past_is_told_and_left_out(toolbox: Library, settings: Settings) -> None:
    plan = plan_of(["forum-ouvert"], toolbox, load(), settings, datetime.date(2020, 1, 6))
    assert plan.journey.start is None
    assert "06/01/2020" in plan.journey.notes[0]


def test_three_days_for_a_year_long_route_is_said_on_the_first_page(make: Callable[..., Plan]) -> None:
    plan = make("Une friche, trois associations veulent le lieu, en trois jours", ("diagnostic-marchant",), steps=("E3",))
    assert not plan.journey.possible
    assert "**Attention.** Ce délai ne suffit pas" in export(plan, ".md").decode()


def test_a_tool_without_timed_items_still_shows_its_run(make: Callable[..., Plan]) -> None:
    plan = make(tools=("stage-cnfpt-nouveaux-modeles-economiques",))
    assert plan.tools[0].run[0].name == "Choisir qui part"
    assert "| Temps | Ce que l’on fait |" in export(plan, ".md").decode()


def test_the_json_holds_everything_and_dates_as_text(make: Callable[..., Plan]) -> None:
    raw = json.loads(json.dumps(make().to_dict(), ensure_ascii=False))
    assert raw["written"] == "2025-11-22"
    assert raw["journey"]["stages"][0]["start"] == "2026-03-02"
    assert raw["journey"]["stages"][0]["when"].startswith("du 2 mars")
    assert raw["citations"][0]["page"] is None
    assert raw["tools"][0]["run"][0]["name"]


# Hostile stories


def test_a_hostile_story_is_cut_and_cleaned(worst: Plan) -> None:
    assert worst.cut
    assert len(worst.situation) <= 2000
    assert not re.search("[\x00-\x1f\u202e\ud800\ufffe\ue000]", worst.situation)
    assert "**gras** x y" in worst.situation
    assert "javascript" not in worst.situation


def test_a_hostile_story_is_no_markup_in_markdown(worst: Plan) -> None:
    tokens = [child for token in MarkdownIt("gfm-like", {"linkify": False}).parse(export(worst, ".md").decode()) for child in (token, *(token.children or []))]
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence", "code_block"}
    shown = "".join(token.content for token in tokens if token.type == "text")
    assert "**gras** x y | a | b | # titre" in shown
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_any_format_holds_a_hostile_plan(worst: Plan, suffix: str) -> None:
    bad = replace(
        worst, title=f"{HOSTILE}{worst.title}", step_reason=HOSTILE, tools=tuple(replace(tool, title=HOSTILE, reason=HOSTILE) for tool in worst.tools)
    )
    assert export(bad, suffix)


def test_a_printable_text_is_one_clean_line() -> None:
    assert printable("a\n\tb\u2028c \ufffe\U000e0001d") == "a b c d"


# The files


@pytest.mark.parametrize("kind", ["pdf", "docx", "odt"])
@pytest.mark.parametrize("name", ["plan", "worst", "route"])
def test_the_first_page_is_the_summary_and_each_tool_opens_a_page(pages: dict[str, list[str]], name: str, kind: str) -> None:
    found = pages[f"{name}-{kind}"]
    first = flat(found[0])
    for piece in ("Plan d'action", "La situation", "L'étape", "Les outils", "Prochaine date", "contenu de démarrage, à valider par le Cerdd"):
        assert flat(piece).casefold() in first.casefold()
    assert "Outil1:" in flat(found[1])
    assert any("Outil2:" in flat(page)[:120] for page in found[2:])
    assert any(flat("Calendrier") in flat(page)[:120] for page in found)
    assert any(flat("Sources et licence") in flat(page)[:120] for page in found)
    assert f"1/{len(found)}" in first
    assert all("àvaliderparleCerdd" in flat(page) for page in found)


@pytest.mark.parametrize("kind", ["pdf", "docx", "odt"])
def test_the_files_say_what_the_sheets_say(make: Callable[..., Plan], pages: dict[str, list[str]], kind: str) -> None:
    text = flat(" ".join(pages[f"plan-{kind}"]))
    plan = make()
    for tool in plan.tools:
        for said in (tool.aim, tool.run[0].text, tool.run[-1].text, *tool.watch):
            assert flat(said) in text
    for stage in plan.journey.stages:
        assert flat(stage.when[3:]) in text
        assert flat(stage.sign)[1:] in text  # the first letter became a capital
    assert flat(STORY) in text
    assert "CCBY-NC-SA4.0" in text


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_a_hostile_story_is_shown_letter_for_letter(pages: dict[str, list[str]], kind: str) -> None:
    assert flat("**gras** x y | a | b | # titre ``` `code`") in flat(" ".join(pages[f"worst-{kind}"]))


def test_the_word_file_has_real_styles_a_language_properties_and_an_alternative_text(make: Callable[..., Plan]) -> None:
    plan = make()
    made = docx.Document(io.BytesIO(export(plan, ".docx")))
    styles = {paragraph.style.name for paragraph in made.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Quote", "List Bullet"} <= styles
    assert {lang.get(qn("w:val")) for lang in made.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    about = made.core_properties
    assert (about.title, about.author, about.language) == (plan.title, "La boîte à outils EFC", "fr-FR")
    assert about.created is not None
    assert about.created.date() == TODAY
    assert [shape._inline.docPr.get("descr") for shape in made.inline_shapes] == [timeline.alternative(plan.journey)]
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in made.tables)
    footer = made.sections[0].footer._element.xml
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


def test_the_opendocument_file_has_real_styles_a_language_properties_and_an_alternative_text(make: Callable[..., Plan]) -> None:
    plan = make()
    content = export(plan, ".odt")
    made = odfdo.Document(io.BytesIO(content))
    assert [heading.get_attribute("text:outline-level") for heading in made.body.headers][:2] == ["1", "2"]
    assert {heading.style for heading in made.body.headers} == {"Heading_20_1", "Heading_20_2", "Nouvelle_page"}
    assert (made.meta.title, made.meta.creator, made.meta.language) == (plan.title, "La boîte à outils EFC", "fr-FR")
    assert made.body.get_element("//svg:desc").text == timeline.alternative(plan.journey)
    assert len(made.body.get_elements("//table:table-header-rows")) == len(made.body.get_elements("//table:table"))
    styles = zipfile.ZipFile(io.BytesIO(content)).read("styles.xml").decode()
    assert "text:page-count" in styles
    assert not re.search(r'fo:language="(?!fr|zxx|none)', styles)


def test_the_pdf_is_tagged_in_french_with_an_alternative_text(make: Callable[..., Plan]) -> None:
    plan = make()
    made = PdfReader(io.BytesIO(export(plan, ".pdf")))
    root = made.trailer["/Root"]
    assert root["/Lang"] in ("fr", "fr-FR")
    assert root["/MarkInfo"]["/Marked"]
    assert made.metadata is not None
    assert normalise(str(made.metadata.title)) == "Plan d’action : faire alliance"
    figures = [item.get_object() for item in made.get_object(root["/StructTreeRoot"].indirect_reference).get("/K", [])]
    assert any("Frise du calendrier" in str(node.get("/Alt", "")) for node in _walk(figures))
    assert export(plan, ".pdf") == export(plan, ".pdf")


def _walk(nodes: list[Any]) -> Iterator[Any]:
    for node in nodes:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, dict):
            yield node
            kids = node.get("/K", [])
            yield from _walk(kids if isinstance(kids, list) else [kids])


def test_an_unknown_format_is_refused(make: Callable[..., Plan]) -> None:
    with pytest.raises(UsageError) as caught:
        export(make(), ".txt")
    assert ".docx" in caught.value.remedy


# The timeline


@pytest.mark.parametrize(
    "words", ["", "à partir de mars", "à partir de mars, en trois jours", "à partir de mars, en cinq semaines", "à partir de mars, en cinq ans"]
)
def test_no_label_of_the_timeline_covers_another(make: Callable[..., Plan], words: str) -> None:
    made = make(f"Une friche, trois associations veulent le lieu, {words}", ("diagnostic-marchant", "forum-ouvert"), steps=("E3",))
    figure = timeline._figure(made.journey)
    figure.canvas.draw()
    axes = figure.axes[0]
    texts = [text for text in (*axes.texts, *axes.get_xticklabels()) if text.get_text().strip()]
    boxes = [text.get_window_extent() for text in texts]
    bars = [bar.get_window_extent() for bar in axes.patches]
    whole = figure.bbox
    for place, box in enumerate(boxes):
        assert whole.x0 <= box.x0 + 1
        assert box.x1 <= whole.x1 + 1
        assert whole.y0 <= box.y0 + 1
        assert box.y1 <= whole.y1 + 1
        assert not any(box.overlaps(other) for other in (*boxes[place + 1 :], *bars)), texts[place].get_text()


def test_the_timeline_is_a_picture_and_a_sentence(make: Callable[..., Plan]) -> None:
    journey = make().journey
    assert timeline.to_png(journey).startswith(b"\x89PNG")
    svg = timeline.to_svg(journey)
    assert svg == timeline.to_svg(journey)
    assert "<script" not in svg
    assert timeline.alternative(journey).startswith(f"Frise du calendrier, {len(journey.stages)} étapes : du 2 mars")


def test_the_names_of_months_are_french(make: Callable[..., Plan]) -> None:
    figure = timeline._figure(make().journey)
    labels = [label.get_text().split("\n")[0] for label in figure.axes[0].get_xticklabels()]
    assert labels == ["mars", "avril", "mai", "juin", "juil.", "août"]


@pytest.mark.parametrize("tone", timeline.TONES)
def test_the_tones_stand_out_from_white(tone: str) -> None:
    values = [int(tone[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (light + 0.05) >= 3


# The command


@pytest.fixture
def bao(toolbox: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    for name, value in (("MODEL", "hachage"), ("AUJOURDHUI", TODAY.isoformat())):
        monkeypatch.setenv(f"BAO_{name}", value)
    return lambda *words: main(["plan", *words, "--data", str(settings.data)])


def test_the_command_prints_markdown(bao: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert bao("Trois associations veulent la friche, forum ouvert, à partir de mars") == 0
    assert capsys.readouterr().out.startswith("# Plan d’action")


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_the_command_writes_a_file_and_never_over_one(bao: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str) -> None:
    target = tmp_path / f"plan{suffix}"
    words = ("--outils", "forum-ouvert,charte-cooperation", "--debut", "2026-03-02", "--sortie", str(target))
    assert bao(*words) == 0
    written = target.read_bytes()
    assert written
    assert bao(*words) == 1
    assert "existe déjà" in capsys.readouterr().err
    assert target.read_bytes() == written


def test_the_command_prints_one_json_document(bao: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert bao("--outils", "forum-ouvert", "--json") == 0
    assert json.loads(capsys.readouterr().out)["tools"][0]["id"] == "forum-ouvert"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--outils", "forum-ouver"), 1, "« forum-ouvert »"),
        (("--outils", "forum-ouvert", "--sortie", "plan.txt"), 2, ".docx, .odt, .pdf, .md"),
        (("--outils", "forum-ouvert", "--sortie", "plan"), 2, ".docx"),
        (("--outils", "forum-ouvert", "--debut", "2026-13-01"), 2, "2026-03-02"),
        (("--outils", "forum-ouvert", "--sortie", "/nulle/part/plan.md"), 1, "dossier"),
        (("--outils", ""), 2, "virgules"),
        ((), 2, "bao plan"),
        (("  ",), 2, "bao plan"),
    ],
)
def test_the_command_says_what_is_wrong_and_what_to_do(
    bao: Callable[..., int], capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    assert bao(*words) == status
    assert said in capsys.readouterr().err
