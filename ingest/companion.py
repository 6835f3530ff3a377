"""The notice beside a document: NAME.yaml says title, author, date, validity, licence, source, steps, families and questions with their answer."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from corpus.demarche import Demarche
from corpus.documents import Reading
from corpus.errors import RefusedFile
from corpus.french import fold
from corpus.sheets import Reponse

_DAY = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class Notice(BaseModel):
    """What a companion file may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titre: str = ""
    auteur: str = ""
    date: _DAY | None = None
    valable_jusqu_au: _DAY | None = None
    licence: str = ""
    source: str = ""
    etapes: list[str] = []
    familles: list[str] = []
    reponses: list[Reponse] = []


def fingerprint(document: Path) -> str:
    """The sha256 of the notice of a document, "" when there is none: an edited notice changes its document."""
    path = _beside(document)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""


def _beside(document: Path) -> Path | None:
    path = document.with_suffix(".yaml")
    return path if path.is_file() and not path.is_symlink() else None


def read_notice(document: Path, demarche: Demarche) -> Notice:
    """The notice of a document; an empty one when there is none. Raises RefusedFile when it is faulty."""
    path = _beside(document)
    if path is None:
        return Notice()
    remedy = f"Clés permises : {', '.join(Notice.model_fields)}."
    try:
        values: Any = YAML(typ="safe").load(io.StringIO(path.read_text("utf-8"))) or {}
        notice = Notice.model_validate(
            {key: value.isoformat() if isinstance(value, datetime.date) else str(value) if isinstance(value, int) else value for key, value in values.items()}
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise RefusedFile("notice", f"La notice {path.name} a une clé qui ne convient pas : {'.'.join(map(str, first['loc']))}.", remedy) from error
    except (OSError, UnicodeError, YAMLError, AttributeError) as error:
        raise RefusedFile("notice", f"La notice {path.name} ne se lit pas.", remedy) from error
    unknown = [step for step in notice.etapes if step not in demarche.step_ids]
    if unknown:
        raise RefusedFile("notice", f"La notice {path.name} nomme une étape inconnue : {unknown[0]}.", f"Étapes : {', '.join(demarche.step_ids)}.")
    return notice


def remarks(reading: Reading, notice: Notice) -> Reading:
    """The reading, with a remark where its text does not hold an answer that the notice quotes."""
    text = fold(" ".join(block.text for block in reading.blocks))
    missing = [known.phrase for known in notice.reponses if fold(known.phrase) not in text]
    told = (f"La notice cite « {missing[0]} », qui ne se lit pas dans le document.",) if missing else ()
    return dataclasses.replace(reading, remarks=(*reading.remarks, *told))
