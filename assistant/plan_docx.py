"""A plan as a Word document (DOCX): real styles, one header and footer, table heads that repeat, an alternative text, in French."""

from __future__ import annotations

import datetime
import io
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from assistant import timeline
from assistant.plan import Plan, printable
from assistant.plan_outline import AMBER, INK, NAME, PALE, Block, Heading, Items, Picture, Table, Text, outline, subtitle, tied

FONT = "Arial"
LINE = 16.6  # centimetres of text on an A4 page
_TABLE, _NOTE, _SMALL, _CELL, _GAP = "Tableau du plan", "Mention", "Petit", "Cellule", "Espace"
_OURS = (_NOTE, _SMALL, _CELL, _GAP)
_DARK, _GREY = "1D2B2E", "505A5C"
#: style → size, colour, bold, space before and after, in points.
_LOOKS: dict[str, tuple[float, str, bool, float, float]] = {
    "Normal": (10, _DARK, False, 0, 5),
    "Title": (23, INK, True, 0, 2),
    "Subtitle": (10, _GREY, False, 0, 8),
    "Heading 1": (15, INK, True, 15, 6),
    "Heading 2": (11.5, INK, True, 10, 4),
    "Quote": (10, _DARK, False, 0, 6),
    "List Bullet": (10, _DARK, False, 0, 2),
    "Header": (8.5, _GREY, False, 0, 0),
    "Footer": (8.5, _GREY, False, 0, 0),
    _NOTE: (9.5, AMBER, False, 0, 4),
    _SMALL: (8.5, _GREY, False, 4, 4),
    _CELL: (8.8, _DARK, False, 0, 0),
    _GAP: (3, _DARK, False, 0, 3),
}
_TABLE_LOOK = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="TableauDuPlan"><w:name w:val="{_TABLE}"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="nil"/><w:bottom w:val="single" w:sz="4" w:color="B8C4C6"/>
<w:insideH w:val="single" w:sz="4" w:color="B8C4C6"/></w:tblBorders><w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>
<w:bottom w:w="60" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{INK}"/></w:rPr>
<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="{INK}"/></w:tcBorders><w:shd w:val="clear" w:fill="{PALE}"/></w:tcPr></w:tblStylePr></w:style>
"""


def to_docx(plan: Plan) -> bytes:
    """The plan as a DOCX."""
    document = docx.Document()
    _properties(document, plan)
    _styles(document)
    _page(document, plan)
    _paragraph(document, plan.title, "Title")
    _paragraph(document, subtitle(plan), "Subtitle")
    if plan.note:
        _paragraph(document, f"{plan.note[:1].upper()}{plan.note[1:]}.", _NOTE)
    for block in outline(plan):
        _write(document, block, plan)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: Any, plan: Plan) -> None:
    about = document.core_properties
    about.title, about.author, about.last_modified_by = printable(plan.title)[:250], NAME, NAME
    about.subject, about.keywords, about.comments = plan.step, "EFC, plan d'action", plan.note
    about.language, about.category = "fr-FR", "Plan d'action"
    about.created = about.modified = datetime.datetime.combine(plan.written, datetime.time(12))


def _styles(document: Any) -> None:
    styles = document.styles
    for lang in styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "fr-FR")
        lang.set(qn("w:eastAsia"), "fr-FR")
    styles.element.append(parse_xml(_TABLE_LOOK))
    for name, (size, color, bold, before, after) in _LOOKS.items():
        style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        if name in _OURS:
            style.base_style = styles["Normal"]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()  # the template's theme fonts would win
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = RGBColor.from_string(color)
        for spacing in fonts.getparent().findall(qn("w:spacing")):
            fonts.getparent().remove(spacing)  # the template spaces the letters of titles
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.1
    _border(styles["Title"], "bottom", "nil")
    _border(styles["Heading 1"], "bottom", "single", INK, 6, 3)
    _border(styles["Quote"], "left", "single", INK, 18, 8)
    _border(styles[_NOTE], "left", "single", AMBER, 18, 8)
    styles["Quote"].paragraph_format.left_indent = Cm(0.4)
    styles[_NOTE].paragraph_format.left_indent = Cm(0.4)


def _border(style: Any, side: str, kind: str, color: str = "auto", size: int = 0, space: int = 0) -> None:
    shape = style.element.get_or_add_pPr()
    for old in shape.findall(qn("w:pBdr")):
        shape.remove(old)
    border = f'<w:pBdr {nsdecls("w")}><w:{side} w:val="{kind}" w:sz="{size}" w:space="{space}" w:color="{color}"/></w:pBdr>'
    shape.insert_element_before(parse_xml(border), *_AFTER_BORDER)


_AFTER_BORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi",
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection",
    "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip


def _page(document: Any, plan: Plan) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21 - LINE) / 2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    section.header_distance = section.footer_distance = Cm(1)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].add_run(_text(plan.title))
    for tabs in document.styles["Footer"].element.findall(f".//{qn('w:tabs')}"):
        tabs.getparent().remove(tabs)  # the template centres what follows the first tab
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style = document.styles["Footer"]
        line.paragraph_format.tab_stops.add_tab_stop(Cm(LINE), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{_text(plan.note[:1].upper() + plan.note[1:])}\t")
        _field(line, "PAGE")
        line.add_run(" / ")
        _field(line, "NUMPAGES")


def _field(line: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
    line._p.append(field)


def _write(document: Any, block: Block, plan: Plan) -> None:
    match block:
        case Heading(level, text, new_page):
            _paragraph(document, text, f"Heading {level - 1}").paragraph_format.page_break_before = new_page
        case Text(text, lead, kind):
            _paragraph(document, text, {"plain": "Normal", "quote": "Quote", "small": _SMALL}[kind], lead)
        case Items(items):
            for item in items:
                _paragraph(document, item, "List Bullet")
        case Table():
            _table(document, block)
        case Picture(alt):
            shape = document.add_picture(io.BytesIO(timeline.to_png(plan.journey)), width=Cm(LINE))
            about = shape._inline.docPr
            about.set("descr", printable(alt))
            about.set("title", "Frise du calendrier")


def _paragraph(document: Any, text: str, style: str, lead: str = "") -> Any:
    paragraph = document.add_paragraph(style=style)
    if lead:
        paragraph.add_run(_text(lead) + (" " if text else "")).bold = True
    paragraph.add_run(_text(text))
    paragraph.paragraph_format.keep_with_next = True if not text else None
    return paragraph


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.head), style=_TABLE)
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Cm(LINE * width / sum(table.widths)) for width in table.widths]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for place, row in enumerate((table.head, *table.rows)):
        line = made.add_row()
        marks = line._tr.get_or_add_trPr()
        marks.append(OxmlElement("w:cantSplit"))
        if not place:
            marks.append(OxmlElement("w:tblHeader"))
        for rank, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            cell.width = widths[rank]
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles[_CELL]
            paragraph.paragraph_format.keep_with_next = True if not place else None
            run = paragraph.add_run(_text(text))
            run.bold = True if (table.named and not rank) or not place else None
            if not place:
                run.font.color.rgb = RGBColor.from_string(INK)
    _paragraph(document, "", _GAP).paragraph_format.keep_with_next = None


def _text(text: str) -> str:
    return tied(printable(text))
