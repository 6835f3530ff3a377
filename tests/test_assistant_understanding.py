"""Understanding: what is typed is cleaned, its language told, sheets and steps recognised, typing errors mended."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import spelling
from assistant.knowledge import Knowledge
from assistant.understanding import clean, language_of, named_steps, understand
from assistant.vocabulary import load as load_vocabulary
from corpus.demarche import Demarche
from corpus.documents import Document
from corpus.french import fold
from corpus.words import stems, tokens

TEXT = (
    "Le modèle serviciel repose sur la coopération des acteurs et sur la performance d'usage. La carte des acteurs montre les relations. "
    "L'atelier réunit les élus, les agents et les habitants du territoire. Le forum ouvert dure une journée."
)
SHEETS = {
    "carte-acteurs-relations": ("outil", "Carte des acteurs et des relations"),
    "forum-ouvert": ("outil", "Forum ouvert"),
    "performance-usage": ("concept", "Performance d'usage"),
    "cooperation": ("concept", "Coopération"),
}


@pytest.fixture(scope="module")
def knowledge(demarche: Demarche) -> Knowledge:
    documents = {name: Document(name, title, kind, "", "", ".md", origin="starter") for name, (kind, title) in SHEETS.items()}
    surface = Counter({fold(word): 5 for word in tokens(TEXT)})
    return Knowledge("1", demarche, documents, dict.fromkeys(stems(TEXT), 3), 200, surface)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("C'est\x00 quoi\x07 l'usage ?\x1b", "C'est quoi l'usage ?"),
        ("l'\u202eegasu\u202c et\u200b le\u2066 reste\u2069", "l'egasu et le reste"),
        ("<b>Qui</b> <script src='x'>décide</script> ?", "Qui décide ?"),
        ("deux\nlignes\t et   des\u00a0espaces", "deux lignes et des espaces"),
        ("3 < 4 et 5 > 2", "3 < 4 et 5 > 2"),
        ("coope\u0301ration", "coopération"),
        (" \u200b \x00 ", ""),
        ("", ""),
    ],
)
def test_a_question_is_cleaned_of_what_nobody_sees(typed: str, cleaned: str) -> None:
    assert clean(typed, 2000) == cleaned


def test_twenty_thousand_characters_are_cut_at_the_limit() -> None:
    assert clean("mot " * 5000, 2000).strip() == ("mot " * 500).strip()
    assert len(clean("x" * 20_000, 2000)) == 2000
    assert len(clean("<a>" * 7000, 2000)) <= 2000


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.integers(1, 300))
def test_whatever_is_typed_nothing_hidden_is_left(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in cleaned)
    assert not set(cleaned) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@pytest.mark.parametrize("hidden", ["\u061c", "\U000e0041\U000e0042\U000e007f"])
def test_rarer_hidden_characters_go_too(hidden: str) -> None:
    assert clean(f"l'usage{hidden} ?", 2000) == "l'usage ?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Qu'est-ce que la performance d'usage ?", "fr"),
        ("What is the economy of functionality and how does it work?", "en"),
        ("Wat is de coöperatie en hoe gaan wij met de actoren om?", "nl"),
        ("EFC", "fr"),
        ("world café", "fr"),
        ("On fait un forum ouvert avec des élus", "fr"),
        ("?!…", "other"),
    ],
)
def test_the_language_is_told_by_its_small_words_french_when_in_doubt(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Combien dure un forum ouvert ?", ["forum-ouvert"]),
        ("COMBIEN DURENT LES FORUMS OUVERTS", ["forum-ouvert"]),
        ("Carte des acteurs et des relations ou forum ouvert ?", ["carte-acteurs-relations", "forum-ouvert"]),
        ("C'est quoi la performance d'usage ?", ["performance-usage"]),
        ("Où se garer à Lille ?", []),
    ],
)
def test_sheets_are_recognised_in_the_order_they_are_named(question: str, named: list[str], knowledge: Knowledge) -> None:
    assert list(understand(question, question, knowledge, load_vocabulary()).named) == named


@pytest.mark.parametrize("form", ["étape {n}", "Etape n° {n}", "ETAPE {n}", "la {n}e étape", "{id}", "{name}"])
def test_each_step_is_recognised_by_its_number_its_id_and_its_name(form: str, knowledge: Knowledge) -> None:
    for step in knowledge.demarche.steps:
        told = form.format(n=step.number, id=step.id, name=step.name)
        assert named_steps(f"Que faire : {told} ?", knowledge) == (step.id,)


def test_a_step_that_does_not_exist_is_not_recognised_and_the_last_one_is(knowledge: Knowledge) -> None:
    beyond = len(knowledge.demarche.steps) + 1
    assert named_steps(f"Que faire à l'étape {beyond} ?", knowledge) == ()
    assert named_steps(f"Que faire à l'étape {beyond}0 ?", knowledge) == ()
    assert named_steps("Que faire à la dernière étape ?", knowledge) == (knowledge.demarche.step_ids[-1],)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("le modèle servissiel", "serviciel"),
        ("la coopérasion", "cooperation"),
        ("la cooppération", "cooperation"),
        ("les relatoins", "relations"),
        ("la preformance", "performance"),
        ("lusage", "l'usage"),
        ("latelier", "l'atelier"),
    ],
)
def test_a_typing_error_becomes_the_word_of_the_corpus(typed: str, mended: str, knowledge: Knowledge) -> None:
    assert mended in fold(spelling.repair(typed, knowledge))


@pytest.mark.parametrize(
    "word", ["cartel", "forme", "relation", "modelage", "fleurs", "musique", "tortue", "voisin", "Lille", "Valenciennes", "2024", "ATMB", ""]
)
def test_a_real_word_a_name_or_a_number_is_left_as_typed(word: str, knowledge: Knowledge) -> None:
    assert spelling.repair(word, knowledge) == word


def test_a_text_message_is_written_out(knowledge: Knowledge) -> None:
    mended = fold(spelling.repair("koi la performance dusage pr les élus", knowledge))
    assert mended.startswith("quoi la performance d'usage pour les elus")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(TEXT.split()), max_size=12).map(" ".join))
def test_words_of_the_corpus_are_never_mended(text: str) -> None:
    known = Counter({fold(word): 5 for word in tokens(TEXT)})
    known |= {fold(word): 5 for word in TEXT.replace(".", "").replace(",", "").split()}
    demarche = Demarche((), {})
    assert spelling.repair(text, Knowledge("2", demarche, {}, dict.fromkeys(stems(TEXT), 3), 200, known)) == text


def test_english_is_not_mended_as_french(knowledge: Knowledge) -> None:
    question = "What is the servissiel modele and how does it work with our agents?"
    understood = understand(question, question, knowledge, load_vocabulary())
    assert (understood.language, understood.text) == ("en", question)


@pytest.mark.parametrize(
    ("question", "wants", "example"),
    [
        ("How long does it take and what is it for?", "duration", False),
        ("Can you give an example?", "", True),
        ("Hoe lang duurt het en voor wie is het?", "duration", False),
        ("Kun je een voorbeeld geven van dit?", "", True),
    ],
)
def test_another_language_asks_for_the_same_things(question: str, wants: str, example: bool, knowledge: Knowledge) -> None:
    understood = understand(question, question, knowledge, load_vocabulary())
    assert (understood.wants, understood.example) == (wants, example)


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("Qui dirige le Cerdd ?", "person"),
        ("Comment s'appelle la directrice ?", "person"),
        ("Qui appeler au Cerdd ?", "contact"),
        ("À qui écrire pour candidater ?", "contact"),
        ("Qui pilote l'atelier ?", ""),  # often an organisation
        ("Qui est le public visé ?", ""),
    ],
)
def test_a_person_is_wanted_where_only_a_person_answers(question: str, wants: str, knowledge: Knowledge) -> None:
    assert understand(question, question, knowledge, load_vocabulary()).wants == wants


def test_a_word_glued_to_its_article_is_mended_though_a_wording_has_it_so(demarche: Demarche) -> None:
    told = Knowledge("3", demarche, {}, dict.fromkeys(stems("lefc EFC"), 3), 200, Counter({"lefc": 1, "efc": 50}))
    assert spelling.repair("cest quoi lefc", told) == "c'est quoi l'efc"


@pytest.mark.parametrize(
    "text",
    [
        "Combien coûte l'accompagnement de l'AMI mise en récits ?",
        "Calendrier de mise en œuvre de la démarche",
        "On met en place un comité de suivi : qui en est ?",
        "De combien de temps a-t-on besoin, en tout ?",
    ],
)
def test_words_that_dutch_has_too_make_no_french_question_dutch(text: str) -> None:
    assert language_of(text) == "fr"
