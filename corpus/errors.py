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
