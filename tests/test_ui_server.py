"""The web server as a stranger meets it: what it gives, what it refuses, and the headers on everything."""

from __future__ import annotations

import html
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import typst
import uvicorn

from assistant.ask import Assistant
from assistant.plans import FORMATS
from corpus.demarche import STARTER, load
from corpus.embedding import HashingEmbedder
from corpus.library import Library
from corpus.settings import Settings
from ingest.pipeline import Pipeline
from ui import environment, takeaway, texts
from ui.filling import Filling
from ui.gate import BODY_LIMIT, verdict
from ui.server import application

GUIDE = """#set page(paper: "a4")
#set text(lang: "fr")
= Guide du financement
Le poste est soutenu pendant trois ans.
#pagebreak()
== Le montant
L'aide s'élève à 24 000 euros par an, versée en deux fois.
#table(columns: 2, table.header([Étape], [Date]), [Dépôt], [4 février 2027], [Réponse], [30 avril 2027])
"""
CITED = "L'aide s'élève à 24 000 euros par an, versée en deux fois."
NAME = "guide du financement & Cie.pdf"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("data"), model="hachage")


@pytest.fixture(scope="module")
def site(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A real server on a free port over a small store: a PDF of ours, four starter sheets, one HTML file."""
    folder = tmp_path_factory.mktemp("files")
    (folder / NAME).write_bytes(typst.compile(GUIDE.encode()))
    (folder / "page.html").write_text("<html><body><h1>Une page</h1><p>Un paragraphe de cette page, assez long pour être lu.</p></body></html>", "utf-8")
    names = ("concepts/performance-usage", "concepts/cooperation", "outils/carte-acteurs-relations", "outils/forum-ouvert")
    scratch = environment.prepare(settings)
    (scratch / "vieux").mkdir()
    environment.prepare(settings)
    with Library(settings, HashingEmbedder(), writing=True) as library:
        pipeline = Pipeline(library, settings, load())
        report = pipeline.run([folder, *(STARTER / "fiches" / f"{name}.md" for name in names)])
        assert not report.refused, report
        assistant = Assistant(library, settings, load())
        app = application(library, settings, load(), assistant, Filling(assistant.warm, lambda: 0, lambda: iter(())))
        with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
            yield client


class running:
    """A server for the time of a test."""

    def __init__(self, app: object) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))  # type: ignore[arg-type]
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "le serveur ne démarre pas"
            time.sleep(0.02)
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(15)


def ask(site: httpx.Client, question: str, session: str) -> list[str]:
    """Ask through Gradio's queue as the page does; the turn in hand at each message."""
    config = site.get("/config").json()
    number = next(one["id"] for one in config["dependencies"] if len(one["inputs"]) == 2)
    event = {"data": [question, None], "fn_index": number, "session_hash": session, "trigger_id": None, "event_data": None}
    joined = site.post("/gradio_api/queue/join", json=event)
    assert joined.status_code == 200, joined.text
    seen: list[str] = []
    with site.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        for line in stream.iter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {}
            if "output" in message:
                seen.append(json.dumps(message["output"], ensure_ascii=False))
            if message.get("msg") == "process_completed":
                return seen
    return seen


def test_the_page_is_french_and_asks_nothing_of_other_sites(site: httpx.Client) -> None:
    page = site.get("/")
    assert page.status_code == 200
    assert '<html\n\tlang="fr"' in page.text
    assert f"<title>{texts.TITLE.replace(chr(39), '&#x27;')}</title>" in page.text
    for stranger in ("og:", "twitter:", "fonts.googleapis", "githubusercontent"):
        assert stranger not in page.text
    assert 'class="evitement" href="#question"' in page.text


def test_health_says_how_far_the_filling_is(site: httpx.Client) -> None:
    state = site.get("/healthz").json()
    assert state["status"] == "ok"
    assert state["documents"] == 6
    assert set(state["filling"]) == {"phase", "done", "total", "current", "refused", "message"}


PATHS = ("/", "/healthz", "/document/forum-ouvert", "/document/absent", "/page/style.css", "/plan", "/gradio_api/upload", "/nulle-part", "/config")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(site: httpx.Client, path: str) -> None:
    headers = site.get(path, headers={"Origin": "http://malin.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'nonce-" in policy if path == "/" else "script-src" not in policy
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload/",
        "//gradio_api/upload",
        "/gradio_api//upload",
        "/GRADIO_API/UPLOAD",
        "/gradio_api/%75pload",
        "/upload",
        "/upload/x",
        "/gradio_api/upload?upload_id=1",
        "/page/../gradio_api/upload",
        "/gradio_api/upload_progress?upload_id=1",
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "OPTIONS", "PATCH", "DELETE"])
def test_nothing_can_be_uploaded(site: httpx.Client, settings: Settings, path: str, method: str) -> None:
    answer = raw(site, method, path, b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx\r\n--x--\r\n')
    assert answer.startswith(("HTTP/1.1 403", "HTTP/1.1 404", "HTTP/1.1 405")), answer[:80]
    assert "/page/../" in path or answer.startswith("HTTP/1.1 403")
    assert [path for path in (settings.data / "gradio").rglob("*") if path.is_file()] == []


def raw(site: httpx.Client, method: str, path: str, body: bytes = b"") -> str:
    """A request whose path no client tidies up."""
    with socket.create_connection((site.base_url.host, site.base_url.port or 80), timeout=20) as wire:
        lines = (
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            "Content-Type: multipart/form-data; boundary=x",
            f"Content-Length: {len(body)}",
        )
        wire.sendall("\r\n".join((*lines, "", "")).encode() + body)
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode("utf-8", "replace")


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://example.org",
        "/gradio_api/openapi.json",
        "/gradio_api/info",
        "/docs",
        "/openapi.json",
        "/monitoring",
        "/gradio_api/runs",
        "/gradio_api/vibe-code/",
        "/gradio_api/deep_link",
        "/gradio_api/mcp/sse",
        "/login",
        "/page/server.py",
        "/page/../server.py",
        "/page/%2e%2e/server.py",
        "/static/../../routes.py",
        "/assets/%2e%2e/%2e%2e/index.html",
    ],
)
def test_what_the_page_does_not_use_is_not_there(site: httpx.Client, path: str) -> None:
    answer = raw(site, "GET", path)
    assert answer.startswith(("HTTP/1.1 404", "HTTP/1.1 403")), answer[:200]
    assert "root:" not in answer


def test_reading_only() -> None:
    for path in ("/", "/healthz", "/document/x", "/original/x", "/plan"):
        assert verdict("POST", path)[0] == 405
    assert verdict("GET", "/gradio_api/queue/join")[0] == 405


def test_another_site_cannot_ask_in_our_name(site: httpx.Client) -> None:
    for headers in ({"Origin": "http://malin.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert site.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 403


def test_a_body_has_a_limit_even_without_its_length(site: httpx.Client) -> None:
    assert site.post("/gradio_api/queue/join", content=b"x" * (BODY_LIMIT + 1)).status_code == 413
    chunks = (b"x" * 50_000 for _ in range(20))
    assert site.post("/gradio_api/queue/join", content=chunks).status_code in (400, 413)


def test_a_document_page_says_what_it_is_and_marks_the_quotation(site: httpx.Client) -> None:
    page = site.get(f"/document/{quote(NAME)}", params={"page": 2, "cite": "L’aide  s'élève à 24 000 euros par an"})
    assert page.status_code == 200
    assert 'id="page-1"' in page.text
    assert 'id="page-2"' in page.text
    assert '<mark id="citation"' in page.text
    assert "élève à 24 000 euros par an</mark>, versée" in page.text
    assert texts.STARTER not in page.text.split("<footer")[0]
    sheet = site.get("/document/carte-acteurs-relations").text
    assert f"Fiche outil, {texts.STARTER}" in sheet
    assert "CC BY-NC-SA 4.0" in sheet
    assert "Étape 3, Lire le territoire" in sheet


def test_the_original_is_downloaded_never_shown(site: httpx.Client) -> None:
    pdf = site.get(f"/original/{quote(NAME)}")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"].startswith("attachment")
    html = site.get("/original/page.html")
    assert html.headers["content-disposition"].startswith("attachment")
    assert html.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "absent",
        "../bao.sqlite3",
        "..%2fbao.sqlite3",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "forum-ouvert/../../bao.sqlite3",
        "a%00b",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "con",
        "x" * 3000,
    ],
)
@pytest.mark.parametrize("door", ["document", "original"])
def test_an_unknown_name_is_a_404_in_french(site: httpx.Client, door: str, name: str) -> None:
    answer = raw(site, "GET", f"/{door}/{name}")
    assert answer.startswith("HTTP/1.1 404"), answer[:200]
    assert texts.NO_SUCH_DOCUMENT in answer
    assert "<script" not in answer


@pytest.mark.parametrize("query", ["page=abc", "page=-1", "page=99999999999999999999", "cite=" + "x" * 5000, "page=²", "cite=%00", "page=2&page=3"])
def test_a_wrong_page_or_quotation_still_shows_the_document(site: httpx.Client, query: str) -> None:
    assert site.get(f"/document/forum-ouvert?{query}").status_code == 200


def test_a_withdrawn_document_is_gone(site: httpx.Client, settings: Settings, tmp_path: Path) -> None:
    data = Settings(data=tmp_path, model="hachage")
    with Library(data, HashingEmbedder(), writing=True) as library:
        pipeline = Pipeline(library, data, load())
        pipeline.run([STARTER / "fiches/outils/forum-ouvert.md"])
        library.remove("forum-ouvert")
        with running(application(library, data, load(), Assistant(library, data, load()), Filling(lambda: None, lambda: 0, lambda: iter(())))) as address:
            assert httpx.get(f"{address}/document/forum-ouvert").status_code == 404
            assert httpx.get(f"{address}/original/forum-ouvert").status_code == 404


def test_asking_streams_the_question_then_its_cited_answer(site: httpx.Client) -> None:
    seen = ask(site, "À combien d'euros par an s'élève l'aide versée pour le poste ?", "session-a")
    assert texts.SEARCHING in seen[0]
    assert len(seen) >= 2
    assert "24 000 euros" in "".join(seen[1:])


TOOLS = "carte-acteurs-relations,forum-ouvert"
STORY = "Nos élus doutent à Lille, on commence en mars : « par où aller » ? <script>alert(1)</script>"
OPENINGS = {"docx": b"PK", "odt": b"PK", "pdf": b"%PDF", "md": "# Plan d’action".encode()}


@pytest.mark.parametrize("kind", OPENINGS)
def test_a_plan_is_saved_in_each_format_under_an_ascii_name(site: httpx.Client, kind: str) -> None:
    plan = site.get("/plan", params={"tools": TOOLS, "format": kind, "situation": STORY, "step": "E4"})
    assert plan.status_code == 200
    assert plan.content.startswith(OPENINGS[kind])
    assert plan.headers["content-type"] == FORMATS[f".{kind}"]
    name = re.fullmatch(r'attachment; filename="(.+)"', plan.headers["content-disposition"])
    assert name is not None
    assert name[1].isascii()
    assert name[1].endswith(f".{kind}")
    assert plan.headers["x-content-type-options"] == "nosniff"
    assert plan.headers["cache-control"] == "no-store"
    assert site.head("/plan", params={"tools": TOOLS, "format": kind}).status_code == 200


def test_a_plan_holds_the_tools_the_situation_and_the_step(site: httpx.Client) -> None:
    text = site.get("/plan", params={"tools": TOOLS, "format": "md", "situation": STORY, "step": "E4"}).text.replace("\u00a0", " ")
    for part in ("Carte des acteurs", "Forum ouvert", "Nos élus doutent à Lille", "Étape 4"):
        assert part in text
    assert "La situation" not in site.get("/plan", params={"tools": TOOLS, "format": "md"}).text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, "docx, odt, pdf, md"),
        ({"tools": TOOLS, "format": "exe"}, 400, "docx, odt, pdf, md"),
        ({"tools": TOOLS, "format": ".pdf"}, 400, "docx, odt, pdf, md"),
        ({"tools": "", "format": "md"}, 400, "de 1 à 12 outils"),
        ({"tools": ",".join(f"outil-{n}" for n in range(13)), "format": "md"}, 400, "de 1 à 12 outils"),
        ({"tools": "a" * 5000, "format": "md"}, 400, texts.PLAN_TOO_LONG),
        ({"tools": TOOLS, "format": "md", "situation": "x" * 2001}, 400, texts.PLAN_TOO_LONG),
        ({"tools": "../bao.sqlite3", "format": "md"}, 400, texts.PLAN_UNCLEAR),
        ({"tools": "<script>", "format": "md"}, 400, texts.PLAN_UNCLEAR),
        ({"tools": "a" * 81, "format": "md"}, 400, texts.PLAN_UNCLEAR),
        ({"tools": "forum-ouvert\x00", "format": "md"}, 400, texts.PLAN_UNCLEAR),
        ({"tools": TOOLS, "format": "md", "step": "E99"}, 400, texts.PLAN_UNCLEAR),
        ({"tools": "forum-absent", "format": "md"}, 404, "« forum-absent »"),
        ({"tools": "cooperation", "format": "md"}, 404, "« cooperation »"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_in_french(site: httpx.Client, query: dict[str, str], status: int, said: str) -> None:
    refused = site.get("/plan", params=query)
    assert refused.status_code == status
    assert html.escape(said) in refused.text
    assert "content-disposition" not in refused.headers
    assert "<script" not in refused.text


def test_only_a_few_plans_are_made_at_once_and_the_others_are_told_to_come_back(site: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most, lock = 0, 0, threading.Lock()

    def slow(*_: object) -> bytes:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(1.0)
        with lock:
            at_work -= 1
        return b"plan"

    monkeypatch.setattr(takeaway, "export", slow)
    monkeypatch.setattr(takeaway, "PATIENCE", 0.3)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.get("/plan", params={"tools": TOOLS, "format": "md"}), range(8)))
    assert most == takeaway.AT_ONCE
    assert sorted({answer.status_code for answer in answers}) == [200, 503]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert texts.PLAN_BUSY in busy.text
    assert busy.headers["retry-after"]
    assert site.get("/plan", params={"tools": TOOLS, "format": "md"}).status_code == 200


def test_an_over_long_question_is_answered_or_refused_in_words(site: httpx.Client) -> None:
    assert "Traceback" not in "".join(ask(site, "euros " * 3400, "session-long"))


def test_twenty_conversations_at_once_are_all_answered_apart(site: httpx.Client) -> None:
    start = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: "".join(ask(site, f"Question numéro {n}zz : quel montant ?", f"session-{n}")), range(20)))
    assert time.monotonic() - start < 30
    for number, answer in enumerate(answers):
        assert f"{number}zz" in answer
        assert not [other for other in range(20) if other != number and f" {other}zz" in answer]


def test_scratch_is_in_the_data_folder_and_emptied(site: httpx.Client, settings: Settings) -> None:
    assert os.environ["GRADIO_TEMP_DIR"] == str((settings.data / "gradio").resolve())
    assert not (settings.data / "gradio" / "vieux").exists()
    for name, value in environment.SILENCE.items():
        assert os.environ[name] == value
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_the_page_answers_soon_after_the_command_and_the_starter_fills_behind_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = f"from corpus import settings; from ui.server import serve; serve(settings.load(), port={port})"
    start = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "BAO_DATA": str(tmp_path), "BAO_MODEL": "hachage"}) as process:
        try:
            while True:
                assert process.poll() is None
                assert time.monotonic() - start < 60
                try:
                    assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 200
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            print(f"page after {time.monotonic() - start:.1f} s")
            assert httpx.get(f"http://127.0.0.1:{port}/healthz").json()["filling"]["phase"] in ("preparing", "filling")
        finally:
            process.terminate()
            process.wait(30)
