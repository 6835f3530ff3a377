"""The outer page, which Gradio does not write: head, header, source panel, footer; and Gradio's own page mended.

Out of the box Gradio's page is in English, links to other sites in its metadata, and has no
landmark outside its own; ``mended`` makes it a French page with one heading, a skip link and a footer.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version

from ui import texts
from ui.markup import escape

_METADATA = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>', re.DOTALL)
_FOOTER = (texts.FOOTER_CONTENT, texts.FOOTER_METHOD, texts.FOOTER_PRIVACY, texts.FOOTER_LICENCE)


def _release() -> str:
    try:
        return version("bao-efc")
    except PackageNotFoundError:
        return "0"


def head(title: str) -> str:
    """The parts of <head> that every page has."""
    return (
        f"<title>{escape(title)}</title>"
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
        f'<link rel="stylesheet" href="/page/style.css?v={_release()}">'
    )


def mended(page: str, nonce: str) -> str:
    """Gradio's index with our head, header and footer around it, and a nonce on each of its scripts."""
    page = re.sub(r"<title>[^<]*</title>", "", _METADATA.sub("", page), count=1)
    page = page.replace('lang="en"', f'lang="{texts.LANGUAGE}"', 1)
    script = f'<script src="/page/page.js?v={_release()}"></script>'  # before Gradio's own, which it tells the language
    page = page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />{head(texts.TITLE)}{script}', 1)
    page = page.replace("<gradio-app", _opening() + "<gradio-app", 1).replace("</gradio-app>", "</gradio-app>" + _closing(), 1)
    return page.replace("<script", f'<script nonce="{nonce}"')


def plain(title: str, body: str) -> str:
    """A page of ours, without a script."""
    return (
        f'<!doctype html><html lang="{texts.LANGUAGE}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{head(f"{title} – {texts.NAME}")}</head><body class="lecteur"><header class="entete"><a href="/">{escape(texts.BACK)}</a></header>'
        f"<main>{body}</main>{_footer()}</body></html>"
    )


def refusal(message: str) -> str:
    """A page that says why there is nothing to see."""
    return plain(message, f"<article class=document><h1>{escape(message)}</h1></article>")


def _opening() -> str:
    return (
        f'<a class="evitement" href="#question">{escape(texts.SKIP)}</a>'
        f'<header class="entete"><div><h1>{escape(texts.NAME)}</h1><p>{escape(texts.TAGLINE)}</p></div></header>'
        f'<p id="etat" role="status" hidden></p><noscript><p class="bandeau">{escape(texts.NO_SCRIPT)}</p></noscript>'
    )


def _closing() -> str:
    words = {"copied": texts.COPIED, "loading": texts.LOADING, "failed": texts.LOADING_FAILED, "language": texts.LANGUAGE}
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in words.items())
    return (
        f"{_footer()}"
        f'<dialog id="panneau" aria-labelledby="panneau-titre"{data}><div class="barre"><h2 id="panneau-titre" tabindex="-1">{escape(texts.PANEL)}</h2>'
        f'<a id="panneau-onglet" href="/" target="_blank" rel="noopener">{escape(texts.NEW_TAB)}</a>'
        f'<button type="button" id="panneau-fermer">{escape(texts.CLOSE)}</button></div><div id="panneau-corps"></div></dialog>'
        '<p id="annonce" class="lecture" role="status" aria-live="polite"></p>'
    )


def _footer() -> str:
    return f'<footer class="pied">{"".join(f"<p>{escape(line)}</p>" for line in _FOOTER)}</footer>'
