"""Table rows.

A stored row reads « Titre : cellule | Titre : cellule », so that each row says what it is about;
a quotation gives the cells alone, as they stand in the document.
"""

from __future__ import annotations

JOINT = " | "
_LONGEST_TITLE = 60


def is_row(line: str) -> bool:
    """Whether a line is a table row."""
    return JOINT in line


def cells(line: str) -> list[tuple[str, str]]:
    """The (title, cell) pairs of a row; titles are "" where the row carries none.

    >>> cells("Étape : J0 | Date : 4 février")
    [('Étape', 'J0'), ('Date', '4 février')]
    >>> cells("J0 | 4 février")
    [('', 'J0'), ('', '4 février')]
    """
    parts = line.split(JOINT)
    pairs = [part.partition(" : ") for part in parts]
    if all(joint and 0 < len(title) <= _LONGEST_TITLE for title, joint, _ in pairs):
        return [(title, cell) for title, _, cell in pairs]
    return [("", part) for part in parts]


def plain(text: str) -> str:
    """A text with the titles of its rows left out."""
    return "\n".join(JOINT.join(cell for _, cell in cells(line)) if is_row(line) else line for line in text.split("\n"))


def table(lines: list[str]) -> str:
    """Rows as a Markdown table; the titles, where there are some, as its head."""
    rows = [cells(line) for line in lines]
    titles = list(dict.fromkeys(title for row in rows for title, _ in row))
    if "" in titles:
        width = max(len(row) for row in rows)
        grid = [[*(cell for _, cell in row), *[""] * (width - len(row))] for row in rows]
        head, body = grid[0], grid[1:]
    else:
        head, body = titles, [[dict(row).get(title, "") for title in titles] for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *(f"| {' | '.join(row)} |" for row in body)])
