"""What comes from a document stays text: its own Markdown and HTML signs mean nothing where an answer is shown."""

from __future__ import annotations

import re


def escape(text: str) -> str:
    r"""A text whose Markdown and HTML signs are shown, not obeyed.

    >>> escape("<b>*gras*</b> [lien](http://exemple.org)")
    '\\<b>\\*gras\\*\\</b> \\[lien](http://exemple.org)'
    """
    return re.sub(r"([\\*_`<\[])", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    """An underscore inside a word is no sign: names of files and addresses stay readable."""
    sign, text, at = match.group(1), match.string, match.start()
    if sign == "_" and 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum():
        return sign
    return f"\\{sign}"
