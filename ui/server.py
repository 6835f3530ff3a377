"""The web server: a FastAPI parent around the Gradio page, with the documents' own pages beside it.

The page answers first; the model and the starter corpus come after it, in the background.
"""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated

import uvicorn
from fastapi import FastAPI, Query
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp

from assistant.ask import Assistant
from corpus.demarche import Demarche, load
from corpus.documents import Document
from corpus.library import Library
from corpus.model import open_embedder
from corpus.settings import Settings
from ingest import starter
from ingest.pipeline import Pipeline
from ui import environment, shell, texts
from ui.desk import Answerer, Desk
from ui.filling import Filling
from ui.gate import Gate
from ui.reader import Wanted, document_page
from ui.takeaway import Press

ASSETS = {"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"}
TYPES = {".md": "text/markdown; charset=utf-8", ".odt": "application/vnd.oasis.opendocument.text", ".yaml": "application/yaml"}


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve until interrupted, holding the library for writing.

    Raises StoreBusy, ModelMismatch or StoreDamaged before the port is opened.
    """
    environment.prepare(settings)
    demarche = load()
    with Library(settings, open_embedder(settings), writing=True) as library:
        assistant = Assistant(library, settings, demarche)
        pipeline = Pipeline(library, settings, demarche)
        filling = Filling(assistant.warm, starter.size, lambda: starter.fill(pipeline))
        app = application(library, settings, demarche, assistant, filling)
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=3)


def application(library: Library, settings: Settings, demarche: Demarche, assistant: Answerer, filling: Filling) -> ASGIApp:
    """The whole web application over one open library; the filling starts with it."""
    import gradio as gr  # after environment.prepare, which it reads when imported

    from ui import page

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        filling.start()
        yield
        filling.stop()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    _own_routes(app, library, settings, demarche, filling)
    _plan_route(app, Press(library, settings, demarche))
    desk = Desk(assistant, demarche, lambda name: published(library, name), filling)
    gr.mount_gradio_app(
        app, page.build(desk), "/", footer_links=[], run_history=False, theme=page.theme(), allowed_paths=[], blocked_paths=[str(settings.data.resolve())],
        show_error=False, max_file_size=1, ssr_mode=False, mcp_server=False, enable_monitoring=False, pwa=False,
    )  # fmt: skip
    return Gate(app)


def published(library: Library, name: str) -> Document | None:
    """The document of this name, where readers may see it."""
    document = library.store.document(name)
    return document if document is not None and document.state == "published" else None


def _own_routes(app: FastAPI, library: Library, settings: Settings, demarche: Demarche, filling: Filling) -> None:
    @app.api_route("/healthz", methods=["GET", "HEAD"])
    def health() -> Response:
        progress = filling.progress
        status = "failed" if progress.phase == "failed" else "ok"
        content = {"status": status, "filling": progress.to_dict(), "documents": library.store.count("documents")}
        return JSONResponse(content, 503 if status == "failed" else 200, headers={"Cache-Control": "no-store"})

    @app.api_route("/page/{name}", methods=["GET", "HEAD"])
    def asset(name: str) -> Response:
        if name not in ASSETS:
            return HTMLResponse(shell.refusal(texts.NO_SUCH_PAGE), 404)
        return FileResponse(Path(__file__).parent / name, media_type=ASSETS[name], headers={"Cache-Control": "no-cache"})

    @app.api_route("/document/{name:path}", methods=["GET", "HEAD"])
    def document(name: str, page: Annotated[str, Query()] = "", cite: Annotated[str, Query()] = "") -> Response:
        found = published(library, name)
        if found is None:
            return HTMLResponse(shell.refusal(texts.NO_SUCH_DOCUMENT), 404)
        wanted = Wanted(int(page) if page.isdecimal() and len(page) < 7 else 0, cite)
        passages = [stored.passage for stored in library.store.passages(found.id)]
        return HTMLResponse(document_page(found, library.store.pages(found.id), passages, demarche, wanted, settings.aujourdhui.isoformat()))

    @app.api_route("/original/{name:path}", methods=["GET", "HEAD"])
    def original(name: str) -> Response:
        found = published(library, name)
        if found is None or not library.original(found).is_file():
            return HTMLResponse(shell.refusal(texts.NO_SUCH_DOCUMENT), 404)
        return download(library.original(found), found)


def _plan_route(app: FastAPI, press: Press) -> None:
    @app.api_route("/plan", methods=["GET", "HEAD"])
    async def plan(tools: str = "", kind: Annotated[str, Query(alias="format")] = "", situation: str = "", step: str = "") -> Response:
        return await press.answer(tools, kind, situation, step)


def download(path: Path, document: Document) -> Response:
    """The bytes of a document, to be saved and never shown by the browser as a page of ours."""
    name = PurePosixPath(document.id).name
    name = name if name.lower().endswith(document.suffix) else name + document.suffix
    kind = TYPES.get(document.suffix) or mimetypes.guess_type(f"x{document.suffix}")[0] or "application/octet-stream"
    return FileResponse(path, media_type=kind, filename=name, content_disposition_type="attachment")
