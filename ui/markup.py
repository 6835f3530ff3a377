"""Text to safe HTML: Markdown through an allow-list, citation marks to links, words that appear in turn.

What comes from documents and questions is data: it is escaped, or rendered by a Markdown reader
that knows no raw HTML, no image and no link, then cleaned by nh3. Every function returns markup
without a line break, so that Gradio's own Markdown reader leaves it alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink", "code", "html_inline", "html_block", "reference"])
_TAGS = {"p", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "br", "hr", "h3", "table", "thead", "tbody", "tr", "th", "td"}
_MARK = re.compile(r"\[(\d{1,3})\]")
_PLACE = re.compile(r"<p>(?=— |\[\d+\] <em>)")  # a paragraph that says where a quotation comes from
_TAG = re.compile(r"(<[^>]*>)")
# A word with the signs that French typography ties to it, so that no line begins with « : » or ends with « « ».
_WORD = re.compile(r"(?:[«—–] )?[^\s]+(?: [»?!:;%€])*\s*")
_TIED = re.compile(r"(?<!\S)(?:[«—–] )?(\S+)(?: [»?!:;%€])+|(?<!\S)[«—–] (\S+)")
_LONG = 24  # characters beyond which a word may be cut, so that it is not tied
GROUP = 4  # words that appear together


def escape(text: str) -> str:
    """Text as HTML text or as the value of an attribute.

    >>> escape('<b> "a" & b')
    '&lt;b&gt; &quot;a&quot; &amp; b'
    """
    return html.escape(" ".join(text.split()) if "\n" in text else text, quote=True)


def rich(markdown: str, link: Callable[[int], str] = lambda number: "") -> str:
    """Markdown as safe HTML; « [1] » becomes ``link(1)``, unless that is "".

    >>> rich("**Oui** <script>x</script>")
    '<p><strong>Oui</strong> &lt;script&gt;x&lt;/script&gt;</p>'
    """
    raw = re.sub(r"<(/?)h[1-6]>", r"<\1h3>", _READER.render(markdown))
    clean = nh3.clean(raw, tags=_TAGS, attributes={"ol": {"start"}}, link_rel=None)
    placed = _PLACE.sub('<p class="provenance">', clean)
    marked = on_text(placed, lambda text: _MARK.sub(lambda m: link(int(m[1])) or m[0], text))
    return marked.replace("\n<", "<").replace("\n", "&#10;").removesuffix("&#10;")


def on_text(markup: str, change: Callable[[str], str]) -> str:
    """The markup with ``change`` applied to what stands between tags."""
    return "".join(part if part.startswith("<") else change(part) for part in _TAG.split(markup))


def tied(text: str) -> str:
    """Text (already HTML) whose French punctuation stays on the line of its word.

    >>> tied("un « mot » ici")
    'un <span class="lie">« mot »</span> ici'
    """
    return _TIED.sub(lambda m: f'<span class="lie">{m[0]}</span>' if len(m[1] or m[2]) <= _LONG else m[0], text)


def appearing(markup: str) -> tuple[str, int]:
    """The markup with its words in groups that appear one after the other, and the number of groups.

    Everything is laid out from the start and only made visible in turn, so nothing moves; see « .mot » in style.css.
    """
    count = 0
    parts: list[str] = []
    for part in _TAG.split(markup):
        if part in ("<li>", "<tr>"):
            parts.append(f'{part[:-1]} class="mot" style="--i:{count}">')
        elif part.startswith('<a class="'):  # or its background would be there before its words
            parts.append(part.replace('<a class="', f'<a style="--i:{count}" class="mot ', 1))
        elif part.startswith("<") or not part.strip():
            parts.append(part)
        else:
            words = _WORD.findall(part.lstrip())
            lead = part[: len(part) - len(part.lstrip())]
            groups = ["".join(words[at : at + GROUP]) for at in range(0, len(words), GROUP)]
            parts.append(lead + "".join(f'<span class="mot" style="--i:{count + place}">{tied(group)}</span>' for place, group in enumerate(groups)))
            count += len(groups)
    return "".join(parts), count
