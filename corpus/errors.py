"""The error tree. Each error says what happened, with the value; ``remedy`` says what to do.

    EFCError
    ├── UsageError            the call itself is wrong (exit status 2)
    ├── SettingsError         a setting is unknown or out of bounds
    ├── RefusedFile           a file cannot be taken in; ``reason`` is a short code
    ├── SheetError            a sheet breaks its contract; carries file and line
    ├── NotFound              no such document, tool or page
    ├── EmptyStore            nothing was ingested yet
    ├── StoreBusy             another process writes in this data folder
    ├── StoreDamaged          the data folder cannot be read as ours
    ├── ModelMismatch         the index was filled by another embedding model
    └── ModelUnavailable      the embedding model cannot be loaded

Messages and remedies are French: people read them. "I do not know" is an Answer, never an error.
"""

from __future__ import annotations

import errno
import os


class EFCError(Exception):
    """Root of every error this project raises on purpose."""

    remedy: str = "Tapez « bao doctor » pour un diagnostic."

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        if remedy is not None:
            self.remedy = remedy


class UsageError(EFCError):
    """The command or call is not of the right form."""

    remedy = "Tapez « bao --help » pour la liste des commandes."


class SettingsError(EFCError):
    """A setting is unknown or out of bounds."""

    remedy = "La liste des réglages est dans le README, section « Réglages »."


class RefusedFile(EFCError):
    """A file cannot be taken in. ``reason`` is a stable code for programs."""

    remedy = "Corrigez le fichier, puis relancez « bao ingest »."

    def __init__(self, reason: str, message: str, remedy: str | None = None) -> None:
        super().__init__(message, remedy)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        """Crosses the pipe from the reading child to its parent with its three parts."""
        return type(self), (self.reason, str(self), self.remedy)


class SheetError(EFCError):
    """A sheet breaks its contract at ``line`` (1 is the first line of the file)."""

    remedy = "Le modèle de chaque type de fiche est dans corpus/modeles."

    def __init__(self, message: str, remedy: str | None = None, line: int = 1, code: str = "fiche") -> None:
        super().__init__(message, remedy)
        self.line = line
        self.code = code


class NotFound(EFCError):
    """No such document, tool or page."""

    remedy = "Tapez « bao list » pour voir ce que contient la boîte à outils."


class EmptyStore(EFCError):
    """Nothing was ingested yet."""

    remedy = "Tapez « bao ingest corpus » pour y mettre le contenu de démarrage, ou « bao ingest » suivi de vos fichiers."


class StoreBusy(EFCError):
    """Another process writes in this data folder."""

    remedy = "Attendez la fin de l'autre commande, ou arrêtez l'application, puis recommencez."


class StoreDamaged(EFCError):
    """The data folder cannot be read as ours."""

    remedy = "Tapez « bao doctor » pour un diagnostic, « bao restore FICHIER » pour revenir à une sauvegarde."


class ModelMismatch(EFCError):
    """The index was filled by another embedding model than the one in force."""

    remedy = "Tapez « bao rebuild » pour refaire l'index avec ce modèle, ou remettez l'ancien dans BAO_MODEL."


class ModelUnavailable(EFCError):
    """The embedding model cannot be loaded."""

    remedy = "Tapez « make setup » pour remettre le modèle fourni, ou donnez dans BAO_MODEL un dossier qui existe."


_SYSTEM = {
    errno.ENOENT: "introuvable", errno.ENOTDIR: "ce n'est pas un dossier", errno.EISDIR: "c'est un dossier", errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé", errno.EROFS: "disque en lecture seule", errno.ENOSPC: "plus de place sur le disque", errno.EEXIST: "existe déjà",
    errno.ENAMETOOLONG: "nom trop long", errno.EMFILE: "trop de fichiers ouverts", errno.EIO: "erreur du disque", errno.EADDRINUSE: "adresse déjà prise",
}  # fmt: skip
#: What SQLite says, by how it begins.
_SQLITE = {
    "file is not a database": "ce n'est pas une base SQLite",
    "database disk image is malformed": "son contenu est abîmé",
    "database is locked": "un autre programme l'occupe",
    "unable to open database file": "elle ne s'ouvre pas",
    "attempt to write a readonly database": "elle est en lecture seule",
    "database or disk is full": "plus de place sur le disque",
    "disk I/O error": "erreur du disque",
}


def in_french(error: Exception) -> str:
    """Why the system or SQLite refused, in French where it is a known reason, as a few words to put between brackets.

    >>> in_french(FileNotFoundError(errno.ENOENT, "No such file or directory", "a.pdf"))
    'introuvable'
    >>> in_french(ValueError("file is not a database"))
    "ce n'est pas une base SQLite"
    """
    if isinstance(error, OSError) and error.errno is not None:
        return _SYSTEM.get(error.errno) or error.strerror or os.strerror(error.errno)
    said = str(error)
    return next((french for english, french in _SQLITE.items() if said.startswith(english)), said)
