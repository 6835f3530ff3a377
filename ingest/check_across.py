"""The rules that several sheets share: one id each, references that exist, no wording said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz, process

from corpus.french import fold, letters
from corpus.sheets import Sheet, references
from corpus.words import stems
from ingest.check_report import Fault
from ingest.check_sheets import SheetFile

#: Two wordings are near when their words, or their content stems, are this alike once sorted…
NEAR = 90
#: … and neither likeness falls below these: stems alone confuse « X est-il Y ? » with « Y s'use-t-il ? », words alone « un PAT ? » with « un PTCE ? ».
ALIKE_WORDS, ALIKE_CONTENT = 72, 80
_TOOLS_ONLY = frozenset({"alternatives", "suite", "trajet"})
_ROWS = 500


class Wording(NamedTuple):
    """One situation or question, answered or not, and the sheet that says it."""

    file: SheetFile
    key: str
    text: str

    @property
    def line(self) -> int:
        """Where it is said."""
        return self.file.line(self.key, self.text)


def same_ids(files: Sequence[SheetFile]) -> Iterator[Fault]:
    """Sheets that carry an id which an earlier one has."""
    first: dict[str, SheetFile] = {}
    for file in files:
        other = first.setdefault(file.id, file)
        if other is not file:
            remedy = "Donnez à cette fiche, et à son fichier, un autre identifiant."
            yield file.fault(file.line("id"), "id-en-double", f"L'identifiant « {file.id} » est déjà celui de {other.path}.", remedy)


def broken_references(file: SheetFile, sheet: Sheet, known: Mapping[str, str]) -> Iterator[Fault]:
    """References to sheets that do not exist, to the sheet itself, or to something else than a tool. ``known`` gives the type of each id."""
    for key, target in dict.fromkeys(references(sheet)):
        line = file.line(key, target)
        if target not in known:
            near = process.extractOne(target, known.keys(), scorer=fuzz.ratio, score_cutoff=70)
            remedy = f"Vouliez-vous écrire « {near[0]} » ?" if near else "Écrivez l'identifiant d'une fiche qui existe, ou retirez celui-ci."
            yield file.fault(line, "reference", f"« {key} » nomme la fiche « {target} », qui n'existe pas.", remedy)
        elif target == file.id:
            yield file.fault(line, "reference", f"« {key} » renvoie à la fiche elle-même.", "Retirez cet identifiant.")
        elif key in _TOOLS_ONLY and known[target] not in ("outil", ""):
            yield file.fault(line, "reference", f"« {key} » nomme « {target} », qui n'est pas un outil.", "N'y mettez que des identifiants d'outils.")


def repeated_wordings(files: Sequence[SheetFile]) -> Iterator[Fault]:
    """Situations and questions said twice, which confuse the search: errors word for word, warnings where only nearly so."""
    wordings = [wording for file in files if file.sheet for wording in _wordings(file, file.sheet)]
    first: dict[str, Wording] = {}
    unique = []
    for wording in wordings:
        other = first.setdefault(letters(wording.text), wording)
        if other is wording:
            unique.append(wording)
        else:
            where = "plus haut dans cette fiche" if other.file is wording.file else f"dans {other.file.path}, ligne {other.line}"
            remedy = "Dites ce qui est propre à cette fiche, ou retirez l'une des deux."
            yield wording.file.fault(wording.line, "formulation-en-double", f"« {wording.text} » se lit déjà {where}.", remedy)
    remedy = "Dites ce qui distingue les deux fiches, ou retirez l'une des formulations."
    for wording, other in _near(unique):
        message = f"« {wording.text} » ressemble à « {other.text} » ({other.file.path}, ligne {other.line})."
        yield wording.file.fault(wording.line, "formulation-proche", message, remedy, "warning")


def _wordings(file: SheetFile, sheet: Sheet) -> Iterator[Wording]:
    for key in ("situations", "questions"):
        yield from (Wording(file, key, text) for text in getattr(sheet, key, ()))
    yield from (Wording(file, "reponses", known.question) for known in sheet.reponses)


def _near(wordings: Sequence[Wording]) -> Iterator[tuple[Wording, Wording]]:
    """The pairs of near wordings of different sheets, the later one first."""
    words = [" ".join(sorted(re.findall(r"\w+", fold(wording.text)))) for wording in wordings]
    content = [" ".join(sorted(set(stems(wording.text)))) for wording in wordings]
    numbers = [re.findall(r"\d+", wording.text) for wording in wordings]
    pairs = sorted({pair for keys in (words, content) for pair in _alike(keys)})
    for low, high in pairs:
        apart = wordings[low].file is not wordings[high].file
        alike = fuzz.ratio(words[low], words[high]) >= ALIKE_WORDS and fuzz.ratio(content[low], content[high]) >= ALIKE_CONTENT
        if apart and alike and numbers[low] == numbers[high]:
            yield wordings[high], wordings[low]


def _alike(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pairs (low, high) of keys at least NEAR alike, some hundred rows at a time."""
    for start in range(0, len(keys), _ROWS):
        scores = process.cdist(keys[start : start + _ROWS], keys, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1)
        for row, column in np.argwhere(scores):
            if start + row < column and keys[column]:
                yield int(start + row), int(column)
