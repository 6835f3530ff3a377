"""Files to documents of the library: find, read, cut, encode, add; one bad file stops nobody."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.demarche import Demarche
from corpus.documents import Document, Formulation, Passage, Reading, document_name
from corpus.embedding import Embedder, Encoded
from corpus.errors import RefusedFile, SheetError, in_french
from corpus.front_matter import has_front_matter
from corpus.library import Entry, Library, embedding_text
from corpus.settings import Settings
from ingest.child import read_apart
from ingest.companion import fingerprint, read_notice, remarks
from ingest.readers import READERS
from ingest.report import FileReport, Report
from ingest.sheet import formulations, known_questions, read_sheet
from ingest.sources import Found, find
from ingest.split import split
from ingest.twins import SAME, resemblance, sketch

SUFFIXES = frozenset(READERS)
OnStep = Callable[[str, str], None]


class Pipeline:
    """Brings files into a library. ``on_step`` is told (file, step) as work goes on."""

    def __init__(self, library: Library, settings: Settings, demarche: Demarche, on_step: OnStep = lambda file, step: None) -> None:
        self._library = library
        self._settings = settings
        self._demarche = demarche
        self._on_step = on_step
        self.seconds = 0.0

    def run(self, paths: Sequence[Path], name: str = "", replace: bool = False) -> Report:
        """Ingest files and folders, one report a file met."""
        report = Report()
        for file in self.reports(paths, name, replace):
            report.files.append(file)
            report.seconds = self.seconds
        return report

    def reports(self, paths: Sequence[Path], name: str = "", replace: bool = False) -> Iterator[FileReport]:
        """The same, as each file is done."""
        start = time.perf_counter()
        for path in paths:
            for found in find(path, SUFFIXES):
                report = self._one(found, document_name(name) or found.name, replace)
                self.seconds = time.perf_counter() - start
                yield report

    def _one(self, found: Found, name: str, replace: bool) -> FileReport:
        file = str(found.path)
        if found.verdict:
            return FileReport.set_aside(file, found.verdict, found.reason)  # type: ignore[arg-type]
        try:
            return self._take(found, name, replace)
        except RefusedFile as error:
            return FileReport(file, "refused", error.reason, str(error), error.remedy)
        except SheetError as error:
            return FileReport(file, "refused", "sheet", f"Ligne {error.line} : {error}", error.remedy)
        except OSError as error:
            return FileReport(file, "refused", "unreadable", f"Le fichier ne peut pas être ouvert ({in_french(error)}).", "Vérifiez les droits du fichier.")

    def _take(self, found: Found, name: str, replace: bool) -> FileReport:
        file = str(found.path)
        self._on_step(file, "read")
        if found.path.stat().st_size > self._settings.file_megabytes * 1_000_000:
            raise RefusedFile("too-big", f"Le fichier dépasse {self._settings.file_megabytes} Mo.", "Découpez-le, ou relevez BAO_FILE_MEGABYTES.")
        sha256 = hashlib.sha256(found.path.read_bytes()).hexdigest()
        same = sorted(self._library.store.same_bytes(sha256), key=lambda document: document.state == "withdrawn")
        changed = bool(same) and _notice_changed(found, same[0])
        if changed:
            name = same[0].id
        elif same and not (replace and same[0].state == "withdrawn"):
            return self._same_bytes(found, name, same[0])
        document, reading, wordings = self._read(found, name, sha256)
        old = self._library.store.document(document.id)
        verdict = self._clash(file, document, old, replace)
        if verdict:
            return verdict
        twin = self._twin(document)
        if twin:
            return FileReport(file, "unchanged", "same-text", f"Même texte que « {twin.id} », déjà présent : c'est lui qui est cité.", document=twin.id)
        self._on_step(file, "split")
        passages = split(document.id, reading.blocks)
        self._on_step(file, "embed")
        encoded = encode(self._library.embedder, document.label, passages, wordings)
        entry = Entry(document, reading.pages, passages, wordings, tuple(encoded))
        self._library.add(entry, found.path, lambda step: self._on_step(file, step))
        message = " ".join(["La notice a changé.", *reading.remarks] if changed else reading.remarks)
        return FileReport(file, "replaced" if old else "added", "", message, "", document.id, len(reading.pages), len(passages))

    def _same_bytes(self, found: Found, name: str, first: Document) -> FileReport:
        if first.state == "withdrawn":
            return _withdrawn(str(found.path), first)
        known = name == first.id or str(found.path.resolve()) == first.path
        message = "" if known else f"Mêmes octets que « {first.id} », déjà présent."
        return FileReport(str(found.path), "unchanged", "same-bytes", message, "", first.id, first.pages, first.passages)

    def _read(self, found: Found, name: str, sha256: str) -> tuple[Document, Reading, tuple[Formulation, ...]]:
        text = _sheet_text(found.path)
        if text is not None:
            sheet, reading = read_sheet(text, self._demarche)
            values = sheet.model_dump(mode="json")
            document = self._document(found, sheet.id, sha256, reading, type=sheet.type, sheet=values)
            return document, reading, formulations(sheet)
        seen, notice = fingerprint(found.path), read_notice(found.path, self._demarche)
        reading = read_apart(found.path, self._settings)
        document = self._document(
            found, name, sha256, reading, type="document", title=notice.titre or reading.title, date=notice.date or str(reading.details.get("date", "")),
            valid_until=notice.valable_jusqu_au or str(reading.details.get("valid_until", "")), licence=notice.licence, source=notice.source,
            author=notice.auteur or str(reading.details.get("author", "")),
            sheet={"etapes": notice.etapes, "familles": notice.familles} | ({"notice": seen} if seen else {}),
        )  # fmt: skip
        return document, remarks(reading, notice), known_questions(name, notice.reponses)

    def _document(self, found: Found, name: str, sha256: str, reading: Reading, **known: object) -> Document:
        details = {key: str(reading.details.get(key, "")) for key in ("date", "licence", "source")}
        values = {
            "title": reading.title or Path(name).stem, "text_sha256": sketch("\n".join(page.text for page in reading.pages)),
            "suffix": found.path.suffix.lower(), "origin": found.origin, "path": str(found.path.resolve()), **details,
        }  # fmt: skip
        document = self._library.store.document(name)
        version = document.version + 1 if document else 1
        return Document(id=name, sha256=sha256, version=version, **{**values, **known})  # type: ignore[arg-type]

    def _clash(self, file: str, new: Document, old: Document | None, replace: bool) -> FileReport | None:
        """The refusal when another document has this name, unless it is the same source or told to replace."""
        if old is None or replace:
            return None
        if old.state == "withdrawn":
            return _withdrawn(file, old)
        if old.path == new.path or old.origin == new.origin == "starter":
            return None
        if new.origin == "starter":
            return FileReport(file, "unchanged", "edited", f"« {old.id} » a été modifié ici : votre version est gardée.", "", old.id)
        other = "Ajoutez --as NOM pour lui donner un autre nom" if new.type == "document" else "Changez l'id de la fiche"
        remedy = f"{other}, ou ajoutez --replace pour remplacer l'ancien."
        return FileReport(file, "refused", "name-taken", f"Un autre document porte ce nom : « {old.id} ».", remedy)

    def _twin(self, document: Document) -> Document | None:
        if document.type != "document":
            return None
        for other in self._library.store.documents():
            if (
                other.type == "document"
                and other.suffix != document.suffix
                and other.id != document.id
                and resemblance(document.text_sha256, other.text_sha256) >= SAME
            ):
                return other
        return None


def _notice_changed(found: Found, first: Document) -> bool:
    """Whether the very file of a document comes again with another notice beside it."""
    same_file = str(found.path.resolve()) == first.path or (found.origin == first.origin == "starter" and found.name == first.id)
    return first.type == "document" and first.state != "withdrawn" and same_file and fingerprint(found.path) != first.sheet.get("notice", "")


def _withdrawn(file: str, document: Document) -> FileReport:
    message = f"« {document.id} » a été retiré : il ne revient pas de lui-même."
    return FileReport(file, "unchanged", "withdrawn", message, "Ajoutez --replace pour le remettre.", document.id)


def encode(embedder: Embedder, label: str, passages: Sequence[Passage], wordings: Sequence[Formulation]) -> list[Encoded]:
    """The encoded passages, then the encoded formulations."""
    texts = [embedding_text(label, passage) for passage in passages] + [wording.text for wording in wordings]
    return embedder.encode_stored(texts, [False] * len(passages) + [wording.known for wording in wordings])


def _sheet_text(path: Path) -> str | None:
    """The text of a sheet, or None for any other file. Raises SheetError on a sheet that is not UTF-8."""
    if path.suffix.lower() != ".md":
        return None
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if raw.startswith(b"---\n"):
            line = raw.count(b"\n", 0, error.start) + 1
            raise SheetError("La fiche n'est pas en UTF-8.", "Enregistrez-la en UTF-8.", line, "encodage") from error
        return None
    return text if has_front_matter(text) else None
