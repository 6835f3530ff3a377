"""A plan as a PDF, set by corpus.typesetting, with the timeline as a drawing."""

from __future__ import annotations

import typst

from assistant import plan_markdown, plan_outline, timeline
from assistant.plan import Plan
from corpus.typesetting import Layout, to_typst

#: Stands for the timeline in the Markdown; a private-use character, which no cleaned text holds.
_MARK = "\ue000frise\ue000"


def to_pdf(plan: Plan) -> bytes:
    """The plan as an A4 PDF: tagged, in French, the same bytes for the same plan."""
    markdown = plan_markdown.markdown_of(plan_outline.outline(plan), picture=_MARK, breaks=True)
    note = f"{plan.note[:1].upper()}{plan.note[1:]}." if plan.note else ""
    source = to_typst(markdown, title=plan.title, subtitle=plan.step, author=plan_outline.NAME, date=plan.written.isoformat(), layout=Layout(notice=note))
    drawing = f'#image(bytes({_string(timeline.to_svg(plan.journey))}), format: "svg", width: 100%, alt: {_string(timeline.alternative(plan.journey))});'
    source = source.replace(f'#"{_MARK}";', drawing)
    return bytes(typst.compile(source.encode("utf-8"), format="pdf", ignore_system_fonts=True, timestamp=0))


def _string(text: str) -> str:
    """A Typst string that holds the text as it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
