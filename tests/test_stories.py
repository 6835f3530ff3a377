"""Stories as agents tell them, over the whole starter corpus with the real model: what must hold of each answer.

The corpus goes in once, in about 40 seconds, with its shipped vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assistant import constraints, phrases
from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.composing import LONG
from assistant.quoting import page_of
from corpus.demarche import Demarche
from corpus.french import fold
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
from corpus.words import STOP_WORDS, stem, tokens
from ingest import starter
from ingest.pipeline import Pipeline


@dataclass(frozen=True)
class Story:
    """What an agent tells, the tools of which one must be proposed, the steps of which one must be read; none: any."""

    told: str
    tools: frozenset[str]
    steps: frozenset[str] = frozenset()


def story(told: str, tools: str, steps: str = "") -> Story:
    return Story(told, frozenset(tools.split()), frozenset(steps.split()))


STORIES = (
    story(
        "On a réuni les acteurs de l'alimentation trois fois, mais on ne sait pas qui travaille déjà avec qui, ni qui est isolé. "
        "Je voudrais qu'on dessine ensemble leurs relations.",
        "carte-acteurs-relations",
        "E3 E4",
    ),
    story(
        "Notre cheffe de projet part à la retraite en juin et tout est dans sa tête : les contacts, les accords passés, les raisons de nos choix.",
        "dossier-transfert-savoirs journal-bord-demarche",
        "E8",
    ),
    story(
        # thirty and no more: the sheet of the world café says 12 to 30
        "On va être trente personnes à la salle des fêtes, une heure et demie, et je veux que tout le monde parle, en petites tables qui tournent.",
        "world-cafe forum-ouvert",
    ),
    story(
        "On a fait trois ateliers, les gens sont contents, mais le financeur demande ce que ça a changé. "
        "Il faudrait nommer les effets utiles, même ceux qui ne se comptent pas.",
        "revelation-valeur tableau-suivi-deux-etages rapport-avancement-annuel matrice-effets-utiles-beneficiaires-contributions theorie-changement",
        "E7",
    ),
    story(
        "Je suis chargé de mission. Nos élus n'ont jamais entendu parler de tout cela et n'ont que dix minutes avant le bureau. "
        "Il me faut une page à leur laisser.",
        "argumentaire-pour-elus-page fiche-concept-recto-verso infographie-volume-usage video-concept-trois-minutes",
        "E1",
    ),
    story(
        "Entre la régie, l'association et le bailleur, plus personne ne sait qui décide, qui fait et qui doit seulement être informé.",
        "matrice-raci lettre-mission-equipe-projet charte-cooperation",
    ),
    story(
        "Les techniciens restent enfermés dans la mairie. J'aimerais marcher dans le quartier avec dix habitants et noter sur place ce qui marche ou pas.",
        "diagnostic-marchant",
        "E3",
    ),
    story(
        "Nous voulons acheter de la lumière plutôt que des lampadaires : comment écrire les clauses d'un marché public où l'on paie le service rendu ?",
        "grille-clauses-performance-usage fiche-sourcage-besoin-usage",
        "E6",
    ),
    story(
        "Nos partenaires promettent beaucoup à l'oral. Avant de lancer l'essai, nous voudrions écrire ce que chacun apporte et attend des autres.",
        "charte-cooperation carte-contraintes-contributions",
        "E4 E6",
    ),
    story(
        "On a trente idées sur le mur, deux heures et quinze personnes : comment choisir les trois par lesquelles on commence ?",
        "priorisation-gommettes-matrice-vote-nuf",
    ),
    story(
        "J'ai un cas qui me bloque avec un partenaire. J'aimerais que six collègues d'autres communes m'aident à y réfléchir, chacun son tour.",
        "codeveloppement",
    ),
    story(
        "On voudrait bricoler très vite une maquette du futur service de vélos et la faire essayer par quelques usagers avant d'investir.",
        "prototype-rapide-test-usage",
        "E5 E6",
    ),
    story(
        "Une nouvelle collègue arrive lundi dans l'équipe et n'a pas suivi la démarche : que lui donner pour qu'elle s'y retrouve ?",
        "kit-accueil-nouvel-arrivant glossaire-vivant-demarche journal-bord-demarche dossier-transfert-savoirs",
    ),
    story(
        "Première réunion de l'équipe-projet lundi : je voudrais que chacun écrive ce qu'il espère et ce qu'il redoute de la démarche.",
        "mur-attentes-craintes",
        "E2",
    ),
    story(
        "Comment payer notre animatrice après la subvention ? "
        "Nous cherchons un outil pour comparer cotisations, mécénat et budget de la communauté de communes.",
        "plan-financement-animation",
        "E8",
    ),
    story(
        "Personne ne se souvient de la même histoire. "
        "J'aimerais que les anciens et les nouveaux posent ensemble les dates qui ont compté, sur une grande ligne.",
        "frise-ligne-temps-collective",
    ),
    story(
        "Nous voudrions raconter la démarche : recueillir les récits de ceux qui l'ont vécue, en cercle, sans débat, une dizaine de personnes.",
        "cercle-recits strategie-mise-recits",
    ),
    story(
        "L'essai a duré six mois. Avec l'équipe, deux heures pour dire ce qui a marché, ce qui a raté et ce que l'on change.",
        "retrospective-equipe",
    ),
    story(
        "La subvention s'arrête en décembre et le poste d'animation n'est plus payé. Il faut trouver d'autres ressources pour l'animation.",
        "plan-financement-animation",
        "E8",
    ),
)
DEFINITIONS = (
    ("C'est quoi la performance d'usage ?", "performance-usage"),
    ("Qu'est-ce que l'effet rebond ?", "effet-rebond"),
    ("Que veut dire « projet totem » ?", "projet-totem"),
    ("Qu'appelle-t-on une communauté d'intérêts ?", "communaute-interets"),
    ("Qu'est-ce qu'une externalité ?", "externalites"),
    ("C'est quoi le travail prescrit, par rapport au travail réel ?", "travail-reel-travail-prescrit"),
    ("Qu'est-ce que la servitisation ?", "servitisation"),
)
ROUTES = (
    ("Quelle suite d'outils pour un conflit entre partenaires ?", "parcours-conflit-partenaires"),
    ("Quel parcours sur un an pour la mobilité rurale, avec les employeurs ?", "parcours-mobilite"),
    ("Par où commencer avec une friche dont personne ne veut ?", "parcours-friche"),
)
NO_ROUTES = ("Quelles sont les prochaines étapes après la charte de coopération ?", "Un outil pour dessiner les relations entre acteurs ?")
OFF_TOPIC = (
    "Quel temps fera-t-il demain à Valenciennes ?",
    "Donne-moi une recette de tarte au maroilles",
    "Qui a gagné la coupe du monde de football en 1998 ?",
    "Comment réparer le joint de culasse d'une Peugeot 206 ?",
    "Raconte-moi une blague sur les élus",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, demarche: Demarche) -> Iterator[Library]:
    settings = Settings(data=tmp_path_factory.mktemp("stories") / "data")
    with Library(settings, open_embedder(settings), writing=True) as one:
        refused = [report for report in starter.fill(Pipeline(one, settings, demarche)) if report.status == "refused"]
        assert refused == []
        yield one


@pytest.fixture(scope="module")
def assistant(library: Library, demarche: Demarche) -> Assistant:
    return Assistant(library, Settings(data=library.folder), demarche)


def tied(reason: str, told: str) -> bool:
    """Whether a reason names a telling word of the story, or a duration, a group or a distance where the story states one."""
    held = {stem(word) for word in tokens(reason)}
    words = {stem(word) for word in tokens(told) if fold(word) not in STOP_WORDS and len(word) > 3}
    stated = constraints.read(told)
    folded = fold(reason)
    marks = [mark for given, mark in ((stated.minutes, "seance"), (stated.people, "personne"), (stated.people, "groupe"), (stated.remote, "distance")) if given]
    return bool(held & words) or any(mark in folded for mark in marks)


def verified(answer: Answer, library: Library) -> bool:
    """Whether every citation stands on the stored page that it names."""
    return all(page_of(one.quote, [page for page in library.store.pages(one.document) if page.number == one.page]) is not None for one in answer.citations)


@pytest.mark.parametrize("one", STORIES, ids=lambda one: one.told[:40])
def test_a_story_gets_a_tool_that_fits_at_its_step_with_a_reason_of_its_own(one: Story, assistant: Assistant, library: Library) -> None:
    answer = assistant.ask(one.told)
    assert not answer.needs_clarification
    assert not answer.abstained
    assert one.tools & {tool.id for tool in answer.tools}
    assert 1 <= len(answer.tools) <= 3
    assert len(answer.steps) <= 2
    assert not one.steps or one.steps & set(answer.steps)
    for tool in answer.tools:
        assert tied(tool.reason, one.told), tool.reason
        assert tool.title in answer.answer
    assert len({tool.reason for tool in answer.tools}) == len(answer.tools)
    assert verified(answer, library)


@pytest.mark.parametrize("told", ["On n'a pas d'argent pour un prestataire, que faire ?", "J'arrive au service, on me parle d'EFC : par où je commence ?"])
def test_a_story_that_ends_in_a_call_for_help_gets_tools(told: str, assistant: Assistant) -> None:
    assert assistant.ask(told).intent in ("tool", "journey")


@pytest.mark.parametrize(("question", "route"), ROUTES)
def test_who_asks_for_a_journey_sees_the_stages_of_the_route_that_fits_then_tools(question: str, route: str, assistant: Assistant, library: Library) -> None:
    answer = assistant.ask(question)
    assert answer.citations[0].document == route
    assert "Semaine" in answer.citations[0].quote
    assert answer.answer.index("Semaine") < answer.answer.index(answer.tools[0].title)
    assert verified(answer, library)


@pytest.mark.parametrize("question", NO_ROUTES)
def test_a_route_is_not_shown_where_none_fits_or_none_is_asked_for(question: str, assistant: Assistant) -> None:
    assert not any(citation.document.startswith("parcours-") for citation in assistant.ask(question).citations[:1])


@pytest.mark.parametrize(("question", "sheet"), DEFINITIONS)
def test_a_definition_is_quoted_first_from_its_own_sheet(question: str, sheet: str, assistant: Assistant, library: Library) -> None:
    answer = assistant.ask(question)
    assert not answer.abstained
    assert not answer.needs_clarification
    assert answer.citations[0].document == sheet
    assert "à valider par le Cerdd" in answer.answer
    assert verified(answer, library)
    assert "Définition" in {one.section for one in answer.citations}, "the sentence alone is too little"
    assert not any(one.passage.startswith("On dit aussi") for one in answer.citations), "other names answer nothing"


@pytest.mark.parametrize(("words", "sheet"), [("écopôle", "audruicq-ecopole-alimentaire"), ("Et TILT ?", "grande-synthe-tilt"), ("orak", "orak")])
def test_a_name_alone_or_a_key_word_of_one_title_says_what_it_is(words: str, sheet: str, assistant: Assistant) -> None:
    first = assistant.ask(words).citations[0]
    assert (first.document, first.section) == (sheet, "En bref")


def test_two_sheets_named_are_told_apart_however_it_is_asked(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("Mutualisation et coopération, c'est du pareil au même.")
    assert not answer.abstained
    assert {"mutualisation", "cooperation"} <= {one.document for one in answer.citations}
    assert verified(answer, library)


@pytest.mark.parametrize("question", ["Qui est le président du Cerdd ?", "qui est le président du cerdd ?"])
def test_another_s_president_is_not_shown_for_the_one_asked_about(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.abstained
    assert phrases.MISSING["person"] in answer.answer


def test_the_president_asked_about_is_quoted(assistant: Assistant, library: Library) -> None:
    answer = assistant.ask("Qui préside le Club Noé ?")
    assert not answer.abstained
    assert "président" in answer.citations[0].quote
    assert verified(answer, library)


@pytest.mark.parametrize(
    ("question", "meaning"),
    [
        ("C'est quoi un EPCI ?", "établissement public de coopération intercommunale"),
        ("que veut dire epci", "établissement public de coopération intercommunale"),
        ("Que veut dire ESS ?", "économie sociale et solidaire"),
    ],
)
def test_an_acronym_is_written_out_with_a_sentence_that_uses_it(question: str, meaning: str, assistant: Assistant, library: Library) -> None:
    answer = assistant.ask(question)
    assert meaning in answer.answer.splitlines()[0]
    assert any(word in tokens(answer.citations[0].quote) for word in ("EPCI", "ESS"))
    assert verified(answer, library)


def test_an_acronym_that_a_sheet_explains_is_answered_by_the_sheet(assistant: Assistant) -> None:
    assert assistant.ask("Que veut dire EFC ?").citations[0].document == "economie-fonctionnalite-cooperation"


@pytest.mark.parametrize("question", ["C'est quoi le décloisonnement ?", "C'est quoi un élu ?"])
def test_a_word_that_nothing_defines_is_said_not_to_be(question: str, assistant: Assistant) -> None:
    assert assistant.ask(question).abstained


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_off_topic_is_said_to_be_off_topic_without_a_tool(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.abstained
    assert answer.tools == ()
    assert answer.steps == ()
    assert "boîte à outils" in answer.answer or "corpus" in answer.answer


@pytest.mark.parametrize("question", ["Quelles sont les étapes d'une démarche EFC ?", "Combien d'étapes ?", "Peux-tu me lister les étapes de la démarche ?"])
def test_all_the_steps_are_told_in_order_each_from_its_own_sheet(question: str, assistant: Assistant, demarche: Demarche, library: Library) -> None:
    answer = assistant.ask(question)
    assert [one.document.split("-")[1] for one in answer.citations] == [str(step.number) for step in demarche.steps]
    assert all(fold(step.name) in fold(one.quote) for step, one in zip(demarche.steps, answer.citations, strict=True))
    assert verified(answer, library)
    assert len(answer.answer) <= LONG


@pytest.mark.parametrize("question", ["Que fait-on à l'étape 3 ?", "C'est quoi l'étape 3 ?"])
def test_a_step_is_told_by_what_it_is_for(question: str, assistant: Assistant) -> None:
    assert "L’étape « Lire le territoire » sert à" in assistant.ask(question).citations[0].quote


@pytest.mark.parametrize("question", ["Comment fait-on un photolangage ?", "Comment ça marche, un photolangage ?", "Un photolangage, comment ça se passe ?"])
def test_who_asks_how_a_tool_runs_gets_its_run_in_order(question: str, assistant: Assistant) -> None:
    answer = assistant.ask(question)
    assert answer.answer.startswith("1. Choisir les photos")
    assert answer.citations[0].section.endswith("Déroulé")
