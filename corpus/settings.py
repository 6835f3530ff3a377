"""The settings: one frozen object, read once at the door and passed down.

Each field is an environment variable with the prefix ``BAO_``. An unknown ``BAO_`` variable is
refused, so that a typo is not silently ignored.
"""

from __future__ import annotations

import datetime
import difflib
import os
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import SettingsError

PREFIX = "BAO_"


class Settings(BaseSettings):
    """Every setting of the product, with its default, bounds and meaning."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(Path("var"), description="Dossier des données : base, index, originaux.")
    model: str = Field("", description="Modèle d'embedding : nom ou dossier sentence-transformers ; vide : le modèle fourni (multilingual-e5-small).")
    reranker: str = Field(
        "", description="Modèle qui relit les meilleures phrases : nom ou dossier d'un CrossEncoder sentence-transformers ; vide : le modèle fourni."
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("bao")),
        description="Dossier où le modèle fourni est déballé une fois pour toutes (470 Mo).",
    )
    aujourdhui: datetime.date = Field(default_factory=datetime.date.today, description="Date du jour, pour dire qu'un document est échu.")
    file_megabytes: int = Field(60, ge=1, le=2000, description="Taille maximale d'un fichier, en mégaoctets.")
    file_pages: int = Field(1500, ge=1, le=20000, description="Nombre maximal de pages d'un document.")
    file_characters: int = Field(5_000_000, ge=1000, description="Nombre maximal de caractères tirés d'un fichier.")
    read_seconds: int = Field(120, ge=1, le=3600, description="Temps maximal de lecture d'un fichier, en secondes.")
    read_megabytes: int = Field(2048, ge=256, description="Mémoire maximale du processus qui lit un fichier, en mégaoctets.")
    question_characters: int = Field(2000, ge=100, le=20000, description="Longueur maximale d'une question ; au-delà, le début seul est lu.")


def load(**given: Any) -> Settings:
    """Read the settings from the environment; ``given`` (from the command line) wins.

    Raises SettingsError with the nearest known name for an unknown variable.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"Vouliez-vous dire {near[0]} ?" if near else SettingsError.remedy
            raise SettingsError(f"Réglage inconnu : {name}.", hint)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        place = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"Réglage {place} : la valeur {first.get('input')!r} ne convient pas ({first['msg']}).") from error
