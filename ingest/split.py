"""Blocks to passages: the structure of the text decides where to cut.

A passage stays under one heading path; a list or a table keeps its lead-in; a sentence is never
cut. Sizes are in characters: French text runs at about four a token in e5's vocabulary, so
240 to 1,000 characters are 60 to 250 tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.documents import Block, Passage, PassageKind
from corpus.french import join_lines, sentences

MIN_CHARACTERS = 240
MAX_CHARACTERS = 1000
PATH_JOINT = " › "
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")


@dataclass(frozen=True, slots=True)
class _Section:
    """The blocks under one heading path."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def size(self) -> int:
        return sum(len(block.text) + 1 for block in self.blocks)


def split(document: str, blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """Cut the blocks of one document into passages, in reading order."""
    passages: list[Passage] = []
    for section in _merge_small(_sections(_over_pages(blocks))):
        for group in _groups(section.blocks):
            text = "\n".join(block.text for block in group)
            passages.append(Passage(document, len(passages), group[0].page, group[-1].end, PATH_JOINT.join(section.path), _kind(group), text))
    return tuple(passages)


def _over_pages(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, a sentence that goes on over the end of its page made one block again."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last and _goes_on(last, block):
            joined[-1] = Block(last.kind, join_lines(f"{last.text}\n{block.text}"), last.page, last.level, block.page)
        else:
            joined.append(block)
    return joined


def _goes_on(last: Block, block: Block) -> bool:
    """Whether a paragraph at the head of a page ends the sentence that the page before left open."""
    return (
        block.page == last.end + 1
        and last.kind in ("paragraph", "item")
        and block.kind == "paragraph"
        and len(last.text) > 40
        and not last.text.rstrip().endswith((".", "!", "?", "…", ":", ";", "»", ")"))
        and block.text[:1].islower()
    )


def _sections(blocks: Iterable[Block]) -> list[_Section]:
    found: list[_Section] = []
    path: list[tuple[int, str]] = []
    current: list[Block] = []

    def close() -> None:
        if current:
            found.append(_Section(tuple(text for _, text in path), tuple(current)))
            current.clear()

    for block in blocks:
        if block.kind == "heading":
            close()
            path = [*_above(path, block), (block.level, block.text)]
        else:
            current.append(block)
    close()
    return found


def _above(path: Sequence[tuple[int, str]], heading: Block) -> list[tuple[int, str]]:
    """The headings that a heading stands under. A number says more than a level: « 2.2.2 » stands under « 2.2 », not under the title of a box met since."""
    kept = [(level, text) for level, text in path if level < heading.level]
    number = _number(heading.text)
    parents = [place for place, (_, text) in enumerate(kept) if number and (held := _number(text)) and number.startswith(f"{held}.")]
    return kept[: parents[-1] + 1] if parents else kept


def _number(heading: str) -> str:
    """The number of a numbered heading, without its last full stop; an empty text for the others."""
    found = _NUMBER.match(heading)
    return found.group(1) if found else ""


def _merge_small(sections: Sequence[_Section]) -> list[_Section]:
    """Join a section too small to stand alone to the next one under the same parent; its heading stays as a line."""
    merged: list[_Section] = []
    for section in sections:
        last = merged[-1] if merged else None
        if (
            last
            and min(last.size, section.size) < MIN_CHARACTERS // 2
            and last.size + section.size < MAX_CHARACTERS
            and _parent(last)
            and _parent(last) == _parent(section)
        ):
            merged[-1] = _Section(_parent(last), (*_with_heading(last), *_with_heading(section)))
        else:
            merged.append(section)
    return merged


def _parent(section: _Section) -> tuple[str, ...]:
    return section.path[:-1]


def _with_heading(section: _Section) -> tuple[Block, ...]:
    first = section.blocks[0]
    return (Block("paragraph", section.path[-1], first.page), *section.blocks)


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of whole blocks of at most MAX_CHARACTERS; a list that does not fit repeats its lead-in."""
    units = [piece for block in blocks for piece in _pieces(block)]
    groups: list[list[Block]] = []
    current: list[Block] = []
    for number, block in enumerate(units):
        size = sum(len(b.text) + 1 for b in current)
        if current and size + len(block.text) > MAX_CHARACTERS:
            lead = _lead_in(current, block)
            if current == lead:  # a lead-in never stands alone
                current.append(block)
                continue
            carried = current.pop() if _announces(current[-1], block) and len(current) > 1 else None
            groups.append(current)
            current = [carried] if carried else list(lead)
        elif current and size >= MIN_CHARACTERS and _opens_list(units, number) and size + _list_size(units, number) > MAX_CHARACTERS:
            groups.append(current)
            current = []
        current.append(block)
    if current:
        groups.append(current)
    return _join_short_tail(groups)


def _join_short_tail(groups: list[list[Block]]) -> list[list[Block]]:
    if len(groups) > 1 and sum(len(b.text) for b in groups[-1]) < MIN_CHARACTERS // 3 and len(groups[-1]) == 1:
        groups[-2].extend(groups.pop())
    return groups


def _pieces(block: Block) -> list[Block]:
    """A block, or, when it is longer than a passage may be, runs of its sentences."""
    if len(block.text) <= MAX_CHARACTERS:
        return [block]
    pieces: list[str] = []
    for sentence in (part for whole in sentences(block.text) for part in _chunks(whole)):
        if pieces and len(pieces[-1]) + len(sentence) < MAX_CHARACTERS * 3 // 4:
            pieces[-1] += " " + sentence
        else:
            pieces.append(sentence)
    return [Block(block.kind, piece, block.page, block.level, block.last_page) for piece in pieces]


def _chunks(sentence: str) -> list[str]:
    """A sentence longer than a passage (a table dumped as one line) is cut at spaces, or not at all."""
    if len(sentence) <= MAX_CHARACTERS:
        return [sentence]
    chunks = [""]
    for word in sentence.split(" "):
        if len(chunks[-1]) + len(word) > MAX_CHARACTERS and chunks[-1]:
            chunks.append("")
        chunks[-1] = f"{chunks[-1]} {word}".strip()
    return chunks


def _announces(block: Block, following: Block) -> bool:
    """Whether a block is the lead-in of the list or table that follows."""
    return block.kind == "paragraph" and (block.text.rstrip().endswith(":") or (following.kind in ("item", "row") and len(block.text) < 200))


def _lead_in(current: Sequence[Block], following: Block) -> list[Block]:
    if following.kind not in ("item", "row"):
        return []
    for place in range(len(current) - 1, -1, -1):
        if current[place].kind == "paragraph":
            return [current[place]] if current[place].text.rstrip().endswith(":") and len(current[place].text) < 300 else []
    return []


def _opens_list(units: Sequence[Block], number: int) -> bool:
    return number + 1 < len(units) and _announces(units[number], units[number + 1]) and units[number + 1].kind in ("item", "row")


def _list_size(units: Sequence[Block], number: int) -> int:
    size = len(units[number].text)
    for block in units[number + 1 :]:
        if block.kind not in ("item", "row"):
            break
        size += len(block.text) + 1
    return size


def _kind(group: Sequence[Block]) -> PassageKind:
    kinds = [block.kind for block in group]
    if "field" in kinds:
        return "field"
    if kinds.count("row") * 2 >= len(kinds):
        return "table"
    return "list" if kinds.count("item") >= 2 else "prose"
