"""Reading a sheet's file: front matter and body, every fault with its line and its remedy."""

from __future__ import annotations

import difflib
import io
import re
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from corpus.demarche import Demarche
from corpus.errors import SheetError
from corpus.sheets import SHEET_TYPES, Sheet, vocabulary_faults

_MARK = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)

_SAYINGS = {
    "extra_forbidden": "la clé « {key} » n'existe pas dans une fiche de type {type}",
    "missing": "la clé « {key} » manque",
    "too_short": "« {key} » doit avoir au moins {min_length} éléments, il y en a {actual_length}",
    "too_long": "« {key} » doit avoir au plus {max_length} éléments, il y en a {actual_length}",
    "string_too_short": "« {key} » est trop court ({min_length} caractères au moins)",
    "string_too_long": "« {key} » est trop long ({max_length} caractères au plus)",
    "string_type": "« {key} » doit être un texte entre guillemets",
    "list_type": "« {key} » doit être une liste, entre crochets",
    "int_parsing": "« {key} » doit être un nombre entier",
    "date_from_datetime_parsing": "« {key} » doit être une date, par exemple 2026-03-31",
    "date_parsing": "« {key} » doit être une date, par exemple 2026-03-31",
}


def has_front_matter(text: str) -> bool:
    """Whether a Markdown text opens with a YAML front matter."""
    return text.lstrip("\ufeff").startswith("---\n") or text.lstrip("\ufeff").startswith("---\r\n")


def split(text: str) -> tuple[str, str]:
    """The YAML of the front matter and the Markdown body. Raises SheetError when the marks are missing."""
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    match = _MARK.match(text)
    if not match:
        raise SheetError(
            "Le bloc d'en-tête, entre deux lignes « --- », manque ou n'est pas fermé.", "Recopiez l'en-tête du modèle de corpus/modeles.", 1, "en-tete"
        )
    return match.group(1), text[match.end() :]


def parse(text: str, demarche: Demarche) -> tuple[Sheet, str]:
    """A valid sheet and its Markdown body. Raises the first SheetError that ``faults`` would list."""
    sheet, body, found = examine(text, demarche)
    if sheet is None or found:
        raise found[0]
    return sheet, body


def examine(text: str, demarche: Demarche) -> tuple[Sheet | None, str, list[SheetError]]:
    """The sheet where one can be made, its body, and every fault found, in the order of the lines."""
    try:
        header, body = split(text)
        values = _yaml(header)
    except SheetError as error:
        return None, "", [error]
    kind = SHEET_TYPES.get(str(values.get("type")))
    if kind is None:
        line = _line(values, ("type",))
        return None, body, [SheetError(f"Le type {values.get('type')!r} n'existe pas.", f"Écrivez l'un de : {', '.join(SHEET_TYPES)}.", line, "type")]
    try:
        sheet = kind.model_validate(_plain(values))
    except ValidationError as error:
        details = error.errors()
        misspelt = {_meant(detail, kind) for detail in details if detail["type"] == "extra_forbidden"}
        told = [detail for detail in details if detail["type"] != "missing" or detail["loc"][-1] not in misspelt]
        return None, body, sorted((_saying(detail, values, kind) for detail in told), key=lambda e: e.line)
    found = [SheetError(f"Clé « {key} » : {text}.", None, _line(values, (key,)), "valeur") for key, text in vocabulary_faults(sheet, demarche)]
    return sheet, body, sorted(found, key=lambda e: e.line)


def body_line(text: str) -> int:
    """The number of the file's line on which the body begins."""
    return text.count("\n", 0, len(text) - len(split(text)[1])) + 1


def _yaml(header: str) -> CommentedMap:
    try:
        if any(isinstance(token, (AliasToken, AnchorToken)) for token in YAML().scan(header)):  # a few nested aliases would unfold into gigabytes
            raise SheetError("Les renvois YAML (« & » et « * ») ne sont pas admis.", "Écrivez le texte en entier, entre guillemets droits.", 2, "yaml")
        values = YAML(typ="rt").load(io.StringIO(header))
    except DuplicateKeyError as error:
        raise SheetError("Une clé est écrite deux fois dans l'en-tête.", "Gardez-en une.", _mark(error), "cle-double") from error
    except MarkedYAMLError as error:
        remedy = "Mettez entre guillemets droits les textes qui contiennent « : », « # » ou qui commencent par un signe."
        raise SheetError("L'en-tête n'est pas du YAML valide à cette ligne.", remedy, _mark(error), "yaml") from error
    except (YAMLError, ValueError) as error:
        raise SheetError("L'en-tête n'est pas du YAML valide.", "Comparez-le au modèle de corpus/modeles.", 1, "yaml") from error
    if not isinstance(values, CommentedMap):
        raise SheetError("L'en-tête ne contient pas de clés.", "Comparez-le au modèle de corpus/modeles.", 1, "en-tete")
    return values


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return (mark.line if mark else 0) + 2


def _plain(value: Any) -> Any:
    """Ruamel's containers and scalars as plain Python ones, which pydantic reads without surprise."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, str) else value


def _line(values: Any, path: tuple[Any, ...]) -> int:
    """The file line of the deepest part of ``path`` that exists (the front matter begins on line 2)."""
    line = 2
    for part in path:
        try:
            place = values.lc.key(part) if isinstance(values, CommentedMap) else values.lc.item(part)
            line, values = place[0] + 2, values[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return line


def _saying(detail: Any, values: CommentedMap, kind: type[Sheet]) -> SheetError:
    path = tuple(detail["loc"])
    key = ".".join(str(part) for part in path) or "en-tête"
    words = {"key": key, "type": values.get("type"), **(detail.get("ctx") or {})}
    pattern = _SAYINGS.get(detail["type"])
    message = pattern.format(**words) if pattern else f"« {key} » : {detail.get('ctx', {}).get('error') or detail['msg']!s}"
    remedy = "Le modèle de ce type de fiche est dans corpus/modeles."
    if detail["type"] == "extra_forbidden":
        near = _meant(detail, kind)
        remedy = f"Vouliez-vous écrire « {near} » ?" if near else f"Clés permises : {', '.join(kind.model_fields)}."
    return SheetError(message[0].upper() + message[1:] + ".", remedy, _line(values, path), detail["type"].replace("_", "-"))


def _meant(detail: Any, kind: type[Sheet]) -> str:
    """The key that an unknown one was meant to be, or an empty text."""
    return next(iter(difflib.get_close_matches(str(detail["loc"][-1]), list(kind.model_fields), n=1)), "")
