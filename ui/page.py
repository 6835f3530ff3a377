"""The conversation: a Gradio page of two regions (past turns, the turn in hand) and a box to write in.

Handlers are private to the page: Gradio publishes no interface of them. A session lives in a
``gr.State``, and nowhere else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from ui import render, texts
from ui.desk import Desk, Session

QUEUE = 200  # questions waiting, beyond which a new one is refused
KEPT_SECONDS = 12 * 3600  # how long a session is remembered after its last question


def build(desk: Desk) -> gr.Blocks:
    """The Gradio page."""
    blocks: gr.Blocks
    with gr.Blocks(title=texts.TITLE, analytics_enabled=False, fill_width=True) as blocks:
        past = _region(render.welcome(), "passe")
        now = _region("", "cours")
        with gr.Column(elem_id="redaction"):
            with gr.Row(elem_id="saisie"):
                box = gr.Textbox(label=texts.QUESTION_LABEL, placeholder=texts.QUESTION_HINT, lines=1, max_lines=6, elem_id="zone")
                send = gr.Button(texts.SEND, variant="primary", elem_id="envoyer", scale=0, min_width=110)
            with gr.Row(elem_id="dessous"):
                gr.Markdown(texts.KEYS_HINT, elem_id="aide")
                new = gr.Button(texts.NEW, elem_id="nouvelle", size="sm", scale=0)
        session = gr.State(None, time_to_live=KEPT_SECONDS)

        async def ask(question: object, kept: Session | None) -> AsyncIterator[tuple[Any, str, str, Session]]:
            kept = kept or Session()
            async for view in desk.ask(question, kept):
                yield "" if view.taken else gr.skip(), view.past, view.now, kept

        gr.on([box.submit, send.click], ask, [box, session], [box, past, now, session], **_QUIET, concurrency_limit=QUEUE)
        new.click(lambda: ("", render.welcome(), "", None), None, [box, past, now, session], **_QUIET)
    blocks.queue(default_concurrency_limit=40, max_size=QUEUE, api_open=False)
    return blocks


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _region(value: str, name: str) -> gr.Markdown:
    return gr.Markdown(value, elem_id=name, latex_delimiters=[], sanitize_html=True)


def theme() -> gr.themes.Base:
    """Gradio's own parts in our colours, which style.css defines for light and dark."""
    base = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    colours = {
        "body_background_fill": "--fond", "body_text_color": "--encre", "body_text_color_subdued": "--encre-2", "background_fill_primary": "--fond",
        "background_fill_secondary": "--fond-2", "border_color_primary": "--filet", "block_background_fill": "--fond", "block_label_text_color": "--encre",
        "block_info_text_color": "--encre-2", "block_title_text_color": "--encre", "input_background_fill": "--champ", "input_border_color": "--bord",
        "input_border_color_focus": "--accent", "input_placeholder_color": "--encre-2", "button_primary_background_fill": "--accent",
        "button_primary_background_fill_hover": "--accent-2", "button_primary_text_color": "--sur-accent", "button_secondary_background_fill": "--fond",
        "button_secondary_background_fill_hover": "--fond-2", "button_secondary_text_color": "--accent", "button_secondary_border_color": "--bord",
        "link_text_color": "--accent", "link_text_color_hover": "--accent-2", "link_text_color_visited": "--accent", "link_text_color_active": "--accent",
    }  # fmt: skip
    both = {f"{name}{mode}": f"var({colour})" for name, colour in colours.items() for mode in ("", "_dark")}
    return base.set(**{name: value for name, value in both.items() if hasattr(base, name)})
