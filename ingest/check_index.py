"""The tools and concepts that the starter corpus promises, in corpus/index.tsv, held against its sheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.french import fold, letters
from corpus.sheets import ToolSheet
from ingest.check_report import Fault
from ingest.check_sheets import SheetFile

NAME = "index.tsv"


@dataclass(frozen=True, slots=True)
class Row:
    """One promised sheet, and its line in the index."""

    line: int
    id: str
    type: str
    titre: str
    famille: str
    etapes: tuple[str, ...]
    statut: str


def read(folder: Path) -> dict[str, Row]:
    """The index of a corpus folder; an empty one where there is none."""
    path = folder / NAME
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        row["id"]: Row(line, row["id"], row["type"], row["titre"], _slug(row["famille"]), tuple(filter(None, row["etapes"].split(","))), _slug(row["statut"]))
        for line, row in enumerate(rows, 2)
    }


def missing(index: Mapping[str, Row], files: Sequence[SheetFile], folder: Path) -> Iterator[Fault]:
    """The promised sheets that are not there."""
    present = {file.id for file in files} | {file.path.stem for file in files}
    for row in index.values():
        if row.id not in present:
            remedy = f"Écrivez fiches/{row.type}s/{row.id}.md d'après corpus/modeles, ou retirez la ligne de {NAME}."
            yield Fault(str(folder / NAME), row.line, "error", "fiche-absente", f"La fiche « {row.id} » ({row.type} : {row.titre}) n'existe pas.", remedy)


def disagreements(file: SheetFile, index: Mapping[str, Row]) -> Iterator[Fault]:
    """Where a sheet and its line of the index differ; a tool or concept that the index does not know is a warning."""
    row, sheet = index.get(file.id), file.sheet
    if sheet is None or file.type not in ("outil", "concept"):
        return
    if row is None:
        remedy = f"Ajoutez-lui une ligne dans corpus/{NAME} : si la fiche se perd un jour, cela se verra."
        yield file.fault(file.line("id"), "hors-index", f"« {file.id} » n'est pas dans {NAME}.", remedy, "warning")
        return
    pairs = [("type", row.type, sheet.type, row.type == sheet.type), ("titre", row.titre, sheet.titre, letters(row.titre) == letters(sheet.titre))]
    if isinstance(sheet, ToolSheet):
        pairs += [
            ("famille", row.famille, sheet.famille, row.famille == sheet.famille),
            ("statut", row.statut, sheet.statut, row.statut == sheet.statut),
            ("etapes", ", ".join(row.etapes), ", ".join(sheet.etapes), set(row.etapes) == set(sheet.etapes)),
        ]
    for key, promised, given, agreed in pairs:
        if not agreed:
            message = f"« {key} » vaut « {given} » ici et « {promised} » dans {NAME}, ligne {row.line}."
            yield file.fault(file.line(key), "index", message, f"Écrivez « {promised} », ou corrigez {NAME}.")


def _slug(label: str) -> str:
    return fold(label).strip().replace(" ", "-")
