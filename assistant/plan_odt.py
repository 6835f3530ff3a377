"""A plan as an OpenDocument text (ODT): real styles, header and footer, table heads that repeat, an alternative text, in French."""

from __future__ import annotations

import datetime
import io
from typing import Any

import odfdo
from odfdo import Element

from assistant import timeline
from assistant.plan import Plan, printable
from assistant.plan_outline import AMBER, INK, NAME, PALE, Block, Heading, Items, Picture, Table, Text, outline, subtitle, tied

LINE = 16.6  # centimetres of text on an A4 page
_GREY, _RULE = "505A5C", "B8C4C6"
_TITLE = 'fo:text-align="start" fo:margin-top="0cm"'
_BAR = 'fo:margin-left="0.4cm" fo:padding-left="0.3cm" fo:border-left="2pt solid #{color}"'
_RULED = f'fo:padding-bottom="0.08cm" fo:border-bottom="0.8pt solid #{INK}"'
_BOLD = f'fo:font-weight="bold" fo:font-style="normal" fo:color="#{INK}"'
_TAB = f'<style:tab-stops><style:tab-stop style:position="{LINE}cm" style:type="right"/></style:tab-stops>'
#: Named styles, so that the look is changed once for all: name → (parent, paragraph properties, text properties).
_PARAGRAPHS: dict[str, tuple[str, str, str]] = {
    "Text_20_body": ("Standard", 'fo:margin-top="0cm" fo:margin-bottom="0.18cm" fo:line-height="112%"', 'fo:font-size="10pt"'),
    "Title": ("Standard", f'{_TITLE} fo:margin-bottom="0.1cm"', f'fo:font-size="23pt" {_BOLD}'),
    "Subtitle": ("Standard", f'{_TITLE} fo:margin-bottom="0.3cm"', f'fo:font-size="10pt" fo:color="#{_GREY}"'),
    "Heading_20_1": ("Heading", f'fo:keep-with-next="always" fo:margin-top="0.5cm" fo:margin-bottom="0.2cm" {_RULED}', f'fo:font-size="15pt" {_BOLD}'),
    "Heading_20_2": ("Heading", 'fo:keep-with-next="always" fo:margin-top="0.35cm" fo:margin-bottom="0.14cm"', f'fo:font-size="11.5pt" {_BOLD}'),
    "Nouvelle_page": ("Heading_20_1", 'fo:break-before="page"', ""),
    "Quotations": ("Text_20_body", _BAR.format(color=INK), ""),
    "Mention": ("Text_20_body", _BAR.format(color=AMBER), f'fo:color="#{AMBER}"'),
    "Accroche": ("Text_20_body", 'fo:keep-with-next="always"', ""),
    "Petit": ("Text_20_body", "", f'fo:font-size="8.5pt" fo:color="#{_GREY}"'),
    "Point": ("Text_20_body", 'fo:margin-bottom="0.08cm"', ""),
    "Cellule": ("Text_20_body", 'fo:margin-bottom="0cm"', 'fo:font-size="8.8pt"'),
    "Tête": ("Cellule", 'fo:keep-with-next="always"', _BOLD),
    "Espace": ("Text_20_body", 'fo:margin-bottom="0.1cm"', 'fo:font-size="3pt"'),
    "Header": ("Petit", 'fo:margin-bottom="0cm"', ""),
    "Footer": ("Petit", 'fo:margin-bottom="0cm"', ""),
}
_BULLET = (
    '<text:list-style style:name="Liste"><text:list-level-style-bullet text:level="1" text:bullet-char="•"><style:list-level-properties '
    'text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" '
    'text:list-tab-stop-position="0.6cm" fo:text-indent="-0.4cm" fo:margin-left="0.6cm"/></style:list-level-properties>'
    "</text:list-level-style-bullet></text:list-style>"
)


def to_odt(plan: Plan) -> bytes:
    """The plan as an ODT."""
    document = odfdo.Document("text")
    document.body.clear()
    _properties(document, plan)
    _styles(document)
    _page(document, plan)
    body = document.body
    body.append(_paragraph(plan.title, "Title"))
    body.append(_paragraph(subtitle(plan), "Subtitle"))
    if plan.note:
        body.append(_paragraph(_capital(plan.note) + ".", "Mention"))
    for number, block in enumerate(outline(plan)):
        _write(document, body, block, plan, number)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: Any, plan: Plan) -> None:
    about = document.meta
    about.title, about.subject, about.language = printable(plan.title), plan.step, "fr-FR"
    about.creator = about.initial_creator = NAME
    about.creation_date = about.date = datetime.datetime.combine(plan.written, datetime.time(12))
    about.keyword, about.description, about.generator = "EFC, plan d'action", plan.note, NAME


def _styles(document: Any) -> None:
    letters = 'style:font-name="Liberation Sans" fo:font-family="\'Liberation Sans\', Arial" fo:language="fr" fo:country="FR"'
    for name, (parent, shape, more) in _PARAGRAPHS.items():
        tabs = _TAB if name == "Footer" else ""
        look = f"<style:paragraph-properties {shape}>{tabs}</style:paragraph-properties><style:text-properties {letters} {more}/>"
        _style(document, name, "paragraph", look, parent)
    _style(document, "Gras", "text", '<style:text-properties fo:font-weight="bold"/>')
    cell = f'fo:padding="0.12cm" fo:border-bottom="0.5pt solid #{_RULE}"'
    head = f'fo:padding="0.12cm" fo:border-bottom="1pt solid #{INK}" fo:background-color="#{PALE}"'
    _style(document, "Case", "table-cell", f"<style:table-cell-properties {cell}/>")
    _style(document, "Case_tête", "table-cell", f"<style:table-cell-properties {head}/>")
    _style(document, "Ligne", "table-row", '<style:table-row-properties fo:keep-together="always"/>')
    _style(document, "Image", "graphic", '<style:graphic-properties style:wrap="none" style:horizontal-pos="center" style:horizontal-rel="paragraph"/>')
    document.insert_style(Element.from_tag(_BULLET), automatic=True)
    for level in document.get_part("styles.xml").get_elements("//text:outline-level-style"):
        for name in ("style:num-format", "style:num-suffix"):  # the template numbers headings
            level.set_attribute(name, "")
        level.del_attribute("loext:num-list-format")


def _style(document: Any, name: str, family: str, look: str, parent: str = "") -> None:
    """Give the document a style: a named one for paragraphs and letters, an automatic one for tables and pictures."""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    level = f' style:default-outline-level="{name[-1]}"' if name.startswith("Heading_20_") else ""
    shown = name.replace("_20_", " ").replace("_", " ")
    mark = f'<style:style style:name="{name}" style:display-name="{shown}" style:family="{family}"{above}{level}>{look}</style:style>'
    document.insert_style(Element.from_tag(mark), automatic=family not in ("paragraph", "text"))


def _page(document: Any, plan: Plan) -> None:
    """A4, the title in the header, the notice and the page number in the footer."""
    styles = document.get_part("styles.xml")
    for layout in styles.get_elements("//style:page-layout"):
        layout.get_elements("style:page-layout-properties")[0].set_attribute("fo:margin-left", "2.2cm")
        for side, width in (("right", "2.2cm"), ("top", "1cm"), ("bottom", "1cm")):
            layout.get_elements("style:page-layout-properties")[0].set_attribute(f"fo:margin-{side}", width)
        for kind, side in (("header", "bottom"), ("footer", "top")):
            for old in layout.get_elements(f"style:{kind}-style"):
                layout.delete(old)
            look = f'<style:header-footer-properties fo:min-height="0.5cm" fo:margin-{side}="0.5cm" style:dynamic-spacing="false"/>'
            layout.append(Element.from_tag(f"<style:{kind}-style>{look}</style:{kind}-style>"))
    header, footer = _paragraph(plan.title, "Header"), _paragraph(_capital(plan.note), "Footer")
    for mark in ("<text:tab/>", "<text:page-number text:select-page='current'>1</text:page-number>"):
        footer.append(Element.from_tag(mark))
    footer.append(" / ")
    footer.append(Element.from_tag("<text:page-count>1</text:page-count>"))
    for master in styles.get_elements("//style:master-page"):
        for name, line in (("header", header), ("footer", footer)):
            for old in master.get_elements(f"style:{name}"):
                master.delete(old)
            band = Element.from_tag(f"<style:{name}/>")
            band.append(line.clone)
            master.append(band)


def _write(document: Any, body: Any, block: Block, plan: Plan, number: int) -> None:
    match block:
        case Heading(level, text, new_page):
            made = odfdo.Header(level - 1, _text(text))
            made.style = "Nouvelle_page" if new_page else f"Heading_20_{level - 1}"
            body.append(made)
        case Text(text, lead, kind):
            style = {"plain": "Text_20_body" if text else "Accroche", "quote": "Quotations", "small": "Petit"}[kind]
            body.append(_paragraph(text, style, lead))
        case Items(items):
            listed = odfdo.List(style="Liste")
            for item in items:
                line = odfdo.ListItem()
                line.append(_paragraph(item, "Point"))
                listed.append(line)
            body.append(listed)
        case Table():
            body.append(_table(document, block, f"Tableau{number}"))
            body.append(_paragraph("", "Espace"))
        case Picture(alt):
            body.append(_picture(document, alt, plan))


def _paragraph(text: str, style: str, lead: str = "") -> Any:
    made = odfdo.Paragraph("", style=style)
    if lead:
        made.append(odfdo.Span(_text(lead), style="Gras"))
        made.append(" " if text else "")
    made.append(_text(text))
    return made


def _table(document: Any, table: Table, name: str) -> Any:
    width = f'<style:table-properties style:width="{LINE}cm" table:align="margins"/>'
    _style(document, f"{name}_cadre", "table", width)
    made = Element.from_tag(f'<table:table table:name="{name}" table:style-name="{name}_cadre"/>')
    for place, share in enumerate(table.widths):
        _style(document, f"{name}_{place}", "table-column", f'<style:table-column-properties style:column-width="{LINE * share / sum(table.widths):.3f}cm"/>')
        made.append(Element.from_tag(f'<table:table-column table:style-name="{name}_{place}"/>'))
    head = Element.from_tag("<table:table-header-rows/>")
    head.append(_row(table.head, "Case_tête", "Tête", ""))
    made.append(head)
    for row in table.rows:
        made.append(_row(row, "Case", "Cellule", row[0] if table.named else ""))
    return made


def _row(texts: tuple[str, ...], cell: str, style: str, name: str) -> Any:
    made = Element.from_tag('<table:table-row table:style-name="Ligne"/>')
    for place, text in enumerate(texts):
        box = Element.from_tag(f'<table:table-cell table:style-name="{cell}" office:value-type="string"/>')
        box.append(_paragraph("", style, text) if name and not place else _paragraph(text, style))
        made.append(box)
    return made


def _picture(document: Any, alt: str, plan: Plan) -> Any:
    png = timeline.to_png(plan.journey)
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))  # of the PNG's first chunk
    where = document.add_file(io.BytesIO(png))
    frame = odfdo.Frame.image_frame(where, name="Frise", style="Image", size=(f"{LINE}cm", f"{LINE * height / width:.3f}cm"), anchor_type="as-char")
    for tag, text in (("svg:title", "Frise du calendrier"), ("svg:desc", alt)):
        mark = Element.from_tag(f"<{tag}/>")
        mark.text = printable(text)
        frame.append(mark)
    made = odfdo.Paragraph("", style="Text_20_body")
    made.append(frame)
    return made


def _text(text: str) -> str:
    return tied(printable(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
