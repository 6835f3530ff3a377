"""How much of a file is read at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds a reader keeps: bytes of the file, bytes once unpacked, pages, characters."""

    bytes: int = 60_000_000
    pages: int = 1500
    characters: int = 5_000_000
    unpacked: int = 300_000_000

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The bounds that the settings ask for; an archive may unpack to five times the file size allowed."""
        return cls(settings.file_megabytes * 1_000_000, settings.file_pages, settings.file_characters, 5 * settings.file_megabytes * 1_000_000)
