"""The door of the web server: what may come in, how much of it, and the headers every answer leaves with.

Gradio opens many routes (uploads, file proxies, generated interfaces) that this page does not
use. The gate is a list of what the page needs; everything else is refused before Gradio sees it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import shell, texts

BODY_LIMIT = 256_000  # bytes: a question of 20,000 characters, six bytes each, with room

_EVENTS = ("/gradio_api/queue/data", "/gradio_api/startup-events")
_OURS = ("/document/", "/original/", "/page/")
_READ = frozenset({"/", "/healthz", "/plan", "/config", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", *_EVENTS})
_READ_UNDER = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_WRITE = frozenset({"/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/reset"})

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_COMMON = (
    "default-src 'none'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class _TooBig(Exception):
    """The body grew past the limit."""


def policy(nonce: str = "") -> str:
    """The content security policy. Gradio's page needs inline styles, and its own scripts by nonce; other pages need neither."""
    if nonce:
        return f"{_COMMON}; style-src 'self' 'unsafe-inline'; script-src 'self' 'nonce-{nonce}'"
    return f"{_COMMON}; style-src 'self'"


def verdict(method: str, path: str) -> tuple[int, str]:
    """(200, "") for a request that may come in, else the status and the French reason.

    >>> verdict("GET", "/document/guide.pdf"), verdict("POST", "/gradio_api/upload")[0], verdict("GET", "/gradio_api/file=/etc/passwd")[0]
    ((200, ''), 403, 404)
    """
    if "upload" in path.casefold() and not path.startswith(_OURS):
        return 403, texts.FORBIDDEN
    readable = path in _READ or path.startswith(_OURS) or path.startswith(_READ_UNDER)
    if readable and method in ("GET", "HEAD"):
        return 200, ""
    if path in _WRITE and method == "POST":
        return 200, ""
    return (405, texts.NOT_ALLOWED) if readable or path in _WRITE else (404, texts.NO_SUCH_PAGE)


class Gate:
    """Checks each request, bounds its body, and dresses its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        nonce = secrets.token_urlsafe(16) if scope["path"] == "/" else ""
        dressed = _Dressing(send, nonce)
        status, reason = verdict(scope["method"], scope["path"])
        headers = Headers(scope=scope)
        if status == 200 and _cross_site(scope["method"], headers):
            status, reason = 403, texts.CROSS_SITE
        if status == 200 and _declared(headers) > BODY_LIMIT:
            status, reason = 413, texts.TOO_BIG
        if status != 200:
            return await HTMLResponse(shell.refusal(reason), status)(scope, receive, dressed)
        if nonce:  # the page is rewritten on its way out, so it must come uncompressed
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]}
        try:
            await self._app(scope, _bounded(receive), dressed)
        except _TooBig:
            if not dressed.started:
                await HTMLResponse(shell.refusal(texts.TOO_BIG), 413)(scope, receive, dressed)


class _Dressing:
    """A ``send`` that sets the headers and, on Gradio's page, rewrites the body."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce
        self._held: Message | None = None
        self._body = b""
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on, dressed."""
        if message["type"] == "http.response.start":
            self.started = True
            html = dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html")
            message = {**message, "headers": self._headers(message["headers"], html)}
            if self._nonce and html:
                self._held = message
                return
        elif self._held is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": shell.mended(self._body.decode("utf-8"), self._nonce).encode("utf-8") if self._body else b""}
            await self._send(self._held)
        await self._send(message)

    def _headers(self, given: Iterable[tuple[bytes, bytes]], html: bool) -> list[tuple[bytes, bytes]]:
        rewritten = self._nonce and html
        ours = {**_HEADERS, "Content-Security-Policy": policy(self._nonce)}
        if rewritten:
            ours["Cache-Control"] = "no-store"
        dropped = {name.lower().encode() for name in ours} | ({b"content-length"} if rewritten else set()) | {b"server"}
        kept = [(name, value) for name, value in given if name.lower() not in dropped and not name.lower().startswith(b"access-control-")]
        return kept + [(name.lower().encode(), value.encode()) for name, value in ours.items()]


def _cross_site(method: str, headers: Headers) -> bool:
    """Whether a writing request comes from another site's page."""
    if method in ("GET", "HEAD"):
        return False
    origin = headers.get("origin")
    return headers.get("sec-fetch-site") == "cross-site" or (origin is not None and urlsplit(origin).netloc != headers.get("host"))


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdigit() else BODY_LIMIT + 1


def _bounded(receive: Receive) -> Receive:
    """A ``receive`` that stops reading past the limit."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > BODY_LIMIT:
            raise _TooBig
        return message

    return bounded
