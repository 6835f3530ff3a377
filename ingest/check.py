"""Checks sheets and documents without ingesting them: ``bao check``. One bad file stops nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.demarche import STARTER, Demarche
from corpus.errors import RefusedFile, in_french
from corpus.front_matter import has_front_matter
from corpus.settings import Settings
from ingest import check_index, check_sheets
from ingest.check_across import broken_references, repeated_wordings, same_ids
from ingest.check_index import Row
from ingest.check_report import CheckReport, Fault
from ingest.check_sheets import SHEETS_FOLDER, SheetFile
from ingest.check_typography import typography_faults
from ingest.child import read_apart
from ingest.companion import read_notice
from ingest.coverage import Coverage
from ingest.readers import READERS
from ingest.report import FileReport
from ingest.sources import Found, find
from ingest.typography import fix_file

__all__ = ["CheckReport", "Fault", "check", "fix"]

_SUFFIXES = frozenset(READERS)


def check(paths: Sequence[Path], settings: Settings, demarche: Demarche, starter: Path = STARTER) -> CheckReport:
    """Every fault of these files and folders. ``starter`` is the corpus whose index.tsv is law."""
    report = CheckReport()
    sheets: list[SheetFile] = []
    places: dict[str, int] = {}
    for found in _met(paths):
        places[str(found.path)] = len(places)
        report.checked += found.verdict != "ignored"
        if found.verdict:
            report.files += _set_aside(found)
        elif _is_sheet(found.path):
            _take_sheet(found.path, settings, demarche, sheets, report)
        else:
            report.files += _document_faults(found.path, settings, demarche)
    index = check_index.read(starter)
    known = _known(sheets, index, starter)
    for file in sheets:
        report.files += [*check_sheets.own_faults(file, demarche), *typography_faults(str(file.path), file.text)]
        report.files += broken_references(file, file.sheet, known) if file.sheet else ()
        report.files += check_index.disagreements(file, index) if starter.resolve() in file.path.resolve().parents else ()
    report.files += [*same_ids(sheets), *repeated_wordings(sheets)]
    if any(path.is_dir() for path in paths):
        report.coverage = Coverage.of((file.sheet for file in sheets if file.sheet), demarche)
    if any(path.resolve() in (starter.resolve(), starter.resolve() / SHEETS_FOLDER) for path in paths):
        report.files += [*check_index.missing(index, sheets, starter), *_empty_cells(report.coverage, starter)]
    report.files.sort(key=lambda fault: (places.get(fault.file, len(places)), fault.file, fault.line or 0, fault.level))
    return report


def fix(paths: Sequence[Path]) -> list[Path]:
    """Put right the typography of the sheets among these paths, and nothing else. The files that were changed."""
    return [found.path for found in _met(paths) if not found.verdict and found.path.suffix.lower() == ".md" and _is_sheet(found.path) and fix_file(found.path)]


def _met(paths: Sequence[Path]) -> Iterator[Found]:
    """Every file met, once, though two paths may lead to it."""
    seen = set()
    for path in paths:
        for found in find(path, _SUFFIXES):
            place = found.path.absolute()
            if place not in seen:
                seen.add(place)
                yield found


def _is_sheet(path: Path) -> bool:
    """Whether a file is to be read as a sheet: Markdown with a front matter, or any Markdown among the sheets."""
    if path.suffix.lower() != ".md":
        return False
    try:
        with path.open("rb") as file:
            return has_front_matter(file.read(16).decode("utf-8", "replace")) or SHEETS_FOLDER in path.parts
    except OSError:
        return False


def _take_sheet(path: Path, settings: Settings, demarche: Demarche, sheets: list[SheetFile], report: CheckReport) -> None:
    """Read a sheet among the others, or say why it cannot be read."""
    try:
        if path.stat().st_size > settings.file_megabytes * 1_000_000:
            raise RefusedFile("too-big", f"Le fichier dépasse {settings.file_megabytes} Mo.", "Une fiche tient en quelques kilo-octets : découpez-la.")
        sheets.append(check_sheets.read(path, demarche))
    except RefusedFile as error:
        report.files.append(Fault(str(path), None, "error", error.reason, str(error), error.remedy))
    except OSError as error:
        report.files.append(_unreadable(path, error))


def _set_aside(found: Found) -> Iterator[Fault]:
    if found.verdict == "refused":
        said = FileReport.set_aside(str(found.path), "refused", found.reason)
        yield Fault(said.file, None, "error", said.reason, said.message, said.remedy)


def _document_faults(path: Path, settings: Settings, demarche: Demarche) -> Iterator[Fault]:
    """What ingesting would say of a document: its refusal, or the reader's remarks."""
    try:
        read_notice(path, demarche)
        for remark in read_apart(path, settings).remarks:
            yield Fault(str(path), None, "warning", "remarque", remark)
    except RefusedFile as error:
        yield Fault(str(path), None, "error", error.reason, str(error), error.remedy)
    except OSError as error:
        yield _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> Fault:
    return Fault(str(path), None, "error", "unreadable", f"Le fichier ne peut pas être ouvert ({in_french(error)}).", "Vérifiez les droits du fichier.")


def _known(sheets: Sequence[SheetFile], index: dict[str, Row], starter: Path) -> dict[str, str]:
    """The type of every id that a sheet may name: those given, those beside them, those of the starter corpus."""
    folders = {starter / SHEETS_FOLDER} | {parent for file in sheets for parent in file.path.absolute().parents if parent.name == SHEETS_FOLDER}
    known = {row.id: row.type for row in index.values()}
    for folder in folders:
        for path in folder.rglob("*.md"):
            if not path.is_symlink() and path.is_file():
                known[path.stem] = check_sheets.raw_value(path.read_bytes()[:2000].decode("utf-8", "replace"), "type")
    return known | {name: file.type for file in sheets for name in (file.path.stem, file.id)}


def _empty_cells(coverage: Coverage | None, starter: Path) -> Iterator[Fault]:
    """The step × family cells without a tool, unless they are known gaps; and the known gaps that were filled since."""
    if coverage is None:
        return
    file, demarche, empty = str(starter / "demarche.toml"), coverage.demarche, set(coverage.empty())
    for step, family in sorted(empty - set(demarche.gaps)):
        remedy = "Écrivez une fiche pour cette case, ou dites pourquoi elle est vide dans une table [[lacunes]] de demarche.toml."
        yield Fault(file, None, "warning", "case-vide", f"Aucun outil de la famille « {demarche.label('famille', family)} » ne sert l'étape {step}.", remedy)
    for step, family in sorted(set(demarche.gaps) - empty):
        message = f"La lacune {step} × {family} est annoncée, mais un outil la comble."
        yield Fault(file, None, "warning", "lacune-comblee", message, "Retirez-la des [[lacunes]] de demarche.toml.")
