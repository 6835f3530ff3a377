"""French typography in a sheet: where its prose stands, and putting right what needs no judgement.

The rules are those of the Imprimerie nationale's « Lexique des règles typographiques ». Prose is the
Markdown body and the double-quoted strings of the front matter's textual keys. Identifiers,
addresses, code, YAML syntax and the fixed second-level headings are never touched.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import KeyToken, ScalarToken

from corpus.front_matter import has_front_matter

NBSP = "\u00a0"

#: The keys whose values people read as sentences; every other key holds identifiers, numbers or addresses.
_TEXTUAL = frozenset(
    ["titre", "resume", "sources", "format", "rythme", "lieu", "materiel", "prerequis", "situations", "questions", "synonymes", "a_tenir", "signes"]
)
_HEADER = re.compile(r"\A(\ufeff?---[ \t]*\r?\n)(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_MARKER = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]|\#{1,6})[ \t]+)*(?:\[[ xX]\][ \t]+)?")
_FIXED_HEADING = re.compile(r" {0,3}##[ \t]")
_TABLE_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")

#: What is never touched inside a line of prose: code, tags, link targets, addresses, escapes.
PROTECTED = (
    r"(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)"
    r"|<[A-Za-z/!][^>]*>"
    r"|\]\([^)]*\)|^ {0,3}\[[^\]]+\]:.*"
    r"|(?:https?|ftp|file)://\S+|mailto:\S+|www\.\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?:[\w-]+\.)+(?:fr|org|com|net|eu|info|coop|be|ch|lu|io|re|gouv)(?!\w)(?:/[^\s,;)»]*)?"
    r"|\\."
)
#: What betrays each fault; the fixer and the checker read the same lines.
ORDINARY_SPACE = r"(?<=[^\s|]) (?=[:;?»](?!\w)|!(?![\w\[]))|(?<=«) (?=[^\s|])"
AFTER_OPENING, BEFORE_CLOSING = r"«(?=[^\s»])", r"(?<=[^\s«])»"
STRAIGHT_APOSTROPHE = r"(?<=[^\W\d_])'(?=[^\W_]|[«*])"
THREE_DOTS = r"(?<!\.)\.{3}(?!\.)"
MISSING_LIGATURE = (
    r"(?<![\w-])(?:ch?oeurs?|rancoeurs?|contrecoeur|[ée]coeur\w*|(?:con)?soeurs?|moeurs|noeuds?|b?oeufs?|voeux?"
    r"|oeil(?:s|l\w+)?|(?:man|d[ée]s)?oeuvr\w*|foetus|oesophag\w*|oenolog\w*)(?!\w)"
)
_FIX = re.compile(
    rf"(?P<kept>{PROTECTED})|(?P<space>{ORDINARY_SPACE})|(?P<open>{AFTER_OPENING})|(?P<close>{BEFORE_CLOSING})"
    rf"|(?P<apostrophe>{STRAIGHT_APOSTROPHE})|(?P<dots>{THREE_DOTS})|(?P<oe>{MISSING_LIGATURE})",
    re.IGNORECASE,
)
_BLOCKS = MarkdownIt("commonmark")


class Span(NamedTuple):
    """A stretch of prose in a text, ``text[start:end]``, and the key of the front matter that it belongs to, if any."""

    start: int
    end: int
    key: str = ""


def prose(text: str) -> Iterator[Span]:
    """The prose of a sheet, or of any Markdown text: strings of the front matter, then lines of the body."""
    header = _HEADER.match(text) if has_front_matter(text) else None
    if header:
        yield from _strings(header.group(2), header.start(2))
    yield from _lines(text, header.end() if header else 0)


def fix_typography(text: str) -> str:
    """The text with its typography put right; the same text, and the same YAML, in every other respect. Idempotent.

    >>> fix_typography("L'oeuvre : « agir » ...").replace(NBSP, "~")
    'L’œuvre~: «~agir~» …'
    """
    parts, done = [], 0
    for start, end, _ in prose(text):
        parts += [text[done:start], _FIX.sub(_mended, text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def fix_file(path: Path) -> bool:
    """Put right a file's typography, in one step seen from outside. Says whether there was anything to do; a file that is not UTF-8 is left alone."""
    raw = path.read_bytes()
    try:
        fixed = fix_typography(raw.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError:
        return False
    if fixed == raw:
        return False
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as scratch:
        scratch.write(fixed)
    try:
        Path(scratch.name).chmod(path.stat().st_mode)
        Path(scratch.name).replace(path)
    finally:
        Path(scratch.name).unlink(missing_ok=True)
    return True


def _strings(header: str, offset: int) -> Iterator[Span]:
    """The double-quoted strings of the textual keys; none where the YAML cannot be read."""
    try:
        tokens = list(YAML().scan(header))
    except (YAMLError, ValueError):
        return
    key = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if not isinstance(token, ScalarToken):
            continue
        if isinstance(before, KeyToken):
            key = token.value
        elif token.style == '"' and key in _TEXTUAL:
            yield Span(offset + token.start_mark.index + 1, offset + token.end_mark.index - 1, key)


def _lines(text: str, offset: int) -> Iterator[Span]:
    """The lines of a Markdown body without their markers; not code, HTML blocks, table rules nor fixed headings."""
    body = text[offset:]
    blocks = [token.map for token in _BLOCKS.parse(body) if token.type in ("fence", "code_block", "html_block") and token.map]
    closed = {number for first, last in blocks for number in range(first, last)}
    start = offset
    for number, line in enumerate(body.split("\n")):
        end = start + len(line)
        if line.strip() and number not in closed and not _FIXED_HEADING.match(line) and not _TABLE_RULE.fullmatch(line):
            marker = _MARKER.match(line)
            yield Span(start + (marker.end() if marker else 0), end)
        start = end + 1


def _mended(match: re.Match[str]) -> str:
    if match["kept"] is not None:
        return match.group()
    kind = match.lastgroup
    if kind == "oe":
        return re.sub("oe", lambda pair: "œ" if pair.group().islower() else "Œ", match.group(), count=1, flags=re.IGNORECASE)
    return {"space": NBSP, "open": "«" + NBSP, "close": NBSP + "»", "apostrophe": "’", "dots": "…"}[str(kind)]
