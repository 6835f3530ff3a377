"""The rules of one sheet: contract, name, headings, timings, length, attached files, dates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.demarche import STARTER, Demarche
from corpus.durations import parse_range, spoken, spoken_range
from corpus.errors import SheetError
from corpus.french import fold
from corpus.front_matter import examine
from corpus.sheets import SHEET_TYPES, Sheet, ToolSheet
from ingest.check_report import Fault, Level
from ingest.sheet import reading_of
from ingest.text import decoded

SHEETS_FOLDER = "fiches"

#: Words of a body, by type: outside the first pair a warning, outside the second an error.
LENGTHS: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "outil": ((250, 600), (150, 1000)),
    "concept": ((200, 480), (120, 700)),
    "etape": ((300, 800), (150, 1200)),
    "parcours": ((250, 900), (150, 1500)),
    "ressource": ((60, 480), (30, 900)),
}
#: A tool that carries its own template, in a table, may be longer.
WITH_TEMPLATE = 900

_DATE = re.compile(r"""^[^"'\n]*?\b(?:mis_a_jour|vu_le|le):[ \t]*(\d{4}-\d{1,2}-\d{1,2})\b""", re.MULTILINE)
_HEADING = re.compile(r"^##[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_TIMED = re.compile(r"^\d+[.)][ \t]+\*\*[^*\n]+\*\*[ \t\u00a0]*\(([^)\n]+)\)", re.MULTILINE)
_OUTSIDE = re.compile(r"avant|après|ensuite|entre |plus tard", re.IGNORECASE)
_TABLE = re.compile(r"^\s*\|.*\|\s*\n\s*\|[\s:|-]+\|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One sheet's file as read: its text, and the sheet where its front matter is valid."""

    path: Path
    text: str
    sheet: Sheet | None
    body: str
    faults: tuple[Fault, ...]

    @property
    def id(self) -> str:
        """The id that it gives itself, valid or not; its file's name where it gives none."""
        return self.sheet.id if self.sheet else raw_value(self.text, "id") or self.path.stem

    @property
    def type(self) -> str:
        """The type that it gives itself, known or not."""
        return raw_value(self.text, "type")

    def line(self, key: str, value: str = "") -> int:
        """The line where a key stands, or the first one from there on that holds ``value``."""
        match = re.search(rf"^{re.escape(key)}:", self.text, re.MULTILINE)
        start = match.start() if match else 0
        found = self.text.find(value, start)
        return self.text.count("\n", 0, found if found >= 0 else start) + 1

    def fault(self, line: int, code: str, message: str, remedy: str, level: Level = "error") -> Fault:
        """A fault of this file."""
        return Fault(str(self.path), line, level, code, message, remedy)


def raw_value(text: str, key: str) -> str:
    """A top-level value as written, without reading the YAML: also where it cannot be read."""
    match = re.search(rf"""^{key}:[ \t]*["']?([^"'\s#]+)""", text, re.MULTILINE)
    return match.group(1) if match else ""


def read(path: Path, demarche: Demarche) -> SheetFile:
    """Read one sheet and everything that its front matter gets wrong. A wrong encoding is told, and the rest read all the same."""
    raw = path.read_bytes()
    text = decoded(raw).replace("\r\n", "\n")
    faults = list(_encoding(path, raw))
    remedy = "Écrivez une date du calendrier, année-mois-jour, par exemple 2026-03-31."
    dates = [Fault(str(path), line, "error", "date", f"La date {date} n'existe pas.", remedy) for line, date in _wrong_dates(text)]
    sheet, body, found = examine(text, demarche)
    # A date that no calendar knows stops the YAML reader on line 1: the true line is told instead.
    told = [error for error in found if not (dates and error.code == "yaml" and error.line == 1)]
    return SheetFile(path, text, sheet, body or _body(text), (*faults, *dates, *(_contract(path, error) for error in told)))


def own_faults(file: SheetFile, demarche: Demarche) -> Iterator[Fault]:
    """What one sheet gets wrong by itself, its front matter set aside."""
    yield from file.faults
    if file.id != file.path.stem:
        remedy = f"Écrivez « id: {file.path.stem} », ou renommez le fichier en {file.id}.md."
        yield file.fault(file.line("id"), "nom-de-fichier", f"L'identifiant « {file.id} » n'est pas le nom du fichier.", remedy)
    if file.type in SHEET_TYPES and file.body:
        yield from _headings(file)
        yield from _length(file)
    if isinstance(file.sheet, ToolSheet):
        yield from _timings(file, file.sheet)
    if file.sheet:
        yield from _attached(file, file.sheet)
    if file.sheet and not file.faults:  # a sheet is told as it is stored only once its fields are right
        yield from _answers(file, file.sheet, demarche)


def _encoding(path: Path, raw: bytes) -> Iterator[Fault]:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield Fault(str(path), line, "error", "encodage", "La fiche n'est pas en UTF-8.", "Dans l'éditeur : « Enregistrer sous », encodage UTF-8.")


def _wrong_dates(text: str) -> Iterator[tuple[int, str]]:
    for match in _DATE.finditer(text[: len(text) - len(_body(text))]):
        try:
            datetime.date(*map(int, match.group(1).split("-")))
        except ValueError:
            yield text.count("\n", 0, match.start(1)) + 1, match.group(1)


def _body(text: str) -> str:
    """What follows the second « --- », also where the front matter is faulty."""
    parts = re.split(r"^---[ \t]*$\n?", text, maxsplit=2, flags=re.MULTILINE)
    return parts[2] if len(parts) == 3 else ""


def _contract(path: Path, error: SheetError) -> Fault:
    return Fault(str(path), error.line, "error", error.code, str(error), error.remedy)


def _headings(file: SheetFile) -> Iterator[Fault]:
    """Headings exactly those of the type, in order, none empty."""
    expected = SHEET_TYPES[file.type].headings
    first = file.text.count("\n", 0, len(file.text) - len(file.body)) + 1
    found = [(match.group(1), first + file.body.count("\n", 0, match.start()), match.end()) for match in _HEADING.finditer(file.body)]
    names = {fold(name): name for name in expected}
    order = f"Titres attendus, dans cet ordre : {' · '.join(expected)}."
    present = [names[fold(title)] for title, _, _ in found if fold(title) in names]
    for name in expected:
        if name not in present:
            after = [line for title, line, _ in found if names.get(fold(title)) in expected[: expected.index(name)]]
            yield file.fault(after[-1] if after else first, "titre-manquant", f"Le titre « ## {name} » manque.", f"Ajoutez-le. {order}")
    for title, line, _ in found:
        if fold(title) not in names:
            yield file.fault(line, "titre-inconnu", f"Le titre « ## {title} » n'est pas de ce type de fiche.", order)
    if present != sorted(present, key=expected.index) or len(set(present)) < len(present):
        yield file.fault(found[0][1], "titres-en-desordre", "Les titres ne se suivent pas dans l'ordre, ou l'un d'eux est écrit deux fois.", order)
    for (title, line, end), following in zip(found, [*found[1:], None], strict=True):
        stop = _HEADING.search(file.body, end).start() if following else len(file.body)  # type: ignore[union-attr]
        if not file.body[end:stop].strip():
            yield file.fault(line, "section-vide", f"La section « {title} » est vide.", "Écrivez-y au moins une phrase qui réponde à son titre.")


def _length(file: SheetFile) -> Iterator[Fault]:
    words = sum(any(c.isalnum() for c in word) for word in file.body.split())
    (least, most), (floor, ceiling) = LENGTHS[file.type]
    if isinstance(file.sheet, ToolSheet) and (file.sheet.statut == "a-produire" or _TABLE.search(file.body)):
        most = WITH_TEMPLATE
    if least <= words <= most:
        return
    level: Level = "warning" if floor <= words <= ceiling else "error"
    remedy = "Complétez-la par ce qui aide à agir." if words < least else "Gardez l'essentiel, ou faites-en deux fiches."
    line = file.text.count("\n", 0, len(file.text) - len(file.body)) + 1
    yield file.fault(line, "longueur", f"Le texte compte {words} mots ; une fiche de ce type en a de {least} à {most}.", remedy, level)


def _timings(file: SheetFile, sheet: ToolSheet) -> Iterator[Fault]:
    """The steps of one sitting add up to its duration: minimums reach the least, maximums stay within the most."""
    if sheet.duree_minutes is None:
        return
    start = file.text.find("\n## Déroulé") + 1
    stop = file.text.find("\n## ", start)
    steps = file.text[start : stop if stop > 0 else len(file.text)]
    timed = [pair for match in _TIMED.finditer(steps) if not _OUTSIDE.match(match.group(1)) and (pair := parse_range(match.group(1)))]
    line = file.text.count("\n", 0, start) + 1
    least, most = sheet.duree_minutes
    if not timed:
        remedy = "Écrivez « 1. **Titre** (10 à 15 min). … », ou « duree_minutes: null » et un rythme en mots."
        yield file.fault(line, "durees", f"Aucun temps du déroulé n'a de durée, alors que la séance dure {spoken_range(least, most)}.", remedy, "warning")
        return
    low, high = sum(pair[0] for pair in timed), sum(pair[1] for pair in timed)
    if low < least or high > most:
        message = f"Les temps du déroulé font {spoken_range(low, high)}, la séance est annoncée à {spoken_range(least, most)}."
        sums = f"la somme des minimums doit atteindre {spoken(least)}, celle des maximums ne pas dépasser {spoken(most)}"
        remedy = f"Corrigez les temps, ou « duree_minutes » : {sums}."
        yield file.fault(line, "durees", message, remedy)


def _answers(file: SheetFile, sheet: Sheet, demarche: Demarche) -> Iterator[Fault]:
    """The sentence that answers a known question stands in the sheet as it is stored."""
    held = fold("\n".join(page.text for page in reading_of(sheet, file.body, demarche).pages))
    for known in sheet.reponses:
        if fold(known.phrase) not in held:
            remedy = "Recopiez mot pour mot une partie de la phrase de la fiche qui répond, ou retirez cette question."
            yield file.fault(file.line("reponses", known.question), "reponse-introuvable", f"« {known.phrase} » ne se lit pas dans la fiche.", remedy)


def _attached(file: SheetFile, sheet: Sheet) -> Iterator[Fault]:
    folder = next((parent.parent for parent in file.path.resolve().parents if parent.name == SHEETS_FOLDER), STARTER) / "fichiers"
    for name in sheet.fichiers:
        if Path(name).name != name or not (folder / name).is_file():
            remedy = f"Mettez-le dans {folder}, ou retirez-le de la fiche."
            yield file.fault(file.line("fichiers", name), "fichier-absent", f"Le fichier joint « {name} » n'existe pas.", remedy)
