"""The text of one PDF page as runs: where each piece stands, how large and how bold it is.

``PageObject.extract_text`` of pypdf loses the spaces of many LaTeX documents and says nothing of
widths, which columns and tables need. This walks the same operators in the same order, so the
words come in pypdf's own reading order.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream, NameObject
from pypdf.generic._font import Font

from ingest.lines import Run

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: Forms nested deeper, or drawn more often, are an attack or a mistake.
DEEPEST_FORM, MOST_FORMS = 8, 2000
#: Without a space glyph, a gap of this many ems parts two words: kerning stays under 0.1.
WORD_GAP = 0.12
_DINGBATS = ("wingdings", "symbol", "dingbats", "webdings")

logging.getLogger("pypdf").setLevel(logging.ERROR)


def times(a: Matrix, b: Matrix) -> Matrix:
    """The product of two PDF matrices: ``a`` applied first, then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def number(value: Any, otherwise: float = 0.0) -> float:
    """A PDF operand as a float; what is no finite number is ``otherwise``."""
    if isinstance(value, (int, float)):
        found = float(value)
        return found if math.isfinite(found) else otherwise
    return otherwise


def matrix(operands: Any) -> Matrix:
    """Six operands as a matrix; the identity if they are not six."""
    values = [number(operand) for operand in operands][:6] if isinstance(operands, list) else []
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else IDENTITY


class Typeface:
    """One font of the file: decodes bytes into characters with their widths, in ems."""

    def __init__(self, resource: Any) -> None:
        self._font = Font.from_font_resource(resource)
        name = str(self._font.name).lower()
        flags = int(getattr(self._font.font_descriptor, "flags", 0) or 0)
        self.bold = any(word in name for word in ("bold", "black", "heavy", "semibold", "-demi", "medi")) or bool(flags & (1 << 18))
        self.dingbats = any(word in name for word in _DINGBATS)
        self._seen: dict[str, tuple[str, float]] = {}

    def glyphs(self, shown: bytes) -> Iterator[tuple[str, float]]:
        """Each character code of a shown string, as text and width."""
        encoding = self._font.encoding
        if isinstance(encoding, str):
            try:
                codes = shown.decode(encoding, "surrogatepass")
            except UnicodeDecodeError:
                codes = shown.decode(encoding, "replace")
        else:
            codes = shown.decode("latin-1")
        for code in codes:
            if code not in self._seen:
                self._seen[code] = self._glyph(code, encoding)
            yield self._seen[code]

    def _glyph(self, code: str, encoding: Any) -> tuple[str, float]:
        raw = code if isinstance(encoding, str) else encoding.get(ord(code), code)
        text = str(self._font.character_map.get(raw, raw))
        widths = self._font.character_widths
        width = widths.get(code)
        if width is None:
            width = self._font.space_width if text == " " else widths.get("default", 500)
        return "•" if self.dingbats and text.strip() else text, number(width, 500.0) / 1000


class Walker:
    """Follows the drawing operators of a page and collects its runs of text."""

    def __init__(self, page: PageObject, fonts: dict[Any, Typeface | None]) -> None:
        self.page, self.fonts = page, fonts
        self.runs: list[Run] = []
        self._forms = 0
        self.ctm: Matrix = IDENTITY
        self.tm = self.line = IDENTITY
        self.font: Typeface | None = None
        self.size, self.spacing, self.word_spacing, self.stretch, self.leading, self.rise = 12.0, 0.0, 0.0, 1.0, 0.0, 0.0

    def walk(self, content: Any, resources: Any, depth: int = 0) -> None:
        """Follow one content stream; forms drawn in it are followed where they stand."""
        stack: list[tuple[Any, ...]] = []
        for operands, operator in ContentStream(content, self.page.pdf, "bytes").operations:
            if operator == b"q":
                stack.append((self.ctm, self.font, self.size, self.spacing, self.word_spacing, self.stretch, self.leading, self.rise))
            elif operator == b"Q" and stack:
                self.ctm, self.font, self.size, self.spacing, self.word_spacing, self.stretch, self.leading, self.rise = stack.pop()
            elif operator == b"cm":
                self.ctm = times(matrix(operands), self.ctm)
            elif operator == b"Do" and operands:
                self._form(operands[0], resources, depth)
            elif operator == b"Tf" and len(operands) >= 2:
                self.font, self.size = self._typeface(operands[0], resources), number(operands[1], self.size)
            elif isinstance(operands, list):
                self._text(operator, operands)

    def _form(self, name: Any, resources: Any, depth: int) -> None:
        drawn = resources.get("/XObject", {}).get_object().get(name) if resources.get("/XObject") else None
        form = drawn.get_object() if drawn is not None else None
        if form is None or form.get("/Subtype") != "/Form" or depth >= DEEPEST_FORM or self._forms >= MOST_FORMS:
            return
        self._forms += 1
        kept = self.ctm, self.font, self.size, self.tm, self.line
        self.ctm = times(matrix(list(form.get("/Matrix", []))), self.ctm)
        inner = form.get("/Resources")
        self.walk(form, inner.get_object() if inner is not None else resources, depth + 1)
        self.ctm, self.font, self.size, self.tm, self.line = kept

    def _typeface(self, name: Any, resources: Any) -> Typeface | None:
        known = resources.get("/Font")
        found = known.get_object().get(name) if known is not None else None
        if found is None:
            return None
        raw = known.get_object().raw_get(name)
        key = getattr(raw, "idnum", None) or id(raw)
        if key not in self.fonts:
            try:
                self.fonts[key] = Typeface(found.get_object())
            except (AttributeError, TypeError, KeyError, ValueError, IndexError):  # pypdf on a broken font
                self.fonts[key] = None
        return self.fonts[key]

    def _text(self, operator: bytes, operands: list[Any]) -> None:
        first = number(operands[0]) if operands else 0.0
        if operator == b"BT":
            self.tm = self.line = IDENTITY
        elif operator == b"Tm":
            self.tm = self.line = matrix(operands)
        elif operator in (b"Td", b"TD"):
            down = number(operands[1]) if len(operands) > 1 else 0.0
            self.leading = -down if operator == b"TD" else self.leading
            self._next_line(first, down)
        elif operator == b"T*":
            self._next_line(0.0, -self.leading)
        elif operator in (b"Tc", b"Tw", b"TL", b"Ts"):
            setattr(self, {b"Tc": "spacing", b"Tw": "word_spacing", b"TL": "leading", b"Ts": "rise"}[operator], first)
        elif operator == b"Tz":
            self.stretch = first / 100
        elif operator in (b"Tj", b"TJ", b"'", b'"') and operands:
            if operator == b'"' and len(operands) >= 3:
                self.word_spacing, self.spacing = first, number(operands[1])
            if operator in (b"'", b'"'):
                self._next_line(0.0, -self.leading)
            shown = operands[-1]
            self._show(list(shown) if operator == b"TJ" and isinstance(shown, list) else [shown])

    def _next_line(self, right: float, up: float) -> None:
        self.tm = self.line = times((1.0, 0.0, 0.0, 1.0, right, up), self.line)

    def _advance(self, ems: float, extra: float = 0.0) -> None:
        self.tm = times((1.0, 0.0, 0.0, 1.0, (ems * self.size + extra) * self.stretch, 0.0), self.tm)

    def _show(self, parts: list[Any]) -> None:
        text, start = "", self._place()
        for part in parts:
            if isinstance(part, (bytes, str)) and not isinstance(part, NameObject) and self.font is not None:
                for shown, width in self.font.glyphs(part if isinstance(part, bytes) else part.encode("latin-1", "replace")):
                    text += shown
                    self._advance(width, self.spacing + (self.word_spacing if shown == " " else 0.0))
            elif isinstance(part, (int, float)):
                gap = -number(part) / 1000
                if gap > 1.2:  # wide enough to be another column
                    self._keep(text, start)
                self._advance(gap)
                if gap > 1.2:
                    text, start = "", self._place()
                elif gap > WORD_GAP and text and not text.endswith(" "):
                    text += " "
        self._keep(text, start)

    def _place(self) -> Matrix:
        return times((1.0, 0.0, 0.0, 1.0, 0.0, self.rise), times(self.tm, self.ctm))

    def _keep(self, text: str, start: Matrix) -> None:
        if not text.strip():
            return
        end = self._place()
        size = abs(self.size) * (math.hypot(start[2], start[3]) or 1.0)
        self.runs.append(upright(text, start, (end[4], end[5]), size, self.font is not None and self.font.bold))


def upright(text: str, start: Matrix, end: tuple[float, float], size: float, bold: bool) -> Run:
    """A run in coordinates turned so that its own text is level; turned text gets a place apart."""
    turn = round(math.degrees(math.atan2(start[1], start[0])) / 90) % 4
    (x, y), (right, _) = ((_turned(a, b, turn)) for a, b in ((start[4], start[5]), end))
    return Run(text, min(x, right), max(x, right), -y, size, bold, turn)


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]


def runs_of(page: PageObject, fonts: dict[Any, Typeface | None]) -> list[Run]:
    """The runs of a page in the order of its operators; ``fonts`` is kept from page to page."""
    content, resources = page.get("/Contents"), page.get("/Resources")
    if content is None or resources is None:
        return []
    walker = Walker(page, fonts)
    walker.walk(content.get_object(), resources.get_object())
    return walker.runs
