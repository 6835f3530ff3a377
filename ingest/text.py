"""Reads plain text: tells its encoding, finds headings and items by their form."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

from corpus.documents import Block, Reading
from corpus.errors import RefusedFile
from corpus.french import join_lines, normalise
from ingest.flow import block, reading
from ingest.limits import Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ITEM = re.compile(r"^(?:[•●◦▪■‣·○–—*➢✓\-]\s+|(?=\(?(?:\d{1,2}|[a-z])[.)]\s+\S))")
_NUMBERED = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,4}[.)]|[A-H][.)])\s+[^\W\d_]")
_RULE = re.compile(r"^[\W_]+$")


def read(data: bytes, limits: Limits) -> Reading:
    """The Reading of a plain text file."""
    return reading(_blocks(normalise(decoded(data))))


def decoded(data: bytes) -> str:
    """The characters of a text file: by its byte order mark, as UTF-8, as UTF-16 by its zeros, else as a Western code page."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if (zeros := data[:4000].count(0)) and zeros > len(data[:4000]) // 5:
        even = data[:4000:2].count(0)
        return _strictly(data, "utf-16-be" if even > zeros // 2 else "utf-16-le")
    if zeros:
        raise _binary()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _western(data):
        return data.decode("cp1252", "replace")
    best = from_bytes(data).best()
    if best is None:
        raise _binary()
    return str(best)


def _western(data: bytes) -> bool:
    """Whether the bytes above 127 are those of French in CP1252 or Latin-1: accented letters, quotes, dashes, euro."""
    high = [byte for byte in data if byte > 127]
    usual = set("éèêëàâäùûüîïôöçœæÉÈÊÀÂÎÔÇŒ«»’‘“”–—…€°·\u00a0²³½ñáíóúß§©®¹".encode("cp1252"))
    return sum(byte in usual for byte in high) > 0.95 * len(high)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary() from error


def _binary() -> RefusedFile:
    return RefusedFile("damaged", "Ce fichier n'est pas du texte lisible.", "Enregistrez-le de nouveau en texte brut, encodage UTF-8.")


def _blocks(text: str) -> Iterator[Block]:
    lines = text.split("\n")
    widths = sorted(len(line) for line in lines if line)
    wrapped = widths[int(0.9 * (len(widths) - 1))] if widths else 0
    group: list[str] = []
    for line in lines:
        if group and not _goes_on(group, line, wrapped):
            yield from _made(group)
            group = []
        if line and not _RULE.match(line):
            group.append(line)
    if group:
        yield from _made(group)


def _goes_on(group: list[str], line: str, wrapped: int) -> bool:
    """Whether a line carries on a paragraph: not after a heading, nor where the line before was cut short on purpose."""
    if not line or _RULE.match(line) or _ITEM.match(line) or _heading(line) or (len(group) == 1 and _heading(group[0])):
        return False
    full = len(group[-1]) + len(line.split(" ", 1)[0]) + 1 > 0.85 * min(wrapped, 100)
    return full or line[:1].islower()


def _heading(line: str) -> bool:
    """Whether a line is a heading: short, no stop at its end, numbered or in capitals."""
    letters = [c for c in line if c.isalpha()]
    if len(letters) < 3 or len(line) > 90 or line.endswith((".", ";", ",", "…", ":")):
        return False
    return all(c.isupper() for c in letters) or (bool(_NUMBERED.match(line)) and letters[0].isupper() and not _ITEM.match(line))


def _made(group: list[str]) -> tuple[Block, ...]:
    text = join_lines("\n".join(group))
    if len(group) == 1 and _heading(text):
        dots = text.split(" ", 1)[0].strip(".)").count(".")
        return block("heading", text, 1 + dots if text[0].isdigit() else 1)
    if marker := _ITEM.match(text):
        return block("item", text[marker.end() :])
    return block("paragraph", text)
