"""What every test stands on: an offline environment, a data folder, small libraries, sheets and PDFs made here."""

from __future__ import annotations

import os

# Before anything is imported: libraries read these once.
os.environ.update(
    {
        "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "ANONYMIZED_TELEMETRY": "False",
        "GRADIO_ANALYTICS_ENABLED": "False", "LANGSMITH_TRACING": "false", "LANGCHAIN_TRACING_V2": "false", "TOKENIZERS_PARALLELISM": "false",
    }
)  # fmt: skip

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.demarche import Demarche, load
from corpus.documents import Document, Formulation, Page, Passage
from corpus.embedding import HashingEmbedder, SentenceEmbedder
from corpus.library import Entry, Library, embedding_text
from corpus.model import open_embedder
from corpus.settings import PREFIX, Settings
from corpus.settings import load as load_settings
from corpus.shipped import ShippedEmbedder
from corpus.typesetting import to_pdf

SHARED = Path(__file__).resolve().parents[2] / "shared"
PROSE = "Le groupe avance pas à pas, écoute chacun et garde une trace écrite de ce qu'il décide ensemble."


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def settings(data: Path) -> Settings:
    """Settings of that folder with the instant embedder."""
    return Settings(data=data, model="hachage")


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="session")
def real() -> SentenceEmbedder:
    """The embedded model, from the cache of whoever runs the tests. About 10 seconds, 30 the first time."""
    made = open_embedder(load_settings())
    assert isinstance(made, ShippedEmbedder)
    assert isinstance(made.inner, SentenceEmbedder)
    return made.inner


@pytest.fixture(scope="session")
def demarche() -> Demarche:
    return load()


@pytest.fixture
def library(settings: Settings, embedder: HashingEmbedder) -> Iterator[Callable[..., Library]]:
    """Opens the library of the data folder, to write unless told otherwise; closed at the end of the test."""
    opened: list[Library] = []

    def open_(writing: bool = True, **more: Any) -> Library:
        opened.append(Library(settings, more.pop("embedder", embedder), writing, **more))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


@pytest.fixture
def entry(embedder: HashingEmbedder) -> Callable[..., Entry]:
    """A document ready to be added: one page and one passage for each text, one question."""

    def make(name: str, *texts: str, wording: str = "", **known: Any) -> Entry:
        maker = known.pop("embedder", embedder)
        sha256 = f"{abs(hash((name, texts))):064x}"
        values = {"title": name, "type": "document", "sha256": sha256, "text_sha256": "", "suffix": ".txt"}
        document = Document(id=name, **{**values, **known})
        pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
        passages = tuple(Passage(name, number - 1, number, number, "", "prose", text) for number, text in enumerate(texts, 1))
        wordings = (Formulation(name, "question", wording),) if wording else ()
        encoded = maker.encode_passages([embedding_text(document.label, passage) for passage in passages] + [w.text for w in wordings])
        return Entry(document, pages, passages, wordings, tuple(encoded))

    return make


@pytest.fixture(scope="session")
def sheet() -> Callable[..., str]:
    return sheet_text


def sheet_text(name: str, kind: str = "outil", body: str = "", **changes: str) -> str:
    """The text of a valid tool or concept sheet; ``changes`` replace values of the front matter, as YAML."""
    resume = f'"La fiche {name} sert à avancer ensemble, pas à pas."'
    lines = {"id": name, "type": kind, "titre": f'"La fiche {name}"', "resume": resume, "mis_a_jour": "2026-03-31"}
    questions = "".join(f'\n  - "Question {number} sur {name} ?"' for number in range(8))
    if kind == "outil":
        situations = "".join(f'\n  - "Situation {number} où {name} sert"' for number in range(8))
        lines |= {
            "famille": "animation", "etapes": "[E3, E4]", "niveau": "[niveau-2]", "format": "atelier", "statut": "existant", "cibles": "[agents]",
            "modalites": "[presentiel]", "animation": "interne", "cout": "faible", "duree_minutes": "[60, 90]", "situations": situations,
        }  # fmt: skip
    header = "\n".join(f"{key}: {value}" for key, value in (lines | {"questions": questions} | changes).items())
    headings = ("Objectifs", "Quand l'utiliser", "Déroulé") if kind == "outil" else ("En une phrase", "Définition", "Un exemple")
    written = body or "\n\n".join(f"## {heading}\n\n{heading} de {name}. {PROSE}" for heading in headings)
    return f"---\n{header}\n---\n{written}\n"


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    return pdf_bytes


@functools.lru_cache(maxsize=64)
def pdf_bytes(title: str, *pages: str) -> bytes:
    """A real PDF, each text on its own page under a heading; without texts, two pages of prose about the title."""
    texts = pages or (f"{title} commence ici. {PROSE}", f"{title} se poursuit. {PROSE}")
    return to_pdf("\n\n<!-- saut de page -->\n\n".join(f"## Partie {number}\n\n{text}" for number, text in enumerate(texts, 1)), title=title)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material handed to the project, which a fresh clone does not have."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is absent: this test measures on material that is no part of the project")
    return SHARED
