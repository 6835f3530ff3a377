"""Tells what a file is by its first bytes, and looks into archives before they are unpacked."""

from __future__ import annotations

import io
import re
import zipfile

from corpus.errors import RefusedFile
from ingest.limits import Limits

#: What a kind of content is called, and the extension that it should bear ("" if none is read).
NAMES = {
    "pdf": ("un PDF", ".pdf"),
    "docx": ("un document Word", ".docx"),
    "odt": ("un document OpenDocument", ".odt"),
    "html": ("une page web", ".html"),
    "text": ("du texte", ".txt"),
    "doc": ("un document Word ancien (.doc)", ""),
    "rtf": ("un document RTF", ""),
    "zip": ("une archive", ""),
    "spreadsheet": ("un tableur", ""),
    "slides": ("un diaporama", ""),
    "image": ("une image", ""),
    "binary": ("des données que je ne sais pas lire", ""),
}
#: The kinds of content that each extension may hold.
EXPECTED = {".pdf": {"pdf"}, ".docx": {"docx"}, ".odt": {"odt"}, ".html": {"html", "text"}, ".htm": {"html", "text"}, ".txt": {"text"}, ".md": {"text"}}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_MOST_MEMBERS = 20_000


def kind_of(data: bytes) -> str:
    """The kind of content, by signature: a key of NAMES."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    if data.startswith(_OLE):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "doc"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_IMAGES):
        return "image"
    if _HTML.match(data[:4096]):
        return "html"
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    zeros = data[:4000].count(0)
    # UTF-16 without its mark has a zero beside nearly every letter; other binaries have them at random.
    lopsided = max(data[:4000:2].count(0), data[1:4000:2].count(0)) > 0.7 * min(len(data), 4000) / 2
    return "text" if marked or not zeros or lopsided else "binary"


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:100].decode("latin-1") if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else ""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        return "broken-zip"
    if "opendocument" in mimetype:
        return {"text": "odt", "spreadsheet": "spreadsheet", "presentation": "slides"}.get(mimetype.rpartition(".")[2].split("-")[0], "zip")
    if "[Content_Types].xml" in names:
        return next(
            (kind for folder, kind in (("word/", "docx"), ("xl/", "spreadsheet"), ("ppt/", "slides")) if any(name.startswith(folder) for name in names)), "zip"
        )
    return "zip"


def check(name: str, suffix: str, data: bytes, limits: Limits) -> None:
    """Refuse content that is not what the extension says, and archives that would unpack beyond measure."""
    kind = kind_of(data)
    if kind == "encrypted":
        raise RefusedFile(
            "encrypted", "Ce document Word est protégé par un mot de passe.", "Enregistrez-en une copie sans mot de passe, puis ajoutez cette copie."
        )
    if kind == "broken-zip":
        if suffix in (".docx", ".odt"):
            raise RefusedFile(
                "damaged",
                "Ce fichier est abîmé ou incomplet : il ne peut pas être lu.",
                "Ouvrez-le dans son logiciel d'origine, enregistrez-le de nouveau, puis ajoutez-le.",
            )
        kind = "zip"
    if kind not in EXPECTED[suffix]:
        _refuse(name, suffix, kind)
    if kind in ("docx", "odt"):
        _weigh(data, limits)


def _refuse(name: str, suffix: str, kind: str) -> None:
    content, right = NAMES[kind]
    if suffix in (".pdf", ".docx", ".odt") and kind == "binary":
        raise RefusedFile(
            "damaged",
            f"Ce fichier {suffix} est abîmé : son début n'est pas celui d'un fichier {suffix}.",
            "Téléchargez-le de nouveau, ou enregistrez-le encore une fois depuis son logiciel d'origine.",
        )
    stem = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    remedy = f"Renommez-le « {stem}{right} », puis ajoutez-le de nouveau." if right else "Enregistrez-le en PDF, DOCX ou ODT, puis ajoutez cette copie."
    raise RefusedFile("wrong-extension", f"Ce fichier se nomme {suffix}, mais il contient {content}.", remedy)


def _weigh(data: bytes, limits: Limits) -> None:
    """Refuse an archive by what it says it unpacks to: zipfile never reads more than that from a member."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if any(member.flag_bits & 1 for member in members):
            raise RefusedFile(
                "encrypted", "Ce document est protégé par un mot de passe.", "Enregistrez-en une copie sans mot de passe, puis ajoutez cette copie."
            )
    if unpacked > limits.unpacked or len(members) > _MOST_MEMBERS:
        raise RefusedFile(
            "too-big",
            f"Une fois décompressé, ce fichier ferait {unpacked // 1_000_000} Mo : il est refusé.",
            "Allégez-le (images plus petites), ou enregistrez-le en PDF.",
        )
